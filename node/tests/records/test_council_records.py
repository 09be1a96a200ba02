"""The Council, its proposals and recognitions, as they are read back from their rows."""

from __future__ import annotations

from random import Random

import pytest

from tests.chance import played
from tests.council_acts import ADDRESSES, DAY, approve, execute, found, object_to, propose, wait
from tests.story import Story
from tests.view import apply_again, drop, feed, rewind_to, rows_of, stand_at
from tidan_node.domain import membership_events as membership
from tidan_node.domain.council_problems import ProposalUnknown
from tidan_node.domain.identifiers import Address, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.platforms import (
    AnchorId,
    AnchorKind,
    AnchorUnknown,
    PlatformCode,
    anchor_id_of,
)
from tidan_node.domain.proposals import LIFETIME, ProposalStatus
from tidan_node.ledger.calls import Call
from tidan_node.records.records import Records
from tidan_node.storage.database import Database

ONE, TWO, THREE = (PartyIndex(index) for index in (1, 2, 3))
HOSTILE = "up\x1b[31m\u202edown \x00" + "x" * 600


@pytest.fixture
def story() -> Story:
    story = Story()
    for _ in range(3):
        story.enrol(Role.CARRIER)
    found(story, ONE, TWO, THREE)
    return story


def recognised(story: Story, acts: str, lasting: int = DAY) -> AnchorId:
    anchor = anchor_id_of("PORT", AnchorKind.DID, acts.encode())
    story.emit(
        membership.PlatformRecognised(
            *(anchor, PlatformCode("PORT"), AnchorKind.DID, b"did:web:port"),
            *(Role.TRADER, acts, story.now + lasting),
        )
    )
    return anchor


def suspension(party: PartyIndex) -> Call:
    return Call("PartyRegistry", "changeStatus", (party, int(PartyStatus.SUSPENDED), "because"))


def _executed(story: Story) -> list[int]:
    proposals = story.council.proposals
    return [number for number, each in proposals.items() if each.executed_at]


class TestCouncil:
    async def test_is_read_back_as_it_was_told(self, database: Database) -> None:
        stories = [played(Random(seed), 150, decisions=30) for seed in range(3)]
        story = max(stories, key=lambda each: len(_executed(each)))
        await feed(database, story.events, pages=5)
        async with database.reading() as connection:
            records = Records(connection)
            council = await records.council()
            assert council is not None
            assert (council.state.seats, council.fault) == (story.council.seats, None)
            assert council.state.terms == story.council.terms
            for number, proposal in story.council.proposals.items():
                assert (await records.proposal(number)).state == proposal
            for anchor, recognition in story.recognitions.items():
                assert (await records.recognition(anchor)).state == recognition
        assert len(story.council.proposals) > 3
        assert _executed(story)

    async def test_before_the_founding_there_is_none(self, database: Database) -> None:
        async with database.reading() as connection:
            assert await Records(connection).council() is None


class TestProposals:
    async def test_come_by_their_status_at_the_time_of_the_view(
        self, database: Database, story: Story
    ) -> None:
        call = Call("Council", "removeSeat", (THREE,))
        lapsed = propose(story, ONE, call)
        wait(story, LIFETIME)
        # of two that decide the same one is done; of another two none is
        executed, superseded = (propose(story, ONE, suspension(TWO)) for _ in range(2))
        approved, still_open = (propose(story, ONE, call) for _ in range(2))
        for number in (executed, superseded, approved):
            approve(story, number, THREE)
        wait(story)
        execute(story, executed)
        await feed(database, story.events)
        async with database.writing() as connection:
            await stand_at(connection, story.block)
        async with database.reading() as connection:
            records = Records(connection)
            for status, number in (
                (ProposalStatus.LAPSED, lapsed),
                (ProposalStatus.EXECUTED, executed),
                (ProposalStatus.SUPERSEDED, superseded),
                (ProposalStatus.APPROVED, approved),
                (ProposalStatus.OPEN, still_open),
            ):
                listed = await records.proposals(limit=9, status=status)
                assert [each.state.number for each in listed] == [number]
                now = await records.chain_time()
                assert story.council.status_of(listed[0].state, now) is status
            assert await records.superseded(range(1, 6)) == {superseded: executed}
            assert [each.state.number for each in await records.proposals(limit=2)] == [5, 4]
            assert [p.state.number for p in await records.proposals(limit=2, before=3)] == [2, 1]

    async def test_one_that_is_made_after_the_execution_decides_the_same_anew(
        self, database: Database, story: Story
    ) -> None:
        done = propose(story, ONE, suspension(TWO))
        approve(story, done, THREE)
        wait(story)
        execute(story, done)
        again = propose(story, ONE, suspension(TWO))
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            assert await records.superseded([done, again]) == {}
            motion = story.council.proposals[done].motion
            assert await records.undecided(motion, story.now) == again
            assert await records.undecided(motion, story.now + LIFETIME) is None

    async def test_one_that_is_not_there_is_unknown(self, database: Database) -> None:
        async with database.reading() as connection:
            for number in (0, 1, 2**63):
                with pytest.raises(ProposalUnknown):
                    await Records(connection).proposal(number)

    async def test_an_objection_that_is_taken_back_by_the_chain_is_gone(
        self, database: Database, story: Story
    ) -> None:
        call = Call("PartyRegistry", "recover", (THREE, Address("0x" + "ab" * 20), "lost"))
        number = propose(story, ONE, call, subject=THREE)
        before = story.council.proposals[number]
        story.next_block()
        object_to(story, number, THREE)
        await feed(database, story.events)
        await rewind_to(database, story.block - 1)
        async with database.reading() as connection:
            assert (await Records(connection).proposal(number)).state == before

    async def test_hostile_words_are_made_harmless_and_stop_nothing(
        self, database: Database, story: Story
    ) -> None:
        story.emit(
            membership.Proposed(1, ONE, PartyIndex(0), ADDRESSES["Council"], b"\x00", HOSTILE),
            membership.Approved(1, ONE, 0),
        )
        await feed(database, story.events)
        async with database.reading() as connection:
            reason = (await Records(connection).proposal(1)).state.motion.reason
        assert len(reason) == 500
        assert reason.isprintable()


class TestRecognitions:
    async def test_only_those_that_stand_are_given(self, database: Database, story: Story) -> None:
        stands, over = recognised(story, "records:read"), recognised(story, "titles:act", 1)
        withdrawn = recognised(story, "documents:read")
        story.emit(membership.PlatformWithdrawn(withdrawn))
        await feed(database, story.events)
        async with database.reading() as connection:
            records = Records(connection)
            found = await records.recognitions(story.now + 1, platform="PORT")
            assert [each.anchor_id for each in found] == [stands]
            assert await records.recognitions(story.now, platform="OTHER") == []
            everyone = await records.every_recognition(limit=9)
            assert {each.state.anchor_id for each in everyone} == {stands, over, withdrawn}

    async def test_acts_are_kept_whole_but_for_what_is_no_act(
        self, database: Database, story: Story
    ) -> None:
        many = " ".join(f"scope-{number:03d}:act" for number in range(100))
        anchor = recognised(story, f"{many} h\u00e9:act \x1b[31m")
        await feed(database, story.events)
        async with database.reading() as connection:
            state = (await Records(connection).recognition(anchor)).state
        assert state.acts == many

    async def test_one_that_is_not_there_is_unknown(self, database: Database) -> None:
        async with database.reading() as connection:
            with pytest.raises(AnchorUnknown):
                await Records(connection).recognition(AnchorId("0x" + "11" * 32))


async def test_dropped_and_replayed_the_rows_are_the_same(database: Database, story: Story) -> None:
    number = propose(story, ONE, Call("Council", "removeSeat", (THREE,)))
    approve(story, number, TWO)
    wait(story)
    execute(story, number)
    recognised(story, "records:read")
    story.recognise_gateway()
    story.admit_gateway(ONE)
    await feed(database, story.events)
    before = await rows_of(database)
    of_council = ("council_seats", "council_proposals", "recognitions")
    assert all(before[name] for name in (*of_council, "gateways", "gateway_admissions"))
    await drop(database)
    await apply_again(database, story.events)
    assert await rows_of(database) == before
