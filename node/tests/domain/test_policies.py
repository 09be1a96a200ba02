"""What insurer and insured may do with a cargo policy while it is in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.domain.cast import LATER, NOW, STRANGER, revoked, standing, suspended
from tidan_node.domain.identifiers import ZERO_32, ContentRoot, RecordId
from tidan_node.domain.parties import PartyNotActive, Role, RoleMissing, Standing
from tidan_node.domain.policies import Policy, PolicyStatus, PolicyTerms
from tidan_node.domain.record_problems import (
    AlreadyRegistered,
    EmptyValue,
    NotTheInsured,
    NotTheInsurer,
    PolicyExpired,
    VersionNotAhead,
    WrongStatus,
)
from tidan_node.domain.title_problems import StaleSeq

INSURER, INSURED, BANK = standing(2, Role.INSURER), standing(3), standing(5, Role.BANK)
NEW_ROOT = ContentRoot("0x" + "44" * 32)
TERMS = PolicyTerms(RecordId("0x" + "88" * 32), ContentRoot("0x" + "33" * 32), LATER, 3, 1)
Act = Callable[[Policy, Standing, int, int], Policy]

ACTS: dict[str, Act] = {
    "endorse": lambda policy, caller, seq, now: policy.endorse(
        NEW_ROOT, policy.version + 1, caller=caller, expected_seq=seq, now=now
    ),
    "assign": lambda policy, caller, seq, now: policy.assign(
        caller=caller, loss_payee=BANK, expected_seq=seq, now=now
    ),
    "cancel": lambda policy, caller, seq, now: policy.cancel(
        caller=caller, expected_seq=seq, now=now
    ),
}
IN_FORCE = (PolicyStatus.ISSUED, PolicyStatus.ENDORSED, PolicyStatus.ASSIGNED)


def issued(
    insurer: Standing = INSURER,
    insured: Standing = INSURED,
    *,
    taken: bool = False,
    now: int = NOW,
) -> Policy:
    return Policy.issue(TERMS, insurer=insurer, insured=insured, taken=taken, now=now)


def whose(act: str) -> Standing:
    return INSURED if act == "assign" else INSURER


class TestIssue:
    def test_it_begins_with_what_its_insurer_states(self) -> None:
        policy = issued()
        assert (policy.insurer, policy.insured, policy.seq) == (INSURER.party, INSURED.party, 1)
        assert (policy.status, policy.loss_payee) == (PolicyStatus.ISSUED, 0)

    def test_insurers_alone_issue_policies(self) -> None:
        with pytest.raises(RoleMissing):
            issued(standing(2, Role.TRADER | Role.BANK))

    def test_a_number_is_issued_once(self) -> None:
        with pytest.raises(AlreadyRegistered):
            issued(taken=True)

    def test_it_is_for_a_time_to_come(self) -> None:
        assert issued(now=LATER - 1).expires == LATER
        with pytest.raises(PolicyExpired):
            issued(now=LATER)

    @pytest.mark.parametrize("fallen", [suspended, revoked])
    def test_both_sides_are_active(self, fallen: Callable[[Standing], Standing]) -> None:
        with pytest.raises(PartyNotActive) as insurer:
            issued(fallen(INSURER))
        with pytest.raises(PartyNotActive) as insured:
            issued(insured=fallen(INSURED))
        assert (insurer.value.field, insured.value.field) == ("caller", "insured")


@pytest.mark.parametrize("act", ACTS)
class TestActs:
    @pytest.mark.parametrize("status", [s for s in PolicyStatus if s > PolicyStatus.ASSIGNED])
    def test_there_is_none_once_it_has_ended(self, act: str, status: PolicyStatus) -> None:
        with pytest.raises(WrongStatus):
            ACTS[act](replace(issued(), status=status), whose(act), 1, NOW)

    def test_there_is_none_from_the_end_of_cover_on(self, act: str) -> None:
        assert ACTS[act](issued(), whose(act), 1, LATER - 1).seq == 2
        with pytest.raises(PolicyExpired):
            ACTS[act](issued(), STRANGER, 1, LATER)

    def test_it_is_its_partys_own(self, act: str) -> None:
        refusal = NotTheInsured if act == "assign" else NotTheInsurer
        other = INSURER if act == "assign" else INSURED
        for caller in (other, BANK, STRANGER):
            with pytest.raises(refusal):
                ACTS[act](issued(), caller, 1, NOW)

    @pytest.mark.parametrize("fallen", [suspended, revoked])
    def test_its_party_is_active(self, act: str, fallen: Callable[[Standing], Standing]) -> None:
        with pytest.raises(PartyNotActive):
            ACTS[act](issued(), fallen(whose(act)), 1, NOW)

    @pytest.mark.parametrize("seq", [0, 2])
    def test_it_is_for_the_policy_that_was_seen(self, act: str, seq: int) -> None:
        with pytest.raises(StaleSeq) as refused:
            ACTS[act](issued(), STRANGER, seq, LATER)
        assert refused.value.extra == {"actualSeq": 1}


class TestEndorse:
    def test_it_replaces_content_and_version(self) -> None:
        after = ACTS["endorse"](issued(), INSURER, 1, NOW)
        assert (after.content_root, after.version) == (NEW_ROOT, 2)
        assert after.status is PolicyStatus.ENDORSED

    @pytest.mark.parametrize("status", [PolicyStatus.ENDORSED, PolicyStatus.ASSIGNED])
    def test_it_leaves_any_later_status(self, status: PolicyStatus) -> None:
        policy = replace(issued(), status=status)
        assert ACTS["endorse"](policy, INSURER, 1, NOW).status is status

    @pytest.mark.parametrize("version", [0, 1])
    def test_versions_rise(self, version: int) -> None:
        with pytest.raises(VersionNotAhead):
            issued().endorse(NEW_ROOT, version, caller=INSURER, expected_seq=1, now=NOW)

    def test_it_commits_to_something(self) -> None:
        nothing = ContentRoot(ZERO_32)
        with pytest.raises(EmptyValue):
            issued().endorse(nothing, 2, caller=INSURER, expected_seq=1, now=NOW)


class TestAssign:
    def test_it_names_the_loss_payee(self) -> None:
        after = ACTS["assign"](issued(), INSURED, 1, NOW)
        assert (after.status, after.loss_payee) == (PolicyStatus.ASSIGNED, BANK.party)

    def test_it_is_made_once(self) -> None:
        with pytest.raises(WrongStatus, match="assigned to party 5"):
            ACTS["assign"](ACTS["assign"](issued(), INSURED, 1, NOW), INSURED, 2, NOW)

    @pytest.mark.parametrize("fallen", [suspended, revoked])
    def test_the_loss_payee_is_active(self, fallen: Callable[[Standing], Standing]) -> None:
        with pytest.raises(PartyNotActive) as refused:
            issued().assign(caller=INSURED, loss_payee=fallen(BANK), expected_seq=1, now=NOW)
        assert refused.value.field == "lossPayee"


class TestCancel:
    @pytest.mark.parametrize("status", IN_FORCE)
    def test_the_insurer_ends_it_in_any_status_in_force(self, status: PolicyStatus) -> None:
        after = ACTS["cancel"](replace(issued(), status=status), INSURER, 1, NOW)
        assert after.status is PolicyStatus.CANCELLED
