"""`kill -9` of node and chain between any two steps: nothing lost, nothing doubled."""

from __future__ import annotations

import contextlib
import random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.sampling import TIMES
from tests.system.consortium import Consortium, Member, wait_until
from tests.system.oracle import Oracle

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON

MOMENTS = (
    "operation.before-commit",
    "operation.committed",
    "operation.signed",
    "operation.sent",
    "index.before-commit",
    "index.after-commit",
)


@pytest.fixture(scope="module")
def carrier(consortium: Consortium) -> Member:
    member = consortium.member("carrier", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ")
    member.serve()
    return member


def body_of(carrier: Member, document: Json) -> Json:
    """The same title whatever its kind: made out to the carrier where it names a titleholder."""
    blank = document["isToOrder"] and "endorsee" not in document["documentParties"]
    return {"document": document} | ({} if blank else {"titleholder": carrier.identifier})


def issue_until_answered(carrier: Member, body: Json, key: str) -> tuple[str, str]:
    """What a careful client does: the same request under the same key until it is answered."""
    answer = carrier.post("/v1/titles", body, key)
    assert answer.status_code == 202, answer.text
    accepted = answer.json()
    return accepted["title"], accepted["operation"]["id"]


def assert_issued_once(consortium: Consortium, carrier: Member, title: str) -> None:
    assert_same_on_both(consortium, carrier, title)
    carrier.tidan("audit", "title", title)


def assert_same_on_both(consortium: Consortium, carrier: Member, title: str) -> None:
    """Issued by one operation, which succeeded, in one transaction: by the node and the chain."""
    operations = [
        each
        for each in carrier.get(f"/v1/operations?target={title}")["items"]
        if each["kind"] == "title.issue"
    ]
    assert [each["status"] for each in operations] == ["succeeded"]
    assert issued_on_chain(consortium, title) == [operations[0]["result"]["txHash"]]
    acts = carrier.get(f"/v1/titles/{title}/history")["acts"]
    assert [(act["seq"], act["act"]) for act in acts] == [(1, "ISSUE")]


def issued_on_chain(consortium: Consortium, title: str) -> list[str]:
    """The transactions of every event that the chain itself has of this title."""
    return [log["transactionHash"] for log in logs_on_chain(consortium, title)]


def logs_on_chain(consortium: Consortium, title: str) -> list[Json]:
    """Every event that the chain itself has of this title."""
    query = {"fromBlock": "0x0", "toBlock": "latest", "topics": [None, title]}
    request = {"jsonrpc": "2.0", "id": 1, "method": "eth_getLogs", "params": [query]}
    logs: list[Json] = httpx.post(consortium.chain_url, json=request, timeout=30).json()["result"]
    return logs


class TestTheNodeDies:
    @pytest.mark.parametrize("moment", MOMENTS)
    def test_a_title_is_issued_exactly_once_whenever_it_dies(
        self, consortium: Consortium, carrier: Member, transport_document: Json, moment: str
    ) -> None:
        carrier.kill()
        carrier.serve(crash_at=moment)
        key, body = str(uuid4()), body_of(carrier, transport_document)
        with contextlib.suppress(httpx.HTTPError):  # it may die before it can answer
            assert carrier.post("/v1/titles", body, key).status_code == 202
        carrier.wait_for_crash()

        carrier.serve()
        title, operation = issue_until_answered(carrier, body, key)

        wait_until(lambda: carrier.operation_ended(operation), f"{operation} ended")
        assert_issued_once(consortium, carrier, title)
        Oracle(carrier, consortium.chain_url).require({key: operation})

    def test_between_signing_anew_at_another_price_and_sending_it_is_issued_once(
        self, consortium: Consortium, carrier: Member, transport_document: Json
    ) -> None:
        carrier.kill()
        carrier.serve(settings={"TIDAN_GAS_PRICE": "10"})  # which its account has no money for
        key, body = str(uuid4()), body_of(carrier, transport_document)
        title, operation = issue_until_answered(carrier, body, key)
        wait_until(
            lambda: carrier.get(f"/v1/operations/{operation}")["waiting"] is not None,
            "the chain has refused it",
        )
        carrier.kill()

        carrier.start(crash_at="operation.replaced")
        carrier.wait_for_crash()

        assert logs_on_chain(consortium, title) == []
        carrier.serve()
        wait_until(lambda: carrier.operation_ended(operation), f"{operation} ended")
        assert_issued_once(consortium, carrier, title)
        Oracle(carrier, consortium.chain_url).require({key: operation})

    def test_what_died_before_its_commit_never_happened(
        self, consortium: Consortium, carrier: Member, transport_document: Json
    ) -> None:
        carrier.kill()
        carrier.serve(crash_at="operation.before-commit")
        key, before = str(uuid4()), carrier.get("/v1/operations?limit=200")["items"]
        with pytest.raises(httpx.HTTPError):
            carrier.post("/v1/titles", body_of(carrier, transport_document), key)
        carrier.wait_for_crash()

        carrier.serve()

        assert carrier.get("/v1/operations?limit=200")["items"] == before
        Oracle(carrier, consortium.chain_url).require({}, never=[key])


class TestTheChainDies:
    def test_what_was_sent_before_it_died_is_there_when_it_comes_back(
        self, consortium: Consortium, carrier: Member, transport_document: Json
    ) -> None:
        key, body = str(uuid4()), body_of(carrier, transport_document)
        title, operation = issue_until_answered(carrier, body, key)
        consortium.kill_chain()

        consortium.chain_up()

        wait_until(lambda: carrier.operation_ended(operation), f"{operation} ended")
        assert_issued_once(consortium, carrier, title)

    def test_a_node_accepts_work_while_the_chain_is_away(
        self, consortium: Consortium, carrier: Member, transport_document: Json
    ) -> None:
        consortium.kill_chain()
        key, body = str(uuid4()), body_of(carrier, transport_document)
        title, operation = issue_until_answered(carrier, body, key)
        assert carrier.get(f"/v1/operations/{operation}")["status"] in ("initialized", "pending")

        consortium.chain_up()

        wait_until(lambda: carrier.operation_ended(operation), f"{operation} ended")
        assert_issued_once(consortium, carrier, title)


class TestBothDie:
    @pytest.mark.parametrize("seed", range(TIMES))
    def test_a_burst_of_titles_survives_kills_in_any_order(
        self, consortium: Consortium, carrier: Member, transport_document: Json, seed: int
    ) -> None:
        chance = random.Random(seed)
        first = transport_document["transportDocumentReference"]
        requests = []
        for number in range(6):
            document = transport_document | {"transportDocumentReference": f"{first}B{number}"}
            requests.append((str(uuid4()), body_of(carrier, document)))
        accepted = {}
        for position, (key, body) in enumerate(requests):
            accepted[key] = issue_until_answered(carrier, body, key)
            if position in (1, 4):
                deaths = [consortium.kill_chain, carrier.kill]
                chance.shuffle(deaths)
                for die in deaths:
                    die()
                consortium.chain_up()
                carrier.serve()

        for title, operation in accepted.values():
            wait_until(lambda o=operation: carrier.operation_ended(o), f"{operation} ended")
            assert_issued_once(consortium, carrier, title)
        Oracle(carrier, consortium.chain_url).require(
            {key: operation for key, (_, operation) in accepted.items()}
        )
