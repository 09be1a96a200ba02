"""slither over the contracts: nothing but what has been looked at, and it would find a fault."""

from pathlib import Path

import pytest

from chaincode_tests.slither import (
    Explanation,
    Finding,
    explanations,
    findings_in,
    needless,
    unexplained,
)
from chaincode_tests.workshop import CheckBroken, workshop_in

LAST_BRACE = r"(contract TitleRegistry is [\s\S]*)\}\s*\Z"
FAULTS = r"""\1
    mapping(address => uint256) private _fees;

    function payOut() external {
        (bool done,) = msg.sender.call{value: _fees[msg.sender]}("");
        require(done);
        _fees[msg.sender] = 0;
    }

    function close(address payable heir) external {
        selfdestruct(heir);
    }
}
"""
RESTRICTED = Explanation(
    "reentrancy-benign", frozenset({"Bell.ring"}), frozenset({"restricted()"}), "the authority"
)


class TestContracts:
    def test_slither_finds_nothing_that_is_not_explained(self, tmp_path: Path) -> None:
        found = findings_in(workshop_in(tmp_path))
        assert unexplained(found, explanations()) == []
        assert needless(found, explanations()) == []

    def test_slither_finds_a_reentrancy_and_an_act_open_to_all(self, tmp_path: Path) -> None:
        spoilt = workshop_in(tmp_path)
        spoilt.seed(LAST_BRACE, FAULTS)
        known = explanations()
        found = {
            (finding.detector, finding.place)
            for finding in findings_in(spoilt)
            if unexplained([finding], known)
        }
        assert ("reentrancy-eth", "TitleRegistry.payOut") in found
        assert ("suicidal", "TitleRegistry.close") in found
        assert {place.split(".")[0] for _, place in found} == {"TitleRegistry"}

    def test_sources_that_do_not_compile_are_no_clean_ones(self, tmp_path: Path) -> None:
        broken = workshop_in(tmp_path)
        broken.seed(r"contract TitleRegistry is ", "contract TitleRegistry is are ")
        with pytest.raises(CheckBroken, match=r"TitleRegistry\.sol"):
            findings_in(broken)


class TestExplanations:
    def test_a_finding_in_another_place_is_not_explained(self) -> None:
        known = [Explanation("timestamp", frozenset({"Bell.ring"}), frozenset(), "by the clock")]
        found = Finding("timestamp", "Bell.hang", frozenset(), "uses timestamp")
        assert unexplained([found], known) == ["timestamp in Bell.hang: uses timestamp"]

    def test_a_reentrancy_is_explained_for_its_own_calls_alone(self) -> None:
        explained = Finding("reentrancy-benign", "Bell.ring", frozenset({"restricted()"}), "")
        another = Finding("reentrancy-benign", "Bell.ring", frozenset({"gate.open()"}), "new")
        assert unexplained([explained], [RESTRICTED]) == []
        assert unexplained([another], [RESTRICTED]) == ["reentrancy-benign in Bell.ring: new"]

    def test_an_explanation_of_nothing_is_told(self) -> None:
        assert needless([], [RESTRICTED]) == [
            "reentrancy-benign in Bell.ring is explained, but not found"
        ]

    def test_an_explanation_says_why(self, tmp_path: Path) -> None:
        silent = tmp_path / "explained.toml"
        silent.write_text('[[explained]]\ndetector = "timestamp"\nplaces = ["A.b"]\nwhy = " "\n')
        with pytest.raises(CheckBroken, match="does not say why"):
            explanations(silent)
