"""All that nodes are told and answer while a test runs: every value of it, to be looked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.office import Office

SHORTEST = 8
"""What is shorter may stand in a log by chance."""

_XML = re.compile(r">([^<>]+)<")
_HEADERS = ("authorization", "idempotency-key", "signature")


@dataclass
class Said:
    """Values of bodies, queries and headers, in both directions."""

    values: set[str] = field(default_factory=set)

    def listen_to(self, office: Office) -> None:
        """Whatever its client sends from now on, and gets."""
        office.client.event_hooks = {"request": [self._sent], "response": [self._answered]}

    def add(self, *texts: str) -> None:
        """These, and what they are made of, as far as it could be told from anything else."""
        for text in texts:
            for part in (text, *re.split(r"[\s.~_]", text)):
                if len(part) >= SHORTEST:
                    self.values.add(part)

    async def _sent(self, request: httpx.Request) -> None:
        self._read(await request.aread())
        self.add(*(text for name, text in request.headers.items() if name in _HEADERS))
        self.add(*(text for _, text in request.url.params.multi_items()))

    async def _answered(self, response: httpx.Response) -> None:
        if response.is_success:  # a problem's own words are the node's, and may be anywhere
            self._read(await response.aread())

    def _read(self, body: bytes) -> None:
        try:
            self.add(*_leaves(json.loads(body)))
        except ValueError:
            text = body.decode(errors="replace")
            self.add(*(_XML.findall(text) or [text]))


def _leaves(value: Any) -> Iterator[str]:  # Any: JSON
    match value:
        case dict():
            for each in value.values():
                yield from _leaves(each)
        case list():
            for each in value:
                yield from _leaves(each)
        case str():
            yield value
            yield from _XML.findall(value)
