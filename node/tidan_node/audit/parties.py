"""The audit of a party: what the authority and it have said on the chain, against the node."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from tidan_node.audit.chain import AuditedChain
from tidan_node.audit.findings import UNREADABLE_EVENT, Audit, Difference, Fault
from tidan_node.audit.members import Members
from tidan_node.audit.node import UNREADABLE, Answer, AuditedNode
from tidan_node.audit.stands import behind, elsewhere, stand_of
from tidan_node.audit.told import differences
from tidan_node.audit.told_parties import party_values, told_party
from tidan_node.domain import events as told
from tidan_node.domain import membership_events as membership
from tidan_node.domain.chain_time import moment
from tidan_node.domain.events import Event
from tidan_node.domain.identifiers import ZERO_20, Address, PartyIndex
from tidan_node.domain.parties import role_names
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Identifier
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.records.party_rows import plain_text

_ACCOUNT: Final = re.compile(r"0[xX][0-9a-fA-F]{40}")


async def party_count(chain: AuditedChain, as_of: BlockRef) -> int:
    """How many parties the registry has enrolled; their numbers go from 1 up to it."""
    ((count,),) = await chain.views([Call("PartyRegistry", "partyCount")], as_of.number)
    return int(str(count))


async def audit_parties(
    chain: AuditedChain, node: AuditedNode, parties: Sequence[PartyIndex]
) -> list[Audit]:
    """Each party's events held against the registry, and the node's answer against both."""
    replies = {index: await node.get(f"/v1/parties/{index}") for index in parties}
    elsewhere_said = (await node.get("/v1/parties", limit="1")).answer or {}
    as_of_list = elsewhere_said.get("asOf")
    otherwise = as_of_list if isinstance(as_of_list, Mapping) else None
    as_of = await chain.head()
    events = await chain.events_about([str(index) for index in parties], as_of)
    members = Members(events)
    faults = await _faults(chain, members, parties, as_of)
    stands = [stand_of(reply.answer, otherwise) for reply in replies.values()]
    forks = await elsewhere(chain, [each for each in stands if each is not None], as_of)
    audits = []
    for index, reply in replies.items():
        stand = stand_of(reply.answer, otherwise)
        until = [
            each
            for each in members.events.get(index, [])
            if stand is None or each.origin.block_number <= stand.block
        ]
        audits.append(
            Audit(
                kind="party",
                record=str(index),
                as_of=as_of,
                faults=tuple(faults[index]),
                differences=tuple(
                    () if reply.failure else _differences(index, Members(until), reply.answer)
                ),
                behind=behind(members.events.get(index, ()), stand, as_of),
                forked=stand in forks,
                damage=() if reply.failure != UNREADABLE else (UNREADABLE_EVENT,),
                unanswered=reply.failure,
                names=members.names,
            )
        )
    return audits


def _differences(
    index: PartyIndex, members: Members, answer: Answer | None
) -> Sequence[Difference]:
    party = members.states.get(index)
    if party is None or answer is None:
        if party is None and answer is None:
            return ()
        name = None if party is None else party.name
        return [Difference("party", name, None if answer is None else int(index))]
    first, last = members.events[index][0].origin, members.events[index][-1].origin
    values = party_values(party, enrolled=first.block_time, changed=last.block_time)
    return list(differences("", values, told_party(answer)))


async def _faults(
    chain: AuditedChain, members: Members, parties: Sequence[PartyIndex], as_of: BlockRef
) -> dict[PartyIndex, list[Fault]]:
    """Were an event left out, the registry would say otherwise."""
    found: dict[PartyIndex, list[Fault]] = {index: [] for index in parties}
    asked: list[tuple[PartyIndex, str, object, Call]] = []
    for index in parties:
        if index in members.broken:
            found[index].append(Fault("history-broken", members.broken[index]))
        party = members.states.get(index)
        standing = (0, 0) if party is None else (int(party.roles), int(party.status))
        asked.append(
            (index, "roles and status", standing, Call("PartyRegistry", "standingOf", (index,)))
        )
        if party is None:
            continue
        rotation = party.rotation
        exchanged = (
            (rotation.added or ZERO_20, rotation.removed or ZERO_20, rotation.completable_from)
            if rotation
            else (ZERO_20, ZERO_20, 0)
        )
        asked += [
            (index, "rotation", exchanged, Call("PartyRegistry", "requestedRotation", (index,))),
            (
                index,
                "successor",
                (party.successor,),
                Call("PartyRegistry", "successorOf", (index,)),
            ),
        ]
        if party.profile_hash is not None:
            call = Call("PartyRegistry", "profileHashOf", (index,))
            asked.append((index, "profile", (party.profile_hash,), call))
        for key in party.numbering_keys:
            call = Call("PartyRegistry", "numberingKeyOf", (key.code_hash,))
            asked.append((index, f"numbering key of {key.code}", (index, key.key), call))
        for account in party.accounts:
            if account.active:
                call = Call("PartyRegistry", "indexOf", (account.account,))
                asked.append((index, f"account {account.account}", (index,), call))
    answers = await chain.views([call for *_, call in asked], as_of.number)
    for (index, what, expected, _), kept in zip(asked, answers, strict=True):
        if _plain(kept) != _plain(expected):
            detail = f"{what}: {expected} by the events, {kept} in the contract"
            found[index].append(Fault("unlike-the-contract", detail))
    return found


def _plain(values: object) -> list[object]:
    """Bytes may come as hex; apart from that the values are those of the events."""
    assert isinstance(values, Sequence)  # noqa: S101 - outputs of a view, or what they should be
    return ["0x" + each.hex() if isinstance(each, bytes) else each for each in values]


async def members_of(chain: AuditedChain, parties: Sequence[PartyIndex]) -> Members:
    """These parties as the chain has them now."""
    return Members(await chain.events_about([str(index) for index in parties], await chain.head()))


def goes_by(party: PartyState, typed: str) -> bool:
    """Whether these words, which a node took for this party, are the party's own on the chain: its
    number, an account, a code or another identifier, its exact name."""
    reference = unicodedata.normalize("NFC", typed.strip())
    if reference.isdecimal():
        return int(reference) == party.index
    if _ACCOUNT.fullmatch(reference):
        return party.has_account(Address(reference.lower()))
    identifier = Identifier.parse(reference)
    if identifier is None:
        return party.name == reference
    codes = {key.code for key in party.numbering_keys}
    claimed = party.profile.identifiers if party.profile else ()
    return str(identifier) in codes or identifier in claimed


def named_otherwise(as_of: BlockRef, members: Members, party: PartyIndex, typed: str) -> Audit:
    """The node took these words for a party that does not go by them on the chain."""
    otherwise = Difference("name", members.states[party].name, typed)
    return Audit("name", typed, as_of, differences=(otherwise,), names=members.names)


def standings_of(members: Members, party: PartyIndex) -> list[dict[str, object]]:
    """All that the registry was told of a party, each with its place: oldest first."""
    return [
        {
            "what": _in_words(happened.event),
            "at": moment(happened.origin.block_time),
            "block": happened.origin.block_number,
            "txHash": happened.origin.tx_hash,
        }
        for happened in members.events.get(party, [])
    ]


def _in_words(event: Event) -> str:
    match event:
        case told.PartyEnrolled():
            said = f"enrolled as {', '.join(role_names(event.roles))}"
        case told.RolesChanged():
            said = f"roles changed to {', '.join(role_names(event.roles))}"
        case told.StatusChanged():
            said = f"made {event.status.name.lower()}: {plain_text(event.reason)}"
        case told.AccountAdded():
            said = f"account added: {event.account}"
        case told.AccountRemoved():
            said = f"account removed: {event.account}"
        case told.NumberingKeyRegistered():
            said = f"numbering key registered for {plain_text(event.code)}"
        case membership.RotationRequested():
            said = f"asked to exchange accounts: {_exchanged(event)}"
        case membership.RotationCancelled():
            said = "took the exchange of accounts back"
        case membership.RotationCompleted():
            said = "accounts exchanged"
        case membership.PartyRecovered():
            said = f"accounts recovered: {plain_text(event.reason)}"
        case membership.SuccessorNamed():
            said = f"party {event.successor} named its successor"
        case _:
            said = "profile changed"
    return said


def _exchanged(event: membership.RotationRequested) -> str:
    words = (("adds", event.added), ("removes", event.removed))
    return ", ".join(f"{verb} {account}" for verb, account in words if account != ZERO_20)
