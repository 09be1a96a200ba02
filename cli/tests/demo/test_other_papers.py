"""The story with papers that are false, and with papers of somebody else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.demo.telling import TITLES_WAY, told_to_its_end
from tests.sampling import TIMES
from tidan_cli.demo.cast import SHIPPER
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
        assert [act["act"] for act in title["acts"]] == ["ISSUE", "OFFER", "DECLINE"]
        assert [span["possessor"]["name"] for span in title["holders"]] == [SHIPPER.name]
        assert story["audit"]["chain"]["verdict"] == "verified"
        assert not folder.exists()


@needs_samples
class TestSomebodysDocuments:
    def test_bills_and_invoices_that_do_not_fit_are_told_with_findings(
        self, tmp_path: Path
    ) -> None:
        documents, folder = tmp_path / "documents", tmp_path / "demo"
        for source in (SAMPLES, INVOICES):
            shutil.copytree(source, documents, dirs_exist_ok=True)

        story = told_to_its_end("--documents", documents, "--dir", folder)

        assert [title["kind"] for title in story["titles"]] == ["BLANK"] * 3
        assert [len(title["invoices"]) for title in story["titles"]] == [2, 0, 0]
        for title in story["titles"]:
            assert [act["act"] for act in title["acts"]] == TITLES_WAY
            assert title["check"]["verdict"] != "pass"
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
        assert [span["titleholder"] for span in title["holders"]] == [None, None, None]
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
