"""Packages between real nodes: nobody on the line reads or changes them, and each arrives once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.system.consortium import Consortium, free_port, wait_until
from tests.system.neighbours import (
    Neighbours,
    entries,
    has_arrived,
    line_to,
    of_parcel,
    parcels,
    secrets_of,
)
from tests.system.silence import assert_silent
from tests.system.tapped_line import Mood, TappedLine
from tidan_cli.exits import ExitCode

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON

PARCEL = b"POST /v1/parcels HTTP/1.1"


@pytest.fixture(scope="module")
def neighbours(
    consortium: Consortium, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Neighbours]:
    lines, members, folder = {}, {}, tmp_path_factory.mktemp("lines")
    for name, role, identifier, *codes in (
        ("Tapped Line Demo Carrier", "CARRIER", "LEI:TIDANDEMOWIRE0000176", "SMDG:TDZ"),
        ("Tapped Line Demo Seller", "TRADER", "LEI:TIDANDEMOWIRE0000273"),
        ("Tapped Line Demo Buyer", "TRADER", "LEI:TIDANDEMOWIRE0000370"),
    ):
        port = free_port()
        line = lines[name] = TappedLine(port, folder)
        members[name] = consortium.member(
            *(name, role, identifier, *codes),
            exchange_port=port,
            public_url=line.url,
            also_pinned=line.certificate,
        )
        members[name].serve()
    yield Neighbours(*members.values(), lines)
    for line in lines.values():
        line.close()


@pytest.fixture(autouse=True)
def quiet(neighbours: Neighbours) -> None:
    """Every test begins with nodes that run and lines that are honest."""
    neighbours.turn(Mood.HONEST)
    for member in (neighbours.carrier, neighbours.seller, neighbours.buyer):
        if member.process is None or member.process.poll() is not None:
            member.serve()


@pytest.mark.parametrize("mood", [Mood.HONEST, Mood.READING])
def test_the_line_tells_nothing_while_a_title_is_offered_and_accepted(
    neighbours: Neighbours, transport_document: Json, mood: Mood
) -> None:
    """Not even to one who has the key of a certificate that the profile pins, and reads in TLS."""
    carrier, seller, buyer = neighbours.carrier, neighbours.seller, neighbours.buyer
    neighbours.turn(mood)
    came_before, heard_before = neighbours.inside.count(PARCEL), len(neighbours.sealed)
    title = neighbours.issue(transport_document)
    wait_until(lambda: has_arrived(carrier, seller, title), "the seller has the package")

    offer = seller.tidan("title", "offer", title, "--to", buyer.identifier)
    buyer.tidan("title", "accept", title)

    assert offer.answer["parcel"]["status"] == "delivered"
    assert buyer.get(f"/v1/titles/{title}")["possessor"]["name"] == buyer.home.name
    read = neighbours.inside.count(PARCEL) - came_before
    assert read >= 2 if mood is Mood.READING else read == 0
    package = carrier.content(f"/v1/titles/{title}/package")
    assert len(neighbours.sealed) - heard_before > 2 * len(package)
    assert PARCEL not in neighbours.sealed
    secrets = secrets_of(neighbours, title, transport_document)
    assert_silent(neighbours.sealed, secrets)
    assert_silent(neighbours.inside, secrets)


def test_who_poses_as_the_receiver_by_a_certificate_of_his_own_gets_nothing(
    neighbours: Neighbours, transport_document: Json
) -> None:
    carrier, seller = neighbours.carrier, neighbours.seller
    line = line_to(neighbours, seller)
    line.mood = Mood.POSING
    read_before = line.inside
    title = neighbours.issue(transport_document)
    wait_until(
        lambda: parcels(carrier, "out", title)[0]["problem"] == "certificate-not-pinned",
        "the parcel waits",
    )

    assert line.inside == read_before
    line.mood = Mood.HONEST
    wait_until(lambda: has_arrived(carrier, seller, title), "the package has arrived")
    (parcel,) = parcels(carrier, "out", title)
    (delayed,) = of_parcel(entries(carrier, "parcel.delayed"), parcel["id"])
    assert delayed["detail"]["problem"] == "certificate-not-pinned"


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
    wait_until(lambda: seller.knows(title), "the seller has read of the title")
    assert seller.get(f"/v1/titles/{title}")["holdsContent"] is False

    line.mood = Mood.HONEST
    wait_until(lambda: has_arrived(carrier, seller, title), "the package has arrived")

    # what its signer did not sign is not read: the trail names it by its digest alone
    refused = [each for each in entries(seller, "parcel.refused") if "sha256:" in each["subject"]]
    assert refused[0]["detail"] == {"problem": "signature-refused", "rule": "digest"}
    delayed = of_parcel(entries(carrier, "parcel.delayed"), parcel["id"])
    assert {each["detail"]["problem"] for each in delayed} == {"signature-refused"}
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
