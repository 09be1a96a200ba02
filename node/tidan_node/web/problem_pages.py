"""A page for each `type` of problem, for programs as JSON and for people as HTML."""

from __future__ import annotations

import inspect
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from tidan_node.problems import NotFound, Problem, every_problem
from tidan_node.web.caller import public
from tidan_node.web.errors import described
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import Shape

router = guarded_router("/v1/problems", "problems")

ProblemType = type[Problem]


class ProblemKind(Shape):
    """One kind of problem: its stable type, its status and what it means."""

    type: str
    title: str
    status: int
    explanation: str

    @classmethod
    def of(cls, kind: ProblemType) -> ProblemKind:
        explanation = inspect.cleandoc(kind.__dict__.get("__doc__") or kind.title)
        return cls(
            type=f"/v1/problems/{kind.slug}",
            title=kind.title,
            status=kind.status,
            explanation=" ".join(explanation.split()),
        )


class ProblemKinds(Shape):
    """Every problem that this node can answer with."""

    items: list[ProblemKind]


@router.get("", dependencies=[public()])
async def list_problems() -> ProblemKinds:
    """Every `type` that an answer of this node can carry."""
    return ProblemKinds(items=[ProblemKind.of(kind) for kind in every_problem(Problem)])


@router.get(
    "/{slug}",
    dependencies=[public()],
    response_model=ProblemKind,
    responses=described(NotFound) | {200: {"content": {"text/html": {}}}},
)
async def show_problem(slug: str, request: Request) -> Response:
    """What a `type` means; HTML for a browser, JSON for everybody else."""
    found = next((kind for kind in every_problem(Problem) if kind.slug == slug), None)
    if found is None:
        raise NotFound("no problem has this name", field="slug")
    kind = ProblemKind.of(found)
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_page(kind))
    return JSONResponse(kind.model_dump(mode="json", by_alias=True))


def _page(kind: ProblemKind) -> str:
    title, explanation = escape(kind.title), escape(kind.explanation)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{explanation}</p>"
        f"<p>Status {kind.status}, type <code>{escape(kind.type)}</code></p></html>"
    )
