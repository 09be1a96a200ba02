"""The line to the chain hangs, lies, repeats and breaks: each act is done once all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.sampling import TIMES
from tests.system.consortium import Consortium, Member, wait_until
from tests.system.faulty_line import Fault, FaultyLine
from tests.system.oracle import Oracle

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

Json = dict[str, Any]  # Any: JSON

TITLES = 12
_MOST = 200
_PATIENCE = 300.0


@pytest.fixture(scope="module")
def carrier(consortium: Consortium) -> Member:
    return consortium.member("carrier", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ")


@pytest.fixture(params=range(TIMES))
def line(
    consortium: Consortium, carrier: Member, request: pytest.FixtureRequest
) -> Iterator[FaultyLine]:
    """The node of the carrier on a line of its own, which is well until it is told otherwise."""
    made = FaultyLine(consortium.chain_url, seed=request.param)
    carrier.serve(settings={"TIDAN_CHAIN_URL": made.url, "TIDAN_CHAIN_TIMEOUT": "1"})
    yield made
    carrier.stop()
    made.close()


def test_each_act_is_done_once_whatever_the_line_does(
    consortium: Consortium, carrier: Member, line: FaultyLine, transport_document: Json
) -> None:
    prefix = transport_document["transportDocumentReference"]
    line.well = False
    accepted = {}
    numbers = count()
    while len(accepted) < TITLES or len(line.met) < len(Fault):
        number = next(numbers)
        assert number < _MOST, line.met
        document = transport_document | {"transportDocumentReference": f"{prefix}F{number}"}
        key = str(uuid4())
        accepted[key] = _asked(carrier, {"document": document, "titleholder": "1"}, key)

    for operation in accepted.values():
        wait_until(
            lambda o=operation: carrier.operation_ended(o),
            f"{operation} ended, {line.met}",
            seconds=_PATIENCE,
        )
    line.well = True

    oracle = Oracle(carrier, consortium.chain_url)
    oracle.require(accepted)
    assert {each["status"] for each in oracle.in_sql().operations.values()} == {"succeeded"}
    wait_until(carrier.answers, "the node is ready again")


def _asked(carrier: Member, body: Json, key: str) -> str:
    """Accepted, at last: a refusal that stands on the chain's silence is no refusal."""
    pause = threading.Event()
    while True:
        answer: httpx.Response = carrier.post("/v1/titles", body, key)
        if answer.status_code == httpx.codes.ACCEPTED:
            return str(answer.json()["operation"]["id"])
        assert answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR, answer.text
        assert answer.status_code != httpx.codes.INTERNAL_SERVER_ERROR, answer.text
        pause.wait(0.1)
