"""The Council's seats, its proposals, and whom it recognises and carriers admit: rows, and back."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row

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


def seats_values(state: CouncilState) -> tuple[object, ...]:
    return (
        state.terms.threshold,
        state.terms.delay,
        state.terms.objection_window,
        list(state.seats),
    )


def seats_state(row: Row[Any]) -> CouncilState:
    """The Council without its proposals, which have rows of their own."""
    terms = Terms(row.threshold, row.delay, row.objection_window)
    return CouncilState(terms, seats=tuple(row.seats))


def proposal_values(state: Proposal) -> tuple[object, ...]:
    return (
        state.number,
        state.proposer,
        state.motion.subject,
        state.motion.target,
        state.motion.call,
        plain_text(state.motion.reason),
        state.proposed_at,
        list(state.approvals),
        state.executable_from,
        state.objected_at,
        plain_text(state.objection),
        state.executed_at,
    )


def proposal_state(row: Row[Any]) -> Proposal:
    return Proposal(
        number=row.number,
        proposer=row.proposer,
        motion=Motion(row.target, row.call, row.reason, row.subject),
        proposed_at=row.proposed_at,
        approvals=tuple(row.approvals),
        executable_from=row.executable_from,
        objected_at=row.objected_at,
        objection=row.objection,
        executed_at=row.executed_at,
    )


def recognition_values(state: Recognition) -> tuple[object, ...]:
    return (
        plain_text(state.platform)[:_LONGEST_PLATFORM],
        int(state.kind),
        state.anchor,
        int(state.roles),
        seen_acts(state.acts),
        state.expires_at,
        state.withdrawn,
    )


def recognition_state(row: Row[Any]) -> Recognition:
    return Recognition(
        anchor_id=row.id,
        platform=row.platform,
        kind=AnchorKind(row.kind),
        anchor=row.anchor,
        roles=Role(row.roles),
        acts=row.acts,
        expires_at=row.expires_at,
        withdrawn=row.withdrawn,
    )


def gateway_values(state: RegisteredGateway) -> tuple[object, ...]:
    return (plain_text(state.name), state.recognised)


def gateway_state(row: Row[Any]) -> RegisteredGateway:
    return RegisteredGateway(row.id, row.name, row.recognised)


def admission_values(state: Admission) -> tuple[object, ...]:
    return (state.carrier, state.gateway, state.admitted)


def admission_state(row: Row[Any]) -> Admission:
    return Admission(row.carrier, row.gateway, row.admitted)


def seen_acts(acts: str) -> str:
    """The acts without what is no act: only printable ASCII makes the name of a scope."""
    return " ".join(each for each in acts.split() if each.isascii() and each.isprintable())


COUNCIL_ROWS: Final = RowStore(council_seats, seats_values, seats_state)
PROPOSAL_ROWS: Final = RowStore(council_proposals, proposal_values, proposal_state)
RECOGNITION_ROWS: Final = RowStore(recognitions, recognition_values, recognition_state)
GATEWAY_ROWS: Final = RowStore(gateways, gateway_values, gateway_state)
ADMISSION_ROWS: Final = RowStore(gateway_admissions, admission_values, admission_state)
