"""The revision that lets several transactions have one nonce keeps every row, there and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from tests.databases import databases
from tidan_node.domain.identifiers import Address, OperationId, TxHash
from tidan_node.operations.lane_rows import LaneRows
from tidan_node.operations.operation import Attempt, AttemptState
from tidan_node.operations.tables import attempts, operations
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import downgrade, upgrade

BEFORE = "0018"
NOW = datetime(2026, 5, 1, tzinfo=UTC)
ACCOUNT = Address("0x" + "11" * 20)
INCLUDED, LIVE = AttemptState.INCLUDED, AttemptState.LIVE
REPLACED, SPENT = AttemptState.REPLACED, AttemptState.SPENT


def attempt(number: int, nonce: int, state: AttemptState, operation: str = "one") -> Attempt:
    name = TxHash(f"0x{hash((operation, number)) % 2**64:064x}")
    raw = b"raw" + bytes([number])
    return Attempt(
        OperationId(operation), number, 31337, ACCOUNT, nonce, raw, name, 100, state, NOW
    )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


async def keep(url: str, *kept: Attempt) -> None:
    async with opened(url) as database, database.writing() as connection:
        for name in {each.operation_id for each in kept}:
            await connection.execute(
                insert(operations).values(
                    id=name,
                    chain_id=31337,
                    kind="k",
                    target="t",
                    intent={},
                    account=ACCOUNT,
                    status="pending",
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
        await LaneRows(connection, chain_id=31337, account=ACCOUNT).start(kept)


async def rows(url: str) -> list[tuple[Any, ...]]:
    columns = attempts.c
    async with opened(url) as database, database.reading() as connection:
        found = await connection.execute(
            select(
                columns.operation_id, columns.number, columns.nonce, columns.state, columns.raw
            ).order_by(columns.operation_id, columns.number)
        )
        kept = [tuple(row) for row in found]
        if connection.dialect.name == "sqlite":
            assert (await connection.execute(text("PRAGMA foreign_key_check"))).all() == []
    return kept


@pytest.fixture
async def url(sql: str, tmp_path: Path) -> str:
    url = databases.url(tmp_path / "node.db")
    await upgrade(url)
    return url


async def test_transactions_of_one_nonce_each_stay_as_they_are(url: str) -> None:
    await keep(url, attempt(1, 0, SPENT), attempt(2, 1, INCLUDED), attempt(1, 2, LIVE, "two"))
    before = await rows(url)
    await downgrade(url, BEFORE)
    assert await rows(url) == before
    await upgrade(url)
    assert await rows(url) == before


async def test_on_the_way_back_what_is_spent_beside_another_is_let_go(url: str) -> None:
    await keep(url, attempt(1, 0, INCLUDED), attempt(2, 0, SPENT), attempt(3, 0, SPENT))
    await downgrade(url, BEFORE)
    assert [row[1] for row in await rows(url)] == [1]


async def test_of_several_that_are_spent_one_says_so(url: str) -> None:
    await keep(url, attempt(1, 0, SPENT), attempt(2, 0, SPENT), attempt(3, 1, LIVE))
    await downgrade(url, BEFORE)
    assert [row[1] for row in await rows(url)] == [2, 3]


async def test_there_is_no_way_back_while_a_replaced_one_may_be_included(url: str) -> None:
    await keep(url, attempt(1, 0, REPLACED), attempt(2, 0, LIVE))
    before = await rows(url)
    with pytest.raises(RuntimeError, match="may still be included"):
        await downgrade(url, BEFORE)
    assert await rows(url) == before


async def test_before_it_a_nonce_is_used_once(url: str) -> None:
    await downgrade(url, BEFORE)
    with pytest.raises(IntegrityError):
        await keep(url, attempt(1, 0, SPENT), attempt(2, 0, LIVE))


async def test_one_of_a_nonce_is_live_at_most(url: str) -> None:
    with pytest.raises(IntegrityError):
        await keep(url, attempt(1, 0, LIVE), attempt(1, 0, LIVE, "two"))
