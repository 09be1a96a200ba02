"""Packages from another node: accepted, refused for good, or not to be judged yet."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.exchange.conftest import packed
from tests.papers import policy
from tidan_node.domain import events as told
from tidan_node.domain.documents.policy import read_policy
from tidan_node.domain.identifiers import ContentRoot, PartyIndex, RecordId, to_hex
from tidan_node.domain.packages import KINDS, Package, RecordKind
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.schema import schema_by_number
from tidan_node.exchange.taking_in import (
    Accepted,
    NotSeenYet,
    Refused,
    TakenIn,
    examine,
    take_in,
)
from tidan_node.storage.content_tables import contents
from tidan_node.storage.contents import ContentRepository

SENDER = PartyIndex(3)


async def taken_in(office: Any, file: bytes, kind: RecordKind | None = None) -> TakenIn:
    """What this office makes of a file that SENDER is known to have sent."""
    examined = await examine(office.app.state.node, file, kind=kind)
    async with office.database.writing() as connection:
        return await take_in(connection, examined, actor="party:3", sender=SENDER)


async def endorsed(dealings: Any, package: Package) -> None:
    """The insurer's second version of its policy: its content is kept, the chain has its root."""
    document = canonical_bytes(policy(package.number, until="2027-01-31"))
    secret = bytes(range(32))
    root = ContentRoot(
        to_hex(
            commit(
                read_policy(document), schema_by_number(package.schema), secret=secret, version=2
            ).root
        )
    )
    async with dealings.insurer.database.writing() as connection:
        repository = ContentRepository(connection)
        first = await repository.of(package.record_id, package.content_root)
        assert first is not None
        await repository.add(
            replace(first, content_root=root, version=2, document=document, secret=secret)
        )
    story = dealings.consortium.story
    story.emit(told.PolicyEndorsed(RecordId(package.record_id), 2, SENDER, root, 2))


async def held(office: Any) -> set[str]:
    async with office.database.reading() as connection:
        return set(await connection.scalars(select(contents.c.content_root)))


class TestAccepted:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_who_sent_it_is_on_record(self, dealings: Any, kind: RecordKind) -> None:
        package = await dealings.package(kind)

        outcome = await taken_in(dealings.buyer, package.to_json(), kind)

        assert outcome == Accepted(kind, package.record_id, package.content_root)
        act, subject, detail = (await dealings.buyer.trail())[-1]
        assert (act, subject) == (f"{kind}.package_received", package.record_id)
        assert detail["from"] == SENDER

    async def test_acts_that_only_one_side_has_read_do_not_matter(self, dealings: Any) -> None:
        early = await dealings.package("title")
        title = early.record_id
        await dealings.seller.post(f"/v1/titles/{title}/offers", {"recipient": "4"})
        await dealings.seller.carry_out()
        late = await packed(dealings.carrier, "title", title)
        assert len(late.history) == len(early.history) + 1
        longer = replace(late, history=(*late.history, "0x" + "cd" * 32))

        for package in (early, late, longer):
            outcome = await taken_in(dealings.buyer, package.to_json())
            assert isinstance(outcome, Accepted)

    async def test_an_endorsed_policy_is_handed_on_as_it_stands(self, dealings: Any) -> None:
        first = await dealings.package("policy")
        await endorsed(dealings, first)
        await dealings.consortium.publish()

        second = await packed(dealings.insurer, "policy", first.record_id)
        outcome = await taken_in(dealings.buyer, second.to_json())

        assert (second.record_version, len(second.history)) == (2, 2)
        assert json.loads(second.document)["coverUntil"] == "2027-01-31"
        assert isinstance(outcome, Accepted)
        assert await held(dealings.buyer) == {second.content_root}

    async def test_an_earlier_version_that_was_on_its_way_is_still_true(
        self, dealings: Any
    ) -> None:
        first = await dealings.package("policy")
        await endorsed(dealings, first)
        await dealings.consortium.publish()

        outcome = await taken_in(dealings.buyer, first.to_json())

        assert outcome == Accepted("policy", first.record_id, first.content_root)


class TestNotSeenYet:
    async def test_a_record_that_is_unknown_here_may_come_later(self, dealings: Any) -> None:
        package = await dealings.package("title")
        unknown = replace(package, record_id=RecordId("0x" + "ab" * 32))

        outcome = await taken_in(dealings.buyer, unknown.to_json())

        assert outcome == NotSeenYet("title", unknown.record_id)
        assert await dealings.buyer.rows() == (0, 0, 0)

    async def test_a_version_that_is_unknown_here_may_come_later(self, dealings: Any) -> None:
        first = await dealings.package("policy")
        await endorsed(dealings, first)
        offices = dealings.consortium.offices
        offices.remove(dealings.buyer)
        await dealings.consortium.publish()
        second = await packed(dealings.insurer, "policy", first.record_id)

        outcome = await taken_in(dealings.buyer, second.to_json())

        assert outcome == NotSeenYet("policy", first.record_id)
        assert await dealings.buyer.rows() == (0, 0, 0)


class TestRefused:
    async def test_a_package_of_another_kind_than_was_announced(self, dealings: Any) -> None:
        package = await dealings.package("invoice")

        outcome = await taken_in(dealings.buyer, package.to_json(), "title")

        assert isinstance(outcome, Refused)
        assert outcome.problem.extra == {"rule": "kind"}
        assert (await dealings.buyer.trail())[-1][0] == "invoice.package_refused"

    async def test_another_chain_is_no_matter_of_time(self, dealings: Any) -> None:
        package = await dealings.package("title")
        foreign = replace(package, chain_id=1, record_id=RecordId("0x" + "ab" * 32))

        outcome = await taken_in(dealings.buyer, foreign.to_json())

        assert isinstance(outcome, Refused)
        assert outcome.problem.extra == {"rule": "chain"}

    async def test_a_fork_is_named_even_where_the_content_is_unknown(self, dealings: Any) -> None:
        package = await dealings.package("policy")
        forked = replace(
            package,
            history=("0x" + "cd" * 32, "0x" + "ef" * 32),
            content_root=ContentRoot("0x" + "ab" * 32),
        )

        outcome = await taken_in(dealings.buyer, forked.to_json())

        assert isinstance(outcome, Refused)
        assert outcome.problem.extra == {"rule": "history"}

    async def test_what_is_no_package_is_on_record_by_its_digest(self, dealings: Any) -> None:
        outcome = await taken_in(dealings.buyer, b"{}")

        assert isinstance(outcome, Refused)
        act, subject, detail = (await dealings.buyer.trail())[-1]
        assert act == "package.refused"
        assert subject.startswith("sha256:")
        assert (detail["problem"], detail["from"]) == ("package-malformed", SENDER)
