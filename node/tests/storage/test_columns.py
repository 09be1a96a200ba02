"""Column types that mean the same on every database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from tidan_node.storage.columns import UtcDateTime

_DIALECT = sqlite.dialect()
_COLUMN = UtcDateTime()


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_as_it_was(moment: datetime) -> None:
    stored = _COLUMN.process_bind_param(moment, _DIALECT)
    assert _COLUMN.process_result_value(stored, _DIALECT) == moment


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_stored_times_sort_as_times_do(one: datetime, other: datetime) -> None:
    stored = [_COLUMN.process_bind_param(each, _DIALECT) for each in (one, other)]
    assert (stored[0] < stored[1]) == (one < other)  # type: ignore[operator]  # not None


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    moment = datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=8)))
    stored = _COLUMN.process_bind_param(moment, _DIALECT)
    assert _COLUMN.process_result_value(stored, _DIALECT) == moment.astimezone(UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        _COLUMN.process_bind_param(datetime(2026, 5, 1), _DIALECT)  # noqa: DTZ001  # the point


def test_no_time_is_null() -> None:
    assert _COLUMN.process_bind_param(None, _DIALECT) is None
    assert _COLUMN.process_result_value(None, _DIALECT) is None
