"""What a node keeps beside the records, its documents and its trail, is audited with them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from tests.audit.audited import CARRIER, Heard
from tests.audit.tampering import audited, changed, issued_with_a_document
from tests.audit.trails import anchored, sealed, trailed
from tests.databases import SQLITE
from tests.office import Office
from tests.papers import transport_document
from tests.story import hex_of
from tidan_node.storage.content_tables import contents
from tidan_node.trail.tables import trail_entries

pytestmark = pytest.mark.usefixtures("sql")


class TestADocument:
    async def test_a_value_that_was_changed_in_it_is_named_by_its_record(
        self, office: Office
    ) -> None:
        title = await issued_with_a_document(office)
        async with office.database.writing() as connection:
            kept: bytes = await connection.scalar(select(contents.c.document))
            altered = kept.replace(b"24000", b"42000")
            assert altered != kept
            await connection.execute(update(contents).values(document=altered))
        heard, _ = await audited(office)
        assert heard.findings == [("document", title, "damaged")]
        (found,) = [each for each in heard.audits if each.kind == "document"]
        assert [each.rule for each in found.damage] == ["document-altered"]

    @pytest.mark.parametrize(
        "column", [{"document": b"{"}, {"secret": b"short"}, {"kind": "other"}, {"version": 0}]
    )
    async def test_one_that_cannot_be_read_is_named(
        self, office: Office, column: dict[str, Any]
    ) -> None:
        title = await issued_with_a_document(office)
        await changed(office, update(contents).values(**column))
        heard, _ = await audited(office)
        assert heard.findings == [("document", title, "damaged")]
        (found,) = [each for each in heard.audits if each.kind == "document"]
        assert [each.rule for each in found.damage] == ["document-unreadable"]

    @pytest.mark.parametrize("sql", [SQLITE], indirect=True)  # PostgreSQL refuses to keep it
    async def test_one_of_another_type_does_not_hide_the_others(self, office: Office) -> None:
        title = await issued_with_a_document(office)
        await changed(office, text("UPDATE contents SET document = 'a text', secret = 7"))
        heard, _ = await audited(office)
        assert heard.findings == [("document", title, "damaged")]

    async def test_one_of_no_record_at_all_does_not_stop_the_audit(self, office: Office) -> None:
        await issued_with_a_document(office)
        await changed(office, update(contents).values(record_id="no id"))
        heard, done = await audited(office)
        assert heard.findings == [("document", "no id", "damaged")]
        assert done.trail is not None

    async def test_one_of_a_record_that_the_chain_does_not_have_is_named(
        self, office: Office
    ) -> None:
        await issued_with_a_document(office)
        await changed(office, update(contents).values(record_id=hex_of("another")))
        heard, _ = await audited(office)
        assert heard.findings == [("document", hex_of("another"), "damaged")]
        (found,) = [each for each in heard.audits if each.kind == "document"]
        assert found.damage[0].rule == "document-of-no-record"

    async def test_another_document_kept_under_its_own_root_is_named(self, office: Office) -> None:
        title = await issued_with_a_document(office)
        other = await office.post(
            "/v1/titles", {"document": transport_document(number="ANOTHER-1"), "titleholder": "1"}
        )
        assert other.status_code == 202, other.text
        async with office.database.writing() as connection:
            mine = contents.c.record_id == title
            (row,) = (await connection.execute(select(contents).where(~mine))).mappings()
            await connection.execute(delete(contents).where(mine))
            await connection.execute(update(contents).values(record_id=title))
            assert row["record_id"] == other.json()["title"]
        heard, _ = await audited(office)
        assert heard.findings == [("document", title, "damaged")]
        (found,) = [each for each in heard.audits if each.kind == "document"]
        assert found.damage[0].rule == "document-of-another-root"

    @pytest.mark.parametrize(
        "altered",
        [
            {"code": "SMDG:P2"},
            {"number": "ANOTHER-1"},
            {"subReference": "1"},
            {"idProof": "0x" + "01" * 81},
            {"seriesProof": None},
            {"more": 1},
        ],
    )
    async def test_a_numbering_that_is_not_the_documents_is_named(
        self, office: Office, altered: dict[str, Any]
    ) -> None:
        title = await issued_with_a_document(office)
        async with office.database.writing() as connection:
            kept: dict[str, Any] = await connection.scalar(select(contents.c.numbering))
            await connection.execute(update(contents).values(numbering=kept | altered))
        heard, _ = await audited(office)
        assert heard.findings == [("document", title, "damaged")]
        assert _rules(heard) == ["numbering"]

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE content_references SET value = value || 'X'",
            "UPDATE content_references SET scheme = 'other' WHERE scheme = 'bill-of-lading'",
            "UPDATE content_references SET written = 'another'",
            "UPDATE content_references SET kind = 'invoice'",
            "DELETE FROM content_references",
        ],
    )
    async def test_references_that_are_not_the_documents_are_named(
        self, office: Office, statement: str
    ) -> None:
        title = await issued_with_a_document(office)
        await changed(office, text(statement))
        heard, _ = await audited(office)
        assert heard.findings == [("document", title, "damaged")]
        assert _rules(heard) == ["references"]

    async def test_one_of_an_issue_that_never_came_to_be_is_no_finding(
        self, office: Office
    ) -> None:
        answer = await office.post(
            "/v1/titles", {"document": transport_document(), "titleholder": "1"}
        )
        assert answer.status_code == 202
        heard, _ = await audited(office)
        assert heard.findings == []


def _rules(heard: Heard) -> list[str]:
    return [fault.rule for each in heard.audits if each.kind == "document" for fault in each.damage]


class TestTheTrail:
    async def test_an_entry_that_was_altered_is_named(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await changed(
            office, update(trail_entries).where(trail_entries.c.seq == 3).values(actor="another")
        )
        heard, _ = await audited(office)
        assert heard.findings == [("trail", str(CARRIER), "damaged")]
        (found,) = [each for each in heard.audits if each.kind == "trail"]
        assert [(each.rule, each.seq) for each in found.damage] == [("altered", 3)]

    async def test_an_entry_that_holds_something_else_is_named(self, office: Office) -> None:
        await self._spoilt(office, "detail = '[1]'")

    @pytest.mark.parametrize("sql", [SQLITE], indirect=True)  # PostgreSQL refuses to keep it
    @pytest.mark.parametrize("damage", ["detail = '{'", "at = 'noon'"])
    async def test_an_entry_that_cannot_be_read_is_named(self, office: Office, damage: str) -> None:
        await self._spoilt(office, damage)

    async def _spoilt(self, office: Office, damage: str) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await changed(office, text(f"UPDATE trail_entries SET {damage} WHERE seq = 4"))  # noqa: S608
        heard, _ = await audited(office)
        (found,) = [each for each in heard.audits if each.kind == "trail"]
        assert [(each.rule, each.seq) for each in found.damage] == [("altered", 4)]

    async def test_a_whole_trail_that_was_chained_anew_is_found_against_its_anchors(
        self, office: Office
    ) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await anchored(office)
        await changed(
            office,
            update(trail_entries).values(seq=None, previous=None, hash=None, actor="another"),
        )
        await sealed(office, anchor_every=100)
        verdict = (await office.get("/v1/trail")).json()["items"]
        assert {each["actor"] for each in verdict} == {"another"}
        heard, _ = await audited(office)
        assert heard.findings == [("trail", str(CARRIER), "damaged")]
        (found,) = [each for each in heard.audits if each.kind == "trail"]
        assert [(each.rule, each.seq) for each in found.damage] == [("not-anchored-so", 5)]

    async def test_a_trail_that_is_gone_is_found_against_its_anchors(self, office: Office) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await anchored(office)
        await changed(office, delete(trail_entries))
        heard, _ = await audited(office)
        (found,) = [each for each in heard.audits if each.kind == "trail"]
        assert [each.rule for each in found.damage] == ["cut-off"]

    async def test_anchors_that_the_node_denies_are_the_chains_all_the_same(
        self, office: Office
    ) -> None:
        await trailed(office, range(5))
        await sealed(office)
        await anchored(office)
        await changed(
            office,
            text("DELETE FROM anchors"),
            delete(trail_entries).where(trail_entries.c.seq > 2),
        )
        heard, _ = await audited(office)
        (found,) = [each for each in heard.audits if each.kind == "trail"]
        assert [each.rule for each in found.damage] == ["cut-off"]
