"""The papers of the story: our own, or those in somebody's folder, read before anything starts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from tidan_cli.demo.cast import BUYER, SHIPPER, Member
from tidan_cli.documents import file_bytes
from tidan_cli.failures import DocumentsUnusable, FileUnusable
from tidan_node.domain.documents.transport_document import (
    TransportDocument,
    read_transport_document,
)
from tidan_node.domain.titles import TitleKind
from tidan_node.problems import Problem

_OWN: Final = Path(str(files("tidan_cli.demo") / "documents"))
_TITLEHOLDERS: Final = {
    TitleKind.STRAIGHT: BUYER,
    TitleKind.ORDER: SHIPPER,
    TitleKind.ORDER_FINAL: BUYER,
    TitleKind.BLANK: None,
}
_REFERENCE: Final = "transportDocumentReference"
_CARRIERS_WORDS: Final = frozenset({"transportDocumentStatus", "carrierCode", "transports"})
"""What only a carrier states: shipping instructions carry the reference too, but none of these."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A transport document that the carrier will issue as a title."""

    path: Path
    number: str
    code: str
    kind: str
    titleholder: Member | None
    """A straight bill is made out to its consignee, the buyer; one to order to the shipper."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """The papers that the story is told with."""

    folder: Path
    bills: tuple[Bill, ...]
    invoice: Path | None
    policy: Path | None
    passed_over: tuple[str, ...]

    @property
    def carrier_codes(self) -> tuple[str, ...]:
        """The codes that the carrier must be enrolled with to issue these bills."""
        return tuple(dict.fromkeys(bill.code for bill in self.bills))


def own_dossier() -> Dossier:
    """The papers that come with Tidan: one bill, its invoice, its policy."""
    return Dossier(
        folder=_OWN,
        bills=(_bill(_OWN / "transport-document.json"),),
        invoice=_OWN / "invoice.xml",
        policy=_OWN / "cargo-policy.json",
        passed_over=(),
    )


def read_dossier(folder: Path | None, transport_document: Path | None) -> Dossier:
    """The papers to tell the story with; what is wrong with them is said by file and field."""
    if folder is None and transport_document is None:
        return own_dossier()
    if folder is not None and not folder.is_dir():
        raise DocumentsUnusable(f"{folder} is no folder", field="--documents")
    if transport_document is not None:
        chosen = _found(transport_document, folder)
        return Dossier(chosen.parent, (_bill(chosen),), None, None, ())
    return _of_folder(folder or Path())


def _of_folder(folder: Path) -> Dossier:
    candidates = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".json")
    chosen = [path for path in candidates if _is_transport_document(_json(path))]
    if not chosen:
        seen = ", ".join(path.name for path in candidates) or "no .json file at all"
        raise DocumentsUnusable(
            f"{folder} holds no transport document (a JSON object with {_REFERENCE} and"
            f" {', '.join(sorted(_CARRIERS_WORDS))}); it holds {seen}",
            field="--documents",
        )
    bills = tuple(_bill(path) for path in chosen)
    _require_different(bills)
    others = tuple(path.name for path in candidates if path not in chosen)
    return Dossier(folder, bills, None, None, others)


def _bill(path: Path) -> Bill:
    try:
        document = read_transport_document(_bytes(path))
    except Problem as problem:
        raise DocumentsUnusable(
            f"{path}: {problem.title.lower()}: {problem.detail}", field=problem.field
        ) from problem
    return _bill_of(path, document)


def _bill_of(path: Path, document: TransportDocument) -> Bill:
    sub = document.sub_reference
    return Bill(
        path=path.absolute(),
        number=document.number if sub is None else f"{document.number}/{sub}",
        code=document.code,
        kind=document.kind.name,
        titleholder=_TITLEHOLDERS[document.kind],
    )


def _require_different(bills: Sequence[Bill]) -> None:
    """Two files with one number are one bill, and only one of them can be issued."""
    first: dict[tuple[str, str], Bill] = {}
    for bill in bills:
        name = bill.code, bill.number.split("/")[0]
        if name in first:
            raise DocumentsUnusable(
                f"{first[name].path.name} and {bill.path.name} both are number {name[1]} of"
                f" {bill.code}; choose one with --transport-document",
                field="--documents",
            )
        first[name] = bill


def _found(path: Path, folder: Path | None) -> Path:
    places = [path, *([] if folder is None else [folder / path])]
    for place in places:
        if place.is_file():
            return place
    looked = " and ".join(str(place) for place in places)
    raise DocumentsUnusable(f"{looked}: no such file", field="--transport-document")


def _is_transport_document(value: object) -> bool:
    return isinstance(value, dict) and _REFERENCE in value and bool(_CARRIERS_WORDS & set(value))


def _json(path: Path) -> Any:  # Any: whatever JSON a file of somebody's folder holds
    try:
        return json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise DocumentsUnusable(f"{path} is not JSON: {error}", field="--documents") from error


def _bytes(path: Path) -> bytes:
    try:
        return file_bytes(path)
    except FileUnusable as error:
        raise DocumentsUnusable(error.detail, field="--documents") from error
