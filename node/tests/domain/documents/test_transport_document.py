"""Transport documents, and which of them can be titles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tidan_node.domain.documents.problems import DocumentMalformed, NotATitle
from tidan_node.domain.documents.transport_document import read_transport_document
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.numbering import Named
from tidan_node.domain.proofs.problems import NumberMalformed
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.domain.titles import TitleKind

SECRET = bytes(range(32))
CONSIGNEE = {
    "partyName": "Qingdao Paper",
    "identifyingCodes": [{"codeListProvider": "GLEIF", "partyCode": "549300MTB0CLE4RA1N30"}],
}


def read(fields: dict[str, Any]) -> Any:
    return read_transport_document(json.dumps(fields).encode())


class TestReadTransportDocument:
    def test_it_says_what_the_chain_is_told(self, data: Path) -> None:
        document = read_transport_document((data / "transport-document.json").read_bytes())
        assert (document.code, document.number, document.sub_reference, document.kind) == (
            "SMDG:MSC",
            "MEDUGD118204",
            "1",
            TitleKind.ORDER,
        )

    def test_its_canonical_form_does_not_depend_on_how_it_was_written(
        self, data: Path, transport_document: dict[str, Any]
    ) -> None:
        document = read_transport_document((data / "transport-document.json").read_bytes())
        backwards = dict(reversed(list(transport_document.items())))
        assert read(backwards).canonical == document.canonical
        assert read_transport_document(document.canonical) == document

    def test_its_names_are_those_of_title_and_series(
        self, transport_document: dict[str, Any]
    ) -> None:
        document = read(transport_document)
        title, series = document.title_name(), document.series_name()
        assert (title.named, title.number, title.sub_reference) == (
            Named.TITLE,
            "MEDUGD118204",
            "1",
        )
        assert (series.named, series.number, series.sub_reference) == (
            Named.SERIES,
            "MEDUGD118204",
            None,
        )

    def test_to_order_without_an_endorsee_is_blank(
        self, transport_document: dict[str, Any]
    ) -> None:
        del transport_document["documentParties"]["endorsee"]
        assert read(transport_document).kind is TitleKind.BLANK

    def test_not_to_order_is_straight(self, transport_document: dict[str, Any]) -> None:
        transport_document["isToOrder"] = False
        del transport_document["documentParties"]["endorsee"]
        transport_document["documentParties"]["consignee"] = CONSIGNEE
        assert read(transport_document).kind is TitleKind.STRAIGHT

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"transportDocumentTypeCode": "SWB"}, "/transportDocumentTypeCode"),
            ({"isElectronic": False}, "/isElectronic"),
        ],
    )
    def test_what_cannot_be_a_title_is_refused(
        self, transport_document: dict[str, Any], changes: dict[str, Any], where: str
    ) -> None:
        with pytest.raises(NotATitle) as refusal:
            read(transport_document | changes)
        assert refusal.value.field == where

    @pytest.mark.parametrize(
        ("changes", "parties", "where"),
        [
            ({"isToOrder": False}, {"consignee": CONSIGNEE}, "/documentParties/endorsee"),
            ({"isToOrder": False}, {"endorsee": None}, "/documentParties/consignee"),
            ({}, {"consignee": CONSIGNEE}, "/documentParties/consignee"),
            ({"receivedForShipmentDate": "2026-04-15"}, {}, "/shippedOnBoardDate"),
            ({"shippedOnBoardDate": None}, {}, "/shippedOnBoardDate"),
            ({"numberOfOriginalsWithCharges": 1}, {}, "/numberOfOriginalsWithCharges"),
            ({"carrierCode": "MSÇ"}, {}, "/carrierCode"),
        ],
    )
    def test_a_condition_that_dcsa_states_in_words_is_kept(
        self,
        transport_document: dict[str, Any],
        changes: dict[str, Any],
        parties: dict[str, Any],
        where: str,
    ) -> None:
        for target, changed in (
            (transport_document, changes),
            (transport_document["documentParties"], parties),
        ):
            for name, value in changed.items():
                if value is None:
                    del target[name]
                else:
                    target[name] = value
        with pytest.raises(DocumentMalformed) as refusal:
            read(transport_document)
        assert refusal.value.field == where

    def test_a_declared_value_needs_its_currency(self, transport_document: dict[str, Any]) -> None:
        del transport_document["declaredValueCurrency"]
        with pytest.raises(DocumentMalformed) as refusal:
            read(transport_document)
        assert refusal.value.field == "/declaredValue"

    def test_a_currency_needs_a_declared_value(self, transport_document: dict[str, Any]) -> None:
        del transport_document["declaredValue"]
        with pytest.raises(DocumentMalformed) as refusal:
            read(transport_document)
        assert refusal.value.field == "/declaredValueCurrency"

    def test_a_number_that_looks_like_another_is_refused(
        self, transport_document: dict[str, Any]
    ) -> None:
        transport_document["transportDocumentReference"] = "MEDUGD\u200b118204"
        with pytest.raises(NumberMalformed) as refusal:
            read(transport_document)
        assert refusal.value.field == "/transportDocumentReference"

    def test_the_carriers_code_has_no_case(self, transport_document: dict[str, Any]) -> None:
        transport_document["carrierCode"] = "msc"
        assert read(transport_document).code == "SMDG:MSC"


class TestCommitted:
    def test_its_weights_and_amounts_are_figures(self, transport_document: dict[str, Any]) -> None:
        schema = schema_by_number(1)
        commitment = commit(read(transport_document), schema, secret=SECRET, version=1)
        cargo = "/consignmentItems/0/cargoItems/0"
        paths = [f"{cargo}/cargoGrossWeight/value", "/declaredValue", "/charges/0/unitPrice"]
        paths.append(f"{cargo}/outerPackaging/numberOfPackages")
        values = commitment.disclose(paths).verify(commitment.root, schema).values
        assert [values[path] for path in paths] == [
            Figure(160_800_125_000, "KGM", 6),
            Figure(21_780_050, "USD", 2),
            Figure(1_500_000_000, "USD", 6),
            Figure(640, "C62", 0),
        ]

    @pytest.mark.parametrize(
        "name",
        [
            "transport-document-regularSTD.json",
            "transport-document-dg.json",
            "transport-document-reefer.json",
        ],
    )
    def test_dcsas_samples_are_read_committed_to_and_shown_whole(
        self, standards: Path, name: str
    ) -> None:
        raw = (standards / "samples" / "dcsa" / name).read_bytes()
        document, schema = read_transport_document(raw), schema_by_number(1)
        commitment = commit(document, schema, secret=SECRET, version=1)
        disclosed = commitment.disclose([""], absent=["/exportLicense"]).verify(
            commitment.root, schema
        )
        assert document.kind is TitleKind.BLANK
        assert disclosed.values["/transportDocumentReference"] == document.number
        assert disclosed.values["/termsAndConditions"] == json.loads(raw)["termsAndConditions"]
        assert disclosed.is_absent("/exportLicense/reference")
