"""What Council, PartyRegistry and PlatformRegistry do in a story: by the rules of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tests.story import Story, hex_of
from tidan_node.domain import events as told
from tidan_node.domain import membership_events as membership
from tidan_node.domain.gateway_admissions import require_admissible, require_withdrawable
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ZERO_20,
    Address,
    IssuerCode,
    PartyIndex,
    to_bytes,
)
from tidan_node.domain.membership_events import MembershipEvent
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.platform_fold import advance_recognition
from tidan_node.domain.platforms import AnchorId, AnchorKind, PlatformCode, anchor_id_of
from tidan_node.domain.proposals import Motion, Terms
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import decode_call, encode_call
from tidan_node.problems import Problem

DAY: Final = 86_400
WINDOW: Final = DAY
ADDRESSES: Final[Mapping[str, Address]] = {
    name: Address(hex_of(name, size=20))
    for name in ("PartyRegistry", "PlatformRegistry", "GatewayRegistry", "Council")
}


def found(story: Story, *seats: PartyIndex, terms: Terms | None = None) -> None:
    """The Council takes over, with these seats."""
    before = story.council if terms is None else replace(story.council, terms=terms)
    story.council = before.found([_standing(story, seat) for seat in seats])
    fixed = story.council.terms
    story.emit(
        membership.CouncilFounded(seats, fixed.threshold, fixed.delay, fixed.objection_window)
    )


def propose(
    story: Story,
    by: PartyIndex,
    call: Call,
    *,
    subject: PartyIndex = NO_PARTY,
    why: str = "why not",
) -> int:
    motion = Motion(ADDRESSES[call.contract], encode_call(call), why, subject)
    return _propose(story, by, motion)


def approve(story: Story, number: int, by: PartyIndex) -> None:
    story.council = story.council.approve(
        number, caller=_standing(story, by), standing_of=_standings(story), at=story.now
    )
    story.emit(membership.Approved(number, by, _executable_from(story, number)))


def withdraw_approval(story: Story, number: int, by: PartyIndex) -> None:
    story.council = story.council.withdraw_approval(
        number, caller=_standing(story, by), standing_of=_standings(story), at=story.now
    )
    story.emit(membership.ApprovalWithdrawn(number, by, _executable_from(story, number)))


def object_to(story: Story, number: int, by: PartyIndex, reason: str = "it is mine") -> None:
    story.council = story.council.object(
        number, reason, caller=_standing(story, by), standing_of=_standings(story), at=story.now
    )
    story.emit(membership.Objected(number, by, _executable_from(story, number), reason))


def execute(story: Story, number: int) -> None:
    """One transaction: what the call does, and then that it was done."""
    before = story.council
    after = before.execute(number, standing_of=_standings(story), at=story.now)
    motion = after.proposals[number].motion
    contract = next(name for name, place in ADDRESSES.items() if place == motion.target)
    call = decode_call(contract, motion.call)
    assert call is not None
    story.council = after
    try:
        done = _DEEDS[call.contract, call.function](story, *call.args)
    except Problem:
        story.council = before
        raise
    story.emit(*done, membership.Executed(number))


def wait(story: Story, seconds: int = DAY) -> None:
    story.next_block(-(-seconds // 5))


def on_council(story: Story, function: str, caller: PartyIndex, *arguments: Any) -> None:
    """A call of a node, by the account of this party. (Any: what handlers made of intents.)"""
    match function:
        case "propose":
            target, call, reason = arguments
            data = to_bytes(call)
            name = next(name for name, place in ADDRESSES.items() if place == target)
            decoded = decode_call(name, data)
            assert decoded is not None
            loses = decoded.function == "recover"
            subject = PartyIndex(int(str(decoded.args[0]))) if loses else NO_PARTY
            _propose(story, caller, Motion(target, data, reason, subject))
        case "approve":
            approve(story, arguments[0], caller)
        case "object":
            object_to(story, arguments[0], caller, arguments[1])
        case "withdrawApproval":
            withdraw_approval(story, arguments[0], caller)
        case "execute":
            number, call = arguments
            assert story.council.proposals[number].motion.call == to_bytes(call)
            execute(story, number)
        case _:
            raise AssertionError(f"there is no Council.{function}")


def on_gateways(story: Story, function: str, carrier: PartyIndex, gateway: Address) -> None:
    """As `on_council`, of a gateway that the Council recognises."""
    members, standing = story.book.members, _standing(story, carrier)
    admitted = members.admitted(carrier, gateway)
    match function:
        case "admit":
            recognised = members.recognised(gateway)
            require_admissible(gateway, carrier=standing, recognised=recognised, admitted=admitted)
            story.admit_gateway(carrier, gateway)
        case "withdrawAdmission":
            require_withdrawable(gateway, carrier=standing, admitted=admitted)
            story.withdraw_admission(carrier, gateway)
        case _:
            raise AssertionError(f"there is no GatewayRegistry.{function}")


def on_rotation(story: Story, function: str, caller: PartyIndex, *arguments: Any) -> None:
    """A call of a node on its party's accounts. (Any: as above.)"""
    match function:
        case "requestRotation":
            added, removed = arguments
            due = story.now + WINDOW
            story.emit(membership.RotationRequested(caller, added, removed, due))
        case "cancelRotation":
            story.emit(membership.RotationCancelled(caller))
        case "completeRotation":
            complete_rotation(story, arguments[0])
        case _:
            raise AssertionError(f"there is no PartyRegistry.{function}")


def complete_rotation(story: Story, party: PartyIndex) -> None:
    """What was asked for last."""
    asked = [each.event for each in story.events]
    last = next(
        each
        for each in reversed(asked)
        if isinstance(each, membership.RotationRequested) and each.party == party
    )
    changes: list[told.Event] = []
    if last.added != ZERO_20:
        story.accounts[party].append(last.added)
        changes.append(told.AccountAdded(party, last.added))
    if last.removed != ZERO_20:
        story.accounts[party].remove(last.removed)
        changes.append(told.AccountRemoved(party, last.removed))
    story.emit(*changes, membership.RotationCompleted(party))


def _propose(story: Story, by: PartyIndex, motion: Motion) -> int:
    story.council = story.council.propose(motion, caller=_standing(story, by), at=story.now)
    number = len(story.council.proposals)
    proposed = membership.Proposed(
        number, by, motion.subject, motion.target, motion.call, motion.reason
    )
    story.emit(proposed, membership.Approved(number, by, _executable_from(story, number)))
    return number


def _executable_from(story: Story, number: int) -> int:
    return story.council.proposals[number].executable_from


def _standing(story: Story, party: PartyIndex) -> Standing:
    return story.standings.get(party, Standing(party, Role(0), PartyStatus.NONE))


def _standings(story: Story) -> Callable[[PartyIndex], Standing]:
    return lambda party: _standing(story, party)


Deed = Callable[..., list[told.Event]]


def _enrol(story: Story, *args: Any) -> list[told.Event]:
    roles, account, profile, rulebook, law, codes = args
    party = PartyIndex(len(story.standings) + 1)
    story.standings[party] = Standing(party, Role(roles), PartyStatus.ACTIVE)
    story.accounts[party] = [account]
    return [
        told.PartyEnrolled(party, Role(roles), rulebook, law),
        told.AccountAdded(party, account),
        told.ProfileChanged(party, hex_of(profile), profile),
        *(_key(party, code, key) for code, key in codes),
    ]


def _key(party: PartyIndex, code: str, key: bytes) -> told.Event:
    return told.NumberingKeyRegistered(party, hex_of(code), IssuerCode(code), key)


def _status(story: Story, party: PartyIndex, status: int, reason: str) -> list[told.Event]:
    since = story.now if status == PartyStatus.REVOKED else 0
    before = story.standings[party]
    story.standings[party] = replace(before, status=PartyStatus(status), revoked_at=since)
    return [told.StatusChanged(party, PartyStatus(status), reason)]


def _revoke(story: Story, *args: Any) -> list[told.Event]:
    party, successor, reason = args
    revoked = _status(story, party, PartyStatus.REVOKED, reason)
    return revoked if successor == NO_PARTY else [*revoked, *_successor(story, party, successor)]


def _successor(story: Story, party: PartyIndex, successor: PartyIndex) -> list[told.Event]:
    story.standings[party] = replace(story.standings[party], successor=successor)
    return [membership.SuccessorNamed(party, successor)]


def _roles(story: Story, party: PartyIndex, roles: int) -> list[told.Event]:
    story.standings[party] = replace(story.standings[party], roles=Role(roles))
    return [told.RolesChanged(party, Role(roles))]


def _recover(story: Story, *args: Any) -> list[told.Event]:
    party, added, reason = args
    lost, story.accounts[party] = story.accounts[party], [added]
    return [
        told.AccountAdded(party, added),
        *(told.AccountRemoved(party, account) for account in lost),
        membership.PartyRecovered(party, reason),
    ]


def _recognise(story: Story, *args: Any) -> list[told.Event]:
    platform, kind, anchor, roles, acts, expires_at = args
    name = anchor_id_of(platform, AnchorKind(kind), anchor)
    event = membership.PlatformRecognised(
        name, PlatformCode(platform), AnchorKind(kind), anchor, Role(roles), acts, expires_at
    )
    return [_recognised(story, event)]


def _withdraw(story: Story, anchor: AnchorId) -> list[told.Event]:
    return [_recognised(story, membership.PlatformWithdrawn(anchor))]


def _recognised(story: Story, event: Any) -> MembershipEvent:
    happened = told.ChainEvent(event, story.events[-1].origin)
    before = story.recognitions.get(event.anchor_id)
    story.recognitions[event.anchor_id] = advance_recognition(before, happened)
    return event  # type: ignore[no-any-return]  # one of two kinds


def _add_seat(story: Story, party: PartyIndex) -> list[told.Event]:
    story.council = story.council.add_seat(_standing(story, party))
    return [membership.SeatAdded(party)]


def _remove_seat(story: Story, party: PartyIndex) -> list[told.Event]:
    story.council = story.council.remove_seat(party)
    return [membership.SeatRemoved(party)]


_DEEDS: Final[Mapping[tuple[str, str], Deed]] = {
    ("PartyRegistry", "enrol"): _enrol,
    ("PartyRegistry", "changeStatus"): _status,
    ("PartyRegistry", "revoke"): _revoke,
    ("PartyRegistry", "nameSuccessor"): _successor,
    ("PartyRegistry", "changeRoles"): _roles,
    ("PartyRegistry", "registerNumberingKey"): lambda _, party, code, key: [_key(party, code, key)],
    ("PartyRegistry", "recover"): _recover,
    ("PlatformRegistry", "recognise"): _recognise,
    ("PlatformRegistry", "withdraw"): _withdraw,
    ("GatewayRegistry", "recognise"): lambda _, gateway, name: [
        membership.GatewayRecognised(gateway, name)
    ],
    ("GatewayRegistry", "dismiss"): lambda _, gateway: [membership.GatewayDismissed(gateway)],
    ("Council", "addSeat"): _add_seat,
    ("Council", "removeSeat"): _remove_seat,
}
