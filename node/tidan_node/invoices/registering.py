"""An invoice becomes a record: read, numbered, committed to, kept to be registered."""

from __future__ import annotations

import asyncio
import secrets
from typing import Final

from tidan_node.domain import invoices as rules
from tidan_node.domain.documents.invoice import SCHEMA, Invoice, read_invoice
from tidan_node.domain.documents.recorded import content_root
from tidan_node.domain.identifiers import IssuerCode, PartyIndex, RecordId, to_hex
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.domain.proofs.salts import SECRET_BYTES
from tidan_node.domain.record_problems import AlreadyRegistered, RecordUnknown
from tidan_node.exchange.new_records import undertake
from tidan_node.invoices.operations import REGISTER
from tidan_node.invoices.schemas import RegisterRequest
from tidan_node.operations.new_records import NewRecords
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.storage.contents import NumberingEvidence, StoredContent
from tidan_node.web.own_codes import own_code
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

MEDIA_TYPE: Final = "application/xml"
_VERSION: Final = 1


class Registering:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def register(self, wanted: RegisterRequest) -> Operation:
        """The operation that registers this invoice, or why it cannot be registered. Its content
        goes to the buyer once it is on the chain."""
        raw = wanted.document.encode()
        invoice = await asyncio.to_thread(read_invoice, raw)
        async with self._node.database.reading() as connection:
            records = Records(connection)
            own = await own_party(records, self._node)
            code = await own_code(
                records, invoice.seller_codes, own, self._node, field="/AccountingSupplierParty"
            )
        number, content = await asyncio.to_thread(
            _content, invoice, raw, code, self._node.numbering_key, own.index
        )
        connection = await self._transaction.begin()
        records = Records(connection)
        buyer = await records.party_by_identifier(wanted.buyer, "buyer")
        rules.Invoice.register(
            rules.InvoiceTerms(
                invoice_id=RecordId(content.record_id),
                content_root=content.content_root,
                schema=content.schema,
                version=content.version,
            ),
            seller=own.standing,
            buyer=buyer.state.standing,
            taken=await _exists(records, RecordId(content.record_id)),
        )
        record = NewRecords.one(
            kind=REGISTER,
            claim=content.record_id,
            intent={
                "number": number,
                "contentRoot": content.content_root,
                "buyer": int(buyer.state.index),
                "schema": content.schema,
                "version": content.version,
            },
            content=content,
        )
        return await undertake(
            connection,
            self._node,
            record,
            caller=self._caller,
            party=own.index,
            recipients=[buyer.state.index],
            taken=lambda *_: AlreadyRegistered(
                "this invoice is being registered already", field="invoice"
            ),
        )


async def _exists(records: Records, invoice_id: RecordId) -> bool:
    try:
        await records.invoice_by_id(invoice_id)
    except RecordUnknown:
        return False
    return True


def _content(
    invoice: Invoice, raw: bytes, code: IssuerCode, key: NumberingKey, seller: PartyIndex
) -> tuple[str, StoredContent]:
    """The invoice's number, and its content."""
    secret = secrets.token_bytes(SECRET_BYTES)
    numbering = key.number(invoice.name(code))
    return numbering.output, StoredContent(
        record_id=record_id_of(seller, numbering.output),
        content_root=content_root(invoice, SCHEMA, secret=secret, version=_VERSION),
        kind="invoice",
        schema=SCHEMA,
        version=_VERSION,
        document=raw,
        media_type=MEDIA_TYPE,
        secret=secret,
        numbering=NumberingEvidence(
            code=code,
            number=invoice.number,
            sub_reference=None,
            id_proof=to_hex(numbering.proof),
        ),
        origin="own",
    )
