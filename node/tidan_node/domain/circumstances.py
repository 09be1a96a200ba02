"""What the chain says beside a record's own events, by which its acts are judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tidan_node.domain.account_book import AccountBook
from tidan_node.domain.events import ChainEvent, Origin
from tidan_node.domain.gateway_admissions import GatewayAdmissions
from tidan_node.domain.gateway_register import GatewayRegister
from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.legality import StandingAt
from tidan_node.domain.standings import Standings

AccountAt = Callable[[Origin], Address | None]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who stood how, which gateways were recognised and by whom admitted, and whose an account was,
    each just before a place of the chain."""

    standing_at: StandingAt
    recognised_at: Callable[[Address, Origin], bool]
    admitted_at: Callable[[PartyIndex, Address, Origin], bool]
    party_of: Callable[[Address, Origin], PartyIndex]
    account_at: AccountAt
    """Through which account an act was done. None where its transaction was not read, or reached
    the registry by another contract: no event tells."""
    paper_delay: int
    """How long a possessor waits for its carrier's successor: no event tells, the contract does."""

    @classmethod
    def told_by(
        cls, events: Sequence[ChainEvent], *, account_at: AccountAt, paper_delay: int
    ) -> Circumstances:
        """By all events of the parties and gateways that are asked about, in chain order."""
        return cls(
            standing_at=Standings(events).at,
            recognised_at=GatewayRegister(events).recognised_at,
            admitted_at=GatewayAdmissions(events).admitted_at,
            party_of=AccountBook(events).party_of,
            account_at=account_at,
            paper_delay=paper_delay,
        )
