"""Facts of a commercial invoice (UBL 2.1), and of what only looks like one."""

from __future__ import annotations

from collections.abc import Iterator

from tidan_node.domain.documents.invoice import read_invoice as read_fields
from tidan_node.domain.documents.references import BILL_OF_LADING, scheme_of_code
from tidan_node.verification.facts.papers import CreditNote, Invoice, Totals
from tidan_node.verification.facts.places import VALUE, Place
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.said import Said
from tidan_node.verification.facts.ubl import line_of, money_or_none, party_of, texts


def read_invoice(paper: str, raw: bytes) -> Invoice:
    """The facts, of an invoice that can be registered."""
    root = Place(paper, "", dict(read_fields(raw).fields))
    seller = party_of(root.member("AccountingSupplierParty", "Party"))
    buyer = party_of(root.member("AccountingCustomerParty", "Party"))
    number, issued = root.text("ID"), root.date("IssueDate")
    currency = root.text("DocumentCurrencyCode")
    if number is None or issued is None or currency is None or seller is None or buyer is None:
        raise PaperUnreadable(VALUE, "lacks its number, date, currency, seller or buyer")
    return Invoice(
        paper=paper,
        number=number,
        kind=root.text("InvoiceTypeCode"),
        issued=issued,
        due=root.date("DueDate"),
        currency=currency,
        seller=seller,
        buyer=buyer,
        orders=(
            *texts(root, "OrderReference", "ID"),
            *texts(root, "ContractDocumentReference", "ID"),
            *texts(root, "BuyerReference"),
        ),
        documents=texts(root, "AdditionalDocumentReference", "ID"),
        bills=tuple(_bills(root)),
        delivered_to=texts(
            root, "Delivery", "DeliveryLocation", "Address", "Country", "IdentificationCode"
        ),
        lines=tuple(line_of(line, "InvoicedQuantity") for line in root.items("InvoiceLine")),
        totals=_totals(root, currency),
    )


def read_credit_note(root: Place) -> CreditNote:
    number = root.text("ID")
    if number is None:
        raise PaperUnreadable(VALUE, "is missing", path="/ID")
    return CreditNote(
        paper=root.paper,
        number=number,
        seller=party_of(root.member("AccountingSupplierParty", "Party")),
        credits=texts(root, "BillingReference", "InvoiceDocumentReference", "ID"),
        payable=root.money("LegalMonetaryTotal", "PayableAmount"),
    )


def _bills(root: Place) -> Iterator[Said[str]]:
    named = (
        *root.every("AdditionalDocumentReference"),
        *root.every("InvoiceLine", "DocumentReference"),
    )
    for each in named:
        number, code = each.text("ID"), each.text("DocumentTypeCode")
        is_bill = code is not None and scheme_of_code(code.value) == BILL_OF_LADING
        if number is not None and is_bill:
            yield number


def _totals(root: Place, currency: Said[str]) -> Totals:
    sums = root.member("LegalMonetaryTotal")
    tax = None
    for total in root.items("TaxTotal"):
        # a second TaxTotal states the tax in the currency that it is accounted for in (BT-111)
        amount = total.money("TaxAmount")
        if amount is not None and amount.value.currency == currency.value:
            tax = amount
            break
    return Totals(
        lines=money_or_none(sums, "LineExtensionAmount"),
        allowances=money_or_none(sums, "AllowanceTotalAmount"),
        charges=money_or_none(sums, "ChargeTotalAmount"),
        before_tax=money_or_none(sums, "TaxExclusiveAmount"),
        tax=tax,
        with_tax=money_or_none(sums, "TaxInclusiveAmount"),
        prepaid=money_or_none(sums, "PrepaidAmount"),
        rounding=money_or_none(sums, "PayableRoundingAmount"),
        payable=money_or_none(sums, "PayableAmount"),
    )
