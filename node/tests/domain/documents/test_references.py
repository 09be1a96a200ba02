"""By which numbers documents are found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tidan_node.domain.documents.references import (
    MOST,
    SCHEMES,
    normalised_reference,
    references_of,
)


def found(kind: str, document: bytes) -> set[tuple[str, str]]:
    return {(each.scheme, each.value) for each in references_of(kind, document)}


class TestTransportDocument:
    def test_its_numbers_and_those_of_what_it_carries(
        self, transport_document: dict[str, Any]
    ) -> None:
        customs = [{"type": "PEB", "countryCode": "CN", "values": ["2026-0417-9", "b2"]}]
        transport_document |= {
            "transportDocumentReference": "tdb 04-17",
            "shippingInstructionsReference": "SI-1",
            "serviceContractReference": "SC 9",
            "customsReferences": customs,
            "references": [{"type": "FF", "value": "FWD/7"}],
            "consignmentItems": [
                {
                    "carrierBookingReference": "BKG-1",
                    "customsReferences": customs,
                    "cargoItems": [
                        {"equipmentReference": "TDZU0001017"},
                        {"equipmentReference": "TDZU0001018"},
                    ],
                }
            ],
            "utilizedTransportEquipments": [
                {
                    "equipment": {"equipmentReference": "TDZU0001017"},
                    "seals": [{"number": "SEAL-1"}],
                }
            ],
            "transports": {
                "vesselVoyages": [
                    {"carrierExportVoyageNumber": "041W", "universalExportVoyageReference": "2641W"}
                ]
            },
            "documentParties": {"shipper": {"purchaseOrderReferences": ["PO-5"]}},
        }

        assert found("title", json.dumps(transport_document).encode()) == {
            ("bill-of-lading", "TDB0417"),
            ("shipping-instructions", "SI1"),
            ("contract", "SC9"),
            ("booking", "BKG1"),
            ("container", "TDZU0001017"),
            ("container", "TDZU0001018"),
            ("seal", "SEAL1"),
            ("voyage", "041W"),
            ("voyage", "2641W"),
            ("order", "PO5"),
            ("customs-declaration", "202604179"),
            ("customs-declaration", "B2"),
            ("document", "FWD/7"),
        }

    def test_how_it_is_written_is_kept_beside_it(self) -> None:
        (reference,) = references_of("title", b'{"transportDocumentReference":"tdb  04\\n17"}')
        assert (reference.value, reference.written) == ("TDB0417", "tdb 04 17")


class TestInvoice:
    def test_its_numbers_and_those_that_it_refers_to(self, invoice: str) -> None:
        added = """<cac:OrderReference><cbc:ID>PO-77</cbc:ID></cac:OrderReference>
          <cac:ContractDocumentReference><cbc:ID>C-1</cbc:ID></cac:ContractDocumentReference>
          <cac:AdditionalDocumentReference><cbc:ID>DEC-830</cbc:ID>
            <cbc:DocumentTypeCode>830</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>
          <cac:AdditionalDocumentReference><cbc:ID>TDB-1</cbc:ID>
            <cbc:DocumentTypeCode>705</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>
          <cac:AdditionalDocumentReference><cbc:ID>Note 4</cbc:ID>
          </cac:AdditionalDocumentReference><cac:AccountingSupplierParty>"""
        head, _, rest = invoice.partition("<cac:AccountingSupplierParty>")
        head = (
            head[: head.index("<cac:OrderReference>")] if "<cac:OrderReference>" in head else head
        )

        references = found("invoice", (head + added + rest).encode())

        assert {
            ("order", "PO77"),
            ("contract", "C1"),
            ("customs-declaration", "DEC830"),
            ("bill-of-lading", "TDB1"),
            ("document", "NOTE4"),
        } <= references
        assert len([scheme for scheme, _ in references if scheme == "invoice"]) == 1


class TestPolicy:
    def test_its_number_and_what_it_covers(self, policy: dict[str, Any]) -> None:
        policy |= {
            "policyNumber": "POL-1",
            "transportDocuments": [{"number": "TDB-1"}],
            "invoices": [{"number": "INV-1"}],
            "equipmentReferences": ["TDZU0001017"],
            "voyage": {"vesselIMONumber": "9321483", "voyageNumber": "041W"},
        }
        policy.pop("openCoverReference", None)

        assert found("policy", json.dumps(policy).encode()) == {
            ("policy", "POL1"),
            ("bill-of-lading", "TDB1"),
            ("invoice", "INV1"),
            ("container", "TDZU0001017"),
            ("vessel-imo", "9321483"),
            ("voyage", "041W"),
        }


class TestWhatCannotBeRead:
    @pytest.mark.parametrize("kind", ["title", "invoice", "policy"])
    @pytest.mark.parametrize(
        "document", [b"", b"\x00\xff", b"[1]", b"<Invoice/>", b"[" * 100_000, b'{"ID":7}']
    )
    def test_it_has_no_references(self, kind: str, document: bytes) -> None:
        assert references_of(kind, document) == []

    @pytest.mark.parametrize("text", ["", " - ", "\u200b", "A\x00B", "x" * 201, "\ud800"])
    def test_what_nobody_can_type_is_none(self, text: str) -> None:
        assert normalised_reference(text) is None

    def test_a_document_has_only_so_many(self) -> None:
        items = [{"equipmentReference": f"C{number}"} for number in range(MOST + 5)]
        document = {"consignmentItems": [{"cargoItems": items}]}
        assert len(references_of("title", json.dumps(document).encode())) == MOST


def test_every_scheme_that_is_given_is_listed(data: Path) -> None:
    for kind, name in (
        ("title", "transport-document.json"),
        ("invoice", "invoice.xml"),
        ("policy", "cargo-policy.json"),
    ):
        references = references_of(kind, (data / name).read_bytes())
        assert references
        assert {each.scheme for each in references} <= set(SCHEMES)
