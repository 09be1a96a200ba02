"""The chain's events as a stream, over real HTTP."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import pytest

from tests.story import CHAIN
from tests.watched_chain import INVOICE, OTHER_INVOICE, accepted
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import Scope
from tidan_node.web.streaming import Streams


class TestOrder:
    async def test_what_happens_is_told_as_a_cloud_event(self, node: Any) -> None:
        async with node.stream() as reader:
            (happened,) = await node.chain.mine(accepted(2))
            event = await reader.event()

        origin = happened.origin
        assert reader.response.headers["content-type"].startswith("text/event-stream")
        assert event == {
            "specversion": "1.0",
            "id": f"{CHAIN}-{origin.block_hash}-0",
            "source": f"urn:tidan:chain:{CHAIN}",
            "type": "tidan.invoice.accepted",
            "subject": INVOICE,
            "time": "2023-11-14T22:21:45Z",
            "datacontenttype": "application/json",
            "data": {
                "id": INVOICE,
                "seq": 2,
                "by": 2,
                "block": 101,
                "blockHash": origin.block_hash,
                "transaction": origin.tx_hash,
            },
            "place": f"101-0-{origin.block_hash}",
        }

    async def test_a_stream_without_a_place_begins_now(self, node: Any) -> None:
        await node.chain.mine(accepted(2))
        async with node.stream() as reader:
            await node.chain.mine(accepted(3))
            assert await reader.seqs(1) == [3]

    async def test_from_the_start_all_is_told_in_the_chains_order(self, node: Any) -> None:
        seqs = iter(range(1, 1000))
        for count in (3, 0, 150, 1):
            await node.chain.mine(*(accepted(next(seqs)) for _ in range(count)))
        async with node.stream(after="start") as reader:
            assert await reader.seqs(154) == list(range(1, 155))

    async def test_who_comes_back_goes_on_behind_the_last_event(self, node: Any) -> None:
        async with node.stream() as reader:
            await node.chain.mine(accepted(2), accepted(3))
            place = (await reader.event())["place"]
        await node.chain.mine(accepted(4))

        async with node.stream(last=place, after="start") as reader:
            by_header = await reader.seqs(2)
        async with node.stream(after=place) as reader:
            by_query = await reader.seqs(2)

        assert by_header == by_query == [3, 4]

    async def test_the_greeting_is_a_place_to_go_on_from(self, node: Any) -> None:
        (before,) = await node.chain.mine(accepted(2))
        async with node.client.stream("GET", f"{node.url}/v1/events") as response:
            first = await anext(response.aiter_lines())
            assert first == ": open"
        assert response.headers["cache-control"] == "no-store"
        async with node.stream(last=f"101-0-{before.origin.block_hash}") as reader:
            await node.chain.mine(accepted(3))
            assert await reader.seqs(1) == [3]


class TestFilters:
    async def test_only_the_record_that_was_asked_for_is_told(self, node: Any) -> None:
        async with node.stream(record=INVOICE.upper().replace("0X", "0x")) as reader:
            await node.chain.mine(accepted(2, OTHER_INVOICE), accepted(3))
            assert await reader.seqs(1) == [3]

    @pytest.mark.parametrize("asked", ["tidan.trail", "tidan.trail.anchored"])
    async def test_only_the_types_that_were_asked_for_are_told(self, node: Any, asked: str) -> None:
        anchored = told.TrailAnchored(PartyIndex(3), 7, "0x" + "12" * 32, 0)
        async with node.stream(type=asked) as reader:
            await node.chain.mine(accepted(2), anchored)
            event = await reader.event()
        assert (event["type"], event["subject"]) == ("tidan.trail.anchored", "3")
        assert event["data"]["upTo"] == 7

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"type": "tidan.titel"}, "type"),
            ({"after": "yesterday"}, "after"),
            ({"after": "101-0-0xZZ"}, "after"),
            ({"record": "../x"}, "record.0"),
        ],
    )
    async def test_what_has_not_the_form_is_refused(
        self, node: Any, query: dict[str, str], field: str
    ) -> None:
        answer = await node.client.get(f"{node.url}/v1/events", params=query)
        assert (answer.status_code, answer.json()["field"]) == (422, field)

    async def test_an_event_that_the_node_has_never_seen_is_no_place(self, node: Any) -> None:
        await node.chain.mine(accepted(2))
        query = {"after": "99-0-0x" + "ab" * 32}
        answer = await node.client.get(f"{node.url}/v1/events", params=query)
        assert (answer.status_code, answer.json()["type"]) == (410, "/v1/problems/position-unknown")

    async def test_a_node_that_reads_anew_is_waited_for(self, node: Any) -> None:
        ahead = "105-0-0x" + "ab" * 32
        await node.chain.mine(accepted(2))
        async with node.stream(last=ahead) as reader:
            assert reader.response.status_code == 200


class TestRewinds:
    async def test_what_follows_the_parting_is_told_anew(self, node: Any) -> None:
        await node.chain.mine(accepted(2))
        async with node.stream() as reader:
            await node.chain.mine(accepted(3))
            await node.chain.mine(accepted(4))
            assert await reader.seqs(2) == [3, 4]
            await node.chain.go_back_to(101, "other")
            await node.chain.mine(accepted(3))
            await node.chain.mine(accepted(5))
            assert await reader.seqs(2) == [3, 5]

    async def test_who_was_away_goes_on_from_the_parting(self, node: Any) -> None:
        await node.chain.mine(accepted(2))
        await node.chain.mine(accepted(3))
        (left,) = await node.chain.mine(accepted(4))
        await node.chain.go_back_to(101, "other")
        await node.chain.mine(accepted(30))
        await node.chain.mine(accepted(40))

        async with node.stream(last=f"103-0-{left.origin.block_hash}") as reader:
            assert await reader.seqs(2) == [30, 40]

    async def test_a_later_rewind_that_goes_further_back_counts(self, node: Any) -> None:
        await node.chain.mine(accepted(2))
        await node.chain.mine(accepted(3))
        (left,) = await node.chain.mine(accepted(4))
        await node.chain.go_back_to(102, "second")
        await node.chain.mine(accepted(40))
        node.chain.fork = "main"
        await node.chain.go_back_to(101, "third")
        await node.chain.mine(accepted(300))

        async with node.stream(last=f"103-0-{left.origin.block_hash}") as reader:
            assert await reader.seqs(1) == [300]

    async def test_a_branch_that_comes_back_is_gone_on_with(self, node: Any) -> None:
        await node.chain.mine(accepted(2))
        (seen,) = await node.chain.mine(accepted(3))
        await node.chain.go_back_to(101, "other")
        await node.chain.mine(accepted(30))
        node.chain.fork = "main"
        await node.chain.go_back_to(101, "main")
        await node.chain.mine(accepted(3))
        await node.chain.mine(accepted(4))

        async with node.stream(last=f"102-0-{seen.origin.block_hash}") as reader:
            assert await reader.seqs(1) == [4]


class TestOthers:
    async def test_a_key_that_was_revoked_is_told_nothing_more(self, node: Any) -> None:
        async with node.office.database.writing() as connection:
            key, text = await ApiKeys(connection).create_key("guest", [Scope.RECORDS_READ])
        node.client.headers["Authorization"] = f"Bearer {text.reveal()}"
        async with node.stream() as reader:
            await node.chain.mine(accepted(2))
            assert await reader.seqs(1) == [2]
            async with node.office.database.writing() as connection:
                await ApiKeys(connection).revoke(key.key_id)
            await node.chain.mine(accepted(3))
            rest = [message.data async for message in reader.messages]
        assert rest == []

    async def test_a_stream_that_waits_holds_no_connection_to_the_database(self, node: Any) -> None:
        async with asyncio.timeout(60):
            streams = [node.stream() for _ in range(20)]
            readers = [await each.__aenter__() for each in streams]
            answer = await node.client.get(f"{node.url}/v1/operations")
            await node.chain.mine(accepted(2))
            told_all = [await reader.seqs(1) for reader in readers]
            for each in streams:
                await each.__aexit__(None, None, None)
        assert answer.status_code == 200
        assert told_all == [[2]] * 20

    async def test_there_are_only_so_many_streams(self, node: Any) -> None:
        app = node.office.app
        app.state.node = dataclasses.replace(app.state.node, streams=Streams(1))
        async with node.stream() as reader:
            refused = await node.client.get(f"{node.url}/v1/events")
            node.news.close()
            await reader.ends()
        assert refused.json()["type"] == "/v1/problems/too-many-streams"

    async def test_a_silent_stream_shows_that_it_is_alive(self, node: Any) -> None:
        node.office.app.state.node.streams.heartbeat = 0.02
        async with node.client.stream("GET", f"{node.url}/v1/events") as response:
            async with asyncio.timeout(20):
                async for line in response.aiter_lines():
                    if line == ": alive":
                        break

    async def test_what_was_not_asked_for_moves_the_place_on(self, node: Any) -> None:
        node.office.app.state.node.streams.heartbeat = 0.02
        async with node.stream(record=OTHER_INVOICE) as reader:
            (other,) = await node.chain.mine(accepted(2))
            place = f"101-0-{other.origin.block_hash}"
            while (await reader.next()).id != place:
                pass

    async def test_the_streams_end_with_the_node(self, node: Any) -> None:
        async with node.stream() as reader:
            node.news.close()
            assert await reader.ends()
