"""Which paper is what: told by its content, not by its name; then read, or named as unreadable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Final

from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.problems import Problem
from tidan_node.verification.facts.bills import read_bill
from tidan_node.verification.facts.contracts import read_contract
from tidan_node.verification.facts.events import is_event, read_events
from tidan_node.verification.facts.invoices import read_credit_note, read_invoice
from tidan_node.verification.facts.packing_lists import read_packing_list
from tidan_node.verification.facts.papers import Papers
from tidan_node.verification.facts.payments import read_bookings, read_transfers
from tidan_node.verification.facts.places import Place
from tidan_node.verification.facts.policies import read_policy
from tidan_node.verification.facts.problems import PaperUnreadable
from tidan_node.verification.facts.xml import XmlPaper, fields_of, parse_xml, words_of

PAPER_LIMIT: Final = 4 * 1024 * 1024
OTHER: Final = "other"

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_ISO_20022: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(pacs\.008|camt\.054)\.[0-9.]+")
_CARRIERS_WORDS: Final = frozenset({"transportDocumentStatus", "carrierCode", "transports"})
"""What only a carrier states: shipping instructions carry the reference too, but none of these."""
_INSURERS_WORDS: Final = frozenset({"policyNumber", "insurer", "insured"})
_UBL_KINDS: Final = {
    "Invoice": "invoice",
    "CreditNote": "credit-note",
    "Order": "contract",
    "PackingList": "packing-list",
}


@dataclass(frozen=True, slots=True)
class GivenPaper:
    """A paper as somebody hands it in. Its content does not show in its repr."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"GivenPaper({self.name!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a paper cannot be read: the rule of its form that it breaks, and where."""

    rule: str
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A paper, what it is, and its facts; or why it has none."""

    name: str
    kind: str
    facts: Papers
    fault: Fault | None = None
    digest: bytes = b""
    """Of what it says, however that is written; empty where it cannot be read."""


def read_papers(given: Iterable[GivenPaper]) -> tuple[ReadPaper, ...]:
    """Every paper, in the order given. None of them can end the check of the others, and a copy
    of one says nothing that it has not said."""
    first: dict[bytes, ReadPaper] = {}
    seen: set[bytes] = set()
    read = []
    for paper in given:
        before = first.get(paper.content)
        if before is None:
            before = first[paper.content] = read_paper(paper)
            if before.digest not in seen:
                read.append(before)
                seen |= {before.digest} - {b""}
                continue
        read.append(replace(before, name=paper.name, facts=Papers()))
    return tuple(read)


def read_paper(given: GivenPaper) -> ReadPaper:
    """The paper's kind and facts, or the first rule of its form that it breaks."""
    kind = OTHER
    try:
        _require_small(given)
        if _is_like(given, ".json", b"{["):
            value = _json(given.content)
            kind = _kind_of_json(value)
            facts = _facts_of_json(given, kind, value)
            return ReadPaper(given.name, kind, facts, digest=_digest(canonical_bytes(value)))
        if _is_like(given, ".xml", b"<"):
            paper = parse_xml(given.content)
            kind = _kind_of_xml(paper)
            facts = _facts_of_xml(given, kind, paper)
            return ReadPaper(given.name, kind, facts, digest=_digest_of_xml(paper))
    except PaperUnreadable as fault:
        return _unreadable(given, kind, Fault(fault.rule, fault.path, fault.detail))
    except Problem as problem:  # a document that could not be recorded
        return _unreadable(given, kind, Fault(problem.slug, problem.field or "", problem.detail))
    return ReadPaper(given.name, OTHER, Papers())


def together(read: Iterable[ReadPaper]) -> Papers:
    """The facts of all papers."""
    papers = list(read)
    return Papers(
        **{
            each.name: tuple(fact for paper in papers for fact in getattr(paper.facts, each.name))
            for each in fields(Papers)
        }
    )


def same_document(one: bytes, other: bytes) -> bool:
    """Whether two documents say the same, however they are written."""
    if one == other:
        return True
    try:
        if one.lstrip().startswith(b"<"):
            return _digest_of_xml(parse_xml(one)) == _digest_of_xml(parse_xml(other))
        return canonical_bytes(read_json(one)) == canonical_bytes(read_json(other))
    except (JsonMalformed, PaperUnreadable):
        return False


def _digest(said: bytes) -> bytes:
    return hashlib.sha256(said).digest()


def _digest_of_xml(paper: XmlPaper) -> bytes:
    return _digest(words_of(paper.root).encode("utf-8", "surrogatepass"))


def _require_small(given: GivenPaper) -> None:
    if len(given.content) > PAPER_LIMIT:
        raise PaperUnreadable("too-large", f"has more than {PAPER_LIMIT} bytes")


def _is_like(given: GivenPaper, ending: str, first: bytes) -> bool:
    begun = given.content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return (begun[:1] != b"" and begun[:1] in first) or given.name.lower().endswith(ending)


def _json(raw: bytes) -> JsonValue:
    try:
        return read_json(raw)
    except JsonMalformed as problem:
        raise PaperUnreadable("not-json", problem.detail, path=problem.field or "") from problem


def _kind_of_json(value: JsonValue) -> str:
    if isinstance(value, dict):
        if "transportDocumentReference" in value and _CARRIERS_WORDS & set(value):
            return "transport-document"
        if set(value) >= _INSURERS_WORDS:
            return "policy"
    events = value if isinstance(value, list) else [value]
    return "events" if events and all(is_event(each) for each in events) else OTHER


def _facts_of_json(given: GivenPaper, kind: str, value: JsonValue) -> Papers:
    match kind:
        case "transport-document":
            return Papers(bills=(read_bill(given.name, given.content),))
        case "policy":
            return Papers(policies=(read_policy(given.name, given.content),))
        case "events":
            return Papers(events=tuple(read_events(Place(given.name, "", value))))
    return Papers()


def _kind_of_xml(paper: XmlPaper) -> str:
    if paper.namespace == f"{_UBL}{paper.name}-2":
        return _UBL_KINDS.get(paper.name, OTHER)
    is_payment = paper.name == "Document" and _ISO_20022.fullmatch(paper.namespace)
    return "payment" if is_payment else OTHER


def _facts_of_xml(given: GivenPaper, kind: str, paper: XmlPaper) -> Papers:
    if kind == "invoice":
        return Papers(invoices=(read_invoice(given.name, given.content),))
    if kind == OTHER:
        return Papers()
    root = Place(given.name, "", fields_of(paper))
    match kind:
        case "credit-note":
            return Papers(credit_notes=(read_credit_note(root),))
        case "contract":
            return Papers(contracts=(read_contract(root),))
        case "packing-list":
            return Papers(packing_lists=(read_packing_list(root),))
    return Papers(payments=(*read_transfers(root), *read_bookings(root)))


def _unreadable(given: GivenPaper, kind: str, fault: Fault) -> ReadPaper:
    return ReadPaper(given.name, kind, Papers(), fault)
