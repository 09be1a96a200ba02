"""A story as an audit reads it: its events, what the contract keeps, what a node says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.office import Office
from tests.story import GENESIS_TIME, Story, hex_of
from tidan_node.audit.titles import NodeAnswer
from tidan_node.domain.events import ChainEvent, TitleIssued
from tidan_node.domain.history import head_of
from tidan_node.domain.identifiers import NO_PARTY, ZERO_32, BlockHash, PartyIndex, TitleId
from tidan_node.domain.title_fold import TitleEvent, fold_title
from tidan_node.domain.titles import Offered
from tidan_node.indexer.event_rows import record_of
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call

CARRIER, SHIPPER, BUYER, BANK = (PartyIndex(index) for index in range(1, 5))
Json = dict[str, Any]


@dataclass
class StoryChain:
    """Serves `events`; its contract kept what was told in `story`, whatever is served."""

    story: Story
    events: list[ChainEvent] = field(default_factory=list)
    length: int = 0

    @classmethod
    def of(cls, story: Story) -> StoryChain:
        return cls(story, list(story.events), story.block)

    async def head(self) -> BlockRef:
        return self._block(self.length)

    async def block(self, number: int) -> BlockRef | None:
        return self._block(number) if number <= self.length else None

    async def events_about(self, subjects: Sequence[str], up_to: BlockRef) -> list[ChainEvent]:
        return [
            each
            for each in self.events
            if record_of(each.event) in subjects and each.origin.block_number <= up_to.number
        ]

    async def view(self, call: Call, block: int | None = None) -> tuple[Any, ...]:
        assert (call.contract, block) == ("TitleRegistry", self.length)
        if call.function == "titleOfSeries":
            return (self._of_series(str(call.args[0])),)
        title_id = TitleId(str(call.args[0]))
        told = [e for e in self.story.events if isinstance(e.event, TitleEvent)]
        told = [each for each in told if record_of(each.event) == title_id]
        match call.function:
            case "titleOf":
                return (self._record(title_id, told),)
            case "headOf":
                return (head_of([step.act for step in fold_title(told)]),)
            case _:
                return (_issued(told).content_root if told else ZERO_32,)

    def _record(self, title_id: TitleId, told: list[ChainEvent]) -> tuple[int, ...]:
        if not told:
            return (0,) * 11
        title, issued = self.story.titles[title_id], _issued(told)
        offer = title.offer
        return (
            title.issuer,
            title.possessor,
            title.titleholder,
            offer.recipient if offer else NO_PARTY,
            title.seq,
            int(title.status),
            int(title.kind),
            int(offer.what) if offer else 0,
            offer.deadline if offer else 0,
            issued.schema,
            issued.version,
        )

    def _of_series(self, series: str) -> str:
        issues = [e.event for e in self.story.events if isinstance(e.event, TitleIssued)]
        return next((each.id for each in issues if each.series == series), ZERO_32)

    def _block(self, number: int) -> BlockRef:
        return BlockRef(
            number=number,
            hash=BlockHash(hex_of("main", "block", number)),
            parent_hash=BlockHash(hex_of("main", "block", number - 1)),
            timestamp=GENESIS_TIME + 5 * number,
        )


def _issued(told: list[ChainEvent]) -> TitleIssued:
    event = told[0].event
    assert isinstance(event, TitleIssued)
    return event


async def a_title(office: Office) -> TitleId:
    """Issued, offered, accepted, surrendered, refused, and on offer again."""
    consortium, story = office.consortium, office.consortium.story
    title = story.issue(CARRIER, SHIPPER)
    acts: list[Callable[[], None]] = [
        lambda: story.offer(title, BUYER),
        lambda: story.accept(title),
        lambda: story.surrender(title),
        lambda: story.reject_surrender(title, 3),
        lambda: story.offer(title, BANK, what=Offered.POSSESSION),
    ]
    for act in acts:
        await consortium.publish()
        act()
    await consortium.publish()
    return title


async def said_of(office: Office, title: TitleId) -> NodeAnswer:
    """What the node says over HTTP."""
    as_of = (await office.get("/v1/parties", limit="1")).json()["asOf"]
    shown = await office.get(f"/v1/titles/{title}")
    history = await office.get(f"/v1/titles/{title}/history")
    if shown.status_code == 404:
        return NodeAnswer(None, None, as_of)
    return NodeAnswer(shown.json(), history.json(), as_of)


def chain_of(office: Office) -> StoryChain:
    chain = StoryChain.of(office.consortium.story)
    chain.length -= 1  # `publish` has opened the next block already
    return chain
