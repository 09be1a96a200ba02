"""What the acts cost: within the targets, and the same as when the snapshot was taken."""

import pytest

from chaincode_tests.gas import TARGETS, measure_gas, read_snapshot


@pytest.fixture(scope="module")
def figures() -> dict[str, int]:
    return measure_gas()


@pytest.mark.parametrize(("name", "target"), TARGETS.items())
def test_a_figure_with_a_target_is_within_it(
    figures: dict[str, int], name: str, target: int
) -> None:
    assert figures[name] <= target


def test_no_figure_has_changed_unseen(figures: dict[str, int]) -> None:
    hint = "if this is meant: python -m chaincode_tests.gas --update"
    assert figures == read_snapshot(), hint
