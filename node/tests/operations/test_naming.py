"""Names of operations: their order is that of time."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tidan_node.operations.naming import OperationNames

_times = st.datetimes(
    min_value=datetime.fromisoformat("2020-01-01"),
    max_value=datetime.fromisoformat("2200-01-01"),
    timezones=st.just(UTC),
)


@given(st.lists(_times, min_size=2, max_size=20))
def test_names_rise_whatever_the_clock_does(times: list[datetime]) -> None:
    names = OperationNames()
    given_out = [names.next(now) for now in times]
    assert given_out == sorted(set(given_out))


@given(_times, st.integers(1, 10**12))
def test_a_later_process_gives_later_names(now: datetime, microseconds: int) -> None:
    later = now + timedelta(microseconds=microseconds)
    assert OperationNames().next(now) < OperationNames().next(later)


@given(_times)
def test_a_name_is_a_uuid_of_version_7_that_carries_its_time(now: datetime) -> None:
    name = UUID(OperationNames().next(now))
    assert name.version == 7
    assert name.variant == "specified in RFC 4122"
    milliseconds = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert name.int >> 80 == milliseconds


def test_two_processes_at_one_moment_do_not_meet() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert OperationNames().next(now) != OperationNames().next(now)
