"""What halmos proves of the contracts: `contracts/proofs`, for all inputs and all states."""

import json
from collections.abc import Mapping
from typing import Any

from chaincode_tests.workshop import CheckBroken, Workshop

REPORT = "halmos.json"
OPTIONS = (
    *("--no-status", "--json-output", REPORT, "--early-exit"),
    # one length for each array and each text that halmos makes up: the proofs leave these acts out
    *("--default-array-lengths", "2", "--default-bytes-lengths", "65"),
)

# JSON of halmos: its shape is halmos's, and only a few keys of it are read here
HalmosJson = Mapping[str, Any]


def verdicts(workshop: Workshop, proofs: str = "") -> dict[str, str]:
    """Each proof with `proved`, or with what stood against it; `proofs` is a regular expression."""
    said = workshop.run(
        *("halmos", "--match-contract", "Proofs$", "--match-test", f"^check_({proofs})"),
        *OPTIONS,
        environment={"FOUNDRY_PROFILE": "proofs"},
    )
    report = workshop.root / REPORT
    if not report.exists():
        raise CheckBroken(said.stdout + said.stderr)
    answer: HalmosJson = json.loads(report.read_text(encoding="utf-8"))
    found = {
        result["name"].split("(")[0].removeprefix("check_"): _verdict(result)
        for results in answer["test_results"].values()
        for result in results
    }
    if not found:
        raise CheckBroken(said.stdout + said.stderr)
    return found


def _verdict(result: HalmosJson) -> str:
    """A proof that halmos cut short proves nothing."""
    if result["num_bounded_loops"]:
        return "not all of a loop was looked at"
    return EXITS.get(result["exitcode"], f"halmos ended with {result['exitcode']}")


EXITS = {0: "proved", 1: "refuted", 2: "not decided in time", 3: "stuck", 4: "reverts always"}
