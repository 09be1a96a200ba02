"""What is wrong with somebody's papers is said by file and reason, before anything starts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.demo.dossier import own_dossier, read_dossier
from tidan_cli.failures import DocumentsUnusable


def own_bill() -> Any:  # Any: JSON
    return json.loads(own_dossier().bills[0].path.read_bytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good bill, a good invoice and a good policy."""
    dossier = own_dossier()
    assert dossier.policy is not None
    shutil.copy(dossier.bills[0].path, tmp_path / "bill.json")
    shutil.copy(dossier.invoices[0].path, tmp_path / "invoice.xml")
    shutil.copy(dossier.policy.path, tmp_path / "policy.json")
    return tmp_path


def refusal(folder: Path, chosen: Path | None = None) -> DocumentsUnusable:
    with pytest.raises(DocumentsUnusable) as refused:
        read_dossier(folder, chosen)
    return refused.value


def policy_with(folder: Path, **members: object) -> None:
    policy = json.loads((folder / "policy.json").read_bytes())
    (folder / "policy.json").write_text(json.dumps(policy | members))


class TestMissing:
    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        refused = refusal(tmp_path / "none")
        assert "is no folder" in refused.detail
        assert refused.field == "--documents"

    def test_a_folder_without_a_transport_document_names_what_it_holds(self, folder: Path) -> None:
        (folder / "bill.json").unlink()
        assert "invoice.xml, policy.json" in refusal(folder).detail

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert "no .json and no .xml file at all" in refusal(tmp_path).detail

    def test_a_chosen_file_that_is_nowhere(self, folder: Path) -> None:
        refused = refusal(folder, Path("none.json"))
        assert refused.field == "--transport-document"


class TestMalformed:
    def test_a_file_that_is_no_json(self, folder: Path) -> None:
        (folder / "a.json").write_text('{"a": ')
        assert str(folder / "a.json") in refusal(folder).detail

    def test_a_file_that_is_no_xml(self, folder: Path) -> None:
        (folder / "order.xml").write_text("<Order>")
        refused = refusal(folder)
        assert str(folder / "order.xml") in refused.detail
        assert "not well-formed XML" in refused.detail

    def test_a_file_with_an_entity(self, folder: Path) -> None:
        (folder / "order.xml").write_text('<!DOCTYPE o [<!ENTITY x "x">]><Order>&x;</Order>')
        assert "a DTD or an entity" in refusal(folder).detail

    def test_a_bill_that_breaks_its_schema_is_named_with_the_field(self, folder: Path) -> None:
        broken = own_bill()
        del broken["transports"]["portOfLoading"]
        (folder / "bill.json").write_text(json.dumps(broken))

        refused = refusal(folder)

        assert str(folder / "bill.json") in refused.detail
        assert refused.field == "/transports/portOfLoading"

    def test_an_invoice_that_breaks_its_schema_is_named_with_the_field(self, folder: Path) -> None:
        text = (folder / "invoice.xml").read_text()
        (folder / "invoice.xml").write_text(text.replace("<cbc:IssueDate>20", "<cbc:IssueDate>x"))

        refused = refusal(folder)

        assert str(folder / "invoice.xml") in refused.detail
        assert refused.field == "/IssueDate"

    def test_a_policy_that_breaks_its_schema_is_named_with_the_field(self, folder: Path) -> None:
        policy_with(folder, sumInsured={"amount": -1, "currency": "USD"})

        refused = refusal(folder)

        assert str(folder / "policy.json") in refused.detail
        assert refused.field is not None
        assert refused.field.startswith("/sumInsured")

    def test_a_sea_waybill_is_no_title(self, folder: Path) -> None:
        waybill = own_bill() | {"transportDocumentTypeCode": "SWB"}
        (folder / "bill.json").write_text(json.dumps(waybill))
        assert "sea waybill" in refusal(folder).detail


class TestContradicting:
    def test_two_bills_with_one_number_are_both_named(self, folder: Path) -> None:
        (folder / "copy.json").write_text(json.dumps(own_bill()))
        refused = refusal(folder)
        assert "bill.json and copy.json both are number" in refused.detail
        assert "--transport-document" in refused.detail

    def test_two_versions_of_one_bill_cannot_both_be_issued(self, folder: Path) -> None:
        version = own_bill() | {"transportDocumentSubReference": "2"}
        (folder / "copy.json").write_text(json.dumps(version))
        assert "bill.json and copy.json" in refusal(folder).detail

    def test_two_invoices_with_one_number_are_both_named(self, folder: Path) -> None:
        shutil.copy(folder / "invoice.xml", folder / "second.xml")
        assert "invoice.xml and second.xml" in refusal(folder).detail

    def test_a_policy_whose_cover_is_over(self, folder: Path) -> None:
        policy_with(folder, coverFrom="2019-01-01", coverUntil="2020-01-31")
        assert "policy.json covers until 2020-01-31, which is over" in refusal(folder).detail

    def test_a_policy_whose_insurer_has_no_identifier(self, folder: Path) -> None:
        policy_with(folder, insurer={"name": "Nobody Demo Insurance", "identifiers": []})
        assert "policy.json" in refusal(folder).detail

    def test_one_party_as_seller_and_as_insurer(self, folder: Path) -> None:
        policy = json.loads((folder / "policy.json").read_bytes())
        policy_with(folder, insurer=policy["insured"])
        told = refusal(folder).detail
        assert "policy.json makes LEI:TIDANDEMOSHIPPER0198 the insurer" in told
        assert "the shipper" in told
