"""Failures become `application/problem+json` (RFC 9457), in answers and in the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.people.problems import NotAuthenticated
from tidan_node.problems import InvalidInput, NotFound, Problem
from tidan_node.web.refusals import (
    BadRequest,
    MethodNotAllowed,
    UnsupportedMediaType,
)
from tidan_node.web.shape_words import told

PROBLEM_JSON: Final = "application/problem+json"
_BY_STATUS: Final[Mapping[int, type[Problem]]] = {
    404: NotFound,
    405: MethodNotAllowed,
    415: UnsupportedMediaType,
}


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that carries this problem."""
    sent = dict(headers or {})
    if isinstance(problem, NotAuthenticated):
        sent["WWW-Authenticate"] = "Bearer"
    if isinstance(seconds := problem.extra.get("retryAfter"), int):
        sent["Retry-After"] = str(seconds)
    return Response(
        json.dumps(problem.document(), ensure_ascii=False, separators=(",", ":")),
        status_code=problem.status,
        media_type=PROBLEM_JSON,
        headers=sent,
    )


def unexpected(correlation_id: str) -> Response:
    """What is not expected says nothing of the inside, only how to find it in the log."""
    return problem_response(
        Problem("The node's log says more under this id.", correlationId=correlation_id)
    )


def invalid_input(errors: Sequence[Mapping[str, Any]]) -> InvalidInput:
    """What pydantic found, without the values that it found it in."""  # Any: pydantic's own type
    listed = [_finding(error["loc"], str(error["type"]), told(error)) for error in errors]
    first = listed[0]
    return InvalidInput(
        f"{first['pointer'] or 'the body'}: {first['detail']}",
        field=first["pointer"].lstrip("/").replace("/", ".") or first["in"],
        errors=listed,
    )


def _finding(location: Sequence[str | int], rule: str, detail: str) -> dict[str, str]:
    place, *path = [str(part) for part in location] or ["body"]
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path)
    return {"in": place, "pointer": pointer, "rule": rule, "detail": detail}


def described(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint that can fail with these problems."""
    by_status: dict[int, dict[str, type[Problem]]] = {}
    for kind in problems:
        by_status.setdefault(kind.status, {})[kind.slug] = kind
    return {status: _described(kinds) for status, kinds in sorted(by_status.items())}


def merged(
    first: Mapping[int | str, dict[str, Any]], second: Mapping[int | str, dict[str, Any]]
) -> dict[int | str, dict[str, Any]]:
    """Two descriptions of problems as one."""
    every = dict(first)
    for status, response in second.items():
        if status not in every:
            every[status] = response
            continue
        mine, other = every[status]["content"][PROBLEM_JSON], response["content"][PROBLEM_JSON]
        examples = mine["examples"] | other["examples"]
        every[status] = _response(list(examples), examples)
    return every


def _described(kinds: Mapping[str, type[Problem]]) -> dict[str, Any]:
    examples = {
        slug: {
            "summary": kind.title,
            "value": {
                "type": f"/v1/problems/{slug}",
                "title": kind.title,
                "status": kind.status,
                "detail": kind.title,
            },
        }
        for slug, kind in kinds.items()
    }
    return _response(list(kinds), examples)


def _response(slugs: list[str], examples: dict[str, Any]) -> dict[str, Any]:
    types = [f"/v1/problems/{slug}" for slug in slugs]
    schema = {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "enum": types},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "field": {"type": "string"},
        },
        "additionalProperties": True,
    }
    content = {PROBLEM_JSON: {"schema": schema, "examples": examples}}
    return {"description": ", ".join(slugs), "content": content}


def http_problem(error: HTTPException) -> Problem:
    """Starlette's own refusals, in our words."""
    kind = _BY_STATUS.get(error.status_code, BadRequest)
    return kind(kind.title)


def install(app: FastAPI) -> None:
    """Every failure that an endpoint or the router raises is answered here."""

    async def on_problem(_: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101 - registered for this type alone
        return problem_response(error)

    async def on_invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - as above
        return problem_response(invalid_input(error.errors()))

    async def on_http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        return problem_response(http_problem(error), error.headers)

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
