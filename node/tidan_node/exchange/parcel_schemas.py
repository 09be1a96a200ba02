"""What is asked and answered about parcels."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from tidan_node.domain.identifiers import hex_32
from tidan_node.domain.packages import RecordKind
from tidan_node.domain.parcels import ParcelStatus
from tidan_node.web.shapes import Moment, PartyName, PartyReference, Shape

Direction = Literal["in", "out"]


class SendRequest(Shape):
    """Disclose a record's content to a party: whoever has it can read all of the document."""

    kind: RecordKind
    record: str = Field(min_length=66, max_length=66, description="The record's id.")
    recipient: PartyReference


class ReceiptAnswer(Shape):
    """A compact JWS of this node's party (typ `tidan-receipt+jws`)."""

    receipt: str


class ParcelAnswer(Shape):
    """A parcel as it stands. `party` is its recipient, or where it came in its sender."""

    id: str
    direction: Direction
    kind: RecordKind | None
    record: str | None
    party: PartyName
    status: ParcelStatus
    attempts: int
    next_attempt_at: Moment | None
    problem: str | None
    rule: str | None
    created_at: Moment
    ended_at: Moment | None


class ParcelPage(Shape):
    """Parcels, the newest first."""

    items: list[ParcelAnswer]
    next_cursor: str | None


class ParcelFilter:
    """Which parcels are wanted."""

    def __init__(
        self,
        direction: Annotated[
            Direction | None, Query(description="Those that came in, or those that go out.")
        ] = None,
        record: Annotated[str | None, Query(description="Of this record.")] = None,
        status: Annotated[ParcelStatus | None, Query(description="In this state.")] = None,
    ) -> None:
        self.direction = direction
        self.record = None if record is None else hex_32(record, "record")
        self.status = status
