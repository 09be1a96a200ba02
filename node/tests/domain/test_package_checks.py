"""A package against the chain: of a true one no statement can be changed without being found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.papers import invoice, policy, transport_document
from tidan_node.domain.documents.invoice import read_invoice
from tidan_node.domain.documents.policy import read_policy
from tidan_node.domain.documents.transport_document import read_transport_document
from tidan_node.domain.identifiers import (
    Address,
    ContentRoot,
    Head,
    IssuerCode,
    PartyIndex,
    to_hex,
)
from tidan_node.domain.package_checks import (
    CodeOnChain,
    PackageRefused,
    RecordOnChain,
    TitleOnChain,
    check_chain,
    check_kind,
    check_package,
    is_ahead,
)
from tidan_node.domain.packages import KINDS, Package, RecordKind, TitleNumbering
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.domain.proofs.record_ids import record_id_of, series_id_of
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.domain.titles import TitleKind

NUMBER = "TDB-0417"
ISSUER = PartyIndex(2)
CODE = IssuerCode("SMDG:P2")
KEY = NumberingKey((7).to_bytes(32, "big"))
OF_THE_CODE = CodeOnChain(ISSUER, KEY.public_key)
REGISTRY = Address("0x" + "1a" * 20)
HEADS = tuple(Head(f"0x{n:064x}") for n in (1, 2, 3))
OTHER = "0x" + "ab" * 32
SECRET = bytes(range(32))


def document_of(kind: RecordKind, number: str = NUMBER) -> bytes:
    match kind:
        case "title":
            return canonical_bytes(transport_document(number, code=CODE))
        case "invoice":
            return invoice(number, code=CODE).encode()
        case "policy":
            return canonical_bytes(policy(number, code=CODE))


@cache
def true_package(kind: RecordKind) -> Package:
    """A package as an honest issuer's node makes it."""
    raw, title, sub = document_of(kind), None, None
    document: Any
    if kind == "title":
        document, schema = read_transport_document(raw), 1
        numbering, series = KEY.number(document.title_name()), KEY.number(document.series_name())
        title = TitleNumbering(series_id_of(ISSUER, series.output), sub, series.proof)
    else:
        document, schema = (read_invoice(raw), 2) if kind == "invoice" else (read_policy(raw), 3)
        numbering = KEY.number(document.name(CODE))
    root = commit(document, schema_by_number(schema), secret=SECRET, version=1).root
    return Package(
        kind=kind,
        chain_id=31337,
        registry=REGISTRY,
        record_id=record_id_of(ISSUER, numbering.output),
        schema=schema,
        record_version=1,
        content_root=ContentRoot(to_hex(root)),
        code=CODE,
        number=NUMBER,
        id_proof=numbering.proof,
        secret=SECRET,
        document=raw,
        history=HEADS,
        title=title,
    )


def on_chain(package: Package) -> RecordOnChain:
    """What the chain says, where the package is true."""
    title = package.title
    return RecordOnChain(
        kind=package.kind,
        record_id=package.record_id,
        issuer=ISSUER,
        schema=package.schema,
        version=package.record_version,
        content_root=package.content_root,
        heads=HEADS,
        title=None if title is None else TitleOnChain(title.series, TitleKind.ORDER),
    )


def refusal(check: Callable[[], None]) -> tuple[object, str | None]:
    with pytest.raises(PackageRefused) as refused:
        check()
    assert NUMBER not in refused.value.detail
    return refused.value.extra["rule"], refused.value.field


@pytest.mark.parametrize("kind", KINDS)
def test_a_true_package_is_found_true(kind: RecordKind) -> None:
    package = true_package(kind)

    check_kind(package, kind)
    check_chain(package, chain_id=31337, registry=REGISTRY)
    check_package(package, on_chain(package), OF_THE_CODE)


def forged(package: Package, change: str) -> Package:
    """The package with one thing in it changed."""
    other = bytes.fromhex("ab" * 32)
    kind = package.kind
    spelled = json.dumps(json.loads(package.document)) if kind != "invoice" else ""
    forgeries: dict[str, dict[str, Any]] = {
        "kind": {"kind": KINDS[(KINDS.index(kind) + 1) % 3]},
        "id": {"record_id": OTHER},
        "schema": {"schema": 9},
        "version": {"record_version": 2},
        "claimed root": {"content_root": OTHER},
        "secret": {"secret": other},
        "changed document": {"document": package.document.replace(b"ceramic", b"plastic")},
        "spelling": {"document": spelled.encode()},
        "no document": {"document": b"{}"},
        "empty document": {"document": b""},
        "another's document": {"document": document_of(kind, "TDB-0418")},
        "another kind's document": {
            "document": document_of("policy" if kind == "title" else "title")
        },
        "code": {"code": "SMDG:P9"},
        "number": {"number": "TDB-0418"},
        "id proof": {"id_proof": other},
        "no id proof": {"id_proof": b""},
        "altered id proof": {"id_proof": package.id_proof[:-1] + b"\x00"},
        "history": {"history": (OTHER,)},
        "last act": {"history": (*HEADS[:2], OTHER)},
        "missing act": {"history": (HEADS[0], HEADS[2])},
        "turned history": {"history": HEADS[::-1]},
    }
    if package.title is not None:
        title = package.title
        forgeries |= {
            "series": {"title": replace(title, series=OTHER)},
            "sub-reference": {"title": replace(title, sub_reference="B")},
            "swapped proofs": {
                "id_proof": title.series_proof,
                "title": replace(title, series_proof=package.id_proof),
            },
            "series proof": {"title": replace(title, series_proof=package.id_proof)},
        }
    return replace(package, **forgeries[change])


OF_EVERY_KIND = [
    ("kind", "record", "kind"),
    ("id", "record", "id"),
    ("schema", "schema", "schema"),
    ("version", "version", "recordVersion"),
    ("claimed root", "root", "contentRoot"),
    ("secret", "root", "document"),
    ("changed document", "root", "document"),
    ("no document", "document", "document"),
    ("empty document", "document", "document"),
    ("another's document", "number", "number"),
    ("another kind's document", "document", "document"),
    ("code", "code", "code"),
    ("number", "number", "number"),
    ("id proof", "numbering-id", "idProof"),
    ("no id proof", "numbering-id", "idProof"),
    ("altered id proof", "numbering-id", "idProof"),
    ("history", "history", "history"),
    ("last act", "history", "history"),
    ("missing act", "history", "history"),
    ("turned history", "history", "history"),
]
OF_TITLES = [
    ("series", "series", "series"),
    ("sub-reference", "number", "subReference"),
    ("spelling", "document", "document"),
    ("swapped proofs", "numbering-id", "idProof"),
    ("series proof", "numbering-series", "seriesProof"),
]


@pytest.mark.parametrize(
    ("kind", "change", "rule", "field"),
    [
        *((kind, *each) for kind in KINDS for each in OF_EVERY_KIND),
        *(("title", *each) for each in OF_TITLES),
        ("policy", "spelling", "document", "document"),
    ],
)
def test_a_forgery_is_refused_by_the_rule_that_it_breaks(
    kind: RecordKind, change: str, rule: str, field: str
) -> None:
    true = true_package(kind)
    package = forged(true, change)
    assert package != true

    assert refusal(lambda: check_package(package, on_chain(true), OF_THE_CODE)) == (rule, field)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "code", [None, CodeOnChain(PartyIndex(3), KEY.public_key)], ids=["no key", "another party's"]
)
def test_a_code_that_is_not_the_issuers_on_the_chain_is_refused(
    kind: RecordKind, code: CodeOnChain | None
) -> None:
    package = true_package(kind)

    assert refusal(lambda: check_package(package, on_chain(package), code)) == ("code", "code")


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_under_another_key_than_the_chain_has_is_refused(kind: RecordKind) -> None:
    package = true_package(kind)
    other = CodeOnChain(ISSUER, NumberingKey((8).to_bytes(32, "big")).public_key)

    refused = refusal(lambda: check_package(package, on_chain(package), other))

    assert refused == ("numbering-id", "idProof")


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_that_another_party_has_copied_is_refused(kind: RecordKind) -> None:
    """Under another issuer it is another id, which no key of that issuer can prove."""
    package = true_package(kind)
    thief = PartyIndex(ISSUER + 1)
    record = replace(on_chain(package), issuer=thief)

    refused = refusal(lambda: check_package(package, record, replace(OF_THE_CODE, party=thief)))

    assert refused == ("numbering-id", "idProof")


def test_a_title_issued_as_another_kind_than_its_document_says_is_refused() -> None:
    """The chain cannot read the document; whoever takes the title in can."""
    package = true_package("title")
    record = on_chain(package)
    assert record.title is not None
    lie = replace(record, title=replace(record.title, kind=TitleKind.BLANK))

    assert refusal(lambda: check_package(package, lie, OF_THE_CODE)) == ("kind", "document")


@pytest.mark.parametrize("heads", [HEADS[:1], (*HEADS, Head(OTHER))], ids=["fewer", "more"])
def test_histories_need_agree_only_as_far_as_both_go(heads: tuple[Head, ...]) -> None:
    package = true_package("invoice")

    check_package(package, replace(on_chain(package), heads=heads), OF_THE_CODE)


@pytest.mark.parametrize(
    ("heads", "ahead"),
    [(HEADS, False), (HEADS[:2], True), ((*HEADS, Head(OTHER)), False), ((Head(OTHER),), False)],
)
def test_a_sender_is_ahead_who_has_read_on_in_the_same_history(
    heads: tuple[Head, ...], ahead: bool
) -> None:
    assert is_ahead(true_package("policy"), heads) is ahead


def test_a_package_of_another_chain_kind_or_contract_is_refused() -> None:
    package = true_package("policy")

    assert refusal(lambda: check_kind(package, "title")) == ("kind", "kind")
    assert refusal(lambda: check_chain(package, chain_id=1, registry=REGISTRY)) == (
        "chain",
        "chainId",
    )
    elsewhere = Address("0x" + "2b" * 20)
    assert refusal(lambda: check_chain(package, chain_id=31337, registry=elsewhere)) == (
        "registry",
        "registry",
    )
