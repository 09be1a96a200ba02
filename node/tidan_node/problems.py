"""Expected failures, each with the status and the stable type that a caller can rely on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar


class Problem(Exception):
    """An expected failure (RFC 9457): subclass it, give it a status, a slug and a title."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something unexpected happened"

    def __init__(self, detail: str, *, field: str | None = None, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.extra = extra

    def document(self) -> dict[str, object]:
        """The body of the `application/problem+json` answer, without the instance."""
        members: dict[str, object] = {
            "type": f"/v1/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.field is not None:
            members["field"] = self.field
        return members | self.extra


def every_problem(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Every kind of problem that has been defined so far, each once, in a stable order."""
    seen: dict[str, type[Problem]] = {}
    stack = list(root.__subclasses__())
    while stack:
        kind = stack.pop()
        stack.extend(kind.__subclasses__())
        seen.setdefault(kind.slug, kind)
    for slug in sorted(seen):
        yield seen[slug]


def stored_problem(document: Mapping[str, object]) -> Problem:
    """A problem read back from where its document was stored, of the kind that it was."""
    slug = str(document.get("type", "")).rsplit("/", 1)[-1]
    kinds = {kind.slug: kind for kind in every_problem()}
    known = {"type", "title", "status", "detail", "field"}
    field = document.get("field")
    extra = {key: value for key, value in document.items() if key not in known}
    problem = Problem.__new__(kinds.get(slug, Problem))
    Problem.__init__(
        problem,
        str(document.get("detail", "")),
        field=str(field) if field is not None else None,
        **extra,
    )
    return problem


class NotFound(Problem):
    """Nothing with this name, or nothing that the caller may see: the two look alike."""

    status, slug, title = 404, "not-found", "There is nothing by this name"


class InvalidInput(Problem):
    """A value that breaks a rule of its form; the field says which."""

    status, slug, title = 422, "invalid-input", "The request breaks a rule of its form"
