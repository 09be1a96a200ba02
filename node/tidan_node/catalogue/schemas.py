"""What is searched for, and what is found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tidan_node.domain.documents.references import LONGEST, SCHEMES
from tidan_node.web.shapes import SEEN, AsOf, PartyName, Shape

MOST_FOUND = 200
Kind = Literal["title", "invoice", "policy"]


class SearchRequest(Shape):
    """A number, or how it begins, as people have it before them."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=SEEN)]
    kind: Annotated[Kind | None, Field(description="Only records of this kind.")] = None
    scheme: Annotated[
        str | None,
        Field(max_length=32, description=f"Only numbers of this kind: {', '.join(SCHEMES)}."),
    ] = None
    whole: Annotated[bool, Field(description="Only what is this number, not what begins so.")] = (
        False
    )
    limit: Annotated[int, Field(strict=True, ge=1, le=MOST_FOUND)] = 50


class Found(Shape):
    """A document that this node holds and that has, or names, the number."""

    kind: Kind
    record: str
    scheme: str
    value: str
    """As it is written in the document."""
    whole: bool
    """Whether this is the number that was asked for, or only begins so."""
    current: bool
    """Whether the record, as it stands on the chain, is of this very document."""
    status: str | None
    """None while the chain, as far as it is read here, has no such record."""
    parties: dict[str, PartyName]


class SearchAnswer(Shape):
    """What was found, whole numbers first."""

    items: list[Found]
    more: bool
    as_of: AsOf
