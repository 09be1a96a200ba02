"""The disk under a node's home is full amid its work: it is told, and all goes on with room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.system.consortium import Consortium, Member, wait_until
from tests.system.oracle import Oracle
from tests.system.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON

_MOST = 200


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallDisk]:
    with small_disk(tmp_path_factory.mktemp("disk") / "small", 32) as made:
        yield made


@pytest.fixture
def carrier(disk: SmallDisk, consortium: Consortium) -> Iterator[Member]:
    """A node whose home, log and all, is on the small disk."""
    member = consortium.member("carrier", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ")
    member.home = Path(shutil.move(member.home, disk.folder / "carrier"))
    member.serve()
    yield member
    disk.make_room()
    member.stop()


def test_what_was_accepted_is_done_once_and_what_was_not_is_told_so(
    consortium: Consortium, carrier: Member, disk: SmallDisk, transport_document: Json
) -> None:
    prefix = transport_document["transportDocumentReference"]
    numbers = count()

    def next_request() -> tuple[str, Json]:
        named = {"transportDocumentReference": f"{prefix}D{next(numbers)}"}
        return str(uuid4()), {"document": transport_document | named, "titleholder": "1"}

    accepted: dict[str, str] = {}
    refused: dict[str, Json] = {}

    def ask(key: str, body: Json) -> httpx.Response:
        answer = carrier.post("/v1/titles", body, key)
        if answer.status_code == httpx.codes.ACCEPTED:
            accepted[key] = answer.json()["operation"]["id"]
        return answer

    for _ in range(3):
        assert ask(*next_request()).status_code == httpx.codes.ACCEPTED
    for _ in range(_MOST):
        disk.fill()
        key, body = next_request()
        answer = ask(key, body)
        if answer.status_code != httpx.codes.ACCEPTED:
            refused[key] = body
            told = answer.json()
            break
    assert (answer.status_code, told["type"]) == (507, "/v1/problems/disk-full"), answer.text
    assert "make room" in told["detail"]
    assert carrier.serves
    assert carrier.get("/v1/operations?limit=1")["items"]

    disk.make_room()
    for key, body in refused.items():
        answer = ask(key, body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    wait_until(carrier.answers, "the node is ready again")

    Oracle(carrier, consortium.chain_url).require(accepted)
    ends = {carrier.get(f"/v1/operations/{each}")["status"] for each in accepted.values()}
    assert ends == {"succeeded"}
