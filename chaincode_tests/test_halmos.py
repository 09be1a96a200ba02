"""The proofs in contracts/proofs hold, and are refuted where a contract breaks its promise."""

from pathlib import Path

import pytest

from chaincode_tests.halmos import verdicts
from chaincode_tests.workshop import workshop_in

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
WHOLE = {"withHoldersChangesTheHoldersAlone", "withSeqChangesTheCountAlone"}


@pytest.mark.timeout(900)
class TestProofs:
    def test_all_hold(self, tmp_path: Path) -> None:
        found = verdicts(workshop_in(tmp_path))
        assert {name: verdict for name, verdict in found.items() if verdict != "proved"} == {}
        assert set(found) >= BROKEN | WHOLE

    def test_a_broken_promise_is_refuted_by_name(self, tmp_path: Path) -> None:
        spoilt = workshop_in(tmp_path)
        for pattern, replacement in FAULTS:
            spoilt.seed(pattern, replacement)
        found = verdicts(spoilt, "|".join(sorted(BROKEN | WHOLE)))
        assert {name for name, verdict in found.items() if verdict == "refuted"} == BROKEN
        assert {name for name, verdict in found.items() if verdict == "proved"} == WHOLE
