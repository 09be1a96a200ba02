"""The request as our endpoints read it."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.requests import Request

from tidan_node.domain.proofs.canonical import read_json
from tidan_node.web.refusals import UnsupportedMediaType

_JSON: Final = re.compile(r"application/(json|[a-z0-9.+-]+\+json)")


class StrictRequest(Request):
    """JSON with one meaning only: no name twice, no number that a double would change."""

    _value: Any  # Any: whatever the caller sent, until a model has read it

    async def read(self) -> None:
        """Read the body here, since FastAPI would turn our refusals into one of its own."""
        body = await self.body()
        if not body:
            return
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not _JSON.fullmatch(kind):
            raise UnsupportedMediaType(
                "send JSON, and say so in Content-Type", field="Content-Type"
            )
        self._value = read_json(body)

    def take(self, members: Any) -> None:  # Any: as above
        """Have as the body what was read already, as part of a larger one."""
        self._value = members

    async def json(self) -> Any:  # Any: as Starlette has it
        return self._value
