"""Acts that are signed away from the node, as callers have them prepared and relayed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from tidan_node.operations.operation import Operation
from tidan_node.titles.act_schemas import Account, Deadline, TitleAccepted
from tidan_node.web.shapes import Moment, PartyName, Shape

_LONGEST_CALL = 60_000
"""Digits: a batch of 100 titles has half as many."""


class PrepareRequest(Shape):
    """The act to be signed: by the name of the contract's function, its arguments by theirs."""

    act: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z]+$")]
    arguments: dict[str, Any]  # Any: the contract's ABI says what each is
    valid_until: Deadline | None = None
    """Until when it can be sent; a day from now when left out."""


class PreparedAct(Shape):
    """What is signed, and what is sent with the signature."""

    call: str
    valid_until: Moment
    typed_data: dict[str, Any]  # Any: as eth_signTypedData_v4 takes it
    digest: str
    """The hash over it, which a key that knows no typed data signs."""


class RelayRequest(Shape):
    """An act that was signed, and by which account."""

    call: Annotated[
        str,
        Field(pattern=r"^0x([0-9a-fA-F]{2})+$", max_length=_LONGEST_CALL),
        AfterValidator(str.lower),
    ]
    signer: Account
    valid_until: Deadline
    signature: Annotated[str, Field(pattern=r"^0x[0-9a-fA-F]{130}$"), AfterValidator(str.lower)]


class RelayAccepted(TitleAccepted):
    """The same, with the act that it is and whose."""

    act: str
    signer: PartyName

    @classmethod
    def relaying(cls, operation: Operation, act: str, signer: PartyName) -> RelayAccepted:
        return cls(**dict(TitleAccepted.of(operation)), act=act, signer=signer)
