"""Invoices: who invoices whom, and their figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tidan_node.domain.documents.invoice import read_invoice
from tidan_node.domain.documents.problems import DocumentMalformed
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.numbering import Named
from tidan_node.domain.proofs.problems import NumberMalformed
from tidan_node.domain.proofs.schema import schema_by_number

SECRET = bytes(range(32))


class TestReadInvoice:
    def test_it_says_who_invoices_whom(self, invoice: str) -> None:
        read = read_invoice(invoice.encode())
        assert (read.number, read.issue_date) == ("SR-2026-0093", date(2026, 4, 17))
        assert read.seller_codes == (
            "0195:201455778H",
            "LEI:549300ODCVXZ7WU5HM89",
            "VAT:SG201455778H",
        )
        # an identifier without its list names nobody
        assert read.buyer_codes == ()

    def test_its_name_is_under_the_code_that_its_seller_numbers_with(self, invoice: str) -> None:
        read = read_invoice(invoice.encode())
        name = read.name(read.seller_codes[1])
        assert (name.named, name.code, name.number) == (
            Named.INVOICE,
            "LEI:549300ODCVXZ7WU5HM89",
            "SR-2026-0093",
        )

    def test_one_invoice_has_one_canonical_form(self, invoice: str) -> None:
        respelled = invoice.replace("217900.00", "+217900").replace("\n  <", "\n<")
        one, other = read_invoice(invoice.encode()), read_invoice(respelled.encode())
        assert one == other

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ("2026-04-17", "17.04.2026", "/IssueDate"),
            ("2026-04-17", "2026-04-17Z", "/IssueDate"),
            (">380<", ">invoice<", "/InvoiceTypeCode"),
            (">USD<", ">US$<", "/DocumentCurrencyCode"),
            ("<cbc:ID>SR-2026-0093</cbc:ID>", "", "/ID"),
            (">SR-2026-0093<", "><", "/ID"),
            (' currencyID="USD">217800', ">217800", "/LegalMonetaryTotal/PayableAmount/currencyID"),
            ("217800.00", "217800.005", "/LegalMonetaryTotal/PayableAmount/value"),
            (' unitCode="TNE"', "", "/InvoiceLine/0/InvoicedQuantity/unitCode"),
        ],
    )
    def test_a_broken_rule_is_named(self, invoice: str, old: str, new: str, field: str) -> None:
        assert old in invoice
        with pytest.raises(DocumentMalformed) as refusal:
            read_invoice(invoice.replace(old, new).encode())
        assert refusal.value.field == field

    def test_an_invoice_without_lines_is_refused(self, invoice: str) -> None:
        start, end = invoice.index("<cac:InvoiceLine>"), invoice.index("</Invoice>")
        with pytest.raises(DocumentMalformed) as refusal:
            read_invoice((invoice[:start] + invoice[end:]).encode())
        assert refusal.value.field == "/InvoiceLine"

    def test_a_number_that_cannot_be_seen_is_refused(self, invoice: str) -> None:
        with pytest.raises(NumberMalformed) as refusal:
            read_invoice(invoice.replace("SR-2026-0093", "\u2062").encode())
        assert refusal.value.field == "/ID"


class TestCommitted:
    def test_totals_quantities_and_prices_are_figures(self, invoice: str) -> None:
        schema = schema_by_number(2)
        commitment = commit(read_invoice(invoice.encode()), schema, secret=SECRET, version=1)
        paths = [
            "/LegalMonetaryTotal/PayableAmount/value",
            "/InvoiceLine/0/InvoicedQuantity/value",
            "/InvoiceLine/0/Price/PriceAmount/value",
        ]
        values = commitment.disclose(paths).verify(commitment.root, schema).values
        assert [values[path] for path in paths] == [
            Figure(21_780_000, "USD", 2),
            Figure(320_000_000, "TNE", 6),
            Figure(680_937_500, "USD", 6),
        ]


class TestSamples:
    def test_every_public_invoice_is_read_and_committed_to(self, standards: Path) -> None:
        schema = schema_by_number(2)
        read, refusals = [], []
        for file in sorted((standards / "peppol").glob("*/*.[xX][mM][lL]")):
            try:
                invoice = read_invoice(file.read_bytes())
            except DocumentMalformed as problem:
                refusals.append(problem.detail)
                continue
            commitment = commit(invoice, schema, secret=SECRET, version=1)
            disclosed = commitment.disclose([""]).verify(commitment.root, schema)
            assert disclosed.values["/ID"] == invoice.number
            assert invoice.seller_codes
            read.append(file.name)
        assert len(read) == 15
        assert refusals == ["the document must be a UBL 2 Invoice, not CreditNote"] * 5
