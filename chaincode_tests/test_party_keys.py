"""A party's profile, and the keys of the codes under which it numbers documents."""

import pytest
from eth_utils.crypto import keccak

from chaincode_tests.consortium import SUSPENDED, Consortium
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.trade import NO_PARTY, refused

PROFILE = b'{"name":"Tan Shipping"}'
CODE = "SMDG:TAN"
KEY = b"\x02" + bytes(range(32))


class TestProfile:
    def test_a_party_changes_its_own(self, world: Consortium) -> None:
        profile = b'{"name":"Bank of Examples","nodeUrl":"https://bank.example"}'
        outcome = world.parties.transact(world.bank.account, "changeProfile", profile)
        assert world.parties.call("profileHashOf", world.bank.index) == keccak(profile)
        assert outcome.event == Event(
            "ProfileChanged",
            {"party": world.bank.index, "profileHash": keccak(profile), "profile": profile},
        )

    def test_not_while_suspended(self, world: Consortium) -> None:
        world.set_status(world.bank, SUSPENDED)
        with refused("PartyNotActive", world.bank.index):
            world.parties.transact(world.bank.account, "changeProfile", PROFILE)

    def test_a_stranger_has_none(self, world: Consortium) -> None:
        with refused("NotEnrolled", world.stranger):
            world.parties.transact(world.stranger, "changeProfile", PROFILE)

    def test_it_is_not_empty(self, world: Consortium) -> None:
        with refused("EmptyProfile"):
            world.parties.transact(world.bank.account, "changeProfile", b"")


class TestNumberingKey:
    def register(self, world: Consortium, **changes: object) -> Outcome:
        terms: dict[str, object] = {
            "party": world.carrier.index,
            "code": CODE,
            "key": KEY,
        } | changes
        return world.parties.transact(world.admin, "registerNumberingKey", *terms.values())

    @pytest.mark.parametrize("prefix", [b"\x02", b"\x03"])
    def test_a_code_gets_its_key(self, world: Consortium, prefix: bytes) -> None:
        key = prefix + KEY[1:]
        outcome = self.register(world, key=key)
        code_hash = keccak(text=CODE)
        assert world.parties.call("numberingKeyOf", code_hash) == (world.carrier.index, key)
        assert outcome.event == Event(
            "NumberingKeyRegistered",
            {"party": world.carrier.index, "codeHash": code_hash, "code": CODE, "key": key},
        )

    def test_it_has_it_for_ever(self, world: Consortium) -> None:
        self.register(world)
        for party in (world.carrier, world.other_carrier):
            with refused("CodeTaken", keccak(text=CODE), world.carrier.index):
                self.register(world, party=party.index, key=b"\x03" + KEY[1:])

    def test_a_party_may_have_several_codes(self, world: Consortium) -> None:
        self.register(world)
        self.register(world, code="SMDG:TAN2", key=b"\x03" + KEY[1:])
        assert world.parties.call("numberingKeyOf", keccak(text=CODE))[1] == KEY

    @pytest.mark.parametrize(
        "key", [b"", KEY[:-1], KEY + b"\x00", b"\x04" + KEY[1:], b"\x00" + KEY[1:]]
    )
    def test_a_key_has_the_form_of_a_compressed_point(self, world: Consortium, key: bytes) -> None:
        with refused("InvalidNumberingKey"):
            self.register(world, key=key)

    def test_a_code_is_not_empty(self, world: Consortium) -> None:
        with refused("EmptyCode"):
            self.register(world, code="")

    def test_an_unknown_code_has_none(self, world: Consortium) -> None:
        assert world.parties.call("numberingKeyOf", keccak(text=CODE)) == (NO_PARTY, b"")
