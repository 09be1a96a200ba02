"""A package held against the chain: nothing of it is believed that the chain does not say."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.documents.invoice import SCHEMA as INVOICE_SCHEMA
from tidan_node.domain.documents.invoice import read_invoice
from tidan_node.domain.documents.policy import SCHEMA as POLICY_SCHEMA
from tidan_node.domain.documents.policy import read_policy
from tidan_node.domain.documents.problems import DocumentMalformed, NotATitle
from tidan_node.domain.documents.recorded import content_root
from tidan_node.domain.documents.transport_document import SCHEMA as TITLE_SCHEMA
from tidan_node.domain.documents.transport_document import read_transport_document
from tidan_node.domain.identifiers import (
    Address,
    ContentRoot,
    Head,
    IssuerCode,
    PartyIndex,
    RecordId,
    SeriesId,
)
from tidan_node.domain.packages import Package, RecordKind
from tidan_node.domain.proofs.numbering import Name, verify_numbering
from tidan_node.domain.proofs.placement import Document
from tidan_node.domain.proofs.problems import (
    FieldMisplaced,
    FigureMalformed,
    NumberingRefused,
    NumberMalformed,
)
from tidan_node.domain.titles import TitleKind
from tidan_node.problems import Problem


class PackageRefused(Problem):
    """The package does not say what the chain says; `rule` names the check that it failed."""

    status, slug, title = 422, "package-refused", "The package does not match the chain"


@dataclass(frozen=True, slots=True)
class TitleOnChain:
    """What the chain says of a title beside what it says of every record."""

    series: SeriesId
    kind: TitleKind
    """As it began here: endorsements change a title's kind, and not its document."""
    goes_on: bool = False
    """Whether it is in place of others, or arrived from elsewhere, with the kind that it had."""


@dataclass(frozen=True, slots=True)
class RecordOnChain:
    """What the chain says of the record that a package is about, as far as it is read here."""

    kind: RecordKind
    record_id: RecordId
    issuer: PartyIndex
    schema: int
    version: int
    content_root: ContentRoot
    heads: tuple[Head, ...]
    title: TitleOnChain | None = None


@dataclass(frozen=True, slots=True)
class CodeOnChain:
    """Whose a code is on the chain, and the key that it numbers with."""

    party: PartyIndex
    key: bytes


@dataclass(frozen=True, slots=True)
class _Read:
    """A document as its own kind reads it, and what it says of its name."""

    document: Document
    file: bytes
    schema: int
    number: str
    codes: tuple[IssuerCode, ...]
    name: Name
    series: Name | None = None
    sub_reference: str | None = None
    kind: TitleKind | None = None


def check_kind(package: Package, expected: RecordKind) -> None:
    """What was announced as one kind of record is not taken for another."""
    if package.kind != expected:
        raise _refused("kind", f"it is the package of another kind than {expected}", "kind")


def check_chain(package: Package, *, chain_id: int, registry: Address) -> None:
    """A package of another chain, or of other contracts, is of nothing that is known here."""
    _agree("chain", package.chain_id, chain_id, field="chainId")
    _agree("registry", package.registry, registry, field="registry")


def is_ahead(package: Package, heads: tuple[Head, ...]) -> bool:
    """Whether the package's sender has read acts of the record that are not known here yet."""
    return len(package.history) > len(heads) and package.history[: len(heads)] == heads


def check_package(package: Package, record: RecordOnChain, code: CodeOnChain | None) -> None:
    """Refuse a package of which anything is not as the chain has it.

    The root is made anew from the document and the secret, and the proofs are verified under the
    key that the chain has for the code: nothing is taken from the package at its word.
    """
    _agree("record", package.kind, record.kind, field="kind")
    _agree("record", package.record_id, record.record_id, field="id")
    _check_history(package, record)
    _agree("schema", package.schema, record.schema, field="schema")
    _agree("version", package.record_version, record.version, field="recordVersion")
    _agree("root", package.content_root, record.content_root, field="contentRoot")
    read = _document(package)
    _agree("schema", package.schema, read.schema, field="schema")
    _agree("document", package.document, read.file, field="document")
    _agree("number", package.number, read.number, field="number")
    if record.title is not None and package.title is not None:
        _agree("series", package.title.series, record.title.series, field="series")
        _agree("number", package.title.sub_reference, read.sub_reference, field="subReference")
        _check_title_kind(read, record.title)
    _check_code(package, read, record, code)
    _check_root(package, read, record)


def _check_title_kind(read: _Read, title: TitleOnChain) -> None:
    """A title that goes on from another may have been endorsed since its document was made."""
    is_straight = TitleKind.STRAIGHT in (read.kind, title.kind)
    if is_straight or not title.goes_on:
        _agree("kind", read.kind, title.kind, field="document")


def _check_history(package: Package, record: RecordOnChain) -> None:
    """As far as both have read, both must have read the same."""
    for theirs, ours in zip(package.history, record.heads, strict=False):
        if theirs != ours:
            raise _refused(
                "history",
                "the sender has read another history of this record: another chain, or a fork",
                "history",
            )


def _document(package: Package) -> _Read:
    try:
        match package.kind:
            case "title":
                return _transport_document(package)
            case "invoice":
                return _invoice(package)
            case "policy":
                return _policy(package)
    except (DocumentMalformed, NotATitle, NumberMalformed) as problem:
        raise _refused("document", problem.detail, "document") from problem


def _transport_document(package: Package) -> _Read:
    document = read_transport_document(package.document)
    return _Read(
        document=document,
        file=document.canonical,
        schema=TITLE_SCHEMA,
        number=document.number,
        codes=(document.code,),
        name=document.title_name(),
        series=document.series_name(),
        sub_reference=document.sub_reference,
        kind=document.kind,
    )


def _invoice(package: Package) -> _Read:
    document = read_invoice(package.document)
    return _Read(
        document=document,
        file=package.document,  # XML has no one form here; its fields are what the root is of
        schema=INVOICE_SCHEMA,
        number=document.number,
        codes=document.seller_codes,
        name=document.name(package.code),
    )


def _policy(package: Package) -> _Read:
    document = read_policy(package.document)
    return _Read(
        document=document,
        file=document.canonical,
        schema=POLICY_SCHEMA,
        number=document.number,
        codes=document.insurer_codes,
        name=document.name(package.code),
    )


def _check_code(
    package: Package, read: _Read, record: RecordOnChain, code: CodeOnChain | None
) -> None:
    if package.code not in read.codes:
        raise _refused("code", "the document is not numbered under this code", "code")
    if code is None:
        raise _refused("code", f"the chain has no numbering key for {package.code}", "code")
    if code.party != record.issuer:
        raise _refused("code", f"{package.code} is not a code of the record's issuer", "code")
    proofs: list[tuple[str, str, Name, str, bytes]] = [
        ("numbering-id", "idProof", read.name, record.record_id, package.id_proof)
    ]
    if read.series is not None and package.title is not None:
        title = package.title
        proofs.append(
            ("numbering-series", "seriesProof", read.series, title.series, title.series_proof)
        )
    for rule, member, name, told, proof in proofs:
        try:
            verify_numbering(code.key, name, issuer=record.issuer, record=told, proof=proof)
        except NumberingRefused as problem:
            raise _refused(rule, problem.detail, member) from problem


def _check_root(package: Package, read: _Read, record: RecordOnChain) -> None:
    try:
        root = content_root(
            read.document, package.schema, secret=package.secret, version=package.record_version
        )
    except (FieldMisplaced, FigureMalformed) as problem:
        raise _refused("document", "it cannot be committed to", "document") from problem
    _agree("root", root, record.content_root, field="document")


def _agree(rule: str, told: object, known: object, *, field: str) -> None:
    if told != known:
        raise _refused(rule, f"{field} is not what the chain has for this record", field)


def _refused(rule: str, detail: str, field: str) -> PackageRefused:
    return PackageRefused(detail, field=field, rule=rule)
