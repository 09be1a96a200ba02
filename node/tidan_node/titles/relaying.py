"""Acts that are signed elsewhere, on their way to the chain.

The signer needs no node and no gas: this node sends the act from its own account, and the registry
takes it as the signer's. An act of this node's own party does here what the direct one does: its
rules are asked, its content is kept, its package leaves. Of another party's act the node knows the
call alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import Address, PartyIndex, TitleId, to_bytes
from tidan_node.domain.parties import NotEnrolled
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.record_ids import title_id_of
from tidan_node.domain.title_problems import ActNotSignable, SignatureExpired, SignatureInvalid
from tidan_node.domain.titles.issues import require_batch
from tidan_node.domain.titles.replacements import require_parts
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.operations.operation import Operation
from tidan_node.people.caller import Caller
from tidan_node.problems import InvalidInput
from tidan_node.records.records import Records
from tidan_node.titles.drafting import Brought, Doubt
from tidan_node.titles.operations import RELAY
from tidan_node.titles.own_acts import OwnActs, direct_call
from tidan_node.titles.preparing import signed_acts
from tidan_node.titles.relay_schemas import RelayRequest
from tidan_node.titles.repository import DraftedAct, PreparedActs
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_party import own_party
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Relayed:
    """An act on its way: what carries it, whose it is, and what it brings about here."""

    operation: Operation
    act: str
    signer: PartyState
    is_only_relayed: bool
    titles: Sequence[TitleId] = ()
    warnings: Sequence[Doubt] = ()


@dataclass(frozen=True, slots=True)
class _Signed:
    """An act of whoever signed it, as this node sees that."""

    call: Call
    until: int
    target: TitleId
    signer: PartyState
    own: PartyState
    drafted: DraftedAct | None = field(repr=False)


class Relaying:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller

    async def relay(self, wanted: RelayRequest) -> Relayed:
        """The operation that sends the act, or why it is not sent."""
        signed = await self._signed(wanted)
        _require_documents(wanted, signed.drafted)
        data = signed_acts(self._node).typed_data(signed.call, signed.until)
        intent = _counted(data["message"]) | {
            "act": signed.call.function,
            "party": int(signed.signer.index),
            "call": wanted.call,
            "signer": wanted.signer,
            "validUntil": signed.until,
            "signature": wanted.signature,
        }
        done = await self._done_here(signed)
        direct = None if done is None else done.operation
        connection = await self._transaction.begin()
        until = moment_of(signed.until)
        if direct is None:
            operation = await self._node.operations.enqueue(
                connection, kind=RELAY, target=signed.target, intent=intent, deadline=until
            )
        else:
            ends = min(until, direct.deadline) if direct.deadline else until
            operation = await self._node.operations.restate(
                connection, direct, kind=RELAY, intent=intent, deadline=ends
            )
            await PreparedActs(connection).sent_by(to_bytes(wanted.call), operation.id)
        act = signed.call.function
        told = {"operation": operation.id, "act": act, "signer": wanted.signer}
        await Trail(connection).append(
            self._caller.key_id, RELAY, operation.target, told, party=signed.own.index
        )
        if done is None:
            return Relayed(operation, act, signed.signer, is_only_relayed=True)
        made = done.titles, done.warnings
        return Relayed(operation, act, signed.signer, False, *made)

    async def _signed(self, wanted: RelayRequest) -> _Signed:
        acts, seconds = signed_acts(self._node), int(wanted.valid_until.timestamp())
        data, signer = to_bytes(wanted.call), Address(wanted.signer)
        call = acts.act_in(data)
        async with self._node.database.reading() as connection:
            records = Records(connection)
            if seconds <= await acting_time(records, self._node):
                why = f"the act was signed to be sent before {moment(seconds)}"
                raise SignatureExpired(why, field="validUntil")
            if acts.signer_of(call, seconds, to_bytes(wanted.signature)) != signer:
                raise SignatureInvalid(f"it is not {signer}'s over this act", field="signature")
            found = await records.party_by_account(signer)
            if found is None:
                raise NotEnrolled(f"no party has the account {signer}", field="signer")
            return _Signed(
                call=call,
                until=seconds,
                target=await _target(records, call, found.state.index),
                signer=found.state,
                own=await own_party(records, self._node),
                drafted=await PreparedActs(connection).of(data),
            )

    async def _done_here(self, signed: _Signed) -> Brought | None:
        """The direct act, with all that it does here, where it is this node's to do."""
        if signed.signer.index != signed.own.index:
            return None
        own = OwnActs(self._transaction, self._node, self._caller)
        if signed.drafted is None:
            direct = await own.as_signed(signed.call)
            brought = None if direct is None else Brought(direct, ())
        else:
            kept = signed.drafted
            brought = await own.from_documents(kept.act, kept.request, kept.hidden_by())
        if brought is not None and _otherwise(brought, signed.call):
            raise ActNotSignable(
                "this node would do it otherwise by now: have it prepared anew", field="call"
            )
        return brought


def _otherwise(brought: Brought, call: Call) -> bool:
    return encode_call(direct_call(brought.operation)) != encode_call(call)


def _require_documents(wanted: RelayRequest, drafted: DraftedAct | None) -> None:
    """What is stated of them is what was prepared."""
    if wanted.documents is None:
        return
    prepared = [] if drafted is None else drafted.documents
    if [canonical_bytes(each) for each in wanted.documents] != [
        canonical_bytes(each) for each in prepared
    ]:
        raise InvalidInput("are not those that were prepared here", field="documents")


async def _target(records: Records, call: Call, signer: PartyIndex) -> TitleId:
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
        title = (await records.title_by_id(title_id)).state.title
        title.require_seq(seq)
    return TitleId(seen[0][0])


def _issued(issuer: PartyIndex, issuance: Any) -> TitleId:  # Any: a tuple, as the ABI decodes it
    return title_id_of(issuer, issuance[0])


def _counted(message: Any) -> Any:  # Any: the message of typed data
    """The same with its numbers as numbers: what the act says, for who approves or looks it up."""
    match message:
        case dict():
            return {name: _counted(each) for name, each in message.items()}
        case list():
            return [_counted(each) for each in message]
        case str() if message.isdecimal():
            return int(message)
    return message
