"""Acts that an offline key has signed: prepared here, and sent from this node's account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tidan_node.domain.events import AccountAdded
from tidan_node.domain.identifiers import Address, PartyIndex

OFFLINE = Account.from_key("0x" + "11" * 32)
STRANGER = Account.from_key("0x" + "22" * 32)


@pytest.fixture
async def offered(trade: Any) -> str:
    """A title on offer to the buyer, one of whose accounts is a key that is kept offline."""
    account = Address(OFFLINE.address.lower())
    trade.consortium.story.emit(AccountAdded(PartyIndex(3), account))
    title: str = await trade.offered()
    return title


async def _prepared(trade: Any, title: str, **more: Any) -> dict[str, Any]:
    wish = {"act": "accept", "arguments": {"id": title, "expectedSeq": 2}} | more
    answer = await trade.carrier.post("/v1/title-acts:prepare", wish)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def _signed(prepared: dict[str, Any], key: Any = OFFLINE) -> dict[str, Any]:
    message = encode_typed_data(full_message=prepared["typedData"])
    return {
        "call": prepared["call"],
        "signer": key.address,
        "validUntil": prepared["validUntil"],
        "signature": "0x" + bytes(key.sign_message(message).signature).hex(),
    }


class TestPreparation:
    async def test_a_wallet_shows_what_is_signed(self, trade: Any, offered: str) -> None:
        prepared = await _prepared(trade, offered)

        data = prepared["typedData"]
        until = int(datetime.fromisoformat(prepared["validUntil"]).timestamp())
        assert data["primaryType"] == "Accept"
        assert data["message"] == {"id": offered, "expectedSeq": "2", "validUntil": str(until)}
        assert data["domain"]["name"] == "Tidan TitleRegistry"

    async def test_nothing_is_done_by_asking(self, trade: Any, offered: str) -> None:
        before = await trade.carrier.rows()

        await _prepared(trade, offered)

        assert await trade.carrier.rows() == before

    @pytest.mark.parametrize(
        ("wish", "slug", "field"),
        [
            ({"act": "relay", "arguments": {}}, "act-not-signable", "act"),
            ({"act": "exportTitle", "arguments": {}}, "act-not-signable", "act"),
            ({"act": "sink", "arguments": {}}, "act-not-signable", "act"),
            ({"act": "accept", "arguments": {}}, "invalid-input", "arguments.expectedSeq"),
            (
                {"act": "issue", "arguments": {"issuance": {"number": "0x00"}}},
                "invalid-input",
                "arguments.issuance",
            ),
        ],
    )
    async def test_what_is_no_act_is_not_prepared(
        self, trade: Any, wish: dict[str, Any], slug: str, field: str
    ) -> None:
        answer = await trade.carrier.post("/v1/title-acts:prepare", wish)

        assert (answer.json()["type"], answer.json()["field"]) == (f"/v1/problems/{slug}", field)


class TestRelay:
    async def test_the_act_is_named_and_whose_it_is(self, trade: Any, offered: str) -> None:
        wish = _signed(await _prepared(trade, offered))

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert answer.status_code == 202, answer.text
        told = answer.json()
        assert (told["title"], told["act"]) == (offered, "accept")
        assert told["signer"] == {"index": 3, "name": "Party 3 Ltd"}
        assert told["operation"]["kind"] == "title.relay"
        ((_, call),) = await trade.carrier.waiting()
        assert (call.function, call.args[:2]) == ("relay", (wish["call"], wish["signer"].lower()))

    async def test_the_trail_has_it(self, trade: Any, offered: str) -> None:
        await trade.carrier.post("/v1/title-acts:relay", _signed(await _prepared(trade, offered)))

        act, subject, detail = (await trade.carrier.trail())[-1]

        assert (act, subject, detail["act"]) == ("title.relay", offered, "accept")
        assert detail["signer"] == OFFLINE.address.lower()

    async def test_somebody_elses_signature_is_refused(self, trade: Any, offered: str) -> None:
        wish = _signed(await _prepared(trade, offered), STRANGER) | {"signer": OFFLINE.address}

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert (answer.status_code, answer.json()["field"]) == (403, "signature")
        assert answer.json()["type"] == "/v1/problems/signature-invalid"

    async def test_an_account_of_no_party_has_nothing_sent(self, trade: Any, offered: str) -> None:
        wish = _signed(await _prepared(trade, offered), STRANGER)

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert (answer.status_code, answer.json()["field"]) == (403, "signer")
        assert answer.json()["type"] == "/v1/problems/not-enrolled"

    async def test_it_is_good_until_then_and_no_longer(self, trade: Any, offered: str) -> None:
        wish = _signed(await _prepared(trade, offered))
        trade.consortium.story.next_block(24 * 3600)

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert answer.json()["type"] == "/v1/problems/signature-expired"

    async def test_a_stale_act_is_refused(self, trade: Any, offered: str) -> None:
        seen = {"arguments": {"id": offered, "expectedSeq": 1}}
        wish = _signed(await _prepared(trade, offered, **seen))

        answer = await trade.carrier.post("/v1/title-acts:relay", wish)

        assert answer.json()["type"] == "/v1/problems/stale-seq"

    @pytest.mark.parametrize("change", [lambda call: call + "00", lambda call: "0x12345678"])
    async def test_what_is_no_act_is_not_sent(self, trade: Any, offered: str, change: Any) -> None:
        wish = _signed(await _prepared(trade, offered))

        answer = await trade.carrier.post(
            "/v1/title-acts:relay", wish | {"call": change(wish["call"])}
        )

        assert answer.json()["type"] == "/v1/problems/act-not-signable"
