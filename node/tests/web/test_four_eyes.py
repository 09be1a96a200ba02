"""What the edge makes of an endpoint's mark, whoever keeps what waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request

from tests.web.conftest import Count, Edge, Note, notes
from tidan_node.web.approval_answers import (
    ApprovalAnswer,
    ApprovalStatus,
    ApproversAnswer,
    MakerAnswer,
)
from tidan_node.web.caller import public, question, requires
from tidan_node.web.four_eyes import Act, Asked, act
from tidan_node.web.replaying import Nested, Replay, replayed
from tidan_node.web.routes import RuleMissing, guarded_router
from tidan_node.web.transactions import Undertaking, Writing

pytestmark = pytest.mark.usefixtures("sql")


@dataclass
class Rules:
    """Says for each question in turn how many are needed, the last number from then on."""

    needs: list[int] = field(default_factory=lambda: [0])
    kept: list[Asked] = field(default_factory=list)

    async def needed(self, connection: AsyncConnection, act: Act) -> int:
        return self.needs.pop(0) if len(self.needs) > 1 else self.needs[0]

    async def keep(
        self, connection: AsyncConnection, asked: Asked, now: datetime
    ) -> ApprovalAnswer:
        self.kept.append(asked)
        return ApprovalAnswer(
            id="1",
            act=asked.act,
            target=asked.intended.target,
            status=ApprovalStatus.OPEN,
            maker=MakerAnswer(key=asked.caller.key_id, user=None, name="-", agent=False),
            approvers=ApproversAnswer(needed=1, given=0, able=1),
            created_at=now,
            expires_at=now,
            ended_at=None,
            answer=None,
            problem=None,
        )

    async def expire(self, connection: AsyncConnection, now: datetime) -> None:
        raise AssertionError("nobody keeps house here")


@pytest.fixture
async def rules() -> Rules:
    return Rules()


@pytest.fixture
async def client(edge: Edge, rules: Rules) -> AsyncIterator[httpx.AsyncClient]:
    router = guarded_router("/v1/marked", "marked")

    @router.post(
        "/{subject}", status_code=202, dependencies=[requires("titles:act"), act("title.offer")]
    )
    async def write(subject: str, note: Note, connection: Writing) -> Count:
        await connection.execute(insert(notes).values(text=note.text))
        return Count(count=len(subject))

    @router.post("/{subject}/again", dependencies=[requires("titles:act")])
    async def carry_out(subject: str, request: Request, undertaking: Undertaking) -> Note:
        asked = rules.kept[0]
        attempt = Nested(undertaking)
        replay = Replay(asked.act, asked.caller, attempt, 1)
        answer = await replayed(request, replay, path=f"/v1/marked/{subject}", body=asked.body)
        await attempt.take_back()
        return Note(text=bytes(answer.body).decode())

    edge.app.state.node = replace(edge.app.state.node, four_eyes=rules)
    edge.app.include_router(router)
    async with edge.client() as client:
        yield client


async def _write(client: httpx.AsyncClient, key: str = "k", text: str = "hello") -> httpx.Response:
    headers = {"Idempotency-Key": key}
    return await client.post("/v1/marked/two", json={"text": text}, headers=headers)


async def test_what_needs_nobody_is_done(client: Any, edge: Edge, rules: Rules) -> None:
    answer = await _write(client)

    assert (answer.status_code, answer.json()) == (202, {"count": 3})
    assert (await edge.count(), rules.kept) == (1, [])


async def test_what_needs_somebody_is_tried_and_kept(client: Any, edge: Edge, rules: Rules) -> None:
    rules.needs = [1]

    answer = await _write(client)

    (asked,) = rules.kept
    assert answer.json()["approval"]["id"] == "1"
    assert (asked.path, asked.body) == ("/v1/marked/two", b'{"text":"hello"}')
    assert (asked.intended.target, asked.intended.details) == ("two", {"count": 3})
    assert await edge.count() == 0


async def test_a_trial_that_fails_is_the_answer(client: Any, edge: Edge, rules: Rules) -> None:
    rules.needs = [1]

    answer = await _write(client, text="")
    wrong = await client.post(
        "/v1/marked/two", json={"note": 1}, headers={"Idempotency-Key": "other"}
    )

    assert answer.status_code == 202
    assert (wrong.status_code, len(rules.kept)) == (422, 1)


async def test_a_rule_that_comes_while_it_is_done_undoes_it(
    client: Any, edge: Edge, rules: Rules
) -> None:
    rules.needs = [0, 1]

    answer = await _write(client)

    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "/v1/problems/rule-changed-meanwhile",
    )
    assert await edge.count() == 0
    assert "approval" in (await _write(client)).json()


async def test_without_the_scope_nothing_is_tried(client: Any, edge: Edge, rules: Rules) -> None:
    rules.needs = [1]

    async with edge.client("reader") as reader:
        answer = await _write(reader)

    assert (answer.status_code, rules.kept) == (403, [])


async def test_what_is_carried_out_can_be_taken_back(client: Any, edge: Edge, rules: Rules) -> None:
    rules.needs = [1]
    await _write(client)

    answer = await client.post("/v1/marked/two/again", headers={"Idempotency-Key": "again"})

    assert answer.json() == {"text": '{"count":3}'}
    assert await edge.count() == 0


@pytest.mark.parametrize(
    "marks",
    [
        [public(), act("title.offer")],
        [requires("titles:act"), question(), act("title.offer")],
    ],
)
def test_only_a_post_that_requires_a_scope_is_an_act(marks: list[Any]) -> None:
    router = guarded_router("/v1/marked", "marked")

    with pytest.raises(RuleMissing):
        router.post("", dependencies=marks)(_nothing)


async def _nothing() -> None:
    """Never asked."""


def test_an_act_that_nobody_knows_is_no_mark() -> None:
    with pytest.raises(ValueError, match="title\\.sell"):
        act("title.sell")
