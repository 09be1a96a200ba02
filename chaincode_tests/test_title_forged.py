"""What was not signed: nobody is made to act by another's bytes."""

from typing import Any

import pytest
from eth_abi.abi import encode

from chaincode_tests.contract import selector
from chaincode_tests.test_title_signed import ACTS_OF_GATEWAYS
from chaincode_tests.trade import POSSESSION, Trade, refused
from chaincode_tests.wallet import Wallet

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.fixture
def wallet(trade: Trade) -> Wallet:
    return Wallet(trade)


class TestForgery:
    def test_it_is_for_the_arguments_that_were_signed(self, trade: Trade, wallet: Wallet) -> None:
        world, title = trade.world, trade.issue()
        terms = (POSSESSION, wallet.until)
        signature = wallet.signed(world.shipper, "offer", title, 1, world.buyer.index, *terms)
        with refused("SignatureInvalid", world.shipper.account):
            other = (title, 1, world.bank.index, *terms)
            wallet.send(world.shipper.account, signature, "offer", *other)

    def test_it_is_for_the_act_that_was_signed(self, trade: Trade, wallet: Wallet) -> None:
        world, title = trade.world, trade.offered()
        signature = wallet.signed(world.buyer, "decline", title, 2)
        with refused("SignatureInvalid", world.buyer.account):
            wallet.send(world.buyer.account, signature, "accept", title, 2)

    def test_no_element_of_an_array_is_exchanged(self, trade: Trade, wallet: Wallet) -> None:
        world, one, other = trade.world, trade.issuance("1"), trade.issuance("2")
        signature = wallet.signed(world.carrier, "issueBatch", [one.as_tuple()])
        for batch in ([other.as_tuple()], [one.as_tuple(), other.as_tuple()], []):
            with refused("SignatureInvalid", world.carrier.account):
                wallet.send(world.carrier.account, signature, "issueBatch", batch)

    def test_nobody_signs_for_another(self, trade: Trade, wallet: Wallet) -> None:
        world, title = trade.world, trade.offered()
        signature = wallet.signed(world.bank, "accept", title, 2)
        with refused("SignatureInvalid", world.buyer.account):
            wallet.send(world.buyer.account, signature, "accept", title, 2)

    def test_the_other_half_of_the_curve_is_refused(self, trade: Trade, wallet: Wallet) -> None:
        """(r, n - s) with the other v is as valid by the curve, and would be a second signature."""
        world, title = trade.world, trade.offered()
        signature = wallet.signed(world.buyer, "accept", title, 2)
        r, s, v = signature[:32], int.from_bytes(signature[32:64], "big"), signature[64]
        mirrored = r + (SECP256K1_ORDER - s).to_bytes(32, "big") + bytes([55 - v])
        with refused("SignatureInvalid", world.buyer.account):
            wallet.send(world.buyer.account, mirrored, "accept", title, 2)

    @pytest.mark.parametrize("length", [0, 64, 66])
    def test_a_signature_has_65_bytes(self, trade: Trade, wallet: Wallet, length: int) -> None:
        world, title = trade.world, trade.offered()
        signature = wallet.signed(world.buyer, "accept", title, 2).ljust(66, b"\0")[:length]
        with refused("SignatureInvalid", world.buyer.account):
            wallet.send(world.buyer.account, signature, "accept", title, 2)

    def test_what_no_key_has_signed_is_not_the_zero_accounts(
        self, trade: Trade, wallet: Wallet
    ) -> None:
        title, nobody = trade.offered(), "0x" + "00" * 20
        with refused("SignatureInvalid", nobody):
            wallet.send(nobody, bytes(64) + b"\x1b", "accept", title, 2)


class TestSender:
    def test_a_direct_callers_appended_bytes_name_nobody(self, trade: Trade) -> None:
        world, title = trade.world, trade.offered()
        call = world.titles.call_data("accept", (title, 2))
        receipt = world.chain.send(
            world.stranger, world.titles.address, call + _bytes(world.buyer.account)
        )
        not_enrolled = selector(
            {"name": "NotEnrolled", "inputs": [{"name": "account", "type": "address"}]}
        )
        assert receipt.revert_data == not_enrolled + encode(["address"], [world.stranger])

    def test_bytes_appended_to_a_signed_call_are_refused(
        self, trade: Trade, wallet: Wallet
    ) -> None:
        world, title = trade.world, trade.offered()
        call = wallet.titles.call_data("accept", (title, 2))
        signature = wallet.signed(world.bank, "accept", title, 2)
        with refused("ActNotSignable", wallet.selector_of("accept")):
            longer = call + _bytes(world.buyer.account)
            wallet.send_call(longer, world.bank.account, signature)

    def test_behind_an_array_they_name_nobody_either(self, trade: Trade, wallet: Wallet) -> None:
        world, issuance = trade.world, trade.issuance()
        call = wallet.titles.call_data("issueBatch", ([issuance.as_tuple()],))
        signature = wallet.signed(world.carrier, "issueBatch", [issuance.as_tuple()])
        longer = call + _bytes(world.other_carrier.account)
        outcome = wallet.send_call(longer, world.carrier.account, signature)
        assert outcome.event.fields["issuer"] == world.carrier.index

    def test_an_array_that_lies_outside_of_the_call_is_refused(
        self, trade: Trade, wallet: Wallet
    ) -> None:
        """Its length could only be read from what the registry appends."""
        world = trade.world
        call = wallet.titles.call_data("issueBatch", ([],))
        with refused("0x"):
            wallet.send_call(call[:-32], world.carrier.account, bytes(65))

    def test_a_relay_is_not_relayed(self, trade: Trade, wallet: Wallet) -> None:
        world, title = trade.world, trade.offered()
        signature = wallet.signed(world.buyer, "accept", title, 2)
        inner = (wallet.titles.call_data("accept", (title, 2)), world.buyer.account)
        call = wallet.titles.call_data("relay", (*inner, wallet.until, signature))
        with refused("ActNotSignable", wallet.selector_of("relay")):
            wallet.send_call(call, world.buyer.account, signature)

    @pytest.mark.parametrize(("act", "arguments"), ACTS_OF_GATEWAYS.items())
    def test_a_gateway_acts_itself(
        self, trade: Trade, wallet: Wallet, act: str, arguments: tuple[Any, ...]
    ) -> None:
        with refused("ActNotSignable", wallet.selector_of(act)):
            wallet.send(trade.world.buyer.account, bytes(65), act, *arguments)

    @pytest.mark.parametrize("call", [b"", b"\x12", b"\x12\x34\x56\x78", bytes(68)])
    def test_a_call_of_nothing_is_none(self, trade: Trade, wallet: Wallet, call: bytes) -> None:
        named = call[:4] if len(call) >= 4 else bytes(4)
        with refused("ActNotSignable", named):
            wallet.send_call(call, trade.world.buyer.account, bytes(65))


def _bytes(account: str) -> bytes:
    return bytes.fromhex(account[2:])
