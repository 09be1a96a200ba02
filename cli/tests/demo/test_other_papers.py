"""The story with papers that are false, and with papers of somebody else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.demo.telling import STRAIGHT_WAY, TITLES_WAY, told_to_its_end
from tests.sampling import TIMES
from tidan_cli.demo.cast import BANK, BUYER, SHIPPER
from tidan_cli.demo.commands import tidan
from tidan_cli.exits import ExitCode

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

SHARED = Path(__file__).parents[4] / "shared" / "standards"
SAMPLES = SHARED / "samples" / "dcsa"
INVOICES = SHARED / "peppol" / "authored"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared is not there")


class TestFalsePapers:
    def test_the_bank_names_exactly_what_is_false_and_declines(self, tmp_path: Path) -> None:
        folder = tmp_path / "demo"

        story = told_to_its_end("--false", "--dir", folder)

        (title,) = story["titles"]
        found = [rule for rule in title["check"]["rules"] if rule["verdict"] == "finding"]
        assert {rule["id"] for rule in found} == {each["rule"] for each in story["falsehoods"]}
        assert [act["act"] for act in title["acts"]] == [
            "ISSUE",
            "PROPOSE_PLEDGE",
            "DECLINE_PLEDGE",
        ]
        assert [span["possessor"]["name"] for span in title["holders"]] == [SHIPPER.name]
        assert story["audit"]["chain"]["verdict"] == "verified"
        assert not folder.exists()


def make_straight(path: Path) -> None:
    """The same bill, made out to the buyer and not to order."""
    fields = json.loads(path.read_bytes())
    parties = fields["documentParties"]
    scheme, code = BUYER.identifier.split(":")
    parties["consignee"] = parties["shipper"] | {
        "partyName": BUYER.name,
        "identifyingCodes": [
            {"codeListProvider": "GLEIF", "codeListName": scheme, "partyCode": code}
        ],
    }
    fields["isToOrder"] = False
    path.write_text(json.dumps(fields))


@needs_samples
class TestSomebodysDocuments:
    def test_bills_and_invoices_that_do_not_fit_are_told_with_findings(
        self, tmp_path: Path
    ) -> None:
        documents, folder = tmp_path / "documents", tmp_path / "demo"
        for source in (SAMPLES, INVOICES):
            shutil.copytree(source, documents, dirs_exist_ok=True)
        make_straight(documents / "transport-document-regularSTD.json")

        story = told_to_its_end("--documents", documents, "--dir", folder)

        ways = {"BLANK": TITLES_WAY, "STRAIGHT": STRAIGHT_WAY}
        assert [title["kind"] for title in story["titles"]] == ["BLANK", "BLANK", "STRAIGHT"]
        assert [len(title["invoices"]) for title in story["titles"]] == [2, 0, 0]
        for title in story["titles"]:
            assert [act["act"] for act in title["acts"]] == ways[title["kind"]]
            assert title["check"]["verdict"] != "pass"
        straight = story["titles"][-1]
        assert [span["possessor"]["name"] for span in straight["holders"]] == [
            SHIPPER.name,
            BANK.name,
            BUYER.name,
        ]
        refused = [step["refusal"] for step in story["steps"] if step["refusal"]]
        assert refused == ["consent-missing", "consent-missing", "not-the-possessor"]
        assert story["audit"]["chain"]["verdict"] == "verified"
        assert not folder.exists()

    @pytest.mark.skipif(TIMES == 1, reason="the same with fewer papers; make soak has it")
    def test_one_bill_without_any_other_paper_is_told_too(self, tmp_path: Path) -> None:
        folder = tmp_path / "demo"

        story = told_to_its_end(
            *("--documents", SAMPLES, "--dir", folder),
            *("--transport-document", "transport-document-regularSTD.json"),
        )

        (title,) = story["titles"]
        assert (title["kind"], title["status"]) == ("BLANK", "DELIVERED")
        assert [span["titleholder"] for span in title["holders"]] == [None, None]
        assert title["invoices"] == []
        assert not folder.exists()

    def test_a_file_that_cannot_be_used_is_named_before_anything_starts(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "bill.json").write_text("{")

        refused = tidan(
            *("demo", "--documents", tmp_path, "--dir", tmp_path / "demo"), expected=ExitCode.USAGE
        )

        assert refused.slug == "documents-unusable"
        assert str(tmp_path / "bill.json") in refused.problem["detail"]
        assert not (tmp_path / "demo").exists()
