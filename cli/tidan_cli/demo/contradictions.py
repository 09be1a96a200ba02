"""Papers that exclude each other, or that the chain would refuse: found before anything starts."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from tidan_cli.demo.cast import BUYER, CARRIER, INSURER, SHIPPER, Member
from tidan_cli.demo.papers import Bill, InvoicePaper, Paper, PolicyPaper
from tidan_cli.failures import DocumentsUnusable
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.proofs.numbering import normalised


def require_different(papers: Iterable[Paper]) -> None:
    """Two files with one number by one issuer are one paper, and only one can be recorded."""
    first: dict[Hashable, Paper] = {}
    for paper in papers:
        for name in _names(paper):
            other = first.setdefault(name, paper)
            if other is paper:
                continue
            choose = "; choose one with --transport-document" if isinstance(paper, Bill) else ""
            raise DocumentsUnusable(
                f"{other.path.name} and {paper.path.name} both are number"
                f" {paper.number} of {_issuers(paper)[0]}{choose}",
                field="--documents",
            )


def require_issuers(invoices: Iterable[InvoicePaper], policy: PolicyPaper | None) -> None:
    """Who bills and who insures must be named so that a record can be numbered under it."""
    for invoice in invoices:
        if not invoice.seller_codes:
            raise _contradiction(invoice.path.name, "names no identifier of its seller's")
        if set(invoice.seller_codes) & set(invoice.buyer_codes):
            raise _contradiction(invoice.path.name, "has one and the same as seller and as buyer")
    if policy is not None and not policy.insurer_codes:
        raise _contradiction(policy.path.name, "names no identifier of its insurer's")


def require_cover(policy: PolicyPaper | None, today: date) -> None:
    """A policy whose cover has ended is issued by nobody."""
    if policy is not None and policy.cover_until < today:
        raise _contradiction(policy.path.name, f"covers until {policy.cover_until}, which is over")


def require_own_parts(
    bills: Sequence[Bill], invoices: Sequence[InvoicePaper], policy: PolicyPaper | None
) -> None:
    """A code numbers the papers of one party alone: one code, one part in the story."""
    holders: dict[str, tuple[Member, str]] = {
        member.identifier: (member, "the story's cast")
        for member in (CARRIER, SHIPPER, BUYER, INSURER)
    }
    parts = [
        *((CARRIER, bill.code, bill.path.name) for bill in bills),
        *((SHIPPER, invoice.seller_codes[0], invoice.path.name) for invoice in invoices),
        *(() if policy is None else ((INSURER, policy.insurer_codes[0], policy.path.name),)),
    ]
    for member, code, source in parts:
        other, where = holders.setdefault(code, (member, source))
        if other is not member:
            raise DocumentsUnusable(
                f"{source} makes {code} the {member.key}, and {where} makes it the {other.key}",
                field="--documents",
            )


def _names(paper: Paper) -> list[Hashable]:
    """A bill's sub-reference is no part of it: of all versions only one can be alive."""
    kind = type(paper).__name__
    return [(kind, issuer, normalised(paper.number, "number")) for issuer in _issuers(paper)]


def _issuers(paper: Paper) -> Sequence[IssuerCode]:
    if isinstance(paper, Bill):
        return (paper.code,)
    return paper.seller_codes if isinstance(paper, InvoicePaper) else paper.insurer_codes


def _contradiction(name: str, words: str) -> DocumentsUnusable:
    return DocumentsUnusable(f"{name} {words}", field="--documents")
