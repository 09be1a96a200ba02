"""All projections of this room, for the indexer to feed."""

from __future__ import annotations

from typing import Final, get_args

from tidan_node.domain.council import CouncilState
from tidan_node.domain.council_fold import (
    ProposalEvent,
    SeatEvent,
    advance_proposal,
    advance_seats,
)
from tidan_node.domain.events import ChainEvent, Event
from tidan_node.domain.gateway_admissions import (
    Admission,
    AdmissionEvent,
    admission_name,
    advance_admission,
)
from tidan_node.domain.gateway_register import (
    RegisteredGateway,
    RegisterEvent,
    advance_gateway,
)
from tidan_node.domain.party_fold import PartyEvent, PartyState, advance_party
from tidan_node.domain.platform_fold import PlatformEvent, advance_recognition
from tidan_node.domain.platforms import Recognition
from tidan_node.domain.proposals import Proposal
from tidan_node.domain.record_fold import (
    InvoiceEvent,
    InvoiceState,
    PolicyEvent,
    PolicyState,
    advance_invoice,
    advance_policy,
)
from tidan_node.domain.title_events import TitleEvent
from tidan_node.domain.title_fold import TitleState, advance_title
from tidan_node.indexer.projections import Projection
from tidan_node.records import council_tables, tables
from tidan_node.records.appended_projection import ANCHORS, INVOICE_LINKS
from tidan_node.records.council_rows import (
    ADMISSION_ROWS,
    COUNCIL_ROWS,
    GATEWAY_ROWS,
    PROPOSAL_ROWS,
    RECOGNITION_ROWS,
)
from tidan_node.records.history_projection import HistoryProjection
from tidan_node.records.party_rows import PartyStore
from tidan_node.records.record_rows import INVOICE_ROWS, POLICY_ROWS, TITLE_ROWS
from tidan_node.records.routed_projections import RoutedProjections


def _title_after(before: TitleState | None, happened: ChainEvent) -> TitleState:
    return advance_title(before, happened).after


def _invoice_after(before: InvoiceState | None, happened: ChainEvent) -> InvoiceState:
    return advance_invoice(before, happened).after


def _policy_after(before: PolicyState | None, happened: ChainEvent) -> PolicyState:
    return advance_policy(before, happened).after


def _admission_key(event: Event) -> str:
    assert isinstance(event, AdmissionEvent)  # noqa: S101 - the projection has filtered
    return admission_name(event.carrier, event.gateway)


PARTIES: Final[HistoryProjection[PartyState]] = HistoryProjection(
    PartyStore(), frozenset(get_args(PartyEvent)), advance_party
)
TITLES: Final = HistoryProjection(TITLE_ROWS, frozenset(get_args(TitleEvent)), _title_after)
INVOICES: Final = HistoryProjection(INVOICE_ROWS, frozenset(get_args(InvoiceEvent)), _invoice_after)
POLICIES: Final = HistoryProjection(POLICY_ROWS, frozenset(get_args(PolicyEvent)), _policy_after)

COUNCIL: Final[HistoryProjection[CouncilState]] = HistoryProjection(
    COUNCIL_ROWS, frozenset(get_args(SeatEvent)), advance_seats
)
PROPOSALS: Final[HistoryProjection[Proposal]] = HistoryProjection(
    PROPOSAL_ROWS, frozenset(get_args(ProposalEvent)), advance_proposal
)
RECOGNITIONS: Final[HistoryProjection[Recognition]] = HistoryProjection(
    RECOGNITION_ROWS, frozenset(get_args(PlatformEvent)), advance_recognition
)
GATEWAYS: Final[HistoryProjection[RegisteredGateway]] = HistoryProjection(
    GATEWAY_ROWS, frozenset(get_args(RegisterEvent)), advance_gateway
)
ADMISSIONS: Final[HistoryProjection[Admission]] = HistoryProjection(
    ADMISSION_ROWS, frozenset(get_args(AdmissionEvent)), advance_admission, _admission_key
)


PROJECTED: Final = (
    tables.parties,
    tables.party_accounts,
    tables.party_identifiers,
    tables.numbering_keys,
    tables.titles,
    tables.invoices,
    tables.invoice_links,
    tables.policies,
    tables.anchors,
    council_tables.council_seats,
    council_tables.council_proposals,
    council_tables.recognitions,
    council_tables.gateways,
    council_tables.gateway_admissions,
)
"""The tables that the projections write, and nobody else."""


def record_projections() -> tuple[Projection, ...]:
    """Everything that the chain's events are made into for reading."""
    return (
        RoutedProjections(
            (
                PARTIES,
                COUNCIL,
                PROPOSALS,
                RECOGNITIONS,
                GATEWAYS,
                ADMISSIONS,
                TITLES,
                INVOICES,
                POLICIES,
                INVOICE_LINKS,
                ANCHORS,
            )
        ),
    )
