"""Who is there: parties with one account each, and gateways. What changes is told to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.domain.parties import NotEnrolled, PartyStatus, Role, Standing
from tidan_node.domain.titles.pledges import BankGate

DAY = 24 * 3600


@dataclass
class Members:
    """The registers of parties and of gateways, as an act on a title asks them."""

    standings: dict[PartyIndex, Standing] = field(default_factory=dict)
    accounts: dict[Address, PartyIndex] = field(default_factory=dict)
    gateways: set[Address] = field(default_factory=set)
    admissions: set[tuple[PartyIndex, Address]] = field(default_factory=set)
    paper_delay: int = DAY

    def enrol(self, party: PartyIndex, account: Address, roles: Role) -> None:
        self.standings[party] = Standing(party, roles, PartyStatus.ACTIVE)
        self.accounts[account] = party

    def change_status(self, party: PartyIndex, status: PartyStatus) -> None:
        self.standings[party] = replace(self.standings[party], status=status)

    def change_roles(self, party: PartyIndex, roles: Role) -> None:
        self.standings[party] = replace(self.standings[party], roles=roles)

    def revoke(self, party: PartyIndex, successor: PartyIndex, now: int) -> None:
        self.standings[party] = replace(
            self.standings[party],
            status=PartyStatus.REVOKED,
            successor=successor,
            revoked_at=now,
        )

    def name_successor(self, party: PartyIndex, successor: PartyIndex) -> None:
        self.standings[party] = replace(self.standings[party], successor=successor)

    def recognised(self, gateway: Address) -> bool:
        return gateway in self.gateways

    def admitted(self, carrier: PartyIndex, gateway: Address) -> bool:
        return (carrier, gateway) in self.admissions

    def standing(self, party: PartyIndex) -> Standing:
        return self.standings.get(party) or Standing(party, Role(0), PartyStatus.NONE)

    def named(self, party: PartyIndex) -> Standing | None:
        return None if party == NO_PARTY else self.standing(party)

    def party_of(self, account: Address) -> PartyIndex:
        return self.accounts.get(account, NO_PARTY)

    def caller(self, account: Address) -> Standing:
        party = self.party_of(account)
        if party == NO_PARTY:
            raise NotEnrolled(f"account {account} belongs to no enrolled party", field="caller")
        return self.standing(party)

    def account_of(self, party: PartyIndex) -> Address | None:
        return next((each for each, whose in self.accounts.items() if whose == party), None)

    def first(self, fits: Callable[[Standing], bool]) -> list[Standing]:
        """The parties of which this is true."""
        return [each for each in self.standings.values() if fits(each)]

    @property
    def gate(self) -> BankGate:
        return BankGate(self.standing, self.party_of)
