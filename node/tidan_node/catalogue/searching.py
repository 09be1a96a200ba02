"""Search: references of held documents, with what the chain says of the records they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.catalogue.schemas import Found, SearchAnswer, SearchRequest
from tidan_node.domain.documents.references import SCHEMES, normalised_reference
from tidan_node.domain.identifiers import NO_PARTY, ContentRoot, PartyIndex
from tidan_node.problems import InvalidInput
from tidan_node.records.record_rows import INVOICE_ROWS, POLICY_ROWS, TITLE_ROWS
from tidan_node.records.records import Records
from tidan_node.storage.content_references import ContentReferences, FoundReference
from tidan_node.web.shapes import AsOf, PartyName


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a record stands on the chain, as far as a search tells of it."""

    status: str
    content_root: ContentRoot
    parties: Mapping[str, PartyIndex]


class Search:
    """Searches only what this node holds."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._records = Records(connection)
        self._references = ContentReferences(connection)

    async def found(self, wanted: SearchRequest) -> SearchAnswer:
        value = normalised_reference(wanted.text)
        if value is None:
            raise InvalidInput("has nothing in it that a number is made of", field="text")
        if wanted.scheme is not None and wanted.scheme not in SCHEMES:
            raise InvalidInput(f"must be one of {', '.join(SCHEMES)}", field="scheme")
        references = await self._references.found(
            value,
            limit=wanted.limit + 1,
            whole=wanted.whole,
            kind=wanted.kind,
            scheme=wanted.scheme,
        )
        shown = references[: wanted.limit]
        standings = await self._standings(shown)
        names = await self._records.party_names(
            {party for each in standings.values() for party in each.parties.values()}
        )
        return SearchAnswer(
            items=[
                _found(each, standings.get(each.record_id), names, whole=each.value == value)
                for each in shown
            ],
            more=len(references) > wanted.limit,
            as_of=AsOf.of(await self._records.as_of()),
        )

    async def _standings(self, references: Iterable[FoundReference]) -> dict[str, _Standing]:
        ids: dict[str, set[str]] = {"title": set(), "invoice": set(), "policy": set()}
        for each in references:
            ids[each.kind].add(each.record_id)
        found: dict[str, _Standing] = {}
        for key, title in (await TITLE_ROWS.load(self._connection, ids["title"])).items():
            on_chain = title.state.title
            parties = {"issuer": on_chain.issuer}
            if on_chain.possessor != NO_PARTY:
                parties["possessor"] = on_chain.possessor
            if on_chain.titleholder != NO_PARTY:
                parties["titleholder"] = on_chain.titleholder
            found[key] = _Standing(on_chain.status.name, title.state.content_root, parties)
        for key, invoice in (await INVOICE_ROWS.load(self._connection, ids["invoice"])).items():
            bill = invoice.state.invoice
            parties = {"seller": bill.seller, "buyer": bill.buyer}
            found[key] = _Standing(bill.status.name, bill.content_root, parties)
        for key, policy in (await POLICY_ROWS.load(self._connection, ids["policy"])).items():
            cover = policy.state.policy
            parties = {"insurer": cover.insurer, "insured": cover.insured}
            if cover.loss_payee != NO_PARTY:
                parties["lossPayee"] = cover.loss_payee
            found[key] = _Standing(cover.status.name, cover.content_root, parties)
        return found


def _found(
    reference: FoundReference,
    standing: _Standing | None,
    names: Mapping[PartyIndex, str],
    *,
    whole: bool,
) -> Found:
    parties = {} if standing is None else standing.parties
    return Found.model_validate(
        {
            "kind": reference.kind,
            "record": reference.record_id,
            "scheme": reference.scheme,
            "value": reference.written,
            "whole": whole,
            "current": standing is not None and standing.content_root == reference.content_root,
            "status": None if standing is None else standing.status,
            "parties": {role: PartyName.of(party, names) for role, party in parties.items()},
        }
    )
