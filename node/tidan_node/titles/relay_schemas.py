"""Acts that are signed away from the node, as callers have them prepared and relayed."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from tidan_node.titles.act_schemas import (
    Account,
    AmendmentName,
    Deadline,
    Document,
    TitlesAccepted,
    WarningAnswer,
    Word,
)
from tidan_node.web.acts import ExpectedSeq
from tidan_node.web.shapes import Moment, PartyName, PartyReference, Shape

_LONGEST_CALL: Final = 60_000
"""Digits: a batch of 100 titles has half as many."""


class PrepareRequest(Shape):
    """The act to be signed, by the name of the contract's function.

    `arguments` has its arguments by their names. Of an act that puts a document on record the body
    may say instead what that of the direct act says; the title that is replaced is `title` then.
    """

    act: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z]+$")]
    arguments: dict[str, Any] | None = None  # Any: the contract's ABI says what each is
    """As the contract takes them; parties may go by any of their names, deadlines be moments."""
    valid_until: Deadline | None = None
    """Until when it can be sent; a day from now when left out."""
    title: Word | None = None
    document: Document | None = None
    documents: list[Document] | None = None
    titles: list[Any] | None = None  # Any: bodies of issues, or ids of what is combined
    possessor: PartyReference | None = None
    titleholder: PartyReference | None = None
    withdrawal: Word | None = None
    reason: AmendmentName | None = None
    expected_seq: ExpectedSeq = None
    expected_seqs: list[int] | None = None

    def direct(self) -> dict[str, Any]:  # Any: JSON
        """The body of the direct act."""
        about = {"act", "arguments", "valid_until"}
        return self.model_dump(by_alias=True, exclude_none=True, exclude=about)


class PreparedAct(Shape):
    """What is signed, and what is sent with the signature."""

    call: str
    valid_until: Moment
    typed_data: dict[str, Any]  # Any: as eth_signTypedData_v4 takes it
    digest: str
    """The hash over it, which a key that knows no typed data signs."""
    says: dict[str, str]
    """The same in words: parties by their names, times as moments."""
    titles: list[str]
    """Those that come to be by it, where it was made from documents."""
    warnings: list[WarningAnswer]
    """What there is to doubt about these."""


class RelayRequest(Shape):
    """An act that was signed, and by which account."""

    call: Annotated[
        str,
        Field(pattern=r"^0[xX]([0-9a-fA-F]{2})+$", max_length=_LONGEST_CALL),
        AfterValidator(str.lower),
    ]
    signer: Account
    valid_until: Deadline
    signature: Annotated[str, Field(pattern=r"^0[xX][0-9a-fA-F]{130}$"), AfterValidator(str.lower)]
    documents: list[Document] | None = None
    """Those that the act was prepared from. Nobody needs to state them; who approves it sees them
    here."""


class RelayAccepted(TitlesAccepted):
    """The same, with the act that it is and whose. Titles come to be by it here where it was made
    from documents."""

    act: str
    signer: PartyName
    only_relayed: bool
    """Whether the node does no more than send it: an act of another party, or on a document that
    was not prepared here. Then it keeps no content, and sends nobody a package."""
