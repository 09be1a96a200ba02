"""What a node must say of the Council, a proposal and whom it recognises, and what it does say."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Final

from tidan_node.audit.node import Answer
from tidan_node.audit.told import Values, inner, parties, party_or_none, plain, texts, told_moment
from tidan_node.domain.chain_time import moment
from tidan_node.domain.council import CouncilState
from tidan_node.domain.gateway_register import RegisteredGateway
from tidan_node.domain.identifiers import PartyIndex, to_hex
from tidan_node.domain.parties import role_names
from tidan_node.domain.platforms import AnchorKind, Recognition
from tidan_node.records.council_rows import seen_acts
from tidan_node.records.party_rows import plain_text

_MOMENTS: Final = ("proposedAt", "executableFrom", "lapsesAt", "executedAt")


def council_values(state: CouncilState | None) -> Values:
    """What `GET /v1/council` must say; None before the Council is founded."""
    if state is None:
        return {"founded": False, "terms": None, "seats": ()}
    terms = state.terms
    return {
        "founded": True,
        "terms": (terms.threshold, terms.delay, terms.objection_window),
        "seats": tuple(int(seat) for seat in state.seats),
    }


def told_council(answer: Answer) -> Values:
    terms = answer.get("terms")
    members = ("threshold", "delay", "objectionWindow")
    return {
        "founded": answer.get("founded"),
        "terms": tuple(terms.get(each) for each in members)
        if isinstance(terms, Mapping)
        else terms,
        "seats": _numbers(answer.get("seats")),
    }


def proposal_values(council: CouncilState, number: int, at: int) -> Values:
    """What the node must say of a proposal, standing at a block of this time."""
    proposal = council.proposals[number]
    motion = proposal.motion
    return {
        "number": proposal.number,
        "status": council.status_of(proposal, at).name,
        "proposer": int(proposal.proposer),
        "subject": party_or_none(motion.subject),
        "reason": plain_text(motion.reason),
        "approvals": tuple(int(party) for party in proposal.approvals),
        "objection": plain_text(proposal.objection) if proposal.is_objected else None,
        "objectedAt": moment(proposal.objected_at) if proposal.is_objected else None,
        "proposedAt": moment(proposal.proposed_at),
        "executableFrom": moment(proposal.executable_from) if proposal.executable_from else None,
        "lapsesAt": moment(proposal.lapses_at),
        "executedAt": moment(proposal.executed_at) if proposal.executed_at else None,
        "call.address": motion.target,
        "call.data": to_hex(motion.call),
    }


def told_proposal(answer: Answer) -> Values:
    call, objection = inner(answer, "call"), answer.get("objection")
    said = objection if isinstance(objection, Mapping) else {"reason": objection}
    return {
        **plain(answer, "number", "status", "reason"),
        **parties(answer, "proposer", "subject"),
        **{name: told_moment(answer.get(name)) for name in _MOMENTS},
        "approvals": _numbers(answer.get("approvals")),
        "objection": said.get("reason"),
        "objectedAt": told_moment(said.get("at")),
        "call.address": call.get("address"),
        "call.data": call.get("data"),
    }


def recognition_values(recognition: Recognition, at: int) -> Values:
    """What the node must say of a recognition, standing at a block of this time."""
    is_did = recognition.kind is AnchorKind.DID
    anchor = recognition.anchor
    return {
        "anchor": recognition.anchor_id,
        "platform": plain_text(recognition.platform),
        "did": plain_text(anchor.decode(errors="replace")) if is_did else None,
        "certificate": None if is_did else base64.b64encode(anchor).decode(),
        "roles": tuple(role_names(recognition.roles)),
        "acts": tuple(seen_acts(recognition.acts).split()),
        "expiresAt": moment(recognition.expires_at),
        "withdrawn": recognition.withdrawn,
        "stands": recognition.stands(at),
    }


def told_recognition(answer: Answer) -> Values:
    return {
        **plain(answer, "anchor", "platform", "did", "certificate", "withdrawn", "stands"),
        "roles": texts(answer.get("roles")),
        "acts": texts(answer.get("acts")),
        "expiresAt": told_moment(answer.get("expiresAt")),
    }


def gateway_values(gateway: RegisteredGateway, admitted_by: Iterable[PartyIndex]) -> Values:
    """What the node must say of a gateway."""
    return {
        "gateway": gateway.gateway,
        "name": plain_text(gateway.name),
        "recognised": gateway.recognised,
        "admittedBy": tuple(sorted(int(carrier) for carrier in admitted_by)),
    }


def told_gateway(answer: Answer) -> Values:
    admitted_by = answer.get("admittedBy")
    if isinstance(admitted_by, list) and all(isinstance(each, Mapping) for each in admitted_by):
        admitted_by = tuple(each.get("index") for each in admitted_by)
    return {**plain(answer, "gateway", "name", "recognised"), "admittedBy": admitted_by}


def _numbers(value: object) -> object:
    """The parties that a list of `{"party": {"index": …}}` names, in its order."""
    if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        return tuple(inner(each, "party").get("index") for each in value)
    return value
