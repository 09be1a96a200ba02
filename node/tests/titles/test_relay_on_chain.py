"""What the contract says to acts that are sent with another account's signature."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.acting import act
from tests.live_chain import Anvil, LiveChain
from tests.live_trade import Trade, trade_on
from tidan_node.domain.identifiers import TitleId, to_hex
from tidan_node.domain.parties import NotEnrolled, PartyNotActive, PartyStatus
from tidan_node.domain.title_problems import (
    NotTheOfferee,
    SignatureExpired,
    SignatureInvalid,
    StaleSeq,
)
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signed_acts import SignedActs
from tidan_node.titles.operations import HANDLERS, RELAY

(RELAYING,) = (each for each in HANDLERS if each.kind == RELAY)
LATE = 2**40 - 2


@pytest.fixture
async def trade(live_chain: LiveChain) -> Trade:
    return await trade_on(live_chain)


@pytest.fixture
async def offered(trade: Trade) -> TitleId:
    title = await trade.issue("A")
    deadline = await trade.deadline()
    await trade.act(trade.seller, "TitleRegistry", "offer", title, 1, trade.buyer, 3, deadline)
    return title


def accepted(trade: Trade, title: TitleId, key: bytes, until: int = LATE) -> dict[str, Any]:
    """The intent to send an acceptance that this key has signed."""
    manifest = trade.live.manifest
    acts = SignedActs(manifest.chain_id, manifest.address_of("TitleRegistry"))
    call = acts.call_of("accept", {"id": title, "expectedSeq": 2})
    signer = Account.from_key(key)
    message = encode_typed_data(full_message=acts.typed_data(call, until))
    return {
        "call": to_hex(encode_call(call)),
        "signer": signer.address.lower(),
        "validUntil": until,
        "signature": to_hex(bytes(signer.sign_message(message).signature)),
    }


async def relay(trade: Trade, intent: dict[str, Any]) -> None:
    await act(trade.live, trade.carrier, RELAYING, intent)


async def test_an_act_that_is_sent_again_is_stale(
    trade: Trade, offered: TitleId, anvil: Anvil
) -> None:
    intent = accepted(trade, offered, anvil.keys[trade.buyer])
    await relay(trade, intent)

    with pytest.raises(StaleSeq):
        await relay(trade, intent)


async def test_after_its_time_it_is_not_taken(trade: Trade, offered: TitleId, anvil: Anvil) -> None:
    now = (await trade.live.gateway.head()).timestamp

    with pytest.raises(SignatureExpired):
        await relay(trade, accepted(trade, offered, anvil.keys[trade.buyer], now - 1))


async def test_another_partys_signature_is_that_partys_act(
    trade: Trade, offered: TitleId, anvil: Anvil
) -> None:
    with pytest.raises(NotTheOfferee):
        await relay(trade, accepted(trade, offered, anvil.keys[trade.seller]))


async def test_a_signature_is_of_whom_it_names(
    trade: Trade, offered: TitleId, anvil: Anvil
) -> None:
    buyer = accepted(trade, offered, anvil.keys[trade.buyer])["signer"]
    sellers = accepted(trade, offered, anvil.keys[trade.seller])

    with pytest.raises(SignatureInvalid):
        await relay(trade, sellers | {"signer": buyer})


async def test_an_account_of_nobody_does_nothing(trade: Trade, offered: TitleId) -> None:
    with pytest.raises(NotEnrolled):
        await relay(trade, accepted(trade, offered, b"\x22" * 32))


async def test_a_suspended_party_accepts_nothing(
    trade: Trade, offered: TitleId, anvil: Anvil
) -> None:
    await trade.live.administration.change_status(trade.buyer, PartyStatus.SUSPENDED, "a test")

    with pytest.raises(PartyNotActive):
        await relay(trade, accepted(trade, offered, anvil.keys[trade.buyer]))
