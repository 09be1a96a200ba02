"""Acts that were prepared here and came to the chain by another way: the worker that finds them.

Whoever signs an act can have it sent by any node, or send it itself. The node that prepared it has
the documents then, and nobody else: it keeps and sends them as if it had sent the act.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import NO_PARTY
from tidan_node.domain.title_events import TitleImported
from tidan_node.exchange.outbox import Outbox
from tidan_node.operations.operation import OperationStatus
from tidan_node.operations.repository import OperationRepository
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.storage.contents import ContentRepository
from tidan_node.titles.drafting import Draft, drafted_again
from tidan_node.titles.repository import FoundAct, PreparedActs
from tidan_node.trail.trail import SYSTEM, Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.state import NodeState

ADOPT: Final = "title.adopt"
_log = structlog.stdlib.get_logger(__name__)


class Adopting:
    """Looks after each page of blocks, and when the node starts. What comes of one act is one
    commit with the note that it is done with, so that it can stop anywhere."""

    def __init__(self, node: NodeState) -> None:
        self._node = node
        self._awake = asyncio.Event()
        self._passed_over: set[str] = set()
        """What this version of the node cannot draft again: said once, and not tried for ever."""

    def blocks_read(self) -> None:
        """There may be one."""
        self._awake.set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self._awake.clear()
            await self.look()
            await self._awake.wait()

    async def look(self) -> None:
        """Take up all that the chain has by now."""
        async with self._node.database.reading() as connection:
            names = await PreparedActs(connection).on_chain()
        for name in names:
            if name not in self._passed_over:
                await self._take_up(name)

    async def _take_up(self, name: str) -> None:
        """Ids are bound to their issuer, and roots to our secrets."""
        try:
            async with self._node.database.reading() as connection:
                found = await PreparedActs(connection).found(name)
                if found is None:
                    return
                title = (await Records(connection).title_by_id(found.title)).state.title
            drafts = await drafted_again(
                found.drafted.documents,
                self._node.numbering_key,
                title.issuer,
                found.drafted.hidden_by(),
            )
            if (drafts[0].title_id, drafts[0].content_root) != (found.title, found.content_root):
                self._pass_over(name, "draft-differs")
                return
            async with self._node.database.writing() as connection:
                if not await PreparedActs(connection).finish(name):
                    return
                await self._adopt(connection, found, drafts)
                self._node.checkpoints.reached("adopting.before-commit")
        except Problem as problem:
            self._pass_over(name, problem.slug)
            return
        self._node.checkpoints.reached("adopting.after-commit")
        self._node.committed()

    async def _adopt(
        self, connection: AsyncConnection, found: FoundAct, drafts: Sequence[Draft]
    ) -> None:
        if found.operation_id is not None:
            sent = await OperationRepository(connection).by_id(found.operation_id)
            if sent is not None and sent.status is OperationStatus.SUCCEEDED:
                return  # what was sent from here has kept and posted all this by itself
        records = Records(connection)
        own = await own_party(records, self._node)
        for draft in drafts:
            if not await records.has_title(draft.title_id):
                continue
            steps = await records.title_history(draft.title_id)
            # A gateway that saw the act on its way may have been first, for whom it likes.
            if isinstance(steps[0].event, TitleImported):
                continue
            state = steps[-1].after
            if state.content_root != draft.content_root:
                continue
            await ContentRepository(connection).add(draft.content())
            detail = {"act": found.drafted.act, "contentRoot": draft.content_root}
            trail = Trail(connection)
            await trail.append(SYSTEM, ADOPT, draft.title_id, detail, party=own.index)
            possessor = state.title.possessor
            if possessor != NO_PARTY:
                await Outbox(connection, self._node).post(
                    "title", draft.title_id, draft.content_root, possessor, SYSTEM
                )

    def _pass_over(self, name: str, why: str) -> None:
        self._passed_over.add(name)
        _log.warning("prepared act not adopted", problem=why)
