"""One paper of somebody's folder: recognised by its content, read as a node will read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from tidan_cli.demo.cast import BUYER, SHIPPER, Member
from tidan_cli.documents import file_bytes
from tidan_cli.failures import DocumentsUnusable, FileUnusable
from tidan_node.domain.documents.invoice import read_invoice
from tidan_node.domain.documents.policy import read_policy
from tidan_node.domain.documents.transport_document import read_transport_document
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.proofs.numbering import normalised
from tidan_node.domain.titles import TitleKind
from tidan_node.problems import Problem
from tidan_node.verification.facts.recognition import GivenPaper
from tidan_node.verification.facts.recognition import read_paper as recognised

_PLEDGED_KINDS: Final = (TitleKind.ORDER, TitleKind.BLANK)
_TITLEHOLDERS: Final = {
    TitleKind.STRAIGHT: BUYER,
    TitleKind.ORDER: SHIPPER,
    TitleKind.ORDER_FINAL: BUYER,
    TitleKind.BLANK: None,
}


@dataclass(frozen=True, slots=True)
class Bill:
    """A transport document that the carrier will issue as a title."""

    path: Path
    number: str
    sub_reference: str | None
    code: IssuerCode
    kind: str
    titleholder: Member | None
    """A straight bill is made out to its consignee, the buyer; one to order to the shipper."""
    can_be_pledged: bool

    @property
    def reference(self) -> str:
        """The bill's whole name, for people."""
        return self.number if self.sub_reference is None else f"{self.number}/{self.sub_reference}"


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """An invoice: who bills whom, and which bills of lading it speaks of."""

    path: Path
    number: str
    seller_codes: tuple[IssuerCode, ...]
    buyer_codes: tuple[IssuerCode, ...]
    bills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyPaper:
    """A cargo policy: by whom, until when, and for which bills of lading."""

    path: Path
    number: str
    insurer_codes: tuple[IssuerCode, ...]
    cover_until: date
    bills: tuple[str, ...]


Paper = Bill | InvoicePaper | PolicyPaper


def read_paper(path: Path) -> Paper | None:
    """What the story needs of a paper; None is one that only the bank's check may know."""
    raw = _bytes(path)
    known = recognised(GivenPaper(path.name, raw))
    if known.fault is not None:
        told = f"{path}: {known.fault.rule}: {known.fault.detail}"
        raise DocumentsUnusable(told, field=known.fault.path or "--documents")
    match known.kind:
        case "transport-document":
            return read_bill(path)
        case "invoice":
            return _invoice(path, raw)
        case "policy":
            return _policy(path, raw)
    return None


def read_bill(path: Path) -> Bill:
    """The transport document of this file, or why it can be no title."""
    try:
        document = read_transport_document(_bytes(path))
    except Problem as problem:
        raise _refused(path, problem) from problem
    return Bill(
        path=path.absolute(),
        number=document.number,
        sub_reference=document.sub_reference,
        code=document.code,
        kind=document.kind.name,
        titleholder=_TITLEHOLDERS[document.kind],
        can_be_pledged=document.kind in _PLEDGED_KINDS,
    )


def same_number(one: str, other: str) -> bool:
    """Whether two papers mean one number, however each of them writes it."""
    return normalised(one, "number") == normalised(other, "number")


def _invoice(path: Path, raw: bytes) -> InvoicePaper:
    try:
        invoice = read_invoice(raw)
    except Problem as problem:
        raise _refused(path, problem) from problem
    references: Any = invoice.fields.get("AdditionalDocumentReference", [])  # checked by the schema
    return InvoicePaper(
        path=path.absolute(),
        number=invoice.number,
        seller_codes=invoice.seller_codes,
        buyer_codes=invoice.buyer_codes,
        bills=tuple(str(each["ID"]["value"]) for each in references),
    )


def _policy(path: Path, raw: bytes) -> PolicyPaper:
    try:
        policy = read_policy(raw)
    except Problem as problem:
        raise _refused(path, problem) from problem
    covered: Any = policy.fields.get("transportDocuments", [])  # checked by the schema
    return PolicyPaper(
        path=path.absolute(),
        number=policy.number,
        insurer_codes=policy.insurer_codes,
        cover_until=policy.cover_until,
        bills=tuple(str(each["number"]) for each in covered),
    )


def _refused(path: Path, problem: Problem) -> DocumentsUnusable:
    told = f"{path}: {problem.title.lower()}: {problem.detail}"
    return DocumentsUnusable(told, field=problem.field)


def _bytes(path: Path) -> bytes:
    try:
        return file_bytes(path)
    except FileUnusable as error:
        raise DocumentsUnusable(error.detail, field="--documents") from error
