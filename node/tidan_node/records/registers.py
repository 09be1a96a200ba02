"""The contracts that keep records, and how what each tells makes up a history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, get_args

from tidan_node.domain.events import ChainEvent, Event
from tidan_node.domain.record_fold import (
    InvoiceEvent,
    InvoiceState,
    PolicyEvent,
    PolicyState,
    advance_invoice,
    advance_policy,
)
from tidan_node.domain.steps import Step
from tidan_node.domain.title_events import TitleEvent
from tidan_node.domain.title_fold import TitleState, advance_title

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Register(Generic[State]):
    """One contract with records: its view of one, and the fold of a record's events."""

    contract: str
    view: str
    members: tuple[str, ...]
    """What the view shows of a record, in its order."""
    event_types: tuple[type[Event], ...]
    advance: Callable[[State | None, ChainEvent], Step[State]]


TITLES: Final[Register[TitleState]] = Register(
    contract="TitleRegistry",
    view="titleOf",
    members=(
        *("issuer", "possessor", "titleholder", "offeree", "seq", "status", "kind"),
        *("pledged", "offered", "deadline", "schema", "version", "rulebook"),
    ),
    event_types=get_args(TitleEvent),
    advance=advance_title,
)
INVOICES: Final[Register[InvoiceState]] = Register(
    contract="InvoiceRegistry",
    view="invoiceOf",
    members=("seller", "buyer", "seq", "status", "schema", "version"),
    event_types=get_args(InvoiceEvent),
    advance=advance_invoice,
)
POLICIES: Final[Register[PolicyState]] = Register(
    contract="PolicyRegistry",
    view="policyOf",
    members=(
        *("insurer", "insured", "lossPayee", "seq", "status"),
        *("expires", "schema", "version"),
    ),
    event_types=get_args(PolicyEvent),
    advance=advance_policy,
)
