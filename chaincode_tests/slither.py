"""What slither finds in the contracts, and which of that has been looked at and explained.

    python -m chaincode_tests.slither

prints what is unexplained, or explained without need.
"""

import json
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chaincode_tests.workshop import CheckBroken, Workshop, workshop_in
from tidan_contracts.compile import CONTRACTS

EXPLAINED = CONTRACTS / "explained.toml"
REENTRANCY = "reentrancy"

# JSON of slither: its shape is slither's, and only a few keys of it are read here
SlitherJson = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `calls` are those to other contracts that a re-entrancy is about."""

    detector: str
    place: str
    calls: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why findings of one detector are right as they are, in the places named and no others."""

    detector: str
    places: frozenset[str]
    calls: frozenset[str]
    why: str

    def explains(self, finding: Finding) -> bool:
        """A re-entrancy is explained for its calls alone: the next one may be another matter."""
        return (
            finding.detector == self.detector
            and finding.place in self.places
            and finding.calls <= self.calls
        )


def findings_in(workshop: Workshop) -> list[Finding]:
    """All that slither finds in our own sources."""
    codeless = {"SOLC_SHIM_CODE": "none", "FOUNDRY_PROFILE": "default"}
    built = workshop.run(
        *("forge", "build", "--build-info", "--ast", "--offline"), environment=codeless
    )
    if built.returncode:
        raise CheckBroken(built.stdout + built.stderr)
    report = workshop.root / "slither.json"
    said = workshop.run(
        *("slither", ".", "--foundry-ignore-compile", "--no-fail-pedantic", "--json", report.name),
        environment=codeless,
    )
    if said.returncode or not report.exists():
        raise CheckBroken(said.stdout + said.stderr)
    answer: SlitherJson = json.loads(report.read_text(encoding="utf-8"))
    return [_finding(found) for found in answer["results"].get("detectors", ())]


def explanations(path: Path = EXPLAINED) -> list[Explanation]:
    """The reviewed list; each entry says why."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["explained"]
    found = [
        Explanation(
            entry["detector"],
            frozenset(entry["places"]),
            frozenset(entry.get("calls", ())),
            entry["why"].strip(),
        )
        for entry in entries
    ]
    if not all(explanation.why for explanation in found):
        raise CheckBroken(f"{path.name} has an entry that does not say why")
    return found


def unexplained(findings: Iterable[Finding], known: Sequence[Explanation]) -> list[str]:
    """The findings that nobody has answered for, in slither's words."""
    return [
        f"{finding.detector} in {finding.place}: {finding.words}"
        for finding in findings
        if not any(explanation.explains(finding) for explanation in known)
    ]


def needless(findings: Sequence[Finding], known: Iterable[Explanation]) -> list[str]:
    """The places that are explained, and where nothing is found any more."""
    return [
        f"{explanation.detector} in {place} is explained, but not found"
        for explanation in known
        for place in sorted(explanation.places)
        if not any(found.place == place and explanation.explains(found) for found in findings)
    ]


def _finding(found: SlitherJson) -> Finding:
    elements: list[SlitherJson] = found["elements"]
    is_reentrancy = found["check"].startswith(REENTRANCY)
    calls = {
        element["name"]
        for element in elements
        if (element.get("additional_fields") or {})
        .get("underlying_type", "")
        .startswith("external_calls")
    }
    if is_reentrancy and not calls:
        raise CheckBroken(f"slither tells no calls of {found['description']}")
    place = _place(elements[0]) if elements else ""
    return Finding(found["check"], place, frozenset(calls), found["description"].strip())


def _place(element: SlitherJson) -> str:
    """`Contract.function` or `Contract.function.variable`."""
    parent = element.get("type_specific_fields", {}).get("parent")
    is_nested = parent is not None and parent["type"] in ("contract", "function")
    return f"{_place(parent)}.{element['name']}" if is_nested else str(element["name"])


def main() -> int:
    """Says what stands between the contracts and a quiet slither."""
    with tempfile.TemporaryDirectory() as folder:
        found = findings_in(workshop_in(Path(folder)))
    known = explanations()
    complaints = unexplained(found, known) + needless(found, known)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
