"""Nodes that do not say what an honest one would."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.audit.audited import OfficeNode
from tidan_node.audit.node import Reply


@dataclass
class AnswerInstead:
    """Says these things at these paths; None there is that it knows of no such thing."""

    honest: OfficeNode
    answers: dict[str, Any] = field(default_factory=dict)

    async def get(self, path: str, **query: str) -> Reply:
        if path not in self.answers:
            return await self.honest.get(path, **query)
        answer = self.answers[path]
        return Reply(404, {}) if answer is None else Reply(200, answer)


@dataclass
class Cycling:
    """Its lists lead from one page to another, and back."""

    honest: OfficeNode

    async def get(self, path: str, **query: str) -> Reply:
        document: dict[str, Any] = {
            "items": [],
            "nextCursor": "A" if query.get("cursor") == "B" else "B",
        }
        return Reply(200, document)
