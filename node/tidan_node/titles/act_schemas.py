"""Acts on titles as callers ask for them, and what they are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, AwareDatetime, Field

from tidan_node.domain.identifiers import TitleId
from tidan_node.domain.titles.issues import LARGEST_BATCH
from tidan_node.domain.titles.replacements import MOST_PARTS
from tidan_node.operations.operation import Operation
from tidan_node.web.acts import ExpectedSeq
from tidan_node.web.operation_answers import OperationAnswer
from tidan_node.web.shapes import PartyReference, Shape, whole_second

Moved = Literal["possession", "title", "final"]
KindName = Literal["ORDER", "ORDER_FINAL", "BLANK"]
RefusalName = Literal["FREIGHT_UNPAID", "WRONG_PARTY", "CARGO_NOT_ARRIVED", "LEGAL_HOLD", "OTHER"]
AmendmentName = Literal[
    "CORRECTION",
    "CHANGE_OF_DESTINATION",
    "SPLIT",
    "COMBINATION",
    "SWITCH",
    "TO_PAPER",
    "OTHER",
]
Document = dict[str, Any]  # Any: read by the document's own schema
Deadline = Annotated[AwareDatetime, AfterValidator(whole_second)]


Word = Annotated[str, Field(pattern=r"^0[xX][0-9a-fA-F]{64}$"), AfterValidator(str.lower)]
"""32 bytes as hex."""


Account = Annotated[str, Field(pattern=r"^0[xX][0-9a-fA-F]{40}$"), AfterValidator(str.lower)]


def _distinct(named: list[str]) -> list[str]:
    for place, each in enumerate(named):
        if each in named[:place]:
            raise ValueError(f"{each} is named twice")
    return named


class ActRequest(Shape):
    """An act that needs no more said."""

    expected_seq: ExpectedSeq = None


class BatchedIssue(Shape):
    """A transport document (DCSA) to be issued as a title, among others."""

    document: Document
    possessor: PartyReference | None = None
    """Who holds it first; this node's own party when left out."""
    titleholder: PartyReference | None = None
    """To whom it is made out: needed, unless the document is a bill in blank."""


class IssueRequest(BatchedIssue):
    """A transport document (DCSA) to be issued as a title."""

    withdrawal: Word | None = None
    """Where it is in place of a paper bill: the hash of the record of that one's withdrawal."""


class BatchRequest(Shape):
    """Titles to be issued together: all of them, or none."""

    titles: Annotated[list[BatchedIssue], Field(min_length=1, max_length=LARGEST_BATCH)]


class OfferRequest(Shape):
    """An offer: to whom, of what, until when."""

    recipient: PartyReference
    what: Annotated[list[Moved], Field(min_length=1, max_length=3)] | None = None
    deadline: Deadline | None = None
    expected_seq: ExpectedSeq = None


class EndorsementRequest(Shape):
    """What the title becomes by its possessor's own hand."""

    kind: KindName
    expected_seq: ExpectedSeq = None


class PledgeRequest(Shape):
    """A pledge: to which bank, and until when it may take it."""

    pledgee: PartyReference
    deadline: Deadline | None = None
    expected_seq: ExpectedSeq = None


class EnforcementRequest(Shape):
    """To whom the pledgee offers the title, and until when."""

    recipient: PartyReference
    deadline: Deadline | None = None
    expected_seq: ExpectedSeq = None


class RejectionRequest(Shape):
    """A surrender refused, and why."""

    reason: RefusalName
    expected_seq: ExpectedSeq = None


class ReasonRequest(Shape):
    """What a title is given back for, or made paper for."""

    reason: AmendmentName
    expected_seq: ExpectedSeq = None


class ReplacementRequest(Shape):
    """The document in place of a title's own. Its holders stay; a straight title that its consignee
    does not possess may name another one."""

    document: Document
    titleholder: PartyReference | None = None
    reason: AmendmentName
    expected_seq: ExpectedSeq = None


class SplitRequest(Shape):
    """The documents in place of one."""

    documents: Annotated[list[Document], Field(min_length=2, max_length=MOST_PARTS)]
    reason: AmendmentName
    expected_seq: ExpectedSeq = None


class CombinationRequest(Shape):
    """The titles that become one, and its document."""

    titles: Annotated[
        list[Word],
        Field(min_length=2, max_length=MOST_PARTS, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_distinct),
    ]
    expected_seqs: (
        Annotated[
            list[Annotated[int, Field(strict=True, ge=1, lt=2**32)]],
            Field(min_length=2, max_length=MOST_PARTS),
        ]
        | None
    ) = None
    document: Document
    reason: AmendmentName


class LockRequest(Shape):
    """Which gateway the title leaves by, and what that knows the crossing by."""

    gateway: Account
    transfer: Word
    expected_seq: ExpectedSeq = None


class Doubtful(Protocol):
    """Something that only who asks can judge."""

    @property
    def field(self) -> str: ...

    @property
    def detail(self) -> str: ...


class Made(Protocol):
    """What an act on documents brings about."""

    @property
    def operation(self) -> Operation: ...

    @property
    def titles(self) -> Sequence[TitleId]: ...

    @property
    def warnings(self) -> Sequence[Doubtful]: ...


class TitleAccepted(Shape):
    """The intention is kept; watch the operation to see it done."""

    operation: OperationAnswer
    title: str

    @classmethod
    def of(cls, operation: Operation) -> TitleAccepted:
        return cls(operation=OperationAnswer.accepted(operation), title=operation.target)


class WarningAnswer(Shape):
    """What the node does not judge: it does what it was asked, and you had better look."""

    field: str
    detail: str

    @classmethod
    def all(cls, doubts: Sequence[Doubtful]) -> list[WarningAnswer]:
        return [cls(field=each.field, detail=each.detail) for each in doubts]


class IssueAccepted(TitleAccepted):
    """The same, with what there is to doubt about it."""

    warnings: list[WarningAnswer]

    @classmethod
    def issuing(cls, made: Made) -> IssueAccepted:
        accepted = TitleAccepted.of(made.operation)
        return cls(**dict(accepted), warnings=WarningAnswer.all(made.warnings))


class TitlesAccepted(IssueAccepted):
    """The same, with the titles that come to be by it."""

    titles: list[str]

    @classmethod
    def bringing(cls, made: Made) -> TitlesAccepted:
        return cls(**dict(IssueAccepted.issuing(made)), titles=list(made.titles))
