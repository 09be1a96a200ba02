"""The Council's seats, its proposals, and whom it recognises and carriers admit: rows, and back."""

from __future__ import annotations

from typing import Final

from sqlalchemy import RowMapping

from tidan_node.domain.council import CouncilState
from tidan_node.domain.gateway_admissions import Admission
from tidan_node.domain.gateway_register import RegisteredGateway
from tidan_node.domain.parties import Role
from tidan_node.domain.platforms import AnchorKind, Recognition
from tidan_node.domain.proposals import Motion, Proposal, Terms
from tidan_node.records.council_tables import (
    council_proposals,
    council_seats,
    gateway_admissions,
    gateways,
    recognitions,
)
from tidan_node.records.party_rows import plain_text
from tidan_node.records.row_store import RowStore

_LONGEST_PLATFORM: Final = 64


def seats_columns(state: CouncilState) -> dict[str, object]:
    return {
        "threshold": state.terms.threshold,
        "delay": state.terms.delay,
        "objection_window": state.terms.objection_window,
        "seats": list(state.seats),
    }


def seats_state(row: RowMapping) -> CouncilState:
    """The Council without its proposals, which have rows of their own."""
    terms = Terms(row["threshold"], row["delay"], row["objection_window"])
    return CouncilState(terms, seats=tuple(row["seats"]))


def proposal_columns(state: Proposal) -> dict[str, object]:
    return {
        "number": state.number,
        "proposer": state.proposer,
        "subject": state.motion.subject,
        "target": state.motion.target,
        "call": state.motion.call,
        "reason": plain_text(state.motion.reason),
        "proposed_at": state.proposed_at,
        "approvals": list(state.approvals),
        "executable_from": state.executable_from,
        "objected_at": state.objected_at,
        "objection": plain_text(state.objection),
        "executed_at": state.executed_at,
    }


def proposal_state(row: RowMapping) -> Proposal:
    return Proposal(
        number=row["number"],
        proposer=row["proposer"],
        motion=Motion(row["target"], row["call"], row["reason"], row["subject"]),
        proposed_at=row["proposed_at"],
        approvals=tuple(row["approvals"]),
        executable_from=row["executable_from"],
        objected_at=row["objected_at"],
        objection=row["objection"],
        executed_at=row["executed_at"],
    )


def recognition_columns(state: Recognition) -> dict[str, object]:
    return {
        "platform": plain_text(state.platform)[:_LONGEST_PLATFORM],
        "kind": int(state.kind),
        "anchor": state.anchor,
        "roles": int(state.roles),
        "acts": seen_acts(state.acts),
        "expires_at": state.expires_at,
        "withdrawn": state.withdrawn,
    }


def recognition_state(row: RowMapping) -> Recognition:
    return Recognition(
        anchor_id=row["id"],
        platform=row["platform"],
        kind=AnchorKind(row["kind"]),
        anchor=row["anchor"],
        roles=Role(row["roles"]),
        acts=row["acts"],
        expires_at=row["expires_at"],
        withdrawn=row["withdrawn"],
    )


def gateway_columns(state: RegisteredGateway) -> dict[str, object]:
    return {"name": plain_text(state.name), "recognised": state.recognised}


def gateway_state(row: RowMapping) -> RegisteredGateway:
    return RegisteredGateway(row["id"], row["name"], row["recognised"])


def admission_columns(state: Admission) -> dict[str, object]:
    return {"carrier": state.carrier, "gateway": state.gateway, "admitted": state.admitted}


def admission_state(row: RowMapping) -> Admission:
    return Admission(row["carrier"], row["gateway"], row["admitted"])


def seen_acts(acts: str) -> str:
    """The acts without what is no act: only printable ASCII makes the name of a scope."""
    return " ".join(each for each in acts.split() if each.isascii() and each.isprintable())


COUNCIL_ROWS: Final = RowStore(council_seats, seats_columns, seats_state)
PROPOSAL_ROWS: Final = RowStore(council_proposals, proposal_columns, proposal_state)
RECOGNITION_ROWS: Final = RowStore(recognitions, recognition_columns, recognition_state)
GATEWAY_ROWS: Final = RowStore(gateways, gateway_columns, gateway_state)
ADMISSION_ROWS: Final = RowStore(gateway_admissions, admission_columns, admission_state)
