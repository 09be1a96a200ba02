"""What a paper is, by its content; and what is told of one that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verification.dossiers import BILL, EVENTS, PACKED, POLICY, RECEIVED, dossier, papers_of
from tidan_node.verification.facts.papers import Papers
from tidan_node.verification.facts.recognition import (
    PAPER_LIMIT,
    GivenPaper,
    read_paper,
    read_papers,
    same_document,
)

UBL = "urn:oasis:names:specification:ubl:schema:xsd"
BOMB = (
    '<!DOCTYPE Invoice [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "&a{n - 1 or ""};&a{n - 1 or ""};">' for n in range(1, 20))
    + "]>"
)


def kind_of(content: bytes, name: str = "paper") -> str:
    return read_paper(GivenPaper(name, content)).kind


def rule_of(content: bytes, name: str) -> tuple[str, str]:
    fault = read_paper(GivenPaper(name, content)).fault
    assert fault is not None
    return fault.rule, fault.path


def test_every_paper_of_the_dossier_is_recognised_by_its_content_alone() -> None:
    kinds = {name: kind_of(content) for name, content in dossier().items()}

    assert kinds == {
        "cargo-policy.json": "policy",
        "events.json": "events",
        "packing-list.xml": "packing-list",
        "payment-camt054.xml": "payment",
        "payment-pacs008.xml": "payment",
        "purchase-contract.xml": "contract",
        "purchase-invoice.xml": "invoice",
        "resale-invoice.xml": "invoice",
        "sales-contract.xml": "contract",
        "transport-document.json": "transport-document",
    }


def test_the_samples_of_dcsa_are_what_they_are(standards: Path) -> None:
    kinds = {
        name.rpartition("-")[0].partition("-")[0]: kind_of(content, name)
        for name, content in papers_of(standards / "samples" / "dcsa").items()
    }

    assert kinds == {
        "endorsement": "other",
        "pint": "other",
        "shipping": "other",
        "tnt": "events",
        "transport": "transport-document",
    }


def test_every_public_invoice_is_read_and_credit_notes_are_none(standards: Path) -> None:
    found = {}
    for folder in ("authored", "eupl-examples"):
        for name, content in papers_of(standards / "peppol" / folder).items():
            read = read_paper(GivenPaper(name, content))
            assert read.fault is None, name
            found[name] = (read.kind, len(read.facts.invoices))

    assert set(found.values()) == {("invoice", 1), ("credit-note", 0)}
    assert found["resale-short-delivery-creditnote.xml"] == ("credit-note", 0)


@pytest.mark.parametrize(
    "content", [b"", b"a letter", b"\x00\xff", b"%PDF-1.7", b"[]", b"{}", b"<a/>"]
)
def test_what_is_no_paper_of_a_trade_is_passed_over(content: bytes) -> None:
    read = read_paper(GivenPaper("paper", content))

    assert (read.kind, read.fault) == ("other", None)


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("empty.json", b"", "not-json"),
        ("cut-off.json", b'{"transportDocumentReference": "A', "not-json"),
        ("utf16.json", '{"policyNumber": 1}'.encode("utf-16"), "not-json"),
        ("twice.json", b'{"policyNumber": "A", "policyNumber": "B"}', "not-json"),
        ("huge-number.json", b'{"sumInsured": 1e999}', "not-json"),
        ("not-a-number.json", b'{"sumInsured": NaN}', "not-json"),
        ("deep.json", b"[" * 100_000, "not-json"),
        ("lone-surrogate.json", b'{"policyNumber": "\\ud800"}', "not-json"),
        ("empty.xml", b"", "not-xml"),
        ("cut-off.xml", b"<Invoice><ID>1", "not-xml"),
        ("bomb.xml", f"{BOMB}<Invoice>&a19;</Invoice>".encode(), "not-xml"),
        (
            "outside.xml",
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
            "not-xml",
        ),
        (
            "wrong-encoding.xml",
            '<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"),
            "not-xml",
        ),
        ("no-such-encoding.xml", b'<?xml version="1.0" encoding="klingon"?><a/>', "not-xml"),
        ("too-large.json", b" " * (PAPER_LIMIT + 1), "too-large"),
    ],
)
def test_a_hostile_paper_is_named_by_its_rule(name: str, content: bytes, rule: str) -> None:
    assert rule_of(content, name)[0] == rule


def test_an_order_of_more_elements_than_anybody_means_is_refused() -> None:
    content = f'<Order xmlns="{UBL}:Order-2">'.encode() + b"<a/>" * 100_000 + b"</Order>"

    assert rule_of(content, "order.xml")[0] == "too-large"


def test_a_copy_of_a_paper_says_nothing_that_it_has_not_said() -> None:
    bill = dossier()[BILL]
    first, copy = read_papers([GivenPaper("bill.json", bill), GivenPaper("copy.json", bill)])

    assert (len(first.facts.bills), len(copy.facts.bills)) == (1, 0)
    assert (copy.name, copy.kind) == ("copy.json", first.kind)


def test_an_order_that_is_nested_without_end_is_refused() -> None:
    content = (
        f'<Order xmlns="{UBL}:Order-2">'.encode() + b"<a>" * 5000 + b"</a>" * 5000 + b"</Order>"
    )

    assert rule_of(content, "order.xml")[0] == "not-xml"


@pytest.mark.parametrize(
    ("name", "old", "new", "path"),
    [
        (PACKED, ">48000<", ">-48000<", "/Shipment/GrossWeightMeasure"),
        (PACKED, ">48000<", ">1e999<", "/Shipment/GrossWeightMeasure"),
        (PACKED, "2026-10-01", "2026-10-32", "/IssueDate"),
        (
            RECEIVED,
            '"USD">35280.00<',
            '"USD">-35280.00<',
            "/BkToCstmrDbtCdtNtfctn/Ntfctn/Ntry/NtryDtls/TxDtls/Amt",
        ),
        (
            RECEIVED,
            '"USD">35280.00<',
            '"USD">35280.005<',
            "/BkToCstmrDbtCdtNtfctn/Ntfctn/Ntry/NtryDtls/TxDtls/Amt",
        ),
        (EVENTS, "2026-10-03T14:05:00+08:00", "yesterday", "/0/eventDateTime"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_place(
    name: str, old: str, new: str, path: str
) -> None:
    content = dossier()[name].decode().replace(old, new).encode()

    assert rule_of(content, name) == ("value-malformed", path)


@pytest.mark.parametrize(
    ("name", "member"), [(BILL, "issueDate"), (POLICY, "coverFrom"), (POLICY, "sumInsured")]
)
def test_a_document_that_could_not_be_recorded_is_named_by_its_field(
    name: str, member: str
) -> None:
    fields = json.loads(dossier()[name]) | {member: "soon"}
    read = read_paper(GivenPaper(name, json.dumps(fields).encode()))

    assert read.kind in ("transport-document", "policy")
    assert read.fault is not None
    assert (read.fault.rule, read.fault.path) == ("document-malformed", f"/{member}")


@given(st.binary(max_size=300), st.sampled_from(["paper", "paper.json", "paper.xml"]))
def test_no_bytes_at_all_are_more_than_a_fault(content: bytes, name: str) -> None:
    assert read_paper(GivenPaper(name, content)).name == name


def test_two_json_papers_are_one_document_however_they_are_written() -> None:
    assert same_document(b'{"a": 1, "b": [2.0]}', b'{"b":[2],"a":1}')
    assert not same_document(b'{"a": 1}', b'{"a": 2}')
    assert same_document(b"<a><b>1</b></a>", b"<a>\n  <b>1</b>\n</a>\n")
    assert not same_document(b"<a><b>1</b></a>", b"<a><b>2</b></a>")
    assert not same_document(b"<a><b>1</b></a>", b"<a")


def test_the_content_of_a_paper_does_not_show_in_its_repr() -> None:
    assert repr(GivenPaper("bill.json", b"secret")) == "GivenPaper('bill.json', 6 bytes)"


def test_a_paper_with_other_spaces_is_a_copy() -> None:
    for name, content in dossier().items():
        spaced = content.replace(b"\n", b"\n\n").rstrip() + b"\n"
        first, copy = read_papers([GivenPaper(name, content), GivenPaper("copy", spaced)])
        assert first.facts != copy.facts == Papers(), name
