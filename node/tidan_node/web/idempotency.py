"""Sending a POST twice does it once: same key and body, same answer."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from tidan_node.people.caller import Caller
from tidan_node.problems import InvalidInput
from tidan_node.web.keys_in_use import RequestName
from tidan_node.web.refusals import (
    IdempotencyKeyInUse,
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
)
from tidan_node.web.shown_once import kept_of
from tidan_node.web.state import node_of
from tidan_node.web.tables import answers
from tidan_node.web.transactions import Answer, committed

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEPT: Final = timedelta(days=7)
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


async def answered_once(request: Request, caller: Caller, answer: Answer) -> Response:
    """The answer to this POST: the one kept under its key, or a new one, kept in its commit.

    Only an answer that did something is kept. A refusal changed nothing, so the same request may
    be sent again under the same key when its reason is gone.
    """
    name = await _name(request, caller)
    node = node_of(request)
    with node.keys_in_use.claim(name):
        async with node.database.reading() as connection:
            kept = await kept_answer(connection, name)
        if kept is not None:
            return kept

        async def keep(connection: AsyncConnection, response: Response) -> None:
            await keep_answer(connection, name, response)

        return await committed(request, answer, keep)


async def kept_answer(connection: AsyncConnection, name: RequestName) -> Response | None:
    """The answer that this request had before, if it had one."""
    found = await connection.execute(
        select(answers).where(answers.c.caller == name.caller, answers.c.key == name.key)
    )
    row = found.one_or_none()
    if row is None:
        return None
    if row.fingerprint != name.fingerprint:
        raise IdempotencyKeyReused("the key belongs to another request", field=HEADER)
    return Response(row.body, row.status, media_type=row.media_type, headers={REPLAYED: "true"})


async def keep_answer(connection: AsyncConnection, name: RequestName, response: Response) -> None:
    """Keep what was answered, in the commit of what was done."""
    row = insert(answers).values(
        caller=name.caller,
        key=name.key,
        fingerprint=name.fingerprint,
        status=response.status_code,
        media_type=response.media_type or response.headers.get("content-type", ""),
        body=kept_of(response),
        answered_at=datetime.now(UTC),
    )
    try:
        await connection.execute(row)
    except IntegrityError as error:  # another process answered it: one commit of the two stands
        raise IdempotencyKeyInUse("the same request was answered just now") from error


async def forget_before(connection: AsyncConnection, moment: datetime) -> int:
    """How many answers given before this moment were let go."""
    gone = await connection.execute(delete(answers).where(answers.c.answered_at < moment))
    return gone.rowcount


async def _name(request: Request, caller: Caller) -> RequestName:
    key = request.headers.get(HEADER)
    if key is None:
        raise IdempotencyKeyMissing(f"send a header {HEADER} of your choice", field=HEADER)
    if not _KEY.fullmatch(key):
        raise InvalidInput("1 to 255 visible ASCII characters", field=HEADER)
    asked = hashlib.sha256()
    for part in (request.method.encode(), request.url.path.encode(), await request.body()):
        asked.update(len(part).to_bytes(8, "big") + part)
    # who has signed in anew is still the same, and its request the same one
    who = caller.user if caller.session and caller.user else caller.key_id
    return RequestName(who, key, asked.hexdigest())
