"""Packages between real nodes: nobody on the line reads or changes them, and each arrives once."""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.system.consortium import Consortium, Member, free_port, wait_until
from tests.system.tapped_line import Mood, TappedLine
from tidan_cli.exits import ExitCode

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON

SHORTEST = 7
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Neighbours:
    """Three members; every line between their nodes is tapped."""

    carrier: Member
    seller: Member
    buyer: Member
    lines: dict[str, TappedLine]

    @property
    def heard(self) -> bytes:
        return b"\n".join(line.heard for line in self.lines.values())

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


@pytest.fixture(scope="module")
def neighbours(consortium: Consortium) -> Iterator[Neighbours]:
    lines, members = {}, {}
    for name, role, identifier, *codes in (
        ("Tapped Line Demo Carrier", "CARRIER", "LEI:TIDANDEMOWIRE0000125", "SMDG:TDZ"),
        ("Tapped Line Demo Seller", "TRADER", "LEI:TIDANDEMOWIRE0000224"),
        ("Tapped Line Demo Buyer", "TRADER", "LEI:TIDANDEMOWIRE0000323"),
    ):
        port = free_port()
        lines[name] = TappedLine(port)
        members[name] = consortium.member(
            name, role, identifier, *codes, port=port, public_url=lines[name].url
        )
        members[name].serve()
    yield Neighbours(*members.values(), lines)
    for line in lines.values():
        line.close()


@pytest.fixture(autouse=True)
def quiet(neighbours: Neighbours) -> None:
    """Every test begins with nodes that run and lines that are honest."""
    for line in neighbours.lines.values():
        line.mood = Mood.HONEST
    for member in (neighbours.carrier, neighbours.seller, neighbours.buyer):
        if member.process is None or member.process.poll() is not None:
            member.serve()


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


def texts_of(value: object) -> Iterator[str]:
    """Every text of a document that is long enough to be told from chance; dates stand elsewhere
    on a line, too."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)
    elif isinstance(value, str) and len(value) >= SHORTEST and not DATE.match(value):
        yield value


def forms_of(text: bytes) -> Iterator[bytes]:
    """A text as it would be seen on a line: plain, in hex, and in base64 at each of its places."""
    yield text
    yield text.lower()
    yield text.hex().encode()
    for before in range(3):
        padded = b"\0" * before + text
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # groups that would hold bits of what stands beside the text are left out
            yield encode(padded)[4 if before else 0 : len(padded) // 3 * 4]


def assert_silent(heard: bytes, secrets: list[bytes]) -> None:
    for secret in secrets:
        for form in forms_of(secret):
            assert len(form) < SHORTEST or form not in heard, f"{secret!r} was on the line"


def test_the_line_tells_nothing_while_a_title_is_offered_and_accepted(
    neighbours: Neighbours, transport_document: Json
) -> None:
    carrier, seller, buyer = neighbours.carrier, neighbours.seller, neighbours.buyer
    title = neighbours.issue(transport_document)
    wait_until(lambda: has_arrived(carrier, seller, title), "the seller has the package")

    offer = seller.tidan("title", "offer", title, "--to", buyer.identifier)
    buyer.tidan("title", "accept", title)

    assert offer.answer["parcel"]["status"] == "delivered"
    assert buyer.get(f"/v1/titles/{title}")["possessor"]["name"] == buyer.home.name
    heard = neighbours.heard
    assert heard.count(b"POST /v1/parcels HTTP/1.1") >= 2
    package = carrier.content(f"/v1/titles/{title}/package")
    shown = carrier.get(f"/v1/titles/{title}")
    secrets = [
        transport_document["transportDocumentReference"].encode(),
        bytes.fromhex(title[2:]),
        title[2:].encode(),
        shown["contentRoot"][2:].encode(),
        json.loads(package)["secret"][2:].encode(),
        json.loads(package)["document"].encode()[:400],
        *(member.home.name.encode() for member in (carrier, seller, buyer)),
        *(member.identifier.encode() for member in (carrier, seller, buyer)),
        *(text.encode() for text in texts_of(transport_document)),
    ]
    assert_silent(heard, secrets)


def test_nobody_accepts_what_has_not_arrived(
    neighbours: Neighbours, transport_document: Json
) -> None:
    carrier, seller, buyer = neighbours.carrier, neighbours.seller, neighbours.buyer
    title = neighbours.issue(transport_document)
    wait_until(lambda: has_arrived(carrier, seller, title), "the seller has the package")
    line_to(neighbours, buyer).mood = Mood.CUT
    offer = {"recipient": buyer.identifier}
    answer = seller.post(f"/v1/titles/{title}/offers", offer, str(uuid4()))
    operation = answer.json()["operation"]["id"]
    wait_until(lambda: seller.operation_ended(operation), "the offer is on the chain")
    wait_until(
        lambda: parcels(seller, "out", title)[0]["problem"] == "recipient-unreachable",
        "the parcel waits",
    )
    wait_until(
        lambda: buyer.get(f"/v1/titles/{title}")["offer"] is not None, "the buyer sees the offer"
    )

    early = buyer.tidan("title", "accept", title, expected=ExitCode.REFUSED)
    line_to(neighbours, buyer).mood = Mood.HONEST
    wait_until(lambda: has_arrived(seller, buyer, title), "the buyer has the package")
    buyer.tidan("title", "accept", title)

    assert early.slug == "package-missing"
    assert buyer.get(f"/v1/titles/{title}")["possessor"]["name"] == buyer.home.name


def test_what_is_altered_on_the_line_is_refused_told_on_both_sides_and_arrives_once_it_is_honest(
    neighbours: Neighbours, transport_document: Json
) -> None:
    carrier, seller = neighbours.carrier, neighbours.seller
    line = line_to(neighbours, seller)
    line.mood = Mood.ALTERING
    title = neighbours.issue(transport_document)
    wait_until(
        lambda: parcels(carrier, "out", title)[0]["problem"] == "signature-refused",
        "the altered parcel is refused",
    )
    (parcel,) = parcels(carrier, "out", title)
    assert line.altered >= 1
    assert parcels(seller, "in", title) == []
    assert seller.get(f"/v1/titles/{title}")["holdsContent"] is False

    line.mood = Mood.HONEST
    wait_until(lambda: has_arrived(carrier, seller, title), "the package has arrived")

    # what its signer did not sign is not read: the trail names it by its digest alone
    refused = [each for each in entries(seller, "parcel.refused") if "sha256:" in each["subject"]]
    assert refused[0]["detail"] == {"problem": "signature-refused", "rule": "digest"}
    (delayed,) = of_parcel(entries(carrier, "parcel.delayed"), parcel["id"])
    assert delayed["detail"]["problem"] == "signature-refused"
    assert seller.get(f"/v1/titles/{title}")["holdsContent"] is True


@pytest.mark.parametrize(
    "moment",
    [
        "parcel.before-commit",
        "parcel.sealed",
        "parcel.sent",
        "parcel.delivered.before-commit",
    ],
)
def test_a_sender_that_is_killed_delivers_once(
    neighbours: Neighbours, transport_document: Json, moment: str
) -> None:
    carrier, key = neighbours.carrier, str(uuid4())
    carrier.kill()
    carrier.serve(crash_at=moment)
    wish = neighbours.wish(transport_document)
    with contextlib.suppress(httpx.HTTPError):  # it may die before it can answer
        carrier.post("/v1/titles", wish, key)
    carrier.wait_for_crash()

    carrier.serve()
    answer = carrier.post("/v1/titles", wish, key)

    assert answer.status_code == 202, answer.text
    assert_delivered_once(neighbours, answer.json()["title"])


@pytest.mark.parametrize("moment", ["parcel.received.before-commit", "parcel.received.committed"])
def test_a_receiver_that_is_killed_keeps_it_once(
    neighbours: Neighbours, transport_document: Json, moment: str
) -> None:
    seller = neighbours.seller
    seller.kill()
    seller.serve(crash_at=moment)
    title = neighbours.issue(transport_document)
    seller.wait_for_crash()

    seller.serve()

    assert_delivered_once(neighbours, title)


def test_a_package_shared_by_hand_is_readable_there(
    neighbours: Neighbours, transport_document: Json
) -> None:
    carrier, buyer = neighbours.carrier, neighbours.buyer
    title = neighbours.issue(transport_document)

    shared = carrier.tidan("title", "share", title, "--to", buyer.identifier)

    assert shared.answer["status"] == "delivered"
    document = json.loads(buyer.content(f"/v1/titles/{title}/document"))
    assert document == transport_document
    shown = buyer.tidan("parcel", "show", shared.answer["id"]).answer
    assert (shown["direction"], shown["status"]) == ("in", "received")


def assert_delivered_once(neighbours: Neighbours, title: str) -> None:
    carrier, seller = neighbours.carrier, neighbours.seller
    wait_until(lambda: has_arrived(carrier, seller, title), "the package has arrived")
    (parcel,) = parcels(carrier, "out", title)
    received = of_parcel(entries(seller, "parcel.received"), parcel["id"])
    delivered = of_parcel(entries(carrier, "parcel.delivered"), parcel["id"])
    queued = of_parcel(entries(carrier, "parcel.queued"), parcel["id"])
    assert [len(each) for each in (queued, received, delivered)] == [1, 1, 1]
    assert seller.get(f"/v1/titles/{title}")["holdsContent"] is True
