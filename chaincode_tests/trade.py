"""The story that tests of titles begin with: a carrier issues, a shipper offers to a buyer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from eth_utils.crypto import keccak

from chaincode_tests.consortium import Consortium, Party
from chaincode_tests.contract import Outcome, Reverted

STRAIGHT, ORDER, ORDER_FINAL, BLANK = range(4)
NONE, LIVE, PENDING_DELIVERY, PENDING_AMENDMENT, DELIVERED = range(5)
POSSESSION, TITLE, BOTH = 1, 2, 3
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


@dataclass(frozen=True)
class Issuance:
    """The arguments of an issue, in the order of the ABI."""

    id: bytes
    series: bytes
    content_root: bytes
    possessor: int
    titleholder: int
    kind: int
    schema: int
    version: int

    def as_tuple(self) -> tuple[Any, ...]:  # of the ABI's types
        return (
            self.id,
            self.series,
            self.content_root,
            self.possessor,
            self.titleholder,
            self.kind,
            self.schema,
            self.version,
        )


class Trade:
    """Acts on titles by the names of the parties."""

    def __init__(self, world: Consortium) -> None:
        self.world = world

    def issuance(
        self,
        name: str = "SMDG:ABC 1",
        *,
        kind: int = ORDER,
        possessor: int | None = None,
        titleholder: int | None = None,
    ) -> Issuance:
        """An order title held by the shipper, unless a test says otherwise."""
        shipper = self.world.shipper.index
        return Issuance(
            id=digest(name),
            series=digest(f"{name} series"),
            content_root=digest(f"{name} content"),
            possessor=shipper if possessor is None else possessor,
            titleholder=_titleholder(kind, titleholder, shipper),
            kind=kind,
            schema=1,
            version=7,
        )

    def issue(self, issuance: Issuance | None = None, by: Party | None = None) -> bytes:
        """The id of a title that is issued now."""
        issuance = issuance or self.issuance()
        self.act(by or self.world.carrier, "issue", issuance.as_tuple())
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

    def title(self, title: bytes) -> dict[str, int]:
        record: dict[str, int] = self.world.titles.call("titleOf", title)
        return record

    def in_an_hour(self) -> int:
        return self.world.chain.now + HOUR


def _titleholder(kind: int, named: int | None, otherwise: int) -> int:
    if named is not None:
        return named
    return NO_PARTY if kind == BLANK else otherwise
