"""Checks of trades as callers send and see them."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator

from tidan_node.verification.held import HeldTrade
from tidan_node.verification.report import TradeReport
from tidan_node.web.shapes import SEEN, VISIBLE, AsOf, PartyName, PartyReference, Shape

MOST_PAPERS: Final = 100


def _decoded(text: object) -> bytes:
    if not isinstance(text, str):
        raise ValueError("must be a string")  # noqa: TRY004  pydantic asks for ValueError
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("must be base64 (RFC 4648, section 4)") from error


FileContent = Annotated[
    bytes,
    BeforeValidator(_decoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64", "format": "byte"}),
]


class PaperRequest(Shape):
    """One paper; what it is shows in its content, and its name only names it."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=SEEN)]
    content: Annotated[FileContent, Field(repr=False)]


class TradeCheckRequest(Shape):
    """The title of the trade, where there is one, and papers that this node does not hold."""

    title: Annotated[
        str | None, Field(max_length=66, pattern=VISIBLE, description="The id of the title.")
    ] = None
    papers: Annotated[list[PaperRequest], Field(max_length=MOST_PAPERS, default_factory=list)]
    holder: Annotated[
        PartyReference | None,
        Field(
            description="Who should hold the title. Left out: who offers it to this node's own"
            " party, or else that party itself."
        ),
    ] = None

    @field_validator("papers")
    @classmethod
    def _named_once(cls, papers: list[PaperRequest]) -> list[PaperRequest]:
        if len({paper.name for paper in papers}) != len(papers):
            raise ValueError("must have different names")
        return papers


class EvidenceAnswer(Shape):
    """A value that a verdict stands on."""

    paper: str
    path: str
    value: str


class RuleAnswer(Shape):
    """What one rule says."""

    id: str
    title: str
    severity: Literal["high", "medium", "low"]
    verdict: Literal["pass", "finding", "not_evaluable"]
    detail: str
    evidence: list[EvidenceAnswer]


class PaperProblem(Shape):
    """The rule of its form that a paper breaks, and where."""

    rule: str
    path: str
    detail: str


class PaperAnswer(Shape):
    """What a paper was taken for."""

    name: str
    kind: str
    problem: PaperProblem | None


class CheckCounts(Shape):
    """How many rules came to which verdict."""

    passed: Annotated[int, Field(alias="pass")]
    finding: int
    not_evaluable: int


class TradeTitle(Shape):
    """The title as the check found it."""

    id: str
    status: str
    possessor: PartyName | None
    titleholder: PartyName | None


Because = Literal[
    "it was named",
    "it offers the title to this party",
    "it gives the title to this party as security",
    "it asks",
]


class ExpectedHolder(PartyName):
    """Who should hold the title, and why that party."""

    because: Because


class TradeCheckAnswer(Shape):
    """The report of a check."""

    verdict: Literal["pass", "findings", "incomplete"]
    counts: CheckCounts
    rules: list[RuleAnswer]
    papers: list[PaperAnswer]
    title: TradeTitle | None
    expected_holder: ExpectedHolder | None
    as_of: AsOf

    @classmethod
    def of(
        cls, report: TradeReport, held: HeldTrade, expected: ExpectedHolder | None
    ) -> TradeCheckAnswer:
        found = held.title
        title = None
        if found is not None:
            title = TradeTitle(
                id=found.title_id,
                status=found.status.name,
                possessor=PartyName.or_none(found.possessor, held.names),
                titleholder=PartyName.or_none(found.titleholder, held.names),
            )
        return cls.model_validate(
            {
                **report.document(),
                "title": title,
                "expectedHolder": None if title is None else expected,
                "asOf": AsOf.of(held.as_of),
            }
        )
