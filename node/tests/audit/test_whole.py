"""An audit of everything verifies honest nodes, and names each thing that was tampered with."""

from __future__ import annotations

import copy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import ColumnElement, delete, insert, select, update

from tests.audit.audited import (
    BANK,
    BUYER,
    CARRIER,
    SHIPPER,
    OfficeNode,
    StoryChain,
    a_title,
    chain_of,
)
from tests.audit.lying import AnswerInstead, Cycling
from tests.audit.tampering import audited, changed, issued_with_a_document
from tests.audit.trails import anchored, sealed
from tests.chance import played
from tests.office import Consortium, Office, opened
from tests.sampling import TIMES
from tests.story import hex_of
from tidan_node.audit.blocks import audit_blocks
from tidan_node.audit.findings import Verdict, gravest
from tidan_node.domain import events as told
from tidan_node.domain import title_events
from tidan_node.indexer.tables import blocks, chain_events, checkpoints
from tidan_node.records.tables import invoice_links, parties, titles


class TestAnHonestNode:
    @pytest.mark.parametrize("seed", range(2 * TIMES))
    async def test_everything_of_any_story_is_verified(self, tmp_path: Path, seed: int) -> None:
        consortium = Consortium(tmp_path, story=played(Random(seed), 200))
        async with opened(consortium, CARRIER) as office:
            await consortium.publish()
            heard, _ = await audited(office)
        checked = {each.record for each in heard.audits}
        story = consortium.story
        assert {*story.titles, *story.invoices, *story.policies} <= checked
        # the story anchors trails that no node of it has written
        assert [each for each in heard.findings if each[0] != "trail"] == []

    async def test_records_parties_blocks_documents_and_trail_are_all_looked_at(
        self, office: Office
    ) -> None:
        title = await issued_with_a_document(office)
        await sealed(office)
        await anchored(office)
        heard, done = await audited(office)
        assert heard.findings == []
        assert {each.kind for each in heard.audits} == {
            *("title", "party", "anchors", "council", "blocks", "document", "trail"),
        }
        assert [each.record for each in heard.audits if each.kind == "document"] == [title]
        assert done.trail is not None
        assert done.trail.party == CARRIER
        assert done.trail.entries == done.trail.anchored_up_to > 0
        assert done.events == len(office.consortium.story.events)


class TestAProjectedRow:
    async def test_a_changed_value_is_named_by_its_record_and_field(self, office: Office) -> None:
        title = await a_title(office)
        await changed(office, update(titles).values(possessor=BANK))
        heard, _ = await audited(office)
        assert heard.findings == [("title", title, "different")]
        (found,) = [each for each in heard.audits if each.record == title]
        assert [each.field for each in found.differences] == ["possessor"]

    async def test_a_row_that_the_node_cannot_read_is_named(self, office: Office) -> None:
        title = await a_title(office)
        await changed(office, update(titles).values(status=99))
        heard, _ = await audited(office)
        assert ("title", title, "unanswered") in heard.findings
        assert {verdict for *_, verdict in heard.findings} == {"unanswered"}

    async def test_an_event_that_the_node_cannot_read_is_damage_to_its_record(
        self, office: Office
    ) -> None:
        title = await a_title(office)
        misspelt = update(chain_events).where(chain_events.c.record == title)
        await changed(office, misspelt.values(name="TitleTraasferred"))
        heard, done = await audited(office)
        assert heard.findings == [("title", title, "damaged")]
        assert done.trail is not None

    async def test_a_node_that_has_read_nothing_is_unanswered(self, office: Office) -> None:
        title = await a_title(office)
        await changed(office, delete(checkpoints))
        heard, _ = await audited(office)
        assert ("title", title, "unanswered") in heard.findings

    async def test_a_row_that_is_gone_is_named(self, office: Office) -> None:
        title = await a_title(office)
        await changed(office, delete(titles))
        heard, _ = await audited(office)
        assert heard.findings == [("title", title, "different")]

    async def test_a_title_that_the_chain_does_not_have_is_named(self, office: Office) -> None:
        title = await a_title(office)
        invented = hex_of("invented")
        async with office.database.writing() as connection:
            (row,) = (await connection.execute(select(titles))).mappings()
            await connection.execute(insert(titles).values(dict(row) | {"id": invented}))
        heard, _ = await audited(office)
        assert [each.record for each in heard.audits if each.kind == "title"] == [title, invented]
        assert heard.findings == [("title", invented, "different")]

    async def test_an_invented_row_with_a_history_of_its_own_is_named(self, office: Office) -> None:
        await a_title(office)
        chain = StoryChain.of(copy.deepcopy(office.consortium.story))
        # the node is told of a title that is on no chain
        story = office.consortium.story
        invented = story.issue(CARRIER, SHIPPER)
        await office.read(story.events[-1:], story.block)
        heard, _ = await audited(office, chain)
        assert heard.findings == [("title", invented, "different")]

    async def test_a_link_of_an_invoice_that_was_changed_is_named(self, office: Office) -> None:
        story = office.consortium.story
        invoice = story.register_invoice(SHIPPER, BUYER)
        story.act_on_invoice(invoice, told.InvoiceLinked)
        await office.consortium.publish()
        await changed(office, update(invoice_links).values(title=hex_of("another")))
        heard, _ = await audited(office)
        assert heard.findings == [("invoice", invoice, "different")]

    async def test_a_party_with_another_signing_key_is_named(self, office: Office) -> None:
        key = {"crv": "Ed25519", "kty": "OKP", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        await changed(office, update(parties).where(parties.c.id == BANK).values(signing_key=key))
        heard, _ = await audited(office)
        assert heard.findings == [("party", str(BANK), "different")]

    async def test_a_damaged_row_of_the_nodes_own_party_is_named(self, office: Office) -> None:
        await changed(office, update(parties).where(parties.c.id == CARRIER).values(status=99))
        heard, _ = await audited(office)
        assert ("party", str(CARRIER), "unanswered") in heard.findings

    async def test_an_id_that_is_none_is_named_and_stops_nothing(self, office: Office) -> None:
        title = await a_title(office)
        await changed(office, update(titles).values(id="no id"))
        heard, done = await audited(office)
        assert heard.findings == [("title", title, "different"), ("title", "no id", "different")]
        assert done.trail is not None


class TestBlocks:
    async def test_the_block_where_a_node_left_the_chain_is_named(self, office: Office) -> None:
        await a_title(office)
        elsewhere = update(blocks).where(blocks.c.number >= 3).values(hash=hex_of("elsewhere"))
        await changed(office, elsewhere)
        heard, _ = await audited(office)
        (found,) = [each for each in heard.audits if each.kind == "blocks"]
        assert found.verdict is Verdict.FORKED
        assert [each.field for each in found.differences] == ["block 3"]
        assert gravest(each.verdict for each in heard.audits) is Verdict.FORKED

    @pytest.mark.parametrize(
        ("lost", "named"),
        [
            (blocks.c.number <= 2, "block 1"),
            (blocks.c.number == 6, "block 6"),
            (blocks.c.number >= 0, "block 1"),
        ],
    )
    async def test_the_first_and_the_newest_cannot_go(
        self, office: Office, lost: ColumnElement[bool], named: str
    ) -> None:
        await a_title(office)
        page = AnswerInstead(OfficeNode(office))
        page.answers["/v1/audit/blocks"] = (await office.get("/v1/audit/blocks")).json()
        async with office.database.reading() as connection:
            gone = set(await connection.scalars(select(blocks.c.number).where(lost)))
        kept = page.answers["/v1/audit/blocks"]["items"]
        page.answers["/v1/audit/blocks"]["items"] = [e for e in kept if e["number"] not in gone]
        found, _ = await audit_blocks(chain_of(office), page, counted=lambda done, of: None)
        assert (found.verdict, [each.field for each in found.differences]) == ("different", [named])

    async def test_the_oldest_that_is_gone_is_named(self, office: Office) -> None:
        await a_title(office)
        await changed(office, delete(blocks).where(blocks.c.number <= 2))
        heard, _ = await audited(office)
        assert [each[0] for each in heard.findings] == ["blocks"]

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"parent_hash": hex_of("elsewhere")}, "block 3.parentHash"),
            ({"timestamp": 7}, "block 3.timestamp"),
        ],
    )
    async def test_a_link_or_a_time_that_was_changed_is_named(
        self, office: Office, change: dict[str, Any], named: str
    ) -> None:
        await a_title(office)
        await changed(office, update(blocks).where(blocks.c.number == 3).values(**change))
        heard, _ = await audited(office)
        (found,) = [each for each in heard.audits if each.kind == "blocks"]
        assert [each.field for each in found.differences] == [named]

    async def test_a_checkpoint_that_was_put_back_is_named(self, office: Office) -> None:
        await a_title(office)
        await changed(office, update(checkpoints).values(number=3))
        heard, _ = await audited(office)
        (found,) = [each for each in heard.audits if each.kind == "blocks"]
        assert [each.field for each in found.differences] == ["asOf"]

    async def test_a_list_that_leads_back_to_its_beginning_is_left(self, office: Office) -> None:
        await a_title(office)
        found, _ = await audit_blocks(
            chain_of(office), Cycling(OfficeNode(office)), counted=lambda done, of: None
        )
        assert found.unanswered == "cursor-repeated"

    async def test_a_block_that_the_node_has_lost_is_named(self, office: Office) -> None:
        await a_title(office)
        await changed(office, delete(blocks).where(blocks.c.number == 3))
        heard, _ = await audited(office)
        (found,) = [each for each in heard.audits if each.kind == "blocks"]
        assert [each.field for each in found.differences] == ["block 3"]


class TestTheChainItself:
    async def test_an_event_that_is_left_out_is_a_gap(self, office: Office) -> None:
        title = await a_title(office)
        chain = chain_of(office)
        place = next(
            place
            for place, each in enumerate(chain.events)
            if isinstance(each.event, title_events.TitleTransferred)
        )
        del chain.events[place]
        heard, _ = await audited(office, chain)
        assert ("title", title, "chain-faulty") in heard.findings
        (found,) = [each for each in heard.audits if each.record == title]
        assert [(each.rule, each.seq) for each in found.faults] == [("gap", 3)]

    async def test_an_anchor_that_is_left_out_is_a_gap(self, office: Office) -> None:
        for _ in range(3):
            office.consortium.story.anchor(BANK)
        await office.consortium.publish()
        chain = chain_of(office)
        anchors = [e for e in chain.events if isinstance(e.event, told.TrailAnchored)]
        chain.events.remove(anchors[1])
        heard, _ = await audited(office, chain)
        assert heard.findings == [("anchors", str(BANK), "chain-faulty")]

    async def test_a_change_of_standing_that_is_left_out_is_named(self, office: Office) -> None:
        office.consortium.story.change_roles(BANK, told.Role.BANK | told.Role.TRADER)
        await office.consortium.publish()
        chain = chain_of(office)
        chain.events.pop()
        heard, _ = await audited(office, chain)
        assert heard.findings == [("party", str(BANK), "chain-faulty")]
