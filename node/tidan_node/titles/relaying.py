"""Acts that are signed elsewhere: what there is to sign, and the way to the chain.

The signer needs no node and no gas: this node sends the act from its own account, and the registry
takes it as the signer's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address, PartyIndex, TitleId, to_bytes, to_hex
from tidan_node.domain.parties import NotEnrolled
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.proofs.record_ids import title_id_of
from tidan_node.domain.title_problems import SignatureExpired, SignatureInvalid
from tidan_node.domain.titles.issues import require_batch
from tidan_node.domain.titles.replacements import require_parts
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signed_acts import SignedActs
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.records.records import Records
from tidan_node.titles.operations import RELAY
from tidan_node.titles.relay_schemas import PreparedAct, PrepareRequest, RelayRequest
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_party import own_party
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState

_USUAL_TIME: Final = timedelta(days=1)


def prepared(wanted: PrepareRequest, node: NodeState) -> PreparedAct:
    """What is signed for this act on this chain, at this registry."""
    acts = _signed_acts(node)
    call = acts.call_of(wanted.act, wanted.arguments)
    until = wanted.valid_until or (node.clock() + _USUAL_TIME).replace(microsecond=0)
    seconds = int(until.timestamp())
    return PreparedAct(
        call=to_hex(encode_call(call)),
        valid_until=until,
        typed_data=acts.typed_data(call, seconds),
        digest=to_hex(acts.digest(call, seconds)),
    )


class Relaying:
    """Everything here happens in one transaction, which the caller commits or not."""

    def __init__(self, connection: AsyncConnection, node: NodeState, caller: Caller) -> None:
        self._records = Records(connection)
        self._connection = connection
        self._node = node
        self._caller = caller

    async def relay(self, wanted: RelayRequest) -> tuple[Operation, str, PartyState]:
        """The operation that sends the act, its name, and the party that signed it."""
        acts, seconds = _signed_acts(self._node), int(wanted.valid_until.timestamp())
        call = acts.act_in(to_bytes(wanted.call))
        if seconds <= await acting_time(self._records, self._node):
            raise SignatureExpired("the act was signed to be sent before", field="validUntil")
        signer = Address(wanted.signer)
        if acts.signer_of(call, seconds, to_bytes(wanted.signature)) != signer:
            raise SignatureInvalid(f"it is not {signer}'s over this act", field="signature")
        found = await self._records.party_by_account(signer)
        if found is None:
            raise NotEnrolled(f"no party has the account {signer}", field="signer")
        own = await own_party(self._records, self._node)
        target = await self._target(call, found.state.index)
        operation = await self._node.operations.enqueue(
            self._connection,
            kind=RELAY,
            target=target,
            intent={
                "act": call.function,
                "party": int(found.state.index),
                "call": wanted.call,
                "signer": signer,
                "validUntil": seconds,
                "signature": wanted.signature,
            },
            deadline=moment_of(seconds),
        )
        detail = {"operation": operation.id, "act": call.function, "signer": signer}
        await Trail(self._connection).append(
            self._caller.key_id, RELAY, target, detail, party=own.index
        )
        return operation, call.function, found.state

    async def _target(self, call: Call, signer: PartyIndex) -> TitleId:
        """The title that the act is about, which must be as the act has seen it; or will be."""
        arguments: Any = call.args  # Any: as the ABI decodes them
        first, *more = arguments
        if call.function == "issueBatch":
            require_batch(len(first))
            return _issued(signer, first[0])
        if call.function.startswith("issue"):
            return _issued(signer, first)
        seen = [(first, more[0])]
        if call.function == "combine":
            require_parts(len(first), len(more[0]))
            seen = list(zip(first, more[0], strict=True))
        for title_id, seq in seen:
            title = (await self._records.title_by_id(title_id)).state.title
            title.require_seq(seq)
        return TitleId(seen[0][0])


def _issued(issuer: PartyIndex, issuance: Any) -> TitleId:  # Any: a tuple, as the ABI decodes it
    return title_id_of(issuer, issuance[0])


def _signed_acts(node: NodeState) -> SignedActs:
    return SignedActs(node.chain.chain_id, node.chain.title_registry)
