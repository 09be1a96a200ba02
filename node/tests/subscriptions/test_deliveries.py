"""Webhooks as their receivers see them: real HTTP on loopback, signatures checked by the library
of the standard."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifying

from tests.logs import captured
from tests.story import CHAIN
from tests.watched_chain import INVOICE, OTHER_INVOICE, WatchedChain, accepted
from tests.webhook_receiver import receiving
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.subscriptions.deliveries import Deliveries, DeliverySettings
from tidan_node.web.newest import Newest

FAST = DeliverySettings(first_pause=0.01, longest_pause=0.05, patience=5)


@asynccontextmanager
async def delivering(
    office: Any, settings: DeliverySettings = FAST, checkpoints: Checkpoints | None = None
) -> AsyncIterator[None]:
    node = office.app.state.node
    worker = Deliveries(
        database=office.database,
        chain_id=CHAIN,
        account=node.account,
        news=node.news,
        newest=Newest(),
        settings=settings,
        checkpoints=checkpoints,
    )
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def added(office: Any, url: str, **wanted: Any) -> dict[str, Any]:
    answer = await office.post("/v1/webhooks", {"url": url} | wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def shown(office: Any, webhook: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await office.get(f"/v1/webhooks/{webhook['id']}")).json()
    return found


async def until(office: Any, webhook: dict[str, Any], wanted: Any) -> dict[str, Any]:
    """The webhook once it is as wanted."""
    async with asyncio.timeout(20):
        while not wanted(found := await shown(office, webhook)):
            pass
    return found


class TestTaken:
    async def test_a_delivery_is_signed_and_says_what_happened(
        self, office: Any, chain: WatchedChain, receiver: Any
    ) -> None:
        made = await added(office, receiver.url)
        async with delivering(office):
            (happened,) = await chain.mine(accepted(2))
            headers, body = await receiver.next()
            await until(office, made, lambda it: it["delivered"] == 1)

        event = Verifying(made["secret"]).verify(body, headers)
        assert headers["webhook-id"] == event["id"] == f"{CHAIN}-{happened.origin.block_hash}-0"
        assert headers["content-type"] == "application/cloudevents+json"
        assert (event["type"], event["subject"]) == ("tidan.invoice.accepted", INVOICE)
        assert event["data"]["seq"] == 2

    async def test_only_what_was_asked_for_comes_from_its_making_on(
        self, office: Any, chain: WatchedChain, receiver: Any
    ) -> None:
        await chain.mine(accepted(2))
        await added(office, receiver.url, types=["tidan.invoice"], records=[INVOICE])
        async with delivering(office):
            await chain.mine(accepted(3, OTHER_INVOICE), accepted(4))
            await chain.mine(*(accepted(5 + number) for number in range(50)))
            assert await receiver.seqs(51) == list(range(4, 55))

    async def test_a_removed_webhook_is_delivered_nothing(
        self, office: Any, chain: WatchedChain, receiver: Any
    ) -> None:
        made = await added(office, receiver.url)
        other = await added(office, receiver.url.replace("hook", "other"))
        async with delivering(office):
            await chain.mine(accepted(2))
            await receiver.events(2)
            gone = await office.client.delete(f"/v1/webhooks/{made['id']}")
            await chain.mine(accepted(3))
            await receiver.events(1)
            await until(office, other, lambda it: it["delivered"] == 2)

        assert gone.status_code == 204
        assert receiver.paths[-1] == "/other"
        assert receiver.came.empty()


class TestFailing:
    async def test_one_that_is_refused_comes_again_before_the_next(
        self, office: Any, chain: WatchedChain
    ) -> None:
        async with receiving(statuses=[500, 503, 200, 400, 201]) as receiver:
            made = await added(office, receiver.url)
            async with delivering(office):
                await chain.mine(accepted(2), accepted(3))
                deliveries = [await receiver.next() for _ in range(5)]
                ended = await until(office, made, lambda it: it["delivered"] == 2)

        assert [json.loads(body)["data"]["seq"] for _, body in deliveries] == [2, 2, 2, 3, 3]
        names = [headers["webhook-id"] for headers, _ in deliveries]
        assert (len(set(names[:3])), len(set(names))) == (1, 2)
        assert (ended["failures"], ended["problem"]) == (0, None)

    async def test_a_redirect_is_not_followed(self, office: Any, chain: WatchedChain) -> None:
        async with receiving(statuses=[302, 307, 204]) as receiver:
            made = await added(office, receiver.url)
            async with delivering(office, DeliverySettings(first_pause=0.2, longest_pause=0.2)):
                await chain.mine(accepted(2))
                await until(office, made, lambda it: it["problem"] == "redirect")
                await receiver.events(3)
        assert receiver.paths == ["/hook"] * 3

    async def test_neither_a_dead_nor_a_slow_receiver_stops_another(
        self, office: Any, chain: WatchedChain, receiver: Any
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            dead = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        patience = DeliverySettings(first_pause=0.01, longest_pause=0.05, patience=0.3)
        async with receiving(hangs=True) as slow:
            lost, late = await added(office, dead), await added(office, slow.url)
            await added(office, receiver.url)
            async with delivering(office, patience):
                for seq in range(2, 22):
                    await chain.mine(accepted(seq))
                assert await receiver.seqs(20) == list(range(2, 22))
                await until(office, lost, lambda it: it["problem"] == "unreachable")
                await until(office, late, lambda it: it["problem"] == "timeout")

    @pytest.mark.parametrize(
        ("statuses", "settings"),
        [([410], FAST), ([500] * 9, DeliverySettings(first_pause=0.01, give_up=timedelta()))],
        ids=["gone", "given up"],
    )
    async def test_a_receiver_that_is_lost_is_disabled_on_record(
        self,
        office: Any,
        chain: WatchedChain,
        receiver: Any,
        statuses: list[int],
        settings: DeliverySettings,
    ) -> None:
        async with receiving(statuses=list(statuses)) as lost:
            made = await added(office, lost.url)
            await added(office, receiver.url)
            async with delivering(office, settings):
                await chain.mine(accepted(2))
                ended = await until(office, made, lambda it: it["disabledAt"] is not None)
                await chain.mine(accepted(3))
                await receiver.events(2)

        assert ended["disabledReason"] == f"http-{statuses[0]}"
        assert len(lost.paths) == 1
        act, subject, detail = (await office.trail())[-1]
        assert (act, subject) == ("webhook.disabled", made["id"])
        assert detail == {"problem": f"http-{statuses[0]}"}


class TestRestarts:
    async def test_what_was_sent_and_not_noted_comes_again(
        self, office: Any, chain: WatchedChain, receiver: Any
    ) -> None:
        """Twice is as often as it was sent: nothing that follows it is passed over."""
        made = await added(office, receiver.url)
        await chain.mine(accepted(2), accepted(3))
        program = _CRASHES.format(url=str(office.database.url), chain=CHAIN)
        crashed = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", program], timeout=60, check=False
        )
        assert crashed.returncode == 137
        assert await receiver.seqs(1) == [2]
        assert (await shown(office, made))["delivered"] == 0

        async with delivering(office):
            assert await receiver.seqs(2) == [2, 3]
            await until(office, made, lambda it: it["delivered"] == 2)

    async def test_a_new_worker_goes_on_where_the_last_one_stopped(
        self, office: Any, chain: WatchedChain, receiver: Any
    ) -> None:
        made = await added(office, receiver.url)
        for seq in (2, 3, 4):
            await chain.mine(accepted(seq))
            async with delivering(office):
                assert await receiver.seqs(1) == [seq]
                await until(office, made, lambda it, seq=seq: it["delivered"] == seq - 1)
        assert receiver.came.empty()

    async def test_a_rewind_delivers_anew_from_the_parting(
        self, office: Any, chain: WatchedChain, receiver: Any
    ) -> None:
        made = await added(office, receiver.url)
        async with delivering(office):
            await chain.mine(accepted(2))
            await chain.mine(accepted(3))
            first = await receiver.events(2)
            await until(office, made, lambda it: it["delivered"] == 2)
            await chain.go_back_to(101, "other")
            await chain.mine(accepted(3))
            await chain.mine(accepted(4))
            again = await receiver.events(2)

        assert [each["data"]["seq"] for each in again] == [3, 4]
        assert again[0]["id"] != first[1]["id"]


_CRASHES = """
import asyncio
from tests.webhook_receiver import receiving
from tidan_node.domain.checkpoints import CrashAt
from tidan_node.storage.database import Database
from tidan_node.subscriptions.deliveries import Deliveries
from tidan_node.web.newest import Newest
from tidan_node.web.news import News

async def main():
    await Deliveries(
        database=Database("{url}"), chain_id={chain}, account="0x" + "00" * 20,
        news=News(), newest=Newest(),
        checkpoints=CrashAt("webhook.delivered.before-commit"),
    ).run()

asyncio.run(main())
"""


class TestSecrecy:
    async def test_neither_secret_nor_url_is_in_the_log(
        self, office: Any, chain: WatchedChain
    ) -> None:
        async with receiving(statuses=[500]) as receiver:
            with captured() as log:
                made = await added(office, f"{receiver.url}?token=told-to-nobody")
                async with delivering(office):
                    await chain.mine(accepted(2))
                    await receiver.events(2)
                    await until(office, made, lambda it: it["delivered"] == 1)
                written = log.getvalue()
        assert "webhook not delivered" in written
        for secret in (made["secret"], made["secret"][6:], "told-to-nobody", "/hook"):
            assert secret not in written
