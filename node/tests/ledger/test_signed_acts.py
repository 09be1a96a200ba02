"""Signed acts are hashed as wallets hash them: eth-account signs what the node prepares."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.story import hex_of
from tidan_node.domain.identifiers import Address
from tidan_node.domain.title_problems import ActNotSignable, SignatureInvalid
from tidan_node.domain.titles.terms import packed
from tidan_node.ledger.abi import signatures
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signed_acts import SignedActs

KEY = Account.from_key("0x" + "11" * 32)
SIGNER = Address(KEY.address.lower())
ACTS = SignedActs(31337, Address(hex_of("TitleRegistry", size=20)))
UNTIL = 1_800_000_000
ISSUANCE = {
    "number": hex_of("number"),
    "series": hex_of("series"),
    "contentRoot": hex_of("root"),
    "possessor": 2,
    "titleholder": 3,
    "kind": 1,
    "schema": 1,
    "version": 1,
    "rulebook": 4,
}
ARGUMENTS: dict[str, Any] = {
    "id": hex_of("title"),
    "expectedSeq": 4,
    "issuance": ISSUANCE,
    "issuances": [ISSUANCE, ISSUANCE],
    "withdrawal": hex_of("withdrawal"),
    "recipient": 3,
    "what": 7,
    "deadline": UNTIL,
    "to": 3,
    "pledgee": hex_of("pledgee"),
    "reason": 255,
    "successor": ISSUANCE,
    "successors": [ISSUANCE, ISSUANCE],
    "ids": [hex_of("title"), hex_of("other")],
    "expectedSeqs": [4, 5],
    "gateway": hex_of("gateway", size=20),
    "transfer": hex_of("transfer"),
}
INPUTS = {each.name: each.inputs for each in signatures("TitleRegistry", "function")}
SIGNABLE = sorted(
    name
    for name in INPUTS
    if not name.endswith(("Of", "OfSeries", "Title", "Delay")) and name != "relay"
)


def _call(act: str) -> Any:
    return ACTS.call_of(act, {each.name: ARGUMENTS[each.name] for each in INPUTS[act]})


@pytest.mark.parametrize("act", SIGNABLE)
def test_a_wallets_signature_over_an_act_is_its_signers(act: str) -> None:
    call = _call(act)
    message = encode_typed_data(full_message=ACTS.typed_data(call, UNTIL))

    signature = bytes(KEY.sign_message(message).signature)

    assert ACTS.signer_of(call, UNTIL, signature) == SIGNER
    assert ACTS.signer_of(call, UNTIL + 1, signature) != SIGNER
    assert ACTS.act_in(encode_call(call)) == call


def test_an_issuance_is_packed_as_the_contract_has_it() -> None:
    ((*_, terms),) = _call("issue").args

    assert terms == packed(2, 3, 1, 1, 1, 4)


def test_a_signature_for_one_chain_or_registry_is_none_for_another() -> None:
    call = _call("accept")
    message = encode_typed_data(full_message=ACTS.typed_data(call, UNTIL))
    signature = bytes(KEY.sign_message(message).signature)

    for other in (
        SignedActs(1, ACTS.registry),
        SignedActs(ACTS.chain_id, Address(hex_of("another", size=20))),
    ):
        assert other.signer_of(call, UNTIL, signature) != SIGNER


@pytest.mark.parametrize(
    "signature", [b"", b"\x01" * 64, b"\x01" * 66, b"\x00" * 64 + b"\x1b", b"\x01" * 64 + b"\x01"]
)
def test_what_is_no_signature_is_nobodys(signature: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        ACTS.signer_of(_call("accept"), UNTIL, signature)


def test_the_twin_of_a_signature_is_refused() -> None:
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    call = _call("accept")
    message = encode_typed_data(full_message=ACTS.typed_data(call, UNTIL))
    signed = KEY.sign_message(message)
    twin = signed.r.to_bytes(32, "big") + (order - signed.s).to_bytes(32, "big")

    with pytest.raises(SignatureInvalid):
        ACTS.signer_of(call, UNTIL, twin + bytes([55 - signed.v]))


@pytest.mark.parametrize("act", ["relay", "exportTitle", "returnTitle", "importTitle", "titleOf"])
def test_what_is_no_partys_act_is_not_signed(act: str) -> None:
    with pytest.raises(ActNotSignable):
        ACTS.require(act)
