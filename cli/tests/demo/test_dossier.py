"""The papers of the demo: our own hold together, and somebody's folder is read before the start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.demo.cast import BUYER, INSURER, SHIPPER
from tidan_cli.demo.dossier import own_dossier, read_dossier
from tidan_cli.failures import DocumentsUnusable
from tidan_node.domain.documents.invoice import read_invoice
from tidan_node.domain.documents.policy import read_policy

SAMPLES = Path(__file__).parents[4] / "shared" / "standards" / "samples" / "dcsa"
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (number for number in range(10, 39) if number % 11),
        strict=True,
    )
)


def own_bill() -> Any:  # Any: JSON
    return json.loads(own_dossier().bills[0].path.read_bytes())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good transport document."""
    (tmp_path / "bill.json").write_text(json.dumps(own_bill()))
    return tmp_path


class TestOwnDossier:
    def test_the_containers_have_their_check_digits(self) -> None:
        for equipment in own_bill()["utilizedTransportEquipments"]:
            number = equipment["equipment"]["equipmentReference"]
            values = [LETTERS.get(sign) or int(sign) for sign in number[:10]]
            total = sum(value << place for place, value in enumerate(values))
            assert total % 11 % 10 == int(number[10]), number

    def test_the_ship_has_a_number_with_its_check_digit(self) -> None:
        policy = json.loads(own_dossier().policy.read_bytes())  # type: ignore[union-attr]  # there
        number = policy["voyage"]["vesselIMONumber"]
        total = sum(
            int(digit) * weight for digit, weight in zip(number, range(7, 1, -1), strict=False)
        )
        assert total % 10 == int(number[-1])

    def test_the_identifiers_have_their_check_digits(self) -> None:
        for member in (SHIPPER, BUYER, INSURER):
            _, lei = member.identifier.split(":")
            assert int("".join(str(int(sign, 36)) for sign in lei)) % 97 == 1

    def test_the_three_papers_agree(self) -> None:
        dossier = own_dossier()
        assert dossier.invoice is not None
        assert dossier.policy is not None
        invoice = read_invoice(dossier.invoice.read_bytes())
        policy = read_policy(dossier.policy.read_bytes())
        bill, (own,) = own_bill(), dossier.bills
        fields: Any = policy.fields  # JSON
        goods = [
            item for consignment in bill["consignmentItems"] for item in consignment["cargoItems"]
        ]

        assert invoice.seller_codes == (SHIPPER.identifier,)
        assert invoice.buyer_codes == (BUYER.identifier,)
        assert policy.insurer_codes == (INSURER.identifier,)
        assert fields["transportDocuments"][0] == {
            "code": own.code,
            "number": own.number,
            "date": bill["issueDate"],
        }
        assert fields["invoices"][0]["number"] == invoice.number
        assert fields["invoices"][0]["amount"]["amount"] * 1.1 == fields["sumInsured"]["amount"]
        assert fields["equipmentReferences"] == [item["equipmentReference"] for item in goods]
        assert fields["goods"][0]["grossWeight"]["value"] == sum(
            item["cargoGrossWeight"]["value"] for item in goods
        )

    def test_the_title_is_made_out_to_the_shipper(self) -> None:
        (bill,) = own_dossier().bills
        assert (bill.kind, bill.titleholder) == ("ORDER", SHIPPER)


class TestSomebodysFolder:
    def test_every_transport_document_is_taken_and_the_rest_is_named(self, folder: Path) -> None:
        other = own_bill() | {"transportDocumentReference": "OTHER-1", "carrierCode": "ABC"}
        (folder / "another.json").write_text(json.dumps(other))
        (folder / "events.json").write_text("[]")
        (folder / "notes.txt").write_text("{")

        dossier = read_dossier(folder, None)

        assert [bill.number for bill in dossier.bills] == ["OTHER-1", "TDZ2026HAM000417"]
        assert dossier.carrier_codes == ("SMDG:ABC", "SMDG:TDZ")
        assert dossier.passed_over == ("events.json",)
        assert dossier.invoice is None

    def test_one_of_them_can_be_chosen(self, folder: Path) -> None:
        (folder / "broken.json").write_text("{")

        dossier = read_dossier(folder, Path("bill.json"))

        assert [bill.path.name for bill in dossier.bills] == ["bill.json"]

    def test_a_straight_bill_is_made_out_to_the_buyer(self, folder: Path) -> None:
        straight = own_bill() | {"isToOrder": False}
        parties = straight["documentParties"]
        parties["consignee"] = parties.pop("endorsee")
        (folder / "bill.json").write_text(json.dumps(straight))

        (bill,) = read_dossier(folder, None).bills

        assert (bill.kind, bill.titleholder) == ("STRAIGHT", BUYER)

    def test_a_bill_in_blank_is_made_out_to_nobody(self, folder: Path) -> None:
        blank = own_bill()
        del blank["documentParties"]["endorsee"]
        (folder / "bill.json").write_text(json.dumps(blank))

        (bill,) = read_dossier(folder, None).bills

        assert (bill.kind, bill.titleholder) == ("BLANK", None)

    @pytest.mark.skipif(not SAMPLES.is_dir(), reason="../shared is not there")
    def test_the_samples_of_dcsa_are_three_bills_in_blank(self) -> None:
        dossier = read_dossier(SAMPLES, None)

        assert [bill.path.name for bill in dossier.bills] == [
            "transport-document-dg.json",
            "transport-document-reefer.json",
            "transport-document-regularSTD.json",
        ]
        assert {bill.kind for bill in dossier.bills} == {"BLANK"}
        assert dossier.carrier_codes == ("SMDG:HLC", "SMDG:MSC")


class TestWhatIsWrong:
    def refusal(self, folder: Path, chosen: Path | None = None) -> DocumentsUnusable:
        with pytest.raises(DocumentsUnusable) as refused:
            read_dossier(folder, chosen)
        return refused.value

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        refused = self.refusal(tmp_path / "none")
        assert "is no folder" in refused.detail
        assert refused.field == "--documents"

    def test_a_folder_without_a_transport_document_names_what_it_holds(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "order.json").write_text("{}")
        assert "order.json" in self.refusal(tmp_path).detail

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert "no .json file at all" in self.refusal(tmp_path).detail

    def test_a_file_that_is_no_json_is_named(self, folder: Path) -> None:
        (folder / "a.json").write_text('{"a": ')
        assert str(folder / "a.json") in self.refusal(folder).detail

    def test_a_document_that_breaks_its_schema_is_named_with_the_field(self, folder: Path) -> None:
        broken = own_bill()
        del broken["transports"]["portOfLoading"]
        (folder / "bill.json").write_text(json.dumps(broken))

        refused = self.refusal(folder)

        assert str(folder / "bill.json") in refused.detail
        assert refused.field == "/transports/portOfLoading"

    def test_a_sea_waybill_is_no_title(self, folder: Path) -> None:
        (folder / "bill.json").write_text(
            json.dumps(own_bill() | {"transportDocumentTypeCode": "SWB"})
        )
        assert "sea waybill" in self.refusal(folder).detail

    def test_two_files_with_one_number_are_both_named(self, folder: Path) -> None:
        (folder / "copy.json").write_text(json.dumps(own_bill()))

        refused = self.refusal(folder)

        assert "bill.json" in refused.detail
        assert "copy.json" in refused.detail

    def test_a_chosen_file_that_is_nowhere(self, folder: Path) -> None:
        refused = self.refusal(folder, Path("none.json"))
        assert refused.field == "--transport-document"
