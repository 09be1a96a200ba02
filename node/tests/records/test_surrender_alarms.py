"""Overdue surrenders are found without looking at every title."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects import sqlite

from tests.databases import SQLITE
from tests.story import hex_of
from tidan_node.domain.identifiers import Address
from tidan_node.records.surrender_alarms import SurrenderAlarms
from tidan_node.storage.database import Database


@pytest.mark.parametrize("sql", [SQLITE], indirect=True)  # the plan is told in its words
async def test_they_are_looked_for_in_an_index_of_their_own(database: Database) -> None:
    async with database.writing() as connection:
        alarms = SurrenderAlarms(connection, Address(hex_of("account", size=20)))
        asked = alarms.overdue(1_700_000_000).compile(dialect=sqlite.dialect())
        values = tuple(asked.params[name] for name in asked.positiontup or ())
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values)
        steps = [row[3] for row in plan]

    assert any(step.startswith("SEARCH titles USING INDEX ix_titles_surrendered") for step in steps)
    assert not [step for step in steps if step.startswith("SCAN")]
