"""What those who run a node are told of its accounts, and what everybody is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from tests.office import Consortium, Office, opened
from tests.papers import transport_document
from tests.story import CHAIN
from tidan_node.domain.identifiers import Address
from tidan_node.domain.parties import Role
from tidan_node.operations.operation import AttemptState, OperationStatus
from tidan_node.operations.tables import attempts, operations
from tidan_node.people.users import utc_now
from tidan_node.web.health import NotReady
from tidan_node.web.lane_watch import LaneWatch
from tidan_node.web.metrics import Metrics

REASON = "insufficient funds for gas * price + value: balance 12"


@pytest.fixture
async def carrier(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    party = consortium.enrol(Role.CARRIER)
    async with opened(consortium, party) as office:
        await consortium.publish()
        yield office


def account(carrier: Office) -> Address:
    found: Address = carrier.app.state.node.account
    return found


async def signed(carrier: Office, refusal: str | None = None, minutes: int = 0) -> str:
    """An operation with a transaction of so many minutes ago, refused since."""
    answer = await carrier.post(
        "/v1/titles", {"document": transport_document(), "titleholder": "1"}
    )
    operation = str(answer.json()["operation"]["id"])
    then = utc_now() - timedelta(minutes=minutes)
    async with carrier.database.writing() as connection:
        await connection.execute(
            update(operations)
            .where(operations.c.id == operation)
            .values(status=OperationStatus.PENDING, account=account(carrier))
        )
        await connection.execute(
            insert(attempts).values(
                operation_id=operation,
                number=1,
                chain_id=CHAIN,
                account=account(carrier),
                nonce=0,
                raw=b"raw",
                tx_hash="0x" + "ab" * 32,
                gas=100_000,
                state=AttemptState.LIVE,
                created_at=then,
                refusal=refusal,
                refused_since=None if refusal is None else then,
            )
        )
    return operation


def watch(carrier: Office) -> LaneWatch:
    return LaneWatch(carrier.database, [account(carrier)], timedelta(seconds=60))


async def test_a_lane_at_rest_is_shown(carrier: Office) -> None:
    answer = await carrier.get("/v1/lanes")
    assert answer.json() == {
        "items": [
            {
                "account": account(carrier),
                "hasKey": True,
                "actsForParty": True,
                "inFlight": 0,
                "refused": 0,
                "oldest": None,
                "waiting": None,
            }
        ]
    }
    assert await watch(carrier).look() == "none is stuck"


async def test_one_that_is_refused_says_why_and_what_helps(carrier: Office) -> None:
    operation = await signed(carrier, REASON, minutes=5)

    (lane,) = (await carrier.get("/v1/lanes")).json()["items"]
    shown = (await carrier.get(f"/v1/operations/{operation}")).json()
    (listed,) = (await carrier.get("/v1/operations")).json()["items"]

    assert (lane["inFlight"], lane["refused"]) == (1, 1)
    assert lane["waiting"]["reason"] == REASON
    assert f"fund {account(carrier)}" in lane["waiting"]["nextStep"]
    assert shown["waiting"] == listed["waiting"] == lane["waiting"]


async def test_readiness_tells_nobody_who_it_is_or_why(carrier: Office) -> None:
    await signed(carrier, REASON, minutes=5)
    with pytest.raises(NotReady) as stuck:
        await watch(carrier).look()
    assert "1 of 1 accounts" in stuck.value.detail
    assert account(carrier) not in stuck.value.detail
    assert "funds" not in stuck.value.detail


@pytest.mark.parametrize(("refusal", "minutes"), [(REASON, 0), (None, 5)])
async def test_what_was_just_refused_or_only_waits_is_not_stuck(
    carrier: Office, refusal: str | None, minutes: int
) -> None:
    await signed(carrier, refusal, minutes)
    assert await watch(carrier).look() == "none is stuck"


async def test_the_figures_have_each_lane_and_the_oldest(carrier: Office) -> None:
    await signed(carrier, REASON, minutes=5)
    metrics, now = Metrics(), utc_now()
    metrics.carried(await watch(carrier).states(), now)
    figures = metrics.exposition().decode()
    assert f'tidan_lane_transactions{{account="{account(carrier)}"}} 1.0' in figures
    assert f'tidan_lane_refused_transactions{{account="{account(carrier)}"}} 1.0' in figures
    (oldest,) = [
        float(line.split()[1])
        for line in figures.splitlines()
        if line.startswith("tidan_oldest_transaction_seconds ")
    ]
    assert 299 < oldest < 360


async def test_the_account_of_a_party_that_is_gone_is_shown_until_it_has_ended(
    carrier: Office,
) -> None:
    await signed(carrier)
    former = "0x" + "99" * 20
    async with carrier.database.writing() as connection:
        await connection.execute(update(attempts).values(account=former))
    own, gone = (await carrier.get("/v1/lanes")).json()["items"]
    assert own["account"] == account(carrier)
    assert (gone["account"], gone["hasKey"], gone["actsForParty"]) == (former, False, False)
