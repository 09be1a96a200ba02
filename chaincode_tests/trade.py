"""The story that tests of titles begin with: a carrier issues, a shipper offers to a buyer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_utils.crypto import keccak

from chaincode_tests.consortium import Consortium, Party
from chaincode_tests.contract import Outcome, Reverted

STRAIGHT, ORDER, ORDER_FINAL, BLANK = range(4)
NONE, LIVE, PENDING_DELIVERY, PENDING_AMENDMENT, DELIVERED = range(5)
VOIDED, PAPER, IN_TRANSIT, EXPORTED = range(5, 9)
POSSESSION, TITLE, BOTH, FINAL, PLEDGE, ENFORCED, CONSENTED = 1, 2, 3, 4, 8, 16, 32
NO_PARTY = 0
ZERO = bytes(32)
HOUR = 3600
ROLE_OF_CARRIER = 1


def digest(name: str) -> bytes:
    """32 bytes that stand for an id or a root."""
    return bytes(keccak(text=name))


@contextmanager
def refused(error: str, *arguments: Any) -> Iterator[None]:  # arguments are of any ABI type
    """The block acts once, and the contract refuses with exactly this error."""
    with pytest.raises(Reverted) as caught:
        yield
    assert (caught.value.error, caught.value.arguments) == (error, arguments)


def named(issuer: int, number: bytes) -> bytes:
    """The id under which a registry keeps what this party issues under a number."""
    return bytes(keccak(issuer.to_bytes(32, "big") + number))


@dataclass(frozen=True)
class Issuance:
    """Who issues what, in the order of the ABI."""

    issuer: int
    number: bytes
    series_number: bytes
    content_root: bytes
    possessor: int
    titleholder: int
    kind: int
    schema: int
    version: int
    rulebook: int

    @property
    def id(self) -> bytes:
        return named(self.issuer, self.number)

    @property
    def series(self) -> bytes:
        return named(self.issuer, self.series_number)

    @property
    def terms(self) -> int:
        """The small fields in one word."""
        return (
            self.possessor
            | self.titleholder << 32
            | self.kind << 64
            | self.schema << 72
            | self.version << 88
            | self.rulebook << 104
        )

    def as_tuple(self) -> tuple[Any, ...]:  # of the ABI's types
        return (self.number, self.series_number, self.content_root, self.terms)


class Trade:
    """Acts on titles by the names of the parties."""

    def __init__(self, world: Consortium) -> None:
        self.world = world

    def issuance(
        self,
        name: str = "SMDG:ABC 1",
        *,
        series: str | None = None,
        kind: int = ORDER,
        possessor: int | None = None,
        titleholder: int | None = None,
        by: Party | None = None,
    ) -> Issuance:
        """An order title of the carrier's held by the shipper, unless a test says otherwise."""
        shipper = self.world.shipper.index
        return Issuance(
            issuer=(by or self.world.carrier).index,
            number=digest(name),
            series_number=digest(f"{series or name} series"),
            content_root=digest(f"{name} content"),
            possessor=shipper if possessor is None else possessor,
            titleholder=_titleholder(kind, titleholder, shipper),
            kind=kind,
            schema=1,
            version=7,
            rulebook=2,
        )

    def issue(self, issuance: Issuance | None = None, by: Party | None = None) -> bytes:
        """The id of a title that is issued now."""
        by = by or self.world.carrier
        issuance = replace(issuance or self.issuance(), issuer=by.index)
        self.act(by, "issue", issuance.as_tuple())
        return issuance.id

    def act(self, party: Party, act: str, *arguments: Any) -> Outcome:  # of any ABI type
        return self.world.titles.transact(party.account, act, *arguments)

    def offer(
        self,
        title: bytes,
        seq: int,
        sender: Party,
        recipient: Party,
        *,
        what: int = BOTH,
        deadline: int | None = None,
    ) -> Outcome:
        deadline = self.in_an_hour() if deadline is None else deadline
        return self.act(sender, "offer", title, seq, recipient.index, what, deadline)

    def offered(self, *, kind: int = ORDER, what: int = BOTH, deadline: int | None = None) -> bytes:
        """The id of a title (seq 2) that the shipper has offered to the buyer."""
        title = self.issue(self.issuance(kind=kind))
        self.offer(title, 1, self.world.shipper, self.world.buyer, what=what, deadline=deadline)
        return title

    def pledgee(self, bank: Party | None = None) -> bytes:
        """A bank as the gate knows it."""
        return (bank or self.world.bank).index.to_bytes(32, "big")

    def proposed(self, *, kind: int = ORDER, deadline: int | None = None) -> bytes:
        """The id of a title (seq 2) on which the shipper has proposed a pledge to the bank."""
        title = self.issue(self.issuance(kind=kind))
        deadline = self.in_an_hour() if deadline is None else deadline
        self.act(self.world.shipper, "proposePledge", title, 1, self.pledgee(), deadline)
        return title

    def pledged(self, *, kind: int = ORDER) -> bytes:
        """The id of a title (seq 3) that the bank holds a pledge on."""
        title = self.proposed(kind=kind)
        self.act(self.world.bank, "acceptPledge", title, 2)
        return title

    def given_up(self, issuance: Issuance | None = None, reason: int = 1) -> bytes:
        """The id of a title (seq 2) that the shipper has surrendered for amendment."""
        title = self.issue(issuance)
        self.act(self.world.shipper, "surrenderForAmendment", title, 1, reason)
        return title

    def locked(self, gateway: str, transfer: bytes = digest("transfer 1")) -> bytes:
        """The id of a title (seq 2) that the shipper has locked for a gateway."""
        title = self.issue()
        self.act(self.world.shipper, "lock", title, 1, gateway, transfer)
        return title

    def surrendered(self) -> bytes:
        """The id of a title (seq 2) that the shipper has surrendered."""
        title = self.issue()
        self.act(self.world.shipper, "surrenderForDelivery", title, 1)
        return title

    def delivered(self) -> bytes:
        """The id of a title (seq 3) that the carrier has taken in."""
        title = self.surrendered()
        self.act(self.world.carrier, "acceptSurrender", title, 2)
        return title

    def status(self, title: bytes) -> int:
        return self.title(title)["status"]

    def head(self, title: bytes) -> bytes:
        head: bytes = self.world.titles.call("headOf", title)
        return head

    def title(self, title: bytes) -> dict[str, int]:
        record: dict[str, int] = self.world.titles.call("titleOf", title)
        return record

    def in_an_hour(self) -> int:
        return self.world.chain.now + HOUR


def _titleholder(kind: int, named: int | None, otherwise: int) -> int:
    if named is not None:
        return named
    return NO_PARTY if kind == BLANK else otherwise
