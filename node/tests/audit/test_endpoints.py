"""The trail can be read and verified by whoever may, and says when it is not what it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text, update

from tests.audit.trails import anchored, sealed, trailed
from tests.databases import SQLITE
from tests.office import Consortium, Office, opened
from tests.papers import transport_document
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.operations.operation import OperationStatus
from tidan_node.people.caller import Scope
from tidan_node.trail.entries import START
from tidan_node.trail.tables import trail_entries
from tidan_node.trail.trail import Trail

pytestmark = pytest.mark.usefixtures("sql")


class TestListEntries:
    async def test_pages_lead_through_the_trail_newest_first(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await trailed(office, ["unsealed"])
        first = (await office.get("/v1/trail", limit="4")).json()
        rest = (await office.get("/v1/trail", limit="4", cursor=first["nextCursor"])).json()
        items = first["items"] + rest["items"]
        assert [each["subject"] for each in items] == [
            "title unsealed",
            *[f"title {number}" for number in (4, 3, 2, 1, 0)],
        ]
        assert [each["seq"] for each in items] == [None, 5, 4, 3, 2, 1]
        assert items[-1]["previous"] == START.hash
        assert rest["nextCursor"] is None


class TestListSealedEntries:
    async def test_pages_lead_through_the_sealed_entries_oldest_first(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await trailed(office, ["unsealed"])
        first = (await office.get("/v1/trail/sealed", limit="3")).json()
        rest = await office.get("/v1/trail/sealed", limit="3", cursor=first["nextCursor"])
        items = first["items"] + rest.json()["items"]
        assert [each["seq"] for each in items] == [1, 2, 3, 4, 5]
        assert rest.json()["nextCursor"] is None

    @pytest.mark.parametrize("sql", [SQLITE], indirect=True)  # PostgreSQL refuses to keep it
    async def test_an_unreadable_entry_leaves_those_before_it_readable(
        self, office: Office
    ) -> None:
        await trailed(office, range(5))
        await sealed(office)
        async with office.database.writing() as connection:
            await connection.execute(text("UPDATE trail_entries SET detail = '{' WHERE seq = 4"))
        first = (await office.get("/v1/trail/sealed", limit="3")).json()
        assert [each["seq"] for each in first["items"]] == [1, 2, 3]
        refused = await office.get("/v1/trail/sealed", limit="1", cursor=first["nextCursor"])
        assert refused.status_code == 500


class TestListContents:
    async def test_pages_have_every_document_with_its_root(self, office: Office) -> None:
        for number in range(3):
            body = {"document": transport_document(number=f"PAGE-{number}"), "titleholder": "1"}
            assert (await office.post("/v1/titles", body)).status_code == 202
        first = (await office.get("/v1/audit/contents", limit="2")).json()
        cursor = first["nextCursor"]
        rest = (await office.get("/v1/audit/contents", limit="2", cursor=cursor)).json()
        items = first["items"] + rest["items"]
        assert len({each["record"] for each in items}) == 3
        assert all(each["recomputed"] == each["contentRoot"] for each in items)
        assert (len(first["items"]), rest["nextCursor"]) == (2, None)


class TestListBlocks:
    async def test_pages_have_every_block_that_was_read(self, office: Office) -> None:
        for _ in range(3):
            await office.consortium.publish()
        first = (await office.get("/v1/audit/blocks", limit="3")).json()
        cursor = first["nextCursor"]
        rest = (await office.get("/v1/audit/blocks", limit="3", cursor=cursor)).json()
        items = first["items"] + rest["items"]
        assert [each["number"] for each in items] == [1, 2, 3, 4]
        assert items[-1]["parentHash"] == items[-2]["hash"]
        assert items[-1]["timestamp"] == items[-2]["timestamp"] + 5
        assert (items[-1]["number"], items[-1]["hash"]) == (
            first["asOf"]["block"],
            first["asOf"]["hash"],
        )


class TestVerifyEntries:
    async def test_an_empty_trail_is_whole(self, office: Office) -> None:
        verdict = (await office.get("/v1/trail/verify")).json()
        assert verdict["intact"] is True
        assert (verdict["entries"], verdict["unsealed"], verdict["anchoredUpTo"]) == (0, 0, 0)
        assert verdict["head"] == START.hash

    async def test_says_how_much_of_it_the_ledger_confirms(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await anchored(office)
        await trailed(office, range(2))
        await sealed(office, anchor_every=100)
        await trailed(office, ["late"])
        verdict = (await office.get("/v1/trail/verify")).json()
        assert verdict["intact"] is True
        assert (verdict["entries"], verdict["unsealed"], verdict["anchoredUpTo"]) == (7, 1, 5)

    async def test_names_an_entry_that_was_altered(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        async with office.database.writing() as connection:
            await connection.execute(
                update(trail_entries).where(trail_entries.c.seq == 3).values(actor="another")
            )
        verdict = (await office.get("/v1/trail/verify")).json()
        assert verdict["intact"] is False
        assert (verdict["broken"]["seq"], verdict["broken"]["fault"]) == (3, "altered")

    async def test_finds_a_whole_trail_that_was_chained_anew(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await anchored(office)
        async with office.database.writing() as connection:
            await connection.execute(
                update(trail_entries).values(seq=None, previous=None, hash=None, actor="another")
            )
        await sealed(office)
        verdict = (await office.get("/v1/trail/verify")).json()
        assert verdict["intact"] is False
        assert (verdict["broken"]["seq"], verdict["broken"]["fault"]) == (5, "not-anchored-so")

    async def test_finds_a_trail_that_is_gone(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await anchored(office)
        async with office.database.writing() as connection:
            await connection.execute(text("DELETE FROM trail_entries"))
        verdict = (await office.get("/v1/trail/verify")).json()
        assert verdict["broken"]["fault"] == "cut-off"

    async def test_the_anchors_of_others_are_not_its_own(self, office: Office) -> None:
        await trailed(office, range(2))
        await sealed(office)
        office.consortium.story.anchor(PartyIndex(2), 50)
        await office.consortium.publish()
        verdict = (await office.get("/v1/trail/verify")).json()
        assert (verdict["intact"], verdict["anchoredUpTo"]) == (True, 0)

    @pytest.mark.parametrize("sql", [SQLITE], indirect=True)  # PostgreSQL refuses to keep it
    async def test_an_entry_that_cannot_be_read_is_named_and_not_listed(
        self, office: Office
    ) -> None:
        await trailed(office, range(5))
        await sealed(office)
        async with office.database.writing() as connection:
            await connection.execute(text("UPDATE trail_entries SET detail = '{' WHERE seq = 4"))
        verdict = (await office.get("/v1/trail/verify")).json()
        assert verdict["broken"]["seq"] == 4
        listed = await office.get("/v1/trail")
        assert (listed.status_code, listed.json()["type"]) == (
            500,
            "/v1/problems/trail-unreadable",
        )


class TestAnchorByOperation:
    async def test_asks_for_each_checkpoint_once_the_one_before_it_has_ended(
        self, office: Office
    ) -> None:
        asked = []
        for count in (2, 3, 4):
            await trailed(office, range(count))
            sealer = await sealed(office)
            assert not await sealer.anchor_if_due()
            asked += [(each, call.args) for each, call in await office.waiting()]
            if count > 2:
                await office.end(asked[0][0], OperationStatus.SUCCEEDED)
        async with office.database.reading() as connection:
            entries = await Trail(connection).sealed(limit=10)
        assert {call for _, call in asked} == {(2, entries[1].hash), (9, entries[8].hash)}

    async def test_adds_nothing_to_the_trail_that_it_anchors(self, office: Office) -> None:
        await trailed(office, range(2))
        await sealed(office)
        async with office.database.reading() as connection:
            assert await Trail(connection).unsealed() == 0


@pytest.mark.parametrize(
    "path", ["/v1/trail", "/v1/trail/sealed", "/v1/trail/verify", "/v1/audit/contents"]
)
class TestScopes:
    async def test_without_trail_read_there_is_no_answer(self, tmp_path: Path, path: str) -> None:
        consortium = Consortium(tmp_path)
        party = consortium.enrol(Role.TRADER)
        scopes = frozenset(Scope) - {Scope.TRAIL_READ}
        async with opened(consortium, party, scopes) as office:
            await consortium.publish()
            answer = await office.get(path)
        assert (answer.status_code, answer.json()["scope"]) == (403, "trail:read")

    async def test_without_a_key_there_is_no_answer(self, office: Office, path: str) -> None:
        del office.client.headers["Authorization"]
        assert (await office.get(path)).status_code == 401
