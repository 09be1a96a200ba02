"""How a rule comes to its verdict."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tidan_node.verification.facts.said import Said
from tidan_node.verification.rules.rule import MOST_EVIDENCE, MOST_FAULTS, Weighing
from tidan_node.verification.rules.rulebook import RULES


def said(value: object) -> Said[object]:
    return Said(value, "paper", f"/{value}")


def test_nothing_to_look_at_is_no_pass() -> None:
    assert Weighing().outcome("well").verdict == "not_evaluable"


@given(st.lists(st.sampled_from(["agree", "fault", "miss"]), max_size=30))
def test_a_fault_outweighs_what_is_missing_and_that_outweighs_what_agrees(acts: list[str]) -> None:
    weighing = Weighing()
    for number, act in enumerate(acts):
        if act == "miss":
            weighing.miss(f"paper {number}")
        else:
            weighing.hold(act == "agree", f"fault {number}", said(number))

    outcome = weighing.outcome("well")

    if "fault" in acts:
        assert outcome.verdict == "finding"
    elif "miss" in acts or not acts:
        assert outcome.verdict == "not_evaluable"
    else:
        assert outcome.verdict == "pass"


def test_a_finding_shows_what_is_against_it_and_not_what_agrees() -> None:
    weighing = Weighing()
    weighing.agree(said("good"))
    weighing.fault("it is not", said("bad"))

    assert [each.value for each in weighing.outcome("well").evidence] == ["bad"]


def test_thousands_of_faults_are_told_in_a_few_words() -> None:
    weighing = Weighing()
    for number in range(5000):
        weighing.fault(f"fault {number}", said(number))
    outcome = weighing.outcome("well")

    assert outcome.detail.endswith(f"and {5000 - MOST_FAULTS} more")
    assert len(outcome.evidence) == MOST_EVIDENCE


def test_every_rule_has_a_name_of_its_own_and_there_are_more_than_a_dozen() -> None:
    names = [rule.rule_id for rule in RULES]

    assert len(names) == len(set(names)) >= 12
    assert all(name == name.lower() and " " not in name for name in names)
    assert {rule.severity for rule in RULES} <= {"high", "medium", "low"}


def test_many_faults_take_no_longer_for_each() -> None:
    weighing = Weighing()
    for number in range(100_000):  # quadratic, this would take an hour
        weighing.fault(f"fault {number}")
        weighing.miss(f"paper {number}")

    assert weighing.outcome("well").detail.endswith(f"and {100_000 - MOST_FAULTS} more")
