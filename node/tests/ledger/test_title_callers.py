"""A transaction shows through which account it acted on a title: its sender's, or the signer's."""

from __future__ import annotations

from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.fake_chain import MANIFEST
from tests.story import hex_of
from tidan_node.domain.identifiers import ZERO_20, to_hex
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signed_acts import SignedActs
from tidan_node.ledger.title_callers import title_caller

REGISTRY = MANIFEST.address_of("TitleRegistry")
SENDER = Account.from_key("0x" + "11" * 32).address
SIGNER = Account.from_key("0x" + "22" * 32)
UNTIL = 1_800_000_000
ACCEPT = Call("TitleRegistry", "acceptPledge", (hex_of("title"), 2))
RELEASE = Call("TitleRegistry", "releasePledge", (hex_of("title"), 3))


def transaction(call: Call, to: str = REGISTRY) -> dict[str, str]:
    return {"from": SENDER, "to": to, "input": to_hex(encode_call(call))}


def relayed(signed: Call, sent: Call) -> dict[str, str]:
    """The relay of an act, with a signature over that one or another."""
    acts = SignedActs(MANIFEST.chain_id, REGISTRY)
    message = encode_typed_data(full_message=acts.typed_data(signed, UNTIL))
    signature = to_hex(bytes(SIGNER.sign_message(message).signature))
    arguments = (to_hex(encode_call(sent)), SIGNER.address, UNTIL, signature)
    return transaction(Call("TitleRegistry", "relay", arguments))


def test_a_direct_act_is_its_senders() -> None:
    assert title_caller(transaction(ACCEPT), MANIFEST) == SENDER.lower()


def test_a_relayed_act_is_its_signers() -> None:
    assert title_caller(relayed(ACCEPT, ACCEPT), MANIFEST) == SIGNER.address.lower()


def test_whom_a_relay_names_does_not_count_where_another_act_was_signed() -> None:
    found = title_caller(relayed(RELEASE, ACCEPT), MANIFEST)
    assert found is not None
    assert found != SIGNER.address.lower()


def test_a_relay_without_a_signature_is_nobodys() -> None:
    arguments = (to_hex(encode_call(ACCEPT)), SIGNER.address, UNTIL, "0x")
    sent = transaction(Call("TitleRegistry", "relay", arguments))
    assert title_caller(sent, MANIFEST) == ZERO_20


def test_of_a_transaction_to_another_contract_nobody_can_tell() -> None:
    assert title_caller(transaction(ACCEPT, to="0x" + "99" * 20), MANIFEST) is None


def test_nor_of_one_that_creates_a_contract() -> None:
    creation = transaction(ACCEPT) | {"to": None}
    assert title_caller(creation, MANIFEST) is None
