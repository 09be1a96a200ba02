"""The content root of a document that is held, and what it is found by, computed anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tidan_node.audit.naming import (
    KeptReference,
    Naming,
    is_found_so,
    is_numbered_so,
    numbering_of,
)
from tidan_node.domain.documents.recorded import READERS, RecordedDocument, content_root
from tidan_node.domain.party_fold import NumberingKey
from tidan_node.problems import Problem


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database has of a document, as it is: nothing of it is taken to be of its type."""

    record: object
    root: object
    kind: object
    schema: object
    version: object
    document: object
    secret: object
    numbering: object


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The root, or the rule that the kept document breaks. Nothing of its text is in either."""

    root: str | None = None
    rule: str | None = None
    misnamed: tuple[Naming, ...] = ()


def recompute(
    kept: Kept, references: frozenset[KeptReference], registered: NumberingKey | None
) -> Recomputed:
    """The root of all that the document says, under the secret that is kept with it; and whether
    it is numbered and found by what it says."""
    match kept:
        case Kept(
            kind=str(kind),
            schema=int(schema),
            version=int(version),
            document=bytes(raw),
            secret=bytes(secret),
        ) if kind in READERS:
            try:
                document = READERS[kind](raw)
            except Problem as problem:
                return Recomputed(rule=problem.slug)
            root, rule = _root(document, schema, secret=secret, version=version)
            numbered = is_numbered_so(
                document,
                numbering_of(kept.numbering),
                record=str(kept.record),
                registered=registered,
            )
            found = is_found_so(kind, raw, references)
            return Recomputed(root, rule, tuple(_misnamed(numbered=numbered, found=found)))
        case _:
            return Recomputed(rule="type")


def _root(
    document: RecordedDocument, schema: int, *, secret: bytes, version: int
) -> tuple[str | None, str | None]:
    try:
        return content_root(document, schema, secret=secret, version=version), None
    except Problem as problem:
        return None, problem.slug
    except ValueError:  # a secret or a version of another form
        return None, "secret"


def _misnamed(*, numbered: bool, found: bool) -> Iterator[Naming]:
    if not numbered:
        yield "numbering"
    if not found:
        yield "references"
