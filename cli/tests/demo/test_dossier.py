"""The papers of the demo: our own hold together, and somebody's folder is read before the start."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, REGULATOR, SHIPPER
from tidan_cli.demo.dossier import Dossier, false_dossier, own_dossier, read_dossier
from tidan_cli.demo.papers import InvoicePaper

SHARED = Path(__file__).parents[4] / "shared" / "standards"
SAMPLES = SHARED / "samples" / "dcsa"
INVOICES = SHARED / "peppol" / "authored"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared is not there")


def own_bill() -> Any:  # Any: JSON
    return json.loads(own_dossier().bills[0].path.read_bytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good transport document."""
    (tmp_path / "bill.json").write_text(json.dumps(own_bill()))
    return tmp_path


def names(invoices: tuple[InvoicePaper, ...]) -> list[str]:
    return [invoice.path.name for invoice in invoices]


def passed_over(dossier: Dossier) -> dict[str, str]:
    return {each.name: each.reason for each in dossier.passed_over}


class TestOwnDossier:
    def test_the_identifiers_have_their_check_digits(self) -> None:
        for member in (CARRIER, SHIPPER, BUYER, BANK, INSURER, REGULATOR):
            _, lei = member.identifier.split(":")
            assert int("".join(str(int(sign, 36)) for sign in lei)) % 97 == 1

    def test_the_title_is_made_out_to_the_shipper(self) -> None:
        (bill,) = own_dossier().bills
        assert (bill.kind, bill.titleholder) == ("ORDER", SHIPPER)
        assert bill.can_be_pledged is True

    def test_the_shipper_registers_the_resale_and_not_the_purchase(self) -> None:
        dossier = own_dossier()
        (bill,) = dossier.bills

        assert names(dossier.invoices) == ["resale-invoice.xml"]
        assert dossier.invoices_of(bill) == dossier.invoices
        assert SHIPPER.identifier in dossier.invoices[0].seller_codes
        assert BUYER.identifier in dossier.invoices[0].buyer_codes

    def test_the_policy_covers_the_title(self) -> None:
        dossier = own_dossier()
        assert dossier.policy_covers(dossier.bills[0])
        assert dossier.codes[INSURER.key] == (INSURER.identifier,)

    def test_the_bank_is_shown_every_paper(self) -> None:
        dossier = own_dossier()
        shown = {path.name for path in dossier.papers}

        assert shown == {path.name for path in dossier.folder.iterdir() if path.suffix != ".md"}
        assert (dossier.passed_over, dossier.falsehoods) == ((), ())


class TestFalseDossier:
    def test_it_names_what_is_false_in_it_and_by_which_rule_it_is_found(self) -> None:
        dossier = false_dossier()

        assert dossier.falsehoods
        for falsehood in dossier.falsehoods:
            assert {"rule", "paper", "what"} <= set(falsehood)

    def test_the_list_of_falsehoods_is_not_shown_to_the_bank(self) -> None:
        assert "falsehoods.json" not in {path.name for path in false_dossier().papers}


class TestSomebodysFolder:
    def test_every_transport_document_is_taken_and_what_is_no_paper_is_named(
        self, folder: Path
    ) -> None:
        other = own_bill() | {"transportDocumentReference": "OTHER-1", "carrierCode": "ABC"}
        (folder / "another.json").write_text(json.dumps(other))
        (folder / "events.json").write_text("[]")
        (folder / "notes.txt").write_text("{")

        dossier = read_dossier(folder, None)

        assert [bill.number for bill in dossier.bills] == ["OTHER-1", "TDZ2026HAM000417"]
        assert dossier.codes[CARRIER.key] == ("SMDG:ABC", "SMDG:TDZ")
        assert passed_over(dossier) == {"notes.txt": "neither .json nor .xml"}
        assert "events.json" in {path.name for path in dossier.papers}
        assert (dossier.invoices, dossier.policy) == ((), None)

    def test_one_of_them_can_be_chosen(self, folder: Path) -> None:
        other = own_bill() | {"transportDocumentReference": "OTHER-1"}
        (folder / "another.json").write_text(json.dumps(other))

        dossier = read_dossier(folder, Path("bill.json"))

        assert [bill.path.name for bill in dossier.bills] == ["bill.json"]
        assert passed_over(dossier) == {"another.json": "another transport document was chosen"}
        assert "another.json" not in {path.name for path in dossier.papers}

    def test_one_file_is_enough(self, folder: Path) -> None:
        (folder / "broken.json").write_text("{")

        dossier = read_dossier(None, folder / "bill.json")

        assert [path.name for path in dossier.papers] == ["bill.json"]

    def test_a_straight_bill_is_made_out_to_the_buyer(self, folder: Path) -> None:
        straight = own_bill() | {"isToOrder": False}
        parties = straight["documentParties"]
        parties["consignee"] = parties.pop("endorsee")
        (folder / "bill.json").write_text(json.dumps(straight))

        (bill,) = read_dossier(folder, None).bills

        assert (bill.kind, bill.titleholder) == ("STRAIGHT", BUYER)
        assert bill.can_be_pledged is False

    def test_a_bill_in_blank_is_made_out_to_nobody(self, folder: Path) -> None:
        blank = own_bill()
        del blank["documentParties"]["endorsee"]
        (folder / "bill.json").write_text(json.dumps(blank))

        (bill,) = read_dossier(folder, None).bills

        assert (bill.kind, bill.titleholder) == ("BLANK", None)
        assert bill.can_be_pledged is True

    def test_an_invoice_belongs_to_the_bill_that_it_names(self, folder: Path) -> None:
        other = own_bill() | {"transportDocumentReference": "ANOTHER-1"}
        (folder / "another.json").write_text(json.dumps(other))
        invoice = own_dossier().invoices[0].path
        shutil.copy(invoice, folder / "resale.xml")

        dossier = read_dossier(folder, None)

        another, bill = dossier.bills
        assert dossier.invoices_of(another) == ()
        assert names(dossier.invoices_of(bill)) == ["resale.xml"]

    @needs_samples
    def test_the_samples_of_dcsa_are_three_bills_in_blank(self) -> None:
        dossier = read_dossier(SAMPLES, None)

        assert [bill.path.name for bill in dossier.bills] == [
            "transport-document-dg.json",
            "transport-document-reefer.json",
            "transport-document-regularSTD.json",
        ]
        assert {bill.kind for bill in dossier.bills} == {"BLANK"}
        assert dossier.codes[CARRIER.key] == ("SMDG:HLC", "SMDG:MSC")

    @needs_samples
    def test_of_two_legs_the_shipper_plays_who_buys_and_sells(self, tmp_path: Path) -> None:
        for source in (SAMPLES, INVOICES):
            shutil.copytree(source, tmp_path, dirs_exist_ok=True)

        dossier = read_dossier(tmp_path, None)

        assert names(dossier.invoices) == ["resale-freight-recharged.xml", "resale-leg-invoice.xml"]
        assert dossier.codes[SHIPPER.key] == ("0195:201455778E",)
        assert dossier.invoices_of(dossier.bills[0]) == dossier.invoices
        assert "purchase-leg-invoice.xml" in {path.name for path in dossier.papers}
