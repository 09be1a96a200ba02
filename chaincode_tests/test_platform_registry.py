"""Which foreign trust anchors are recognised, for what, and until when."""

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from chaincode_tests.consortium import BANK, TRADER, Consortium
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.trade import ZERO, digest, refused

NO_KIND, CERTIFICATE, DID = range(3)
ACTS = "records:read titles:act"
DER = b"\x30\x82\x01\x0a and so on"
UNTIL = 4_000_000_000
TERMS: dict[str, object] = {
    "platform": "DEMO-NET",
    "kind": CERTIFICATE,
    "anchor": DER,
    "roles": TRADER | BANK,
    "acts": ACTS,
    "expires_at": UNTIL,
}


def recognise(world: Consortium, **changes: object) -> Outcome:
    return world.platforms.transact(world.admin, "recognise", *(TERMS | changes).values())


def anchor_id(platform: str = "DEMO-NET", kind: int = CERTIFICATE, anchor: bytes = DER) -> bytes:
    return bytes(keccak(encode(["string", "uint8", "bytes"], [platform, kind, anchor])))


class TestRecognise:
    def test_an_anchor_is_recognised_with_its_terms(self, world: Consortium) -> None:
        outcome = recognise(world)
        assert outcome.event == Event(
            "PlatformRecognised",
            {
                "anchorId": anchor_id(),
                "platform": "DEMO-NET",
                "kind": CERTIFICATE,
                "anchor": DER,
                "roles": TRADER | BANK,
                "acts": ACTS,
                "expiresAt": UNTIL,
            },
        )
        assert world.platforms.call("recognitionOf", anchor_id()) == {
            "kind": CERTIFICATE,
            "roles": TRADER | BANK,
            "expiresAt": UNTIL,
            "withdrawn": False,
            "actsHash": keccak(text=ACTS),
        }

    def test_a_platform_may_have_several_anchors(self, world: Consortium) -> None:
        did = b"did:web:issuer.example"
        recognise(world)
        recognise(world, kind=DID, anchor=did, roles=TRADER)
        assert world.platforms.call("recognitionOf", anchor_id())["roles"] == TRADER | BANK
        other = anchor_id(kind=DID, anchor=did)
        assert world.platforms.call("recognitionOf", other)["roles"] == TRADER

    def test_the_same_anchor_again_replaces_the_terms(self, world: Consortium) -> None:
        recognise(world)
        recognise(world, roles=TRADER, acts="records:read", expires_at=UNTIL + 1)
        renewed = world.platforms.call("recognitionOf", anchor_id())
        assert (renewed["roles"], renewed["expiresAt"]) == (TRADER, UNTIL + 1)
        assert renewed["actsHash"] == keccak(text="records:read")

    @pytest.mark.parametrize("code", ["AB", "A1", "A-", "A" * 20, "DEMO-NET-2"])
    def test_a_code_is_capitals_digits_and_hyphens(self, world: Consortium, code: str) -> None:
        recognise(world, platform=code)
        assert world.platforms.call("recognitionOf", anchor_id(code))["kind"] == CERTIFICATE

    @pytest.mark.parametrize(
        "code", ["", "A", "A" * 21, "1AB", "-AB", "Demo", "DEMO NET", "DEMO_NET", "DÉMO", "AB\n"]
    )
    def test_nothing_else_is_a_code(self, world: Consortium, code: str) -> None:
        with refused("PlatformCodeMalformed", code):
            recognise(world, platform=code)

    def test_an_anchor_has_a_kind(self, world: Consortium) -> None:
        with refused("EmptyAnchorKind"):
            recognise(world, kind=NO_KIND)

    def test_an_anchor_is_not_empty(self, world: Consortium) -> None:
        with refused("EmptyAnchor"):
            recognise(world, anchor=b"")

    def test_some_act_is_recognised(self, world: Consortium) -> None:
        with refused("EmptyActs"):
            recognise(world, acts="")

    @pytest.mark.parametrize("roles", [0, 256])
    def test_roles_are_some_of_those_that_exist(self, world: Consortium, roles: int) -> None:
        with refused("InvalidRoles", roles):
            recognise(world, roles=roles)

    def test_it_ends_in_the_future(self, world: Consortium) -> None:
        now = world.chain.now + 10
        world.chain.next_block_at(now)
        with refused("RecognitionExpired", now):
            recognise(world, expires_at=now)


class TestWithdraw:
    def test_a_recognition_ends_at_once(self, world: Consortium) -> None:
        recognise(world)
        outcome = world.platforms.transact(world.admin, "withdraw", anchor_id())
        assert outcome.event == Event("PlatformWithdrawn", {"anchorId": anchor_id()})
        assert world.platforms.call("recognitionOf", anchor_id())["withdrawn"] is True

    def test_once(self, world: Consortium) -> None:
        recognise(world)
        world.platforms.transact(world.admin, "withdraw", anchor_id())
        with refused("AnchorWithdrawn", anchor_id()):
            world.platforms.transact(world.admin, "withdraw", anchor_id())

    def test_it_can_be_recognised_anew(self, world: Consortium) -> None:
        recognise(world)
        world.platforms.transact(world.admin, "withdraw", anchor_id())
        recognise(world)
        assert world.platforms.call("recognitionOf", anchor_id())["withdrawn"] is False

    def test_what_was_never_recognised_is_unknown(self, world: Consortium) -> None:
        with refused("AnchorUnknown", digest("nothing")):
            world.platforms.transact(world.admin, "withdraw", digest("nothing"))
        assert world.platforms.call("recognitionOf", digest("nothing")) == {
            "kind": NO_KIND,
            "roles": 0,
            "expiresAt": 0,
            "withdrawn": False,
            "actsHash": ZERO,
        }


class TestAuthority:
    def test_nobody_but_the_admin_recognises_or_withdraws(self, world: Consortium) -> None:
        for account in (world.regulator.account, world.stranger):
            with refused("AccessManagedUnauthorized", account):
                world.platforms.transact(account, "recognise", *TERMS.values())
            with refused("AccessManagedUnauthorized", account):
                world.platforms.transact(account, "withdraw", anchor_id())

    def test_these_are_all_the_functions_that_change_anything(self, world: Consortium) -> None:
        changing = {
            entry["name"]
            for entry in world.platforms.abi
            if entry["type"] == "function" and entry["stateMutability"] == "nonpayable"
        }
        assert changing == {"recognise", "withdraw", "setAuthority"}
