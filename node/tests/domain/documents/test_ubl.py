"""UBL's XML into fields, and what is refused on the way."""

from __future__ import annotations

import pytest

from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.documents.ubl import read_ubl
from tidan_node.domain.proofs.schema import schema_by_number

SHAPE = schema_by_number(2).shape
BILLION_LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE Invoice [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&b;</Invoice>"""
EXTERNAL = """<?xml version="1.0"?>
<!DOCTYPE Invoice [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&file;</Invoice>"""


def refusal_of(xml: str | bytes) -> DocumentMalformed:
    raw = xml.encode() if isinstance(xml, str) else xml
    with pytest.raises(DocumentMalformed) as refusal:
        read_ubl(raw, "Invoice", SHAPE)
    return refusal.value


class TestReadUbl:
    def test_elements_become_fields_by_their_names(self, invoice: str) -> None:
        fields = read_ubl(invoice.encode(), "Invoice", SHAPE)
        assert fields["ID"] == "SR-2026-0093"
        assert fields["Note"] == ["Resale of contract\n    HT-2026-118"]
        assert fields["LegalMonetaryTotal"] == {
            "LineExtensionAmount": {"value": 217900, "currencyID": "USD"},
            "PayableAmount": {"value": 217800, "currencyID": "USD"},
        }
        assert fields["AllowanceCharge"] == [
            {
                "ChargeIndicator": False,
                "AllowanceChargeReason": ["Volume rebate"],
                "Amount": {"value": 100, "currencyID": "USD"},
            }
        ]

    def test_layout_and_prefixes_and_comments_mean_nothing(self, invoice: str) -> None:
        other = invoice.replace("cbc:", "basic:").replace("xmlns:cbc", "xmlns:basic")
        other = other.replace("<basic:ID>SR-2026-0093", "<!-- n° --><basic:ID>\n  SR-2026-0093\t")
        expected = read_ubl(invoice.encode(), "Invoice", SHAPE)
        assert read_ubl(other.encode(), "Invoice", SHAPE) == expected
        assert read_ubl(b"\xef\xbb\xbf" + invoice.encode(), "Invoice", SHAPE) == expected
        utf16 = invoice.replace("UTF-8", "UTF-16").encode("utf-16")
        assert read_ubl(utf16, "Invoice", SHAPE) == expected

    def test_a_schema_location_is_passed_over(self, invoice: str) -> None:
        located = invoice.replace(
            "<Invoice ",
            '<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xsi:schemaLocation="urn:x y.xsd" ',
        )
        assert read_ubl(located.encode(), "Invoice", SHAPE)

    @pytest.mark.parametrize("xml", [BILLION_LAUGHS, EXTERNAL])
    def test_entities_are_refused_before_they_are_expanded(self, xml: str) -> None:
        assert "DTD or an entity" in refusal_of(xml).detail

    @pytest.mark.parametrize("xml", ["", "{}", "<Invoice>", "<a/><b/>", b"\xff\xfe\x00", b"\x00"])
    def test_what_is_not_xml_is_refused(self, xml: str | bytes) -> None:
        assert "not well-formed" in refusal_of(xml).detail

    def test_an_unknown_encoding_is_refused(self, invoice: str) -> None:
        assert "not well-formed" in refusal_of(invoice.replace("UTF-8", "UTF-99")).detail

    def test_a_credit_note_is_no_invoice(self, invoice: str) -> None:
        note = invoice.replace("Invoice-2", "CreditNote-2")
        note = note.replace("<Invoice ", "<CreditNote ").replace("</Invoice>", "</CreditNote>")
        assert refusal_of(note).detail == "the document must be a UBL 2 Invoice, not CreditNote"

    def test_an_invoice_of_another_namespace_is_refused(self, invoice: str) -> None:
        assert refusal_of(invoice.replace("xsd:Invoice-2", "xsd:Invoice-3"))

    @pytest.mark.parametrize(
        ("old", "new", "field", "rule"),
        [
            ("<cbc:ID>SR", "<cbc:Secret>x</cbc:Secret><cbc:ID>SR", "/Secret", "does not know"),
            ("<cbc:ID>SR", "<cbc:ID>A</cbc:ID><cbc:ID>SR", "/ID", "more than once"),
            ("<cbc:ID>SR", "loose text<cbc:ID>SR", "", "between its elements"),
            ("cbc:IssueDate", "cac:IssueDate", "/IssueDate", "namespace"),
            (
                "cac:LegalMonetaryTotal",
                "cbc:LegalMonetaryTotal",
                "/LegalMonetaryTotal",
                "namespace",
            ),
            ("cbc:IssueDate>", "IssueDate>", "/IssueDate", "namespace"),
            ("<cbc:ID>SR", '<cbc:ID schemeID="x">SR', "/ID", "attribute schemeID"),
            ("<cac:Item>", '<cac:Item lang="en">', "/InvoiceLine/0/Item", "attribute lang"),
            ("<Invoice ", '<Invoice version="2" ', "", "attribute version"),
            ("217900.00", "1e5", "/LegalMonetaryTotal/LineExtensionAmount/value", "decimal"),
            ("217900.00", "", "/LegalMonetaryTotal/LineExtensionAmount/value", "decimal"),
            ("217900.00", "\uff11", "/LegalMonetaryTotal/LineExtensionAmount/value", "decimal"),
            (
                "217900.00",
                "0." + "1" * 40,
                "/LegalMonetaryTotal/LineExtensionAmount/value",
                "double",
            ),
            (">0</cbc:C", ">no</cbc:C", "/AllowanceCharge/0/ChargeIndicator", "true, false"),
            ("SR-2026-0093", "<b>bold</b>", "/ID", "elements where a value belongs"),
        ],
    )
    def test_what_has_no_place_is_named_by_its_pointer(
        self, invoice: str, old: str, new: str, field: str, rule: str
    ) -> None:
        assert old in invoice
        refusal = refusal_of(invoice.replace(old, new))
        assert refusal.field == field
        assert rule in refusal.detail

    def test_ten_thousand_levels_take_neither_long_nor_the_stack(self, invoice: str) -> None:
        deep = "<cbc:ID>" * 10_000 + "</cbc:ID>" * 10_000
        assert refusal_of(invoice.replace("<cbc:ID>SR-2026-0093</cbc:ID>", deep)).field == "/ID"
