"""What the views of the contracts answer after all that a story has told."""

from __future__ import annotations

from typing import Any

from eth_hash.auto import keccak

from tests.story import Story
from tidan_node.audit.kinds import KINDS
from tidan_node.audit.members import Members
from tidan_node.domain.events import TrailAnchored
from tidan_node.domain.gateway_admissions import AdmissionEvent
from tidan_node.domain.gateway_register import RegisterEvent
from tidan_node.domain.identifiers import NO_PARTY, ZERO_20, ZERO_32, PartyIndex, SeriesId, to_hex
from tidan_node.domain.membership_events import GatewayAdmitted, GatewayRecognised
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.platforms import AnchorId
from tidan_node.ledger.calls import Call

SHOWN = {
    "headOf": ("head", ZERO_32),
    "contentRootOf": ("contentRoot", ZERO_32),
    "pledgeeOf": ("pledgee", ZERO_32),
    "gatewayOf": ("gateway", ZERO_20),
}
"""What else is kept of a record, by the view that shows it, and what that says of none."""


def view(story: Story, call: Call) -> tuple[Any, ...]:  # Any: as views answer
    """The answer to one call, as of the story's end."""
    match call.contract:
        case "PartyRegistry":
            return _of_parties(story, call.function, call.args)
        case "Council":
            return _of_council(story, call.function, call.args)
        case "PlatformRegistry":
            return (_recognition_of(story, call.args[0]),)
        case "TrailAnchor":
            return _anchor_of(story, call.args[0])
        case "GatewayRegistry":
            return (_of_gateways(story, call.function, call.args),)
        case _:
            return (_of_records(story, call),)


def _of_records(story: Story, call: Call) -> Any:  # Any: as above
    if call.function == "titleOfSeries":
        return story.book.current.get(SeriesId(call.args[0]), ZERO_32)
    if call.function == "paperDelay":
        return story.book.members.paper_delay
    kind = next(each for each in KINDS if each.register.contract == call.contract)
    told = kind.about(story.events).get(str(call.args[0]), [])
    kept = kind.kept(kind.fold(told)[-1].after) if told else {}
    if call.function in SHOWN:
        name, nothing = SHOWN[call.function]
        return kept.get(name, nothing)
    return tuple(kept.get(member, 0) for member in kind.register.members)


def _of_parties(story: Story, function: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    members = Members(story.events)
    if function in ("successorOf", "requestedRotation"):
        party = members.states[args[0]]
        return (party.successor,) if function == "successorOf" else _rotation_of(party)
    match function:
        case "partyCount":
            return (len(members.states),)
        case "standingOf":
            party = members.states.get(args[0])
            return (int(party.roles), int(party.status)) if party else (0, 0)
        case "profileHashOf":
            return (members.states[args[0]].profile_hash,)
        case "indexOf":
            holders = [p.index for p in members.states.values() if p.has_account(args[0])]
            return (holders[0] if holders else NO_PARTY,)
        case "numberingKeyOf":
            keys = [key for party in members.states.values() for key in party.numbering_keys]
            key = next(each for each in keys if each.code_hash == args[0])
            return (key.party, "0x" + key.key.hex())
        case _:
            raise AssertionError(f"there is no PartyRegistry.{function}")


def _anchor_of(story: Story, party: PartyIndex) -> tuple[int, str]:
    told = [each.event for each in story.events if isinstance(each.event, TrailAnchored)]
    own = [(each.up_to, each.checkpoint) for each in told if each.party == party]
    return own[-1] if own else (0, ZERO_32)


def _rotation_of(party: PartyState) -> tuple[Any, ...]:
    rotation = party.rotation
    if rotation is None:
        return (ZERO_20, ZERO_20, 0)
    return (rotation.added or ZERO_20, rotation.removed or ZERO_20, rotation.completable_from)


def _of_council(story: Story, function: str, args: tuple[Any, ...]) -> tuple[Any, ...]:
    council = story.council
    terms = council.terms
    match function:
        case "seats":
            return (tuple(reversed(council.seats)),)  # the contract promises no order
        case "proposalCount":
            return (len(council.proposals),)
        case "terms":
            return ((terms.threshold, terms.delay, terms.objection_window),)
        case "approvalsOf":
            return (council.proposals[args[0]].approvals,)
        case "proposalOf":
            proposal = council.proposals[args[0]]
            motion, status = proposal.motion, int(proposal.status(story.now))
            waits = (proposal.executable_from, proposal.lapses_at)
            call_hash = to_hex(keccak(motion.call))
            call = (motion.target, call_hash, motion.subject, status, proposal.proposer)
            return ((*call, 0, 0, proposal.is_objected, *waits),)
        case _:
            raise AssertionError(f"there is no Council.{function}")


def _of_gateways(story: Story, function: str, args: tuple[Any, ...]) -> bool:
    told = [each.event for each in story.events]
    if function == "isAdmitted":
        words = [each for each in told if isinstance(each, AdmissionEvent)]
        about = [each for each in words if (each.carrier, each.gateway) == args]
        return bool(about) and isinstance(about[-1], GatewayAdmitted)
    assert function == "isGateway"
    (gateway,) = args
    known = [each for each in told if isinstance(each, RegisterEvent) and each.gateway == gateway]
    return bool(known) and isinstance(known[-1], GatewayRecognised)


def _recognition_of(story: Story, anchor: str) -> tuple[Any, ...]:
    found = story.recognitions[AnchorId(anchor)]
    acts = to_hex(keccak(found.acts.encode()))
    return (int(found.kind), int(found.roles), found.expires_at, found.withdrawn, acts)
