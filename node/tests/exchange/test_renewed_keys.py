"""While a party's exchange keys are renewed, and afterwards, every parcel arrives in the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.exchange.roads import (
    Roads,
    acts,
    brought,
    delivered,
    issued,
    later,
    parcels,
    sealed,
    signed,
)
from tests.office import Office
from tests.story import exchange_keys
from tidan_node.domain.exchange_keys import HeldKeys, KeyRing
from tidan_node.domain.parcels import read_parcel
from tidan_node.exchange.receipts import believed
from tidan_node.exchange.signatures import digest_of

NEXT = 77


def hold(office: Office, held: HeldKeys) -> None:
    """What the office's home has, from its next look on."""
    ring = KeyRing(HeldKeys(exchange_keys(office.party)), lambda: held)
    office.app.state.node = replace(office.app.state.node, exchange_keys=ring)


def prepare(office: Office) -> None:
    hold(office, HeldKeys(exchange_keys(office.party), exchange_keys(NEXT)))


async def renew(office: Office) -> None:
    """As the command does, up to where the chain has the new keys."""
    answer = await office.post("/v1/profile", {"signingKey": exchange_keys(NEXT).signing_jwk})
    assert answer.status_code == 202, answer.text
    await office.carry_out()


class TestNaming:
    async def test_the_profile_has_both_new_keys_and_all_else_as_before(
        self, dealings: Any
    ) -> None:
        office = dealings.seller
        prepare(office)
        before = (await office.get("/v1/parties/2")).json()

        await renew(office)

        after = (await dealings.buyer.get("/v1/parties/2")).json()
        assert after["signingKey"] == exchange_keys(NEXT).signing_jwk
        assert after["encryptionKey"] == exchange_keys(NEXT).encryption_jwk
        same = ("name", "nodeUrl", "identifiers", "codes", "tlsCertificates")
        assert {name: after[name] for name in same} == {name: before[name] for name in same}
        (entry,) = await acts(office, "profile.change")
        assert entry["signingKey"] == exchange_keys(NEXT).signing_jwk["x"]

    @pytest.mark.parametrize("which", ["nobody's", "another party's", "former"])
    async def test_no_key_is_named_that_the_home_does_not_have_to_go_on_with(
        self, dealings: Any, which: str
    ) -> None:
        office = dealings.seller
        hold(office, HeldKeys(exchange_keys(2), None, (exchange_keys(NEXT),)))
        key = {
            "nobody's": exchange_keys(99).signing_jwk,
            "another party's": exchange_keys(1).signing_jwk,
            "former": exchange_keys(NEXT).signing_jwk,
        }[which]
        before = await office.rows()

        answer = await office.post("/v1/profile", {"signingKey": key})

        assert answer.status_code == 422
        assert answer.json()["type"] == "/v1/problems/exchange-key-not-held"
        assert "renew-exchange-key" in answer.json()["detail"]
        assert await office.rows() == before

    @pytest.mark.parametrize(
        "key",
        [
            {"crv": "X25519", "kty": "OKP", "x": "A" * 43},
            {"crv": "Ed25519", "kty": "OKP", "x": "A" * 42},
            {"crv": "Ed25519", "kty": "OKP", "x": "A" * 43, "d": "A" * 43},
        ],
    )
    async def test_what_is_no_public_key_is_refused_by_its_form(
        self, dealings: Any, key: dict[str, str]
    ) -> None:
        answer = await dealings.seller.post("/v1/profile", {"signingKey": key})

        assert (answer.status_code, answer.json()["type"]) == (422, "/v1/problems/invalid-input")


class TestSending:
    async def test_what_is_on_its_way_is_signed_by_the_key_that_the_chain_has(
        self, dealings: Any, roads: Roads
    ) -> None:
        await issued(dealings)
        prepare(dealings.carrier)
        courier = roads.courier(dealings.carrier)
        roads.down.add(dealings.seller.party)
        await delivered(courier)
        await renew(dealings.carrier)
        roads.down.clear()
        await later(dealings)

        await delivered(courier)

        (parcel,) = await parcels(dealings.carrier)
        assert parcel["status"] == "delivered"

    async def test_a_signature_by_the_former_key_is_a_delay_and_ends_nothing(
        self, dealings: Any, roads: Roads
    ) -> None:
        """It left before, and came when the receiver had read of the new one."""
        await issued(dealings)
        prepare(dealings.carrier)
        courier = roads.courier(dealings.carrier)

        async def overtaken(request: Any, road: Any) -> Any:
            roads.change = None
            await renew(dealings.carrier)
            return await road(request)

        roads.change = overtaken
        await delivered(courier)
        (waiting,) = await parcels(dealings.carrier)
        await later(dealings)
        await delivered(courier)

        (parcel,) = await parcels(dealings.carrier)
        assert (waiting["status"], waiting["problem"]) == ("queued", "signature-refused")
        assert parcel["status"] == "delivered"


class TestReceiving:
    @pytest.mark.parametrize("key", [2, NEXT])
    async def test_it_opens_what_was_sealed_for_either_key(self, dealings: Any, key: int) -> None:
        package = await dealings.package("title")
        prepare(dealings.seller)
        dealings.seller.app.state.node.exchange_keys.look()
        body = sealed(package, recipient=2, keys=exchange_keys(key))

        answer = await brought(dealings.seller, body, signed(body, recipient=2))

        assert answer.status_code == 200

    async def test_a_receipt_is_by_the_key_that_the_chain_has_also_when_it_is_repeated(
        self, dealings: Any
    ) -> None:
        """The sender may have read of the new key first; it believes no receipt by the former one,
        so the same one for ever would hold up the parcel until it is given up."""
        body = sealed(await dealings.package("title"), recipient=2)
        first = await brought(dealings.seller, body, signed(body, recipient=2))
        prepare(dealings.seller)
        await renew(dealings.seller)

        again = await brought(dealings.seller, body, signed(body, recipient=2))

        told = [
            believed(answer.json()["receipt"], key, read_parcel(body).envelope, digest_of(body))
            for answer, key in (
                (first, exchange_keys(2).signing_jwk),
                (again, exchange_keys(NEXT).signing_jwk),
            )
        ]
        assert told[0] == told[1]
        assert len(await acts(dealings.seller, "parcel.received")) == 1
