"""Kept answers are of one version of the database, of one reader's time, and not too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tidan_node.web.kept_answers import KeptAnswer, KeptAnswers

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FIRST, SECOND = (1,), (2,)


def answer(size: int = 10, until: datetime | None = None) -> KeptAnswer:
    return KeptAnswer(b"x" * size, "reader", until)


def filled(kept: KeptAnswers, count: int, size: int = 10) -> KeptAnswers:
    kept.find(FIRST, b"", NOW)
    for number in range(count):
        kept.keep(FIRST, b"%d" % number, answer(size))
    return kept


def test_what_was_kept_is_found_under_its_key_alone() -> None:
    kept = filled(KeptAnswers(), 1)

    assert kept.find(FIRST, b"0", NOW) == answer()
    assert kept.find(FIRST, b"1", NOW) is None


def test_another_version_forgets_all_and_does_not_bring_them_back() -> None:
    kept = filled(KeptAnswers(), 3)

    assert kept.find(SECOND, b"0", NOW) is None
    assert len(kept) == 0
    assert kept.find(FIRST, b"0", NOW) is None


def test_what_comes_late_of_a_former_version_is_not_found_at_the_present_one() -> None:
    kept = filled(KeptAnswers(), 0)
    kept.keep(SECOND, b"present", answer())

    kept.keep(FIRST, b"late", answer())

    assert kept.find(SECOND, b"late", NOW) is None
    assert len(kept) == 0


def test_an_answer_ends_with_the_credential_that_it_was_given_to() -> None:
    kept = filled(KeptAnswers(), 0)
    kept.keep(FIRST, b"0", answer(until=NOW))

    assert kept.find(FIRST, b"0", NOW - timedelta(microseconds=1)) is not None
    assert kept.find(FIRST, b"0", NOW) is None


def test_of_too_many_the_first_go() -> None:
    kept = filled(KeptAnswers(most=3), 5)

    assert len(kept) == 3
    assert kept.find(FIRST, b"1", NOW) is None
    assert kept.find(FIRST, b"2", NOW) is not None


def test_of_too_large_ones_the_first_go() -> None:
    kept = filled(KeptAnswers(most_bytes=4_000), 5, size=1_000)

    assert len(kept) == 2
    assert kept.find(FIRST, b"4", NOW) is not None


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    kept = filled(KeptAnswers(most_bytes=4_000), 1)

    kept.keep(FIRST, b"large", answer(4_000))

    assert len(kept) == 1
    assert kept.find(FIRST, b"large", NOW) is None


def test_a_key_that_is_kept_again_counts_once() -> None:
    kept = filled(KeptAnswers(most_bytes=2_000), 1, size=1_000)
    for _ in range(3):
        kept.keep(FIRST, b"0", answer(1_000))

    assert len(kept) == 1
