"""Packages are made of what the node holds, and that they were made is on record."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.exchange.conftest import packed
from tests.office import FACTS, opened
from tests.papers import transport_document
from tidan_node.domain.identifiers import ContentRoot, RecordId
from tidan_node.domain.packages import KINDS, RecordKind, read_package
from tidan_node.domain.record_problems import RecordUnknown
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.exchange.packing import package_of
from tidan_node.people.caller import EVERY_SCOPE, Scope

UNKNOWN = RecordId("0x" + "ab" * 32)


async def asked(office: Any, kind: RecordKind, record: RecordId, root: Any = None) -> Any:
    async with office.database.reading() as connection:
        return await package_of(connection, office.app.state.node, kind, record, root)


class TestPackageOf:
    async def test_a_package_says_what_the_chain_and_the_node_have(self, dealings: Any) -> None:
        office, title = await dealings.record("title")

        package = await packed(office, "title", title)

        shown = (await office.get(f"/v1/titles/{title}")).json()
        assert (package.kind, package.record_id, package.chain_id) == ("title", title, 31337)
        assert package.registry == FACTS.title_registry
        assert (package.code, package.number) == ("SMDG:P1", "TDB-0417")
        assert package.content_root == shown["contentRoot"]
        assert package.title is not None
        assert package.title.series == shown["series"]
        assert package.history == (shown["head"],)
        assert json.loads(package.document) == transport_document()

    async def test_every_registry_keeps_its_own_kind(self, dealings: Any) -> None:
        registries = [(await dealings.package(kind, f"N-{kind}")).registry for kind in KINDS]

        expected = (FACTS.title_registry, FACTS.invoice_registry, FACTS.policy_registry)
        assert tuple(registries) == expected

    @pytest.mark.parametrize("kind", KINDS)
    async def test_the_history_grows_with_the_record(self, dealings: Any, kind: RecordKind) -> None:
        package = await dealings.package(kind)

        assert len(package.history) == 1
        assert read_package(package.to_json()) == package

    async def test_there_is_none_of_content_that_is_not_held(self, dealings: Any) -> None:
        office, title = await dealings.record("title")

        assert await asked(dealings.buyer, "title", title) is None
        assert await asked(office, "title", title, ContentRoot("0x" + "ab" * 32)) is None

    async def test_there_is_none_of_a_record_that_is_not_read(self, dealings: Any) -> None:
        with pytest.raises(TitleUnknown):
            await asked(dealings.carrier, "title", UNKNOWN)
        for kind in ("invoice", "policy"):
            with pytest.raises(RecordUnknown):
                await asked(dealings.carrier, kind, UNKNOWN)


class TestHandOver:
    async def test_a_package_is_made_on_record(self, dealings: Any) -> None:
        office, title = await dealings.record("title")

        answer = await office.get(f"/v1/titles/{title}/package")

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/vnd.tidan.package+json"
        act, subject, detail = (await office.trail())[-1]
        assert (act, subject, set(detail)) == ("title.package_made", title, {"sha256"})
        assert read_package(answer.content) == await packed(office, "title", title)

    async def test_only_who_holds_the_content_can_make_one(self, dealings: Any) -> None:
        _, title = await dealings.record("title")

        held = [
            await dealings.buyer.get(f"/v1/titles/{title}/{what}")
            for what in ("package", "document")
        ]

        for answer in held:
            assert answer.status_code == 404
            assert answer.json()["type"] == "/v1/problems/not-found"
        assert await dealings.buyer.rows() == (0, 0, 0)

    @pytest.mark.parametrize("what", ["package", "document"])
    async def test_content_is_for_keys_that_cover_documents(self, dealings: Any, what: str) -> None:
        _, title = await dealings.record("title")
        scopes = EVERY_SCOPE - {Scope.DOCUMENTS_READ}
        async with opened(dealings.consortium, dealings.carrier.party, scopes) as clerk:
            answer = await clerk.get(f"/v1/titles/{title}/{what}")

        assert answer.status_code == 403
        assert answer.json()["scope"] == "documents:read"
