"""Packages: whoever holds the content can hand it on, and nothing in it is taken at its word."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from tests.office import numbering_key, opened
from tests.papers import transport_document
from tidan_node.domain.packages import Package, read_package
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.people.caller import EVERY_SCOPE, Scope

MEDIA_TYPE = "application/vnd.tidan.package+json"


async def _refused(trade: Any, file: bytes) -> tuple[int, dict[str, Any]]:
    """The refusal of a package, which must leave nothing but its trail."""
    before = await trade.buyer.rows()
    answer = await trade.buyer.post_file("/v1/packages", file)
    operations, contents, entries = await trade.buyer.rows()
    assert (operations, contents, entries) == (before[0], before[1], before[2] + 1)
    return answer.status_code, answer.json()


async def test_a_package_is_made_on_record(trade: Any) -> None:
    title = await trade.issued()

    answer = await trade.carrier.get(f"/v1/titles/{title}/package")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert (await trade.carrier.trail())[-1][:2] == ("title.package_made", title)
    package = read_package(answer.content)
    assert (package.title_id, package.code, package.number) == (title, "SMDG:P1", "TDB-0417")
    assert json.loads(package.document) == transport_document()


async def test_only_who_holds_the_content_can_make_one(trade: Any) -> None:
    title = await trade.issued()

    held = [
        await trade.seller.get(f"/v1/titles/{title}/{what}") for what in ("package", "document")
    ]

    for answer in held:
        assert answer.status_code == 404
        assert answer.json()["type"] == "/v1/problems/not-found"
    assert await trade.seller.rows() == (0, 0, 0)


@pytest.mark.parametrize("what", ["package", "document"])
async def test_content_is_for_keys_that_cover_documents(trade: Any, what: str) -> None:
    title = await trade.issued()
    scopes = EVERY_SCOPE - {Scope.DOCUMENTS_READ}
    async with opened(trade.consortium, trade.carrier.party, scopes) as clerk:
        answer = await clerk.get(f"/v1/titles/{title}/{what}")

    assert answer.status_code == 403
    assert answer.json()["scope"] == "documents:read"


async def test_a_package_is_taken_in_once(trade: Any) -> None:
    title = await trade.issued()
    package = await trade.package(title)

    first = await trade.buyer.post_file("/v1/packages", package)
    second = await trade.buyer.post_file("/v1/packages", package)

    assert (first.status_code, second.status_code) == (201, 201)
    assert await trade.buyer.rows() == (0, 1, 2)
    assert (await trade.buyer.trail())[0][:2] == ("title.package_received", title)
    assert (await trade.buyer.get(f"/v1/titles/{title}")).json()["holdsContent"] is True


def _forged(package: Package, change: str) -> Package:
    other = bytes.fromhex("ab" * 32)
    document = json.loads(package.document)
    forged = {
        "chain": {"chain_id": 1},
        "registry": {"registry": "0x" + "ab" * 20},
        "title": {"title_id": "0x" + "ab" * 32},
        "series": {"series": "0x" + "ab" * 32},
        "schema": {"schema": 2},
        "version": {"record_version": 2},
        "claimed root": {"content_root": "0x" + "ab" * 32},
        "secret": {"secret": other},
        "changed document": {
            "document": canonical_bytes(document | {"termsAndConditions": "Forged."})
        },
        "spelling": {"document": json.dumps(document).encode()},
        "no document": {"document": b"{}"},
        "code": {"code": "SMDG:P9"},
        "number": {"number": "TDB-0418"},
        "sub-reference": {"sub_reference": "B"},
        "id proof": {"id_proof": other},
        "swapped proofs": {"id_proof": package.series_proof, "series_proof": package.id_proof},
        "series proof": {"series_proof": package.id_proof},
    }
    return replace(package, **forged[change])


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ("chain", "chain", "chainId"),
        ("registry", "registry", "registry"),
        ("title", "title", "id"),
        ("series", "series", "series"),
        ("schema", "schema", "schema"),
        ("version", "version", "recordVersion"),
        ("claimed root", "root", "contentRoot"),
        ("secret", "root", "document"),
        ("changed document", "root", "document"),
        ("spelling", "document", "document"),
        ("no document", "document", "document"),
        ("code", "code", "code"),
        ("number", "number", "number"),
        ("sub-reference", "number", "subReference"),
        ("id proof", "numbering-id", "idProof"),
        ("swapped proofs", "numbering-id", "idProof"),
        ("series proof", "numbering-series", "seriesProof"),
    ],
)
async def test_a_forged_package_is_refused_by_the_rule_that_it_breaks(
    trade: Any, change: str, rule: str, field: str
) -> None:
    title = await trade.issued()
    forged = _forged(read_package(await trade.package(title)), change)

    status, problem = await _refused(trade, forged.to_json())

    assert (status, problem["type"]) == (422, "/v1/problems/package-refused")
    assert (problem["rule"], problem["field"]) == (rule, field)
    act, subject, detail = (await trade.buyer.trail())[-1]
    assert (act, subject) == ("title.package_refused", forged.title_id)
    assert (detail["rule"], detail["field"]) == (rule, field)


async def test_a_number_under_a_key_that_is_not_the_issuers_is_refused(trade: Any) -> None:
    """A carrier that numbers with a second key could issue one number twice."""
    title = await trade.issued()
    package = read_package(await trade.package(title))
    document = transport_document(code="SMDG:P2")
    forged = replace(package, code="SMDG:P2", document=canonical_bytes(document))

    status, problem = await _refused(trade, forged.to_json())

    assert (status, problem["rule"], problem["field"]) == (422, "code", "code")
    assert numbering_key(1).public_key != numbering_key(2).public_key


async def test_a_title_issued_as_another_kind_than_its_document_says_is_refused(
    trade: Any,
) -> None:
    """The chain cannot read the document; whoever takes the title in can."""
    title = await trade.issued(blank=True)
    events = trade.consortium.story.events
    (issued,) = [each for each in events if getattr(each.event, "id", None) == title]
    lie = replace(issued, event=replace(issued.event, kind=1, titleholder=2))
    async with opened(trade.consortium, 4) as deceived:
        news = [lie if each is issued else each for each in events]
        await deceived.read(news, trade.consortium.story.block)
        answer = await deceived.post_file("/v1/packages", await trade.package(title))

    assert (answer.status_code, answer.json()["rule"]) == (422, "kind")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"version": 2}, "version"),
        ({"version": True}, "version"),
        ({"kind": "invoice"}, "kind"),
        ({"chainId": "31337"}, "chainId"),
        ({"registry": "0x12"}, "registry"),
        ({"secret": "0x12"}, "secret"),
        ({"idProof": "0xzz"}, "idProof"),
        ({"document": "?"}, "document"),
        ({"document": None}, "document"),
        ({"recordVersion": 0}, "recordVersion"),
        ({"surprise": 1}, "package"),
    ],
)
async def test_a_malformed_package_is_refused_by_its_member(
    trade: Any, change: dict[str, Any], field: str
) -> None:
    members = json.loads(await trade.package(await trade.issued())) | change

    status, problem = await _refused(trade, canonical_bytes(members))

    assert (status, problem["type"]) == (422, "/v1/problems/package-malformed")
    assert problem["field"] == field
    assert (await trade.buyer.trail())[-1][1].startswith("sha256:")


@pytest.mark.parametrize("file", [b"[]", b"7", b'"package"'])
async def test_what_is_no_object_is_no_package(trade: Any, file: bytes) -> None:
    status, problem = await _refused(trade, file)

    assert (status, problem["field"]) == (422, "package")


async def test_a_package_spelled_in_another_way_is_refused(trade: Any) -> None:
    members = json.loads(await trade.package(await trade.issued()))

    status, problem = await _refused(trade, json.dumps(members, indent=1).encode())

    assert (status, problem["field"]) == (422, "package")


async def test_the_trail_never_holds_the_content(trade: Any) -> None:
    package = await trade.package(await trade.issued())
    await trade.buyer.post_file("/v1/packages", package)
    secret = read_package(package).secret.hex()

    kept = json.dumps(await trade.buyer.trail() + await trade.carrier.trail())

    assert secret not in kept
    assert base64.b64encode(read_package(package).document).decode() not in kept
    assert "ceramic" not in kept
