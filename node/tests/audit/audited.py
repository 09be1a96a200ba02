"""A story as an audit reads it: its events, what the contract keeps, what a node says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.audit.contracts import view as _view
from tests.office import Office
from tests.story import Story
from tests.story_chain import block_of_story
from tidan_node.audit.findings import Audit
from tidan_node.audit.kinds import TITLE
from tidan_node.audit.node import Reply
from tidan_node.audit.records import NodeAnswer, audit_answers
from tidan_node.domain.council_fold import CouncilEvent
from tidan_node.domain.events import ChainEvent
from tidan_node.domain.gateway_admissions import AdmissionEvent
from tidan_node.domain.gateway_register import RegisterEvent
from tidan_node.domain.identifiers import Address, PartyIndex, TitleId, TxHash
from tidan_node.domain.platform_fold import PlatformEvent
from tidan_node.domain.titles import Offered
from tidan_node.indexer.event_rows import record_of
from tidan_node.ledger.blocks import BlockRef
from tidan_node.ledger.calls import Call
from tidan_node.ledger.record_chain import Told

CARRIER, SHIPPER, BUYER, BANK = (PartyIndex(index) for index in range(1, 5))
Json = dict[str, Any]


@dataclass
class StoryChain:
    """Serves `events`; its contracts kept what was told in `story`, whatever is served."""

    story: Story
    events: list[ChainEvent] = field(default_factory=list)
    length: int = 0
    first_block: int = 1
    callers: dict[TxHash, Address] = field(default_factory=dict)
    """The accounts that did acts, of transactions that it has still got."""

    @classmethod
    def of(cls, story: Story) -> StoryChain:
        return cls(story, list(story.events), story.block)

    async def head(self) -> BlockRef:
        return self._block(self.length)

    async def blocks(self, numbers: Sequence[int]) -> list[BlockRef | None]:
        return [self._block(number) if number <= self.length else None for number in numbers]

    async def events_about(self, subjects: Sequence[str], up_to: BlockRef) -> list[ChainEvent]:
        return [
            each
            for each in self.events
            if record_of(each.event) in subjects and each.origin.block_number <= up_to.number
        ]

    async def events_by(self, contract: str, up_to: BlockRef) -> list[ChainEvent]:
        kinds = {
            "Council": CouncilEvent,
            "PlatformRegistry": PlatformEvent,
            "GatewayRegistry": RegisterEvent | AdmissionEvent,
        }[contract]
        return [
            each
            for each in self.events
            if isinstance(each.event, kinds) and each.origin.block_number <= up_to.number
        ]

    async def everything(self, up_to: BlockRef) -> AsyncIterator[Told]:
        told = [each for each in self.events if each.origin.block_number <= up_to.number]
        for start in range(0, len(told), 7):
            page = told[start : start + 7]
            yield Told(page, page[-1].origin.block_number)

    async def views(self, calls: Sequence[Call], block: int) -> list[tuple[Any, ...]]:
        assert block == self.length
        return [_view(self.story, call) for call in calls]

    async def title_callers(self, transactions: Sequence[TxHash]) -> dict[TxHash, Address]:
        return {each: self.callers[each] for each in transactions if each in self.callers}

    def _block(self, number: int) -> BlockRef:
        return block_of_story(number)


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
    chain.first_block = office.consortium.first_block or 1
    return chain


async def audit_title(chain: StoryChain, title: TitleId, answer: NodeAnswer) -> Audit:
    (audit,) = await audit_answers(chain, TITLE, {title: answer})
    return audit


@dataclass
class OfficeNode:
    """An office as an audit asks it: over HTTP, with its clerk's key."""

    office: Office

    async def get(self, path: str, **query: str) -> Reply:
        answer = await self.office.get(path, **query)
        assert answer.status_code in (200, 404) or answer.status_code >= 500, answer.text
        return Reply(answer.status_code, answer.json())


@dataclass
class Heard:
    """A listener that keeps all that it hears."""

    audits: list[Audit] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)

    def audited(self, audit: Audit) -> None:
        self.audits.append(audit)

    def counted(self, what: str, done: int, of: int | None) -> None:
        self.counts.append(what)

    @property
    def findings(self) -> list[tuple[str, str, str]]:
        """Kind, record and verdict of all that does not agree."""
        return [
            (each.kind, each.record, str(each.verdict))
            for each in self.audits
            if not each.verdict.agrees
        ]
