"""Parcels that come in: kept and receipted once; the same again changes nothing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.exchange.conftest import packed
from tests.exchange.roads import brought, parcels, refusals, sealed, signed
from tests.papers import transport_document
from tests.story import exchange_keys
from tidan_node.domain.parcels import read_parcel
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.exchange.receipts import believed
from tidan_node.exchange.signatures import digest_of


class TestReceived:
    async def test_a_true_package_is_kept_and_receipted(self, dealings: Any) -> None:
        package = await dealings.package("title")
        body = sealed(package)

        answer = await brought(dealings.buyer, body)

        assert answer.status_code == 200, answer.text
        envelope = read_parcel(body).envelope
        receipt = believed(
            answer.json()["receipt"], exchange_keys(4).signing_jwk, envelope, digest_of(body)
        )
        assert (receipt.outcome, receipt.problem, receipt.rule) == ("received", None, None)
        shown = (await dealings.buyer.get(f"/v1/titles/{package.record_id}")).json()
        assert shown["holdsContent"] is True
        acts = [(act, subject) for act, subject, _ in await dealings.buyer.trail()]
        assert acts == [
            ("title.package_received", package.record_id),
            ("parcel.received", package.record_id),
        ]
        (parcel,) = await parcels(dealings.buyer, direction="in")
        assert (parcel["status"], parcel["record"]) == ("received", package.record_id)
        assert parcel["party"] == {"index": 1, "name": "Party 1 Ltd"}

    async def test_the_same_parcel_again_gets_the_same_receipt_and_changes_nothing(
        self, dealings: Any
    ) -> None:
        body = sealed(await dealings.package("title"))
        first = await brought(dealings.buyer, body)
        before = await dealings.buyer.rows()

        second = await brought(dealings.buyer, body, signed(body))

        assert second.json() == first.json()
        assert await dealings.buyer.rows() == before

    async def test_the_same_parcel_twice_at_once_is_kept_once(self, dealings: Any) -> None:
        body = sealed(await dealings.package("title"))

        answers = await asyncio.gather(*(brought(dealings.buyer, body) for _ in range(4)))

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["receipt"] for answer in answers}) == 1
        assert await dealings.buyer.rows() == (0, 1, 2)

    async def test_a_package_that_contradicts_the_chain_is_refused_for_good(
        self, dealings: Any
    ) -> None:
        package = await dealings.package("title")
        members = json.loads(package.to_json()) | {"secret": "0x" + "ab" * 32}
        body = sealed(canonical_bytes(members))

        answer = await brought(dealings.buyer, body)

        envelope = read_parcel(body).envelope
        key = exchange_keys(4).signing_jwk
        receipt = believed(answer.json()["receipt"], key, envelope, digest_of(body))
        assert (receipt.outcome, receipt.problem) == ("refused", "package-refused")
        assert receipt.rule == "root"
        assert await refusals(dealings.buyer) == [(envelope.parcel_id, "package-refused", "root")]
        assert (await dealings.buyer.rows())[1] == 0
        (parcel,) = await parcels(dealings.buyer, status="refused")
        assert (parcel["problem"], parcel["rule"]) == ("package-refused", "root")

    async def test_a_package_of_another_kind_than_the_parcel_says_is_refused(
        self, dealings: Any
    ) -> None:
        body = sealed(await dealings.package("title"), kind="invoice")

        answer = await brought(dealings.buyer, body)

        receipt = answer.json()["receipt"]
        told = believed(
            receipt, exchange_keys(4).signing_jwk, read_parcel(body).envelope, digest_of(body)
        )
        assert told.outcome == "refused"

    async def test_a_record_that_was_not_read_yet_is_asked_for_again(self, dealings: Any) -> None:
        answer = await dealings.carrier.post(
            "/v1/titles", {"document": transport_document(), "possessor": "2", "titleholder": "2"}
        )
        late = dealings.buyer
        dealings.consortium.offices.remove(late)
        await dealings.carrier.carry_out()
        body = sealed(await packed(dealings.carrier, "title", answer.json()["title"]))

        early = await brought(late, body)
        await late.read(dealings.consortium.story.events, dealings.consortium.story.block)
        again = await brought(late, body)

        assert early.status_code == 503
        assert early.json()["type"] == "/v1/problems/record-not-seen-yet"
        assert early.headers["retry-after"] == "1"
        assert again.status_code == 200
