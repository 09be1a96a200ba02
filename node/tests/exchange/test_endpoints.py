"""A package that somebody brings: kept where it is true, else refused on record, never believed."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from tests.office import opened
from tests.papers import transport_document
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.packages import KINDS, RecordKind
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.people.caller import EVERY_SCOPE, Scope

OTHER = "0x" + "ab" * 32


async def refused(dealings: Any, file: bytes) -> tuple[int, dict[str, Any]]:
    """The refusal of a package, which must leave nothing but its trail."""
    before = await dealings.buyer.rows()
    answer = await dealings.buyer.post_file("/v1/packages", file)
    assert await dealings.buyer.rows() == (before[0], before[1], before[2] + 1)
    return answer.status_code, answer.json()


class TestTakingIn:
    @pytest.mark.parametrize("kind", KINDS)
    async def test_a_package_of_every_kind_is_taken_in_once(
        self, dealings: Any, kind: RecordKind
    ) -> None:
        package = await dealings.package(kind)

        first = await dealings.buyer.post_file("/v1/packages", package.to_json())
        second = await dealings.buyer.post_file("/v1/packages", package.to_json())

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json() == second.json()
        assert first.json() == {
            "kind": kind,
            "record": package.record_id,
            "root": package.content_root,
            "numbering": "verified",
        }
        assert await dealings.buyer.rows() == (0, 1, 2)
        act, subject, detail = (await dealings.buyer.trail())[0]
        assert (act, subject) == (f"{kind}.package_received", package.record_id)
        assert set(detail) == {"sha256", "contentRoot"}

    @pytest.mark.parametrize("kind", KINDS)
    async def test_whoever_took_it_in_can_hand_it_on(self, dealings: Any, kind: RecordKind) -> None:
        package = await dealings.package(kind)
        await dealings.buyer.post_file("/v1/packages", package.to_json())

        plural = {"title": "titles", "invoice": "invoices", "policy": "policies"}[kind]
        answer = await dealings.buyer.get(f"/v1/{plural}/{package.record_id}/package")

        assert answer.content == package.to_json()
        assert answer.headers["content-type"] == "application/vnd.tidan.package+json"
        assert (await dealings.buyer.trail())[-1][:2] == (
            f"{kind}.package_made",
            package.record_id,
        )

    async def test_the_key_must_cover_what_comes_in(self, dealings: Any) -> None:
        package = await dealings.package("title")
        consortium, party = dealings.consortium, dealings.buyer.party
        scope = Scope.DOCUMENTS_RECEIVE
        async with opened(consortium, party, frozenset({scope})) as clerk:
            allowed = await clerk.post_file("/v1/packages", package.to_json())
        async with opened(consortium, party, EVERY_SCOPE - {scope}) as clerk:
            forbidden = await clerk.post_file("/v1/packages", package.to_json())

        assert allowed.status_code == 201
        assert (forbidden.status_code, forbidden.json()["scope"]) == (403, scope)

    async def test_a_record_that_is_not_read_here_yet_is_refused(self, dealings: Any) -> None:
        package = await dealings.package("title")
        unknown = replace(package, record_id=OTHER)

        status, problem = await refused(dealings, unknown.to_json())

        assert (status, problem["rule"], problem["field"]) == (422, "record", "id")

    async def test_a_variant_under_the_same_root_neither_replaces_nor_shuts_out_what_is_held(
        self, dealings: Any
    ) -> None:
        package = await dealings.package("invoice")
        await dealings.buyer.post_file("/v1/packages", package.to_json())
        commented = package.document.replace(b"<cbc:ID>", b"<!-- seen --><cbc:ID>", 1)

        variant = replace(package, document=commented).to_json()
        answer = await dealings.buyer.post_file("/v1/packages", variant)

        assert answer.status_code == 201
        held = await dealings.buyer.get(f"/v1/invoices/{package.record_id}/document")
        assert held.content == package.document


class TestForgeries:
    """Every rule of the check has its test in `domain/test_package_checks.py`."""

    @pytest.mark.parametrize("kind", KINDS)
    async def test_a_changed_document_is_refused_on_record(
        self, dealings: Any, kind: RecordKind
    ) -> None:
        true = await dealings.package(kind)
        package = replace(true, document=true.document.replace(b"ceramic", b"plastic"))

        status, problem = await refused(dealings, package.to_json())

        assert (status, problem["type"]) == (422, "/v1/problems/package-refused"), problem
        assert (problem["rule"], problem["field"]) == ("root", "document")
        act, subject, detail = (await dealings.buyer.trail())[-1]
        assert (act, subject) == (f"{kind}.package_refused", package.record_id)
        assert (detail["rule"], detail["field"]) == ("root", "document")

    @pytest.mark.parametrize(
        ("change", "rule", "field"),
        [
            ({"chain_id": 1}, "chain", "chainId"),
            ({"registry": "0x" + "ab" * 20}, "registry", "registry"),
            ({"code": "SMDG:P9"}, "code", "code"),
            ({"history": (OTHER,)}, "history", "history"),
        ],
    )
    async def test_what_is_of_another_chain_code_or_history_is_refused(
        self, dealings: Any, change: dict[str, Any], rule: str, field: str
    ) -> None:
        package = replace(await dealings.package("invoice"), **change)

        status, problem = await refused(dealings, package.to_json())

        assert (status, problem["rule"], problem["field"]) == (422, rule, field)

    async def test_a_number_under_a_key_that_is_not_the_issuers_is_refused(
        self, dealings: Any
    ) -> None:
        """A carrier that numbers with a second key could issue one number twice."""
        package = await dealings.package("title")
        document = canonical_bytes(transport_document(code="SMDG:P2"))
        lie = replace(package, code=IssuerCode("SMDG:P2"), document=document)

        status, problem = await refused(dealings, lie.to_json())

        assert (status, problem["rule"], problem["field"]) == (422, "code", "code")


class TestMalformed:
    """Every rule of the form has its test in `domain/test_packages.py`."""

    async def test_a_malformed_package_is_refused_on_record(self, dealings: Any) -> None:
        members = json.loads((await dealings.package("title")).to_json()) | {"version": 1}

        status, problem = await refused(dealings, canonical_bytes(members))

        assert (status, problem["type"]) == (422, "/v1/problems/package-malformed")
        assert problem["field"] == "version"
        act, subject, _ = (await dealings.buyer.trail())[-1]
        assert act == "package.refused"
        assert subject.startswith("sha256:")

    @pytest.mark.parametrize("file", [b"[]", b"7", b'"package"'])
    async def test_what_is_no_object_is_no_package(self, dealings: Any, file: bytes) -> None:
        status, problem = await refused(dealings, file)

        assert (status, problem["field"]) == (422, "package")


async def test_the_trail_never_holds_the_content(dealings: Any) -> None:
    for number, kind in enumerate(KINDS):
        package = await dealings.package(kind, f"TDB-{number}")
        await dealings.buyer.post_file("/v1/packages", package.to_json())
        broken = replace(package, document=package.document.replace(b"ceramic", b"plastic"))
        await dealings.buyer.post_file("/v1/packages", broken.to_json())
        kept = json.dumps(await dealings.buyer.trail())

        assert package.secret.hex() not in kept
        assert base64.b64encode(package.document).decode() not in kept
        assert package.number not in kept
        assert "ceramic" not in kept
        assert "plastic" not in kept
