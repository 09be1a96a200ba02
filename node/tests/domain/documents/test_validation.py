"""Faults, each with its place and its rule in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.documents.validation import checked, read_json_fields
from tidan_node.domain.proofs.schema import schema_by_number

SCHEMA = schema_by_number(1)


def faults_of(fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(DocumentMalformed) as refusal:
        checked(fields, SCHEMA)
    problem = refusal.value
    faults = problem.extra["faults"]
    assert isinstance(faults, list)
    assert problem.field == faults[0]["field"]
    assert faults[0]["rule"] in problem.detail
    return [(fault["field"], fault["rule"]) for fault in faults]


class TestChecked:
    def test_a_good_document_comes_back(self, transport_document: dict[str, Any]) -> None:
        assert checked(transport_document, SCHEMA) == transport_document

    def test_an_unknown_property_is_named_by_its_pointer(
        self, transport_document: dict[str, Any]
    ) -> None:
        transport_document["documentParties"]["shipper"]["e/mail~"] = "x"
        assert faults_of(transport_document) == [
            ("/documentParties/shipper/e~1mail~0", "is unknown to the schema")
        ]

    def test_a_missing_property_is_named_by_its_pointer(
        self, transport_document: dict[str, Any]
    ) -> None:
        del transport_document["consignmentItems"][0]["HSCodes"]
        assert faults_of(transport_document) == [("/consignmentItems/0/HSCodes", "is missing")]

    @pytest.mark.parametrize(
        ("name", "value", "rule"),
        [
            ("carrierCode", 5, "must be of the type string"),
            ("carrierCode", None, "must be of the type string"),
            ("isToOrder", "true", "must be of the type boolean"),
            ("carrierCodeListProvider", "BIC", "must be one of SMDG, NMFTA"),
            ("transportDocumentReference", "x" * 21, "must have at most 20 characters"),
            ("transportDocumentReference", "A\n", "must match ^\\S(?:.*\\S)?$"),
            ("declaredValueCurrency", "usd", "must match ^[A-Z]{3}$"),
            ("declaredValueCurrency", "USD\n", "must have at most 3 characters"),
            ("declaredValue", -1, "must be at least 0"),
            ("numberOfRiderPages", 2**31, "must be at most 2147483647"),
            ("numberOfRiderPages", 1.5, "must be of the type integer"),
            ("issueDate", "2026-02-30", "must be a date"),
            ("issueDate", "20260417", "must be a date"),
            ("issueDate", "2026-4-17", "must be a date"),
            ("issueDate", "2026-04-17T10:00:00Z", "must be a date"),
            ("displayedNameForPortOfLoad", ["x"] * 6, "must have at most 5 items"),
            ("consignmentItems", [], "must have at least 1 items"),
            ("consignmentItems", {}, "must be of the type array"),
            ("placeOfIssue", {}, "must have exactly one of UNLocationCode | countryCode"),
            (
                "placeOfIssue",
                {"UNLocationCode": "PLGDN", "countryCode": "PL"},
                "must have exactly one of UNLocationCode | countryCode",
            ),
        ],
    )
    def test_a_broken_rule_is_put_into_words(
        self, transport_document: dict[str, Any], name: str, value: object, rule: str
    ) -> None:
        transport_document[name] = value
        assert (f"/{name}", rule) in faults_of(transport_document)

    @pytest.mark.parametrize(
        ("moment", "good"),
        [
            ("2026-04-17T10:00:00Z", True),
            ("2026-04-17t10:00:00.123+08:00", True),
            ("2026-04-17T10:00:00", False),
            ("2026-04-17 10:00:00Z", False),
            ("2026-04-17T25:00:00Z", False),
            ("2026-04-17", False),
        ],
    )
    def test_a_moment_has_a_zone(
        self, transport_document: dict[str, Any], moment: str, good: bool
    ) -> None:
        goods = {
            **{"UNNumber": "3082", "properShippingName": "Propiconazole", "imoClass": "9"},
            "fumigationDateTime": moment,
        }
        cargo = transport_document["consignmentItems"][0]["cargoItems"][0]
        cargo["outerPackaging"]["dangerousGoods"] = [goods]
        if good:
            assert checked(transport_document, SCHEMA)
        else:
            ((_, rule),) = faults_of(transport_document)
            assert rule == "must be a date-time"

    def test_all_faults_are_listed_in_order(self, transport_document: dict[str, Any]) -> None:
        transport_document["zzz"] = 1
        transport_document["issueDate"] = "yesterday"
        del transport_document["carrierCode"]
        transport_document["charges"][0]["paymentTermCode"] = "LATER"
        assert faults_of(transport_document) == [
            ("/carrierCode", "is missing"),
            ("/charges/0/paymentTermCode", "must be one of PRE, COL"),
            ("/issueDate", "must be a date"),
            ("/zzz", "is unknown to the schema"),
        ]

    def test_a_detail_stays_short_however_many_faults_there_are(
        self, transport_document: dict[str, Any]
    ) -> None:
        transport_document |= {f"unknown{number:02}": 1 for number in range(100)}
        with pytest.raises(DocumentMalformed, match="and 80 more") as refusal:
            checked(transport_document, SCHEMA)
        assert len(refusal.value.detail) < 1500

    @pytest.mark.parametrize("value", [None, [], "text", 5])
    def test_what_is_no_object_is_refused(self, value: object) -> None:
        with pytest.raises(DocumentMalformed, match="the document must be of the type object"):
            checked(value, SCHEMA)  # type: ignore[arg-type]  # any JSON

    @pytest.mark.parametrize(("value", "currency"), [(100.005, "USD"), (0.5, "JPY"), (1e18, "USD")])
    def test_an_amount_that_its_currency_cannot_hold_is_named(
        self, transport_document: dict[str, Any], value: float, currency: str
    ) -> None:
        transport_document |= {"declaredValue": value, "declaredValueCurrency": currency}
        ((field, _),) = faults_of(transport_document)
        assert field == "/declaredValue"


class TestReadJsonFields:
    def test_text_is_composed_before_it_is_measured(
        self, transport_document: dict[str, Any]
    ) -> None:
        transport_document["displayedNameForPortOfLoad"] = ["u\u0308" * 35]
        fields = read_json_fields(json.dumps(transport_document).encode(), SCHEMA)
        assert fields["displayedNameForPortOfLoad"] == ["ü" * 35]

    @pytest.mark.parametrize(
        ("raw", "rule"),
        [(b"", "not JSON"), (b"\xff", "UTF-8"), (b'{"carrierCode":1,"carrierCode":2}', "twice")],
    )
    def test_what_is_not_json_is_refused(self, raw: bytes, rule: str) -> None:
        with pytest.raises(DocumentMalformed, match=rule):
            read_json_fields(raw, SCHEMA)

    def test_broken_text_is_named_by_its_pointer(self) -> None:
        with pytest.raises(DocumentMalformed) as refusal:
            read_json_fields(b'{"carrierClauses":["\\u0000"]}', SCHEMA)
        assert refusal.value.field == "/carrierClauses/0"
