"""What others may have written down has an end, and begins anew with time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tidan_node.web.allowance import Allowance, Allowances, SharedAllowance

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_so_many_are_granted_in_each_span() -> None:
    allowance = Allowance(2, timedelta(minutes=1))

    granted = [allowance.grant(NOW + timedelta(seconds=20) * each) for each in range(6)]

    assert granted == [True, True, False, True, True, False]


def test_the_rest_of_a_span_can_be_waited_for() -> None:
    allowance = Allowance(0, timedelta(minutes=1))
    before = allowance.rest(NOW)
    allowance.grant(NOW)

    assert (before, allowance.rest(NOW + timedelta(seconds=20))) == (
        timedelta(0),
        timedelta(seconds=40),
    )


def test_each_has_an_allowance_of_its_own() -> None:
    allowances = Allowances(1)

    granted = [allowances.of(who).grant(NOW) for who in (1, 1, 2)]

    assert granted == [True, False, True]


def test_one_address_uses_up_no_more_than_its_share() -> None:
    allowance = SharedAllowance(3, 2, timedelta(minutes=1))

    granted = [allowance.grant(address, NOW) for address in ("a", "a", "a", "b", "c")]
    later = [allowance.grant("a", NOW + timedelta(minutes=1)) for _ in range(3)]

    assert granted == [True, True, False, True, False]
    assert later == [True, True, False]
