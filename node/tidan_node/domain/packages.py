"""The package: what a title's next holder needs beside the chain, and how it is checked against it.

The document, the secret that its salts come from, and the proofs that its number has one id. Who
holds it can read the document and prove any field of it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final

from tidan_node.domain.documents.problems import DocumentMalformed, NotATitle
from tidan_node.domain.documents.transport_document import (
    SCHEMA,
    TransportDocument,
    read_transport_document,
)
from tidan_node.domain.identifiers import (
    Address,
    ContentRoot,
    IssuerCode,
    PartyIndex,
    SeriesId,
    TitleId,
    hex_20,
    hex_32,
    to_bytes,
    to_hex,
)
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.numbering import Numbering, verify_numbering
from tidan_node.domain.proofs.problems import (
    JsonMalformed,
    NumberingRefused,
    NumberMalformed,
)
from tidan_node.domain.proofs.salts import VERSION_LIMIT
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.domain.titles import TitleKind
from tidan_node.problems import InvalidInput, Problem

MEDIA_TYPE: Final = "application/vnd.tidan.package+json"
FORMAT: Final = "tidan/package"
VERSION: Final = 1
KIND: Final = "title"


class PackageMalformed(InvalidInput):
    """A package is the one RFC 8785 form of its members, as `GET …/package` writes it."""

    status, slug, title = 422, "package-malformed", "This is not a package that can be read"


class PackageRefused(Problem):
    """The package does not say what the chain says; `rule` names the check that it failed."""

    status, slug, title = 422, "package-refused", "The package does not match the chain"


@dataclass(frozen=True, slots=True)
class Package:
    """A title's content, as its holder hands it on."""

    chain_id: int
    registry: Address
    title_id: TitleId
    series: SeriesId
    schema: int
    record_version: int
    content_root: ContentRoot
    code: IssuerCode
    number: str
    sub_reference: str | None
    id_proof: bytes
    series_proof: bytes
    secret: bytes = field(repr=False)
    document: bytes = field(repr=False)

    def to_json(self) -> bytes:
        """The file."""
        return canonical_bytes(
            {
                "format": FORMAT,
                "version": VERSION,
                "kind": KIND,
                "chainId": self.chain_id,
                "registry": self.registry,
                "id": self.title_id,
                "series": self.series,
                "schema": self.schema,
                "recordVersion": self.record_version,
                "contentRoot": self.content_root,
                "code": self.code,
                "number": self.number,
                "subReference": self.sub_reference,
                "idProof": to_hex(self.id_proof),
                "seriesProof": to_hex(self.series_proof),
                "secret": to_hex(self.secret),
                "document": base64.b64encode(self.document).decode(),
            }
        )


@dataclass(frozen=True, slots=True)
class TitleOnChain:
    """What the chain says of the title that a package is about."""

    chain_id: int
    registry: Address
    title_id: TitleId
    series: SeriesId
    content_root: ContentRoot
    schema: int
    version: int
    kind: TitleKind
    issuer: PartyIndex


@dataclass(frozen=True, slots=True)
class CodeOnChain:
    """Whose a code is on the chain, and the key that it numbers with."""

    party: PartyIndex
    key: bytes


def read_package(raw: bytes) -> Package:
    """The package in this file; every member must be there, in its form, and no other."""
    try:
        members = read_json(raw)
    except JsonMalformed as error:
        raise PackageMalformed(error.detail, field=error.field or "package") from error
    if not isinstance(members, dict):
        raise PackageMalformed("must be a JSON object", field="package")
    for name, known in (("format", FORMAT), ("version", VERSION), ("kind", KIND)):
        if members.get(name) != known or isinstance(members[name], bool):
            raise PackageMalformed(f"must be {known!r}", field=name)
    package = _members(members)
    if package.to_json() != raw:  # a member too many, another order, another spelling
        raise PackageMalformed("is not the canonical form (RFC 8785) of a package", field="package")
    return package


def check_package(
    package: Package, title: TitleOnChain, code: CodeOnChain | None
) -> TransportDocument:
    """The document, once everything that the package says is what the chain says.

    The root is made anew from the document and the secret, and the proofs are verified under the
    key that the chain has for the code: nothing is taken from the package at its word.
    """
    _agree("chain", package.chain_id, title.chain_id, field="chainId")
    _agree("registry", package.registry, title.registry, field="registry")
    _agree("title", package.title_id, title.title_id, field="id")
    _agree("series", package.series, title.series, field="series")
    _agree("schema", package.schema, title.schema, field="schema")
    _agree("schema", package.schema, SCHEMA, field="schema")
    _agree("version", package.record_version, title.version, field="recordVersion")
    _agree("root", package.content_root, title.content_root, field="contentRoot")
    document = _document(package)
    _agree("document", package.document, document.canonical, field="document")
    _agree("code", package.code, document.code, field="code")
    _agree("number", package.number, document.number, field="number")
    _agree("number", package.sub_reference, document.sub_reference, field="subReference")
    _agree("kind", title.kind, document.kind, field="document")
    if code is None:
        raise _refused("code", f"the chain has no numbering key for {package.code}", "code")
    if code.party != title.issuer:
        raise _refused("code", f"{package.code} is not a code of the title's issuer", "code")
    _verify_number(document, package, code)
    root = commit(
        document,
        schema_by_number(package.schema),
        secret=package.secret,
        version=package.record_version,
    ).root
    _agree("root", to_hex(root), title.content_root, field="document")
    return document


def _document(package: Package) -> TransportDocument:
    try:
        return read_transport_document(package.document)
    except (DocumentMalformed, NotATitle, NumberMalformed) as problem:
        raise _refused("document", problem.detail, "document") from problem


def _verify_number(document: TransportDocument, package: Package, code: CodeOnChain) -> None:
    title = Numbering(package.title_id, package.id_proof)
    series = Numbering(package.series, package.series_proof)
    for rule, member, name, numbering in (
        ("numbering-id", "idProof", document.title_name(), title),
        ("numbering-series", "seriesProof", document.series_name(), series),
    ):
        try:
            verify_numbering(code.key, name, numbering)
        except NumberingRefused as problem:
            raise _refused(rule, problem.detail, member) from problem


def _agree(rule: str, told: object, known: object, *, field: str) -> None:
    if told != known:
        raise _refused(rule, f"{field} is not what the chain has for this title", field)


def _refused(rule: str, detail: str, field: str) -> PackageRefused:
    return PackageRefused(detail, field=field, rule=rule)


def _members(members: dict[str, JsonValue]) -> Package:
    sub_reference = members.get("subReference")
    try:
        return Package(
            chain_id=_number(members, "chainId", most=2**53 - 1),
            registry=Address(hex_20(_text(members, "registry"), "registry")),
            title_id=TitleId(hex_32(_text(members, "id"), "id")),
            series=SeriesId(hex_32(_text(members, "series"), "series")),
            schema=_number(members, "schema", most=2**16 - 1),
            record_version=_number(members, "recordVersion", most=VERSION_LIMIT),
            content_root=ContentRoot(hex_32(_text(members, "contentRoot"), "contentRoot")),
            code=IssuerCode(_text(members, "code")),
            number=_text(members, "number"),
            sub_reference=None if sub_reference is None else _text(members, "subReference"),
            id_proof=_bytes(members, "idProof"),
            series_proof=_bytes(members, "seriesProof"),
            secret=to_bytes(hex_32(_text(members, "secret"), "secret")),
            document=_base64(members, "document"),
        )
    except InvalidInput as error:
        raise PackageMalformed(error.detail, field=error.field) from error


def _text(members: dict[str, JsonValue], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise PackageMalformed("must be text", field=name)
    return value


def _number(members: dict[str, JsonValue], name: str, *, most: int) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise PackageMalformed(f"must be a whole number from 1 to {most}", field=name)
    return value


def _bytes(members: dict[str, JsonValue], name: str) -> bytes:
    try:
        return bytes.fromhex(_text(members, name).removeprefix("0x"))
    except ValueError as error:
        raise PackageMalformed("must be 0x and hexadecimal digits", field=name) from error


def _base64(members: dict[str, JsonValue], name: str) -> bytes:
    try:
        return base64.b64decode(_text(members, name), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PackageMalformed("must be base64", field=name) from error
