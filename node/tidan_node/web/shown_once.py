"""Answers with a secret in them: they are given once, and kept without it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from tidan_node.web.shapes import Shape


class ShownOnce(JSONResponse):
    """What was made, with a secret in it. The same request sent again is answered with `kept`, in
    which these members are as given here: nothing that opens anything, or that is another's, stays
    in the node's database."""

    def __init__(self, shown: Shape, *, status_code: int, kept_with: Mapping[str, object]) -> None:
        super().__init__(shown.model_dump(mode="json", by_alias=True), status_code)
        kept = shown.model_copy(update=kept_with)
        self.kept = self.render(kept.model_dump(mode="json", by_alias=True))


def kept_of(response: Response) -> bytes:
    """What may be kept of this answer."""
    return response.kept if isinstance(response, ShownOnce) else bytes(response.body)
