"""The papers of the story: our own, or those in somebody's folder, read before anything starts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from tidan_cli.demo.cast import CARRIER, INSURER, SHIPPER
from tidan_cli.demo.contradictions import (
    require_cover,
    require_different,
    require_issuers,
    require_own_parts,
)
from tidan_cli.demo.papers import (
    Bill,
    InvoicePaper,
    PolicyPaper,
    read_bill,
    read_paper,
    same_number,
)
from tidan_cli.failures import DocumentsUnusable
from tidan_node.domain.identifiers import IssuerCode

_OWN: Final = Path(str(files("tidan_cli.demo") / "documents"))
_SUFFIXES: Final = frozenset({".json", ".xml"})
_FALSEHOODS: Final = "falsehoods.json"
_README: Final = "README"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file that the story does without, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """The papers that the story is told with."""

    folder: Path
    bills: tuple[Bill, ...]
    invoices: tuple[InvoicePaper, ...] = ()
    """Those that the shipper registers for the buyer."""
    policy: PolicyPaper | None = None
    papers: tuple[Path, ...] = ()
    """Everything that the bank is shown."""
    passed_over: tuple[PassedOver, ...] = ()
    falsehoods: tuple[Mapping[str, str], ...] = ()
    """What is known to be false in it, by the rule that must find it."""

    @property
    def codes(self) -> Mapping[str, tuple[IssuerCode, ...]]:
        """The codes that each part must be enrolled with to issue these papers."""
        insurers = () if self.policy is None else (self.policy.insurer_codes[0],)
        return {
            CARRIER.key: _once(bill.code for bill in self.bills),
            SHIPPER.key: _once(invoice.seller_codes[0] for invoice in self.invoices),
            INSURER.key: insurers,
        }

    def invoices_of(self, bill: Bill) -> tuple[InvoicePaper, ...]:
        """The invoices that name this bill; one that names none belongs to the first."""
        return tuple(
            invoice for invoice in self.invoices if self._bill_named(invoice.bills) is bill
        )

    def policy_covers(self, bill: Bill) -> bool:
        """Whether this is the bill that the policy speaks of."""
        return self.policy is not None and self._bill_named(self.policy.bills) is bill

    def _bill_named(self, names: Sequence[str]) -> Bill:
        named = (bill for bill in self.bills if any(same_number(bill.number, n) for n in names))
        return next(named, self.bills[0])


def own_dossier() -> Dossier:
    """The papers that come with Tidan: one trade with two legs, in which everything fits."""
    return _of_folder(_OWN / "dossier", None)


def false_dossier() -> Dossier:
    """The same trade with papers that are false in named ways."""
    return _of_folder(_OWN / "false-dossier", None)


def read_dossier(folder: Path | None, transport_document: Path | None) -> Dossier:
    """The papers to tell the story with; what is wrong with them is said by file and field."""
    if folder is None and transport_document is None:
        return own_dossier()
    if folder is not None and not folder.is_dir():
        raise DocumentsUnusable(f"{folder} is no folder", field="--documents")
    chosen = None if transport_document is None else _found(transport_document, folder)
    if folder is not None:
        return _of_folder(folder, chosen)
    bill = read_bill(chosen or Path())
    return Dossier(bill.path.parent, (bill,), papers=(bill.path,))


def _of_folder(folder: Path, chosen: Path | None) -> Dossier:
    present = sorted(each for each in folder.iterdir() if each.is_file() and each.stem != _README)
    papers = [path for path in present if path.suffix.lower() in _SUFFIXES]
    falsehoods = [path for path in papers if path.name == _FALSEHOODS]
    read = {path: read_paper(path) for path in papers if path not in falsehoods}
    bills = [paper for paper in read.values() if isinstance(paper, Bill)]
    passed_over = [
        PassedOver(path.name, "neither .json nor .xml") for path in present if path not in papers
    ]
    if chosen is not None:
        chosen_bill = read_bill(chosen)
        passed_over += [_not_chosen(bill) for bill in bills if bill.path != chosen_bill.path]
        bills = [chosen_bill]
    if not bills:
        raise _no_bill(folder, papers)
    invoices, others = _resold(
        [paper for paper in read.values() if isinstance(paper, InvoicePaper)]
    )
    policies = [paper for paper in read.values() if isinstance(paper, PolicyPaper)]
    require_different([*bills, *invoices, *others, *policies])
    policy = policies[0] if policies else None
    passed_over += [PassedOver(each.path.name, "the story has one policy") for each in policies[1:]]
    require_issuers(invoices, policy)
    require_cover(policy, datetime.now(UTC).date())
    require_own_parts(bills, invoices, policy)
    unwanted = {each.name for each in passed_over}
    return Dossier(
        folder=folder.absolute(),
        bills=tuple(bills),
        invoices=tuple(invoices),
        policy=policy,
        papers=tuple(path.absolute() for path in read if path.name not in unwanted),
        passed_over=tuple(passed_over),
        falsehoods=tuple(each for path in falsehoods for each in _falsehoods(path)),
    )


def _falsehoods(path: Path) -> list[dict[str, str]]:
    """What a dossier itself says is false in it: the bank is not shown this."""
    try:
        known = json.loads(path.read_bytes())
        return [{"rule": each["rule"], **each} for each in known]
    except (ValueError, TypeError, KeyError) as error:
        raise DocumentsUnusable(
            f"{path} is no JSON list of objects that name a rule", field="--documents"
        ) from error


def _resold(
    invoices: Sequence[InvoicePaper],
) -> tuple[list[InvoicePaper], list[InvoicePaper]]:
    """The invoices of the leg that the shipper sells, and the others, which are only papers.

    The shipper plays whoever buys in one invoice and sells in another; where nobody does, the
    seller of the first. Its buyer is the one that most of its invoices name."""
    bought = {code for invoice in invoices for code in invoice.buyer_codes}
    sold = [each for each in invoices if bought & set(each.seller_codes)] or list(invoices)
    if not sold:
        return [], []
    seller = set(sold[0].seller_codes)
    legs: dict[tuple[IssuerCode, ...], list[InvoicePaper]] = {}
    for invoice in sold:
        if seller & set(invoice.seller_codes):
            legs.setdefault(invoice.buyer_codes, []).append(invoice)
    # Without a seller's identifier there is no leg; whoever requires one says so by name.
    leg = max(legs.values(), key=len) if legs else [sold[0]]
    return leg, [invoice for invoice in invoices if invoice not in leg]


def _once(codes: Iterable[IssuerCode]) -> tuple[IssuerCode, ...]:
    return tuple(dict.fromkeys(codes))


def _not_chosen(bill: Bill) -> PassedOver:
    return PassedOver(bill.path.name, "another transport document was chosen")


def _no_bill(folder: Path, papers: Sequence[Path]) -> DocumentsUnusable:
    seen = ", ".join(path.name for path in papers) or "no .json and no .xml file at all"
    return DocumentsUnusable(
        f"{folder} holds no transport document (DCSA EBL 3.0.4, JSON); it holds {seen}",
        field="--documents",
    )


def _found(path: Path, folder: Path | None) -> Path:
    places = [path, *([] if folder is None else [folder / path])]
    for place in places:
        if place.is_file():
            return place
    looked = " and ".join(str(place) for place in places)
    raise DocumentsUnusable(f"{looked}: no such file", field="--transport-document")
