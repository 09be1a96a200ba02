"""The two dossiers: each names its papers, and the false one differs only as it says."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, REGULATOR, SHIPPER
from tidan_node.verification.facts.recognition import GivenPaper
from tidan_node.verification.report import TradeReport, check_papers

DOCUMENTS = Path(str(files("tidan_cli.demo") / "documents"))
TRUE, FALSE = DOCUMENTS / "dossier", DOCUMENTS / "false-dossier"
PAPERS = {
    "transport-document.json",
    "purchase-invoice.xml",
    "resale-invoice.xml",
    "cargo-policy.json",
    "purchase-contract.xml",
    "sales-contract.xml",
    "packing-list.xml",
    "payment-pacs008.xml",
    "payment-camt054.xml",
    "events.json",
}
LEI = re.compile(r"TIDANDEMO[A-Z0-9]{9}[0-9]{2}")


def checked(folder: Path) -> TradeReport:
    given = [GivenPaper(name, (folder / name).read_bytes()) for name in sorted(PAPERS)]
    return check_papers(given)


def has_check_digits(lei: str) -> bool:
    """ISO 17442: letters count from 10, and the whole leaves 1 when divided by 97."""
    return int("".join(str(int(character, 36)) for character in lei)) % 97 == 1


@pytest.mark.parametrize("folder", [TRUE, FALSE])
def test_a_dossier_has_all_its_papers_and_its_readme_names_each(folder: Path) -> None:
    readme = (folder / "README.md").read_text("utf-8")
    beside = {"README.md"} | ({"falsehoods.json"} if folder == FALSE else set())

    assert {path.name for path in folder.iterdir()} == PAPERS | beside
    assert all(f"`{name}`" in readme for name in PAPERS | beside - {"README.md"})


def test_in_the_true_dossier_nothing_is_found() -> None:
    assert [each.detail for each in checked(TRUE).findings if each.verdict == "finding"] == []


def test_in_the_false_dossier_exactly_what_is_false_is_found() -> None:
    falsehoods = json.loads((FALSE / "falsehoods.json").read_text("utf-8"))
    found = {each.rule: each for each in checked(FALSE).findings if each.verdict == "finding"}

    assert all(set(each) == {"rule", "paper", "what"} for each in falsehoods)
    assert set(found) == {each["rule"] for each in falsehoods}
    for each in falsehoods:
        assert each["paper"] in {said.paper for said in found[each["rule"]].evidence}


def test_the_false_dossier_differs_from_the_true_one_only_in_the_papers_that_it_names() -> None:
    falsehoods = json.loads((FALSE / "falsehoods.json").read_text("utf-8"))
    different = {
        name for name in PAPERS if (TRUE / name).read_bytes() != (FALSE / name).read_bytes()
    }

    assert different == {each["paper"] for each in falsehoods}


def test_its_readme_says_every_falsehood() -> None:
    readme = (FALSE / "README.md").read_text("utf-8")
    for each in json.loads((FALSE / "falsehoods.json").read_text("utf-8")):
        assert f"| `{each['paper']}` | {each['what']} | `{each['rule']}` |" in readme


def test_the_papers_name_the_cast_by_its_identifiers() -> None:
    named = {lei for name in PAPERS for lei in LEI.findall((TRUE / name).read_text("utf-8"))}
    cast = {each.identifier.removeprefix("LEI:") for each in (CARRIER, SHIPPER, BUYER, INSURER)}

    assert cast <= named
    assert all(has_check_digits(lei) for lei in named)


def test_every_member_of_the_cast_has_an_identifier_that_checks() -> None:
    cast = (CARRIER, SHIPPER, BUYER, INSURER, BANK, REGULATOR)

    assert all(has_check_digits(each.identifier.removeprefix("LEI:")) for each in cast)
    assert len({each.identifier for each in cast}) == len(cast)
