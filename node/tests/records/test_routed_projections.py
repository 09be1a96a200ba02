"""Several projections as one: who hears of what, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.events import (
    ChainEvent,
    Event,
    InvoiceCancelled,
    InvoiceLinked,
    InvoiceSettled,
    Origin,
)
from tidan_node.domain.identifiers import Address, BlockHash, PartyIndex, RecordId, TitleId, TxHash
from tidan_node.records.routed_projections import RoutedProjections

_ID = RecordId("0x" + "11" * 32)
_NO_CONNECTION = cast(AsyncConnection, None)


@dataclass
class _Listener:
    name: str
    kinds: frozenset[type[Event]]
    heard: list[tuple[str, list[int]]] = field(default_factory=list)

    async def apply(self, connection: AsyncConnection, events: Sequence[ChainEvent]) -> None:
        self.heard.append((self.name, [each.origin.log_index for each in events]))

    async def rewind(self, connection: AsyncConnection, removed: Sequence[ChainEvent]) -> None:
        self.heard.append((f"{self.name} back", [each.origin.log_index for each in removed]))


def happened(log: int, event: Event) -> ChainEvent:
    origin = Origin(1, Address("0x"), 1, BlockHash("0x"), 1, TxHash("0x"), log)
    return ChainEvent(event, origin)


LINKED = happened(0, InvoiceLinked(_ID, 2, PartyIndex(1), TitleId(_ID)))
SETTLED = happened(1, InvoiceSettled(_ID, 3, PartyIndex(1)))
LINKED_AGAIN = happened(2, InvoiceLinked(_ID, 4, PartyIndex(1), TitleId(_ID)))
CANCELLED = happened(3, InvoiceCancelled(_ID, 5, PartyIndex(1)))
ALL = [LINKED, SETTLED, LINKED_AGAIN, CANCELLED]


class TestRoutedProjections:
    async def test_each_hears_of_its_own_in_the_order_of_the_chain(self) -> None:
        heard: list[tuple[str, list[int]]] = []
        both = _Listener("both", frozenset({InvoiceLinked, InvoiceSettled}), heard)
        links = _Listener("links", frozenset({InvoiceLinked}), heard)
        await RoutedProjections([both, links]).apply(_NO_CONNECTION, ALL)
        assert heard == [("both", [0, 1, 2]), ("links", [0, 2])]

    async def test_they_hear_one_after_another_whatever_comes_first_on_the_chain(self) -> None:
        heard: list[tuple[str, list[int]]] = []
        settled = _Listener("settled", frozenset({InvoiceSettled}), heard)
        links = _Listener("links", frozenset({InvoiceLinked}), heard)
        await RoutedProjections([settled, links]).apply(_NO_CONNECTION, ALL)
        assert heard == [("settled", [1]), ("links", [0, 2])]

    async def test_who_has_none_in_a_page_is_not_asked(self) -> None:
        links = _Listener("links", frozenset({InvoiceLinked}))
        await RoutedProjections([links]).apply(_NO_CONNECTION, [SETTLED, CANCELLED])
        assert links.heard == []

    async def test_each_takes_back_its_own(self) -> None:
        links = _Listener("links", frozenset({InvoiceLinked}))
        await RoutedProjections([links]).rewind(_NO_CONNECTION, ALL)
        assert links.heard == [("links back", [0, 2])]
