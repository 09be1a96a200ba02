"""Answers with a secret in them: they are given once, and kept without it."""

from __future__ import annotations

from starlette.responses import JSONResponse

from tidan_node.web.shapes import Shape


class ShownOnce(JSONResponse):
    """What was made, with a secret in this member. The same request sent again is answered with
    `kept`, in which it is null: nothing that opens anything lies in the node's database."""

    def __init__(self, shown: Shape, *, status_code: int, member: str) -> None:
        super().__init__(shown.model_dump(mode="json", by_alias=True), status_code)
        kept = shown.model_copy(update={member: None})
        self.kept = self.render(kept.model_dump(mode="json", by_alias=True))
