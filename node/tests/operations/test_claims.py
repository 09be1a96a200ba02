"""A name has one operation, until that one has failed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.empty_database import database_in
from tests.story import hex_of
from tidan_node.domain.identifiers import Address
from tidan_node.operations.claims import Claims
from tidan_node.operations.counts import operations_by_status
from tidan_node.operations.operation import Operation, OperationStatus
from tidan_node.operations.service import Operations
from tidan_node.operations.tables import operations
from tidan_node.problems import Problem
from tidan_node.storage.database import Database

NAME = hex_of("series")
ENQUEUE = Operations(chain_id=31337, account=Address(hex_of("account", size=20)))


class Taken(Problem):
    status, slug, title = 409, "taken-in-a-test", "Taken"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = database_in(tmp_path / "node.db")
    yield database
    await database.close()


async def _claimed(database: Database, after: Operation | None) -> Operation:
    async with database.writing() as connection:
        operation = await ENQUEUE.enqueue(connection, kind="title.issue", target="t", intent={})
        await Claims(connection).take(NAME, operation, after=after, taken=Taken("so"))
    return operation


async def _ended(database: Database, operation: Operation, status: OperationStatus) -> Operation:
    async with database.writing() as connection:
        await connection.execute(
            update(operations).where(operations.c.id == operation.id).values(status=status)
        )
        holder = await Claims(connection).holder(NAME)
    assert holder is not None
    return holder


async def test_a_name_that_nobody_claimed_has_no_holder(database: Database) -> None:
    async with database.reading() as connection:
        assert await Claims(connection).holder(NAME) is None


async def test_who_claims_a_name_first_has_it(database: Database) -> None:
    first = await _claimed(database, None)

    with pytest.raises(Taken):
        await _claimed(database, None)

    async with database.reading() as connection:
        assert await Claims(connection).holder(NAME) == first
        assert (await operations_by_status(connection))["initialized"] == 1


@pytest.mark.parametrize("status", ["initialized", "pending", "succeeded"])
async def test_an_operation_that_may_still_have_its_effect_keeps_the_name(
    database: Database, status: str
) -> None:
    first = await _ended(database, await _claimed(database, None), OperationStatus(status))

    with pytest.raises(Taken):
        await _claimed(database, first)


@pytest.mark.parametrize("status", ["failed", "undone"])
async def test_the_name_of_an_operation_that_failed_goes_to_the_next_and_to_no_other(
    database: Database, status: str
) -> None:
    failed = await _ended(database, await _claimed(database, None), OperationStatus(status))
    second = await _claimed(database, failed)

    with pytest.raises(Taken):
        await _claimed(database, failed)

    async with database.reading() as connection:
        assert await Claims(connection).holder(NAME) == second
        assert (await operations_by_status(connection)) == {
            "initialized": 1,
            "pending": 0,
            "succeeded": 0,
            "failed": 0,
            "undone": 0,
        } | {status: 1}
