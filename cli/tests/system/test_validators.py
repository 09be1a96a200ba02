"""Nodes on a chain of four real validators, some of which die, and which goes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.geth import geth_or_skip
from tests.system.consortium import Member, wait_until
from tests.system.oracle import Oracle
from tests.system.test_kill_nine import (
    assert_issued_once,
    assert_same_on_both,
    body_of,
    issued_on_chain,
    logs_on_chain,
)
from tests.system.validators import ValidatorConsortium
from tidan_cli.demo.cast import BUYER

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True)
class Trade:
    """Two members on one chain."""

    chain: ValidatorConsortium
    carrier: Member
    buyer: Member

    accepted: dict[str, str] = field(default_factory=dict)
    """Every operation so far, by the key of its request."""

    def request(self, document: Json) -> tuple[str, str]:
        """Ask for a title that the carrier holds itself: the title, and the operation."""
        key, body = str(uuid4()), body_of(self.carrier, document)
        answer = self.carrier.post("/v1/titles", body, key)
        assert answer.status_code == 202, answer.text
        self.accepted[key] = answer.json()["operation"]["id"]
        return answer.json()["title"], self.accepted[key]

    def require_each_once(self) -> None:
        Oracle(self.carrier, self.chain.chain_url).require(self.accepted)

    def wait_for(self, operation: str) -> None:
        wait_until(lambda: self.carrier.operation_ended(operation), f"{operation} ended")


@pytest.fixture(scope="module")
def trade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trade]:
    geth_or_skip()
    made = ValidatorConsortium(tmp_path_factory.mktemp("consortium"))
    try:
        carrier = made.paying_member("carrier", "CARRIER", "LEI:TIDANDEMOCARRIER0125", "SMDG:TDZ")
        buyer = made.paying_member("buyer", BUYER.role, BUYER.identifier)
        yield Trade(made, carrier, buyer)
    finally:
        made.close()


@pytest.fixture
def whole(trade: Trade) -> Trade:
    """The same, all of whose validators run, whatever a test before has done to them."""
    trade.chain.chain_up()
    return trade


def health_of_chain(member: Member) -> Json:
    checks = httpx.get(f"{member.access.url}/health/ready", timeout=30).json()["checks"]
    (found,) = (check for check in checks if check["name"] == "chain")
    return dict(found)


def block_by_node(member: Member, title: str) -> str | None:
    """The block in which the node has read that the title was issued."""
    with member.client() as client:
        answer = client.get(f"/v1/titles/{title}/history")
    return str(answer.json()["acts"][0]["blockHash"]) if answer.status_code == 200 else None


def block_on_chain(chain: ValidatorConsortium, title: str) -> str | None:
    """The block in which the chain itself has it."""
    logs = logs_on_chain(chain, title)
    return str(logs[0]["blockHash"]) if logs else None


def test_a_title_is_issued_offered_and_accepted(whole: Trade, transport_document: Json) -> None:
    title, operation = whole.request(transport_document)
    whole.wait_for(operation)
    whole.carrier.tidan("title", "offer", title, "--to", BUYER.identifier)
    wait_until(
        lambda: (
            whole.buyer.knows(title) and whole.buyer.get(f"/v1/titles/{title}")["offer"] is not None
        ),
        "the buyer reads the offer",
    )

    whole.buyer.tidan("title", "accept", title)

    wait_until(lambda: whole.carrier.get(f"/v1/titles/{title}")["seq"] == 3, "the carrier reads it")
    shown = whole.carrier.get(f"/v1/titles/{title}")
    assert shown["possessor"]["name"] == whole.buyer.home.name
    assert len(issued_on_chain(whole.chain, title)) == 3


def test_without_one_of_four_the_chain_goes_on(whole: Trade, transport_document: Json) -> None:
    whole.chain.kill_validators(4)

    title, operation = whole.request(transport_document)

    whole.wait_for(operation)
    assert_same_on_both(whole.chain, whole.carrier, title)
    whole.require_each_once()


def test_without_two_of_four_it_halts_and_what_was_accepted_is_there_once_when_it_goes_on(
    whole: Trade, transport_document: Json
) -> None:
    first = transport_document["transportDocumentReference"]
    documents = [
        transport_document | {"transportDocumentReference": f"{first}H{n}"} for n in range(2)
    ]
    asked = [whole.request(documents[0])]
    whole.chain.kill_validators(3, 4)
    # The two that are left may still have a turn each.
    wait_until(lambda: not health_of_chain(whole.carrier)["ok"], "the node says that it halted")
    assert "the chain makes no blocks" in health_of_chain(whole.carrier)["detail"]

    asked.append(whole.request(documents[1]))

    title, operation = asked[1]
    shown = whole.carrier.get(f"/v1/operations/{operation}")
    assert shown["status"] in ("initialized", "pending")
    assert issued_on_chain(whole.chain, title) == []

    whole.chain.chain_up()

    for title, operation in asked:
        whole.wait_for(operation)
        assert_same_on_both(whole.chain, whole.carrier, title)
    whole.require_each_once()
    wait_until(lambda: health_of_chain(whole.carrier)["ok"], "the node says that it is well")


def test_when_the_chain_goes_back_what_it_forgot_ends_anew_and_is_there_once(
    whole: Trade, transport_document: Json, tmp_path: Path
) -> None:
    whole.chain.back_up(tmp_path)
    title, operation = whole.request(transport_document)
    whole.wait_for(operation)
    first = block_by_node(whole.carrier, title)

    whole.chain.restore(tmp_path)

    wait_until(
        lambda: block_by_node(whole.carrier, title) not in (None, first),
        "the node has read that it was issued anew",
    )
    whole.wait_for(operation)
    assert block_by_node(whole.carrier, title) == block_on_chain(whole.chain, title)
    assert_issued_once(whole.chain, whole.carrier, title)
    whole.require_each_once()
