"""Three members, every line between whose nodes is tapped, and what their nodes say of parcels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.system.consortium import Member, wait_until
from tests.system.silence import texts_of
from tests.system.tapped_line import Mood, TappedLine

Json = dict[str, Any]  # Any: JSON


@dataclass
class Neighbours:
    """Three members; every line between their nodes is tapped."""

    carrier: Member
    seller: Member
    buyer: Member
    lines: dict[str, TappedLine]

    @property
    def sealed(self) -> bytes:
        return b"\n".join(line.sealed for line in self.lines.values())

    @property
    def inside(self) -> bytes:
        return b"\n".join(line.inside for line in self.lines.values())

    def turn(self, mood: Mood) -> None:
        for line in self.lines.values():
            line.mood = mood

    def issue(self, document: Json) -> str:
        """A title that the carrier issues to the seller; its package is on its way."""
        answer = self.carrier.post("/v1/titles", self.wish(document), str(uuid4()))
        assert answer.status_code == 202, answer.text
        operation = answer.json()["operation"]["id"]
        wait_until(lambda: self.carrier.operation_ended(operation), f"{operation} ended")
        return str(answer.json()["title"])

    def wish(self, document: Json) -> Json:
        blank = document["isToOrder"] and "endorsee" not in document["documentParties"]
        body = {"document": document, "possessor": self.seller.identifier}
        return body | ({} if blank else {"titleholder": self.seller.identifier})


def line_to(neighbours: Neighbours, member: Member) -> TappedLine:
    return neighbours.lines[member.home.name]


def parcels(member: Member, direction: str, record: str) -> list[Json]:
    found: list[Json] = member.get(f"/v1/parcels?direction={direction}&record={record}")["items"]
    return found


def has_arrived(sender: Member, receiver: Member, record: str) -> bool:
    out, came = parcels(sender, "out", record), parcels(receiver, "in", record)
    return [each["status"] for each in out + came] == ["delivered", "received"]


def entries(member: Member, act: str) -> list[Json]:
    found: list[Json] = member.get("/v1/trail?limit=200")["items"]
    return [each for each in found if each["act"] == act]


def of_parcel(found: list[Json], parcel: str) -> list[Json]:
    return [each for each in found if parcel in (each["subject"], each["detail"].get("parcel"))]


def secrets_of(neighbours: Neighbours, title: str, document: Json) -> list[bytes]:
    """What belongs to the parties of a title alone."""
    members = (neighbours.carrier, neighbours.seller, neighbours.buyer)
    package = json.loads(neighbours.carrier.content(f"/v1/titles/{title}/package"))
    shown = neighbours.carrier.get(f"/v1/titles/{title}")
    return [
        document["transportDocumentReference"].encode(),
        bytes.fromhex(title[2:]),
        title[2:].encode(),
        shown["contentRoot"][2:].encode(),
        package["secret"][2:].encode(),
        package["document"].encode()[:400],
        *(member.home.name.encode() for member in members),
        *(member.identifier.encode() for member in members),
        *(text.encode() for text in texts_of(document)),
    ]
