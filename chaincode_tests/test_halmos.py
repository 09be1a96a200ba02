"""The proofs in contracts/proofs hold, and are refuted where a contract breaks its promise."""

from pathlib import Path

import pytest

from chaincode_tests.halmos import verdicts
from chaincode_tests.workshop import workshop_in
from tests.sampling import TIMES

FAULTS = (
    # anybody accepts what is offered to somebody
    (r"if \(title\.offeree\(\) != caller\.party\(\)\) revert [^;]*;", ""),
    # a title is acted upon in any status
    (r"if \(!title\.hasStatus\(TitleStatus\.LIVE\)\) revert [^;]*;", ""),
    # a pledged title is accepted without its pledgee's consent
    (r"if \(title\.isPledged\(\) && what & [^;]*;", ""),
    # anybody speaks for the pledgee
    (r"if \(!gate\.actsFor\(account, pledgee\)\) revert [^;]*;", ""),
    # the end of an offer takes the holders with it
    (r"TitleSlot\.unwrap\(slot\) & ~OFFER\)", "TitleSlot.unwrap(slot) & ~(OFFER | HOLDERS))"),
    # a status is written over the former one
    (r"TitleSlot\.unwrap\(slot\) & ~STATUS \|", "TitleSlot.unwrap(slot) |"),
)
BROKEN = {
    "aPledgedTitleIsNotAcceptedWithoutItsPledgee",
    "aStrangerChangesNothing",
    "acceptanceMovesWhatWasOfferedToItsOfferee",
    "anEndedTitleStaysAsItIs",
    "controlStaysWithoutAcceptance",
    "onlyThePledgeeLetsAPledgedTitleGo",
    "withStatusChangesTheStatusAlone",
    "withoutOfferEndsTheOfferAlone",
}
LONG = "anActOnOneTitleLeavesAllOthersAsTheyAre"
"""Takes as long as all others together; `make soak` has it, and the tests of two titles do."""
WHOLE = {"withHoldersChangesTheHoldersAlone", "withSeqChangesTheCountAlone"}


@pytest.mark.timeout(900)
class TestProofs:
    def test_all_hold(self, tmp_path: Path) -> None:
        left_out = f"(?!{LONG})" if TIMES == 1 else ""
        found = verdicts(workshop_in(tmp_path), left_out)
        assert {name: verdict for name, verdict in found.items() if verdict != "proved"} == {}
        assert set(found) >= BROKEN | WHOLE
        assert (LONG in found) is (TIMES > 1)

    def test_a_broken_promise_is_refuted_by_name(self, tmp_path: Path) -> None:
        spoilt = workshop_in(tmp_path)
        for pattern, replacement in FAULTS:
            spoilt.seed(pattern, replacement)
        found = verdicts(spoilt, "|".join(sorted(BROKEN | WHOLE)))
        assert {name for name, verdict in found.items() if verdict == "refuted"} == BROKEN
        assert {name for name, verdict in found.items() if verdict == "proved"} == WHOLE
