"""Who is a member, in which roles, through which accounts; and who may change that."""

import pytest
from eth_utils.crypto import keccak

from chaincode_tests.consortium import (
    ACTIVE,
    BANK,
    CARRIER,
    NOBODY,
    REVOKED,
    SUSPENDED,
    TRADER,
    Consortium,
)
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.trade import NO_PARTY, ZERO, refused

NONE = 0
UNKNOWN = 99
PROFILE = b'{"name":"Tan Shipping"}'
CODE = "SMDG:TAN"
KEY = b"\x02" + bytes(range(32))

MEMBERSHIP = {
    "enrol": (CARRIER, "0x" + "11" * 20, PROFILE, "rulebook 1.0", "English law", []),
    "changeRoles": (1, CARRIER),
    "changeStatus": (1, SUSPENDED, "reason"),
    "revoke": (1, 2, "reason"),
    "nameSuccessor": (1, 2),
    "recover": (1, "0x" + "11" * 20, "reason"),
    "registerNumberingKey": (1, CODE, KEY),
}

OF_PARTIES = {"changeProfile", "requestRotation", "cancelRotation", "completeRotation"}


def enrol(world: Consortium, **changes: object) -> Outcome:
    terms: dict[str, object] = {
        "roles": CARRIER | TRADER,
        "account": world.spare,
        "profile": PROFILE,
        "rulebook": "rulebook 1.0",
        "law": "English law",
        "codes": [],
    } | changes
    return world.parties.transact(world.admin, "enrol", *terms.values())


class TestEnrol:
    def test_a_party_gets_the_next_index_and_is_active(self, world: Consortium) -> None:
        count = world.parties.call("partyCount")

        outcome = enrol(world)

        party = count + 1
        assert world.parties.call("partyCount") == party
        assert world.parties.call("indexOf", world.spare) == party
        assert world.parties.call("standing", world.spare) == (party, CARRIER | TRADER, ACTIVE)
        assert world.parties.call("standingOf", party) == (CARRIER | TRADER, ACTIVE)
        assert world.parties.call("profileHashOf", party) == keccak(PROFILE)
        assert outcome.events == [
            Event(
                "PartyEnrolled",
                {
                    "party": party,
                    "roles": CARRIER | TRADER,
                    "rulebook": "rulebook 1.0",
                    "governingLaw": "English law",
                },
            ),
            Event("AccountAdded", {"party": party, "account": world.spare}),
            Event(
                "ProfileChanged",
                {"party": party, "profileHash": keccak(PROFILE), "profile": PROFILE},
            ),
        ]

    def test_indices_count_from_one(self, world: Consortium) -> None:
        assert world.carrier.index == 1

    @pytest.mark.parametrize("roles", [0, 256, 257, 2**16 - 1])
    def test_roles_are_some_of_those_that_exist(self, world: Consortium, roles: int) -> None:
        with refused("InvalidRoles", roles):
            enrol(world, roles=roles)

    def test_all_roles_at_once_are_possible(self, world: Consortium) -> None:
        enrol(world, roles=255)
        assert world.parties.call("standing", world.spare)[1] == 255

    def test_the_account_is_not_the_zero_address(self, world: Consortium) -> None:
        with refused("EmptyAccount"):
            enrol(world, account=NOBODY)

    def test_the_account_is_no_other_partys(self, world: Consortium) -> None:
        with refused("AccountTaken", world.bank.account, world.bank.index):
            enrol(world, account=world.bank.account)

    def test_the_profile_is_not_empty(self, world: Consortium) -> None:
        with refused("EmptyProfile"):
            enrol(world, profile=b"")

    def test_its_codes_get_their_keys_in_the_same_act(self, world: Consortium) -> None:
        outcome = enrol(world, codes=[(CODE, KEY), ("SMDG:TAN2", KEY)])
        party = world.parties.call("indexOf", world.spare)
        assert [event.name for event in outcome.events][-2:] == ["NumberingKeyRegistered"] * 2
        for code in (CODE, "SMDG:TAN2"):
            assert world.parties.call("numberingKeyOf", keccak(text=code)) == (party, KEY)

    def test_a_code_that_is_taken_keeps_the_party_out(self, world: Consortium) -> None:
        count = world.parties.call("partyCount")
        world.parties.transact(world.admin, "registerNumberingKey", 1, CODE, KEY)
        with refused("CodeTaken", keccak(text=CODE), 1):
            enrol(world, codes=[(CODE, KEY)])
        assert world.parties.call("partyCount") == count

    def test_the_rulebook_that_was_accepted_is_named(self, world: Consortium) -> None:
        with refused("EmptyRulebook"):
            enrol(world, rulebook="")

    def test_the_law_that_was_accepted_is_named(self, world: Consortium) -> None:
        with refused("EmptyGoverningLaw"):
            enrol(world, law="")

    def test_a_refused_enrolment_takes_no_index(self, world: Consortium) -> None:
        count = world.parties.call("partyCount")
        with refused("EmptyProfile"):
            enrol(world, profile=b"")
        assert world.parties.call("partyCount") == count


class TestAuthority:
    @pytest.mark.parametrize(("function", "arguments"), MEMBERSHIP.items())
    def test_nobody_but_the_admin_changes_the_membership(
        self, world: Consortium, function: str, arguments: tuple[object, ...]
    ) -> None:
        for account in (world.carrier.account, world.regulator.account, world.stranger):
            with refused("AccessManagedUnauthorized", account):
                world.parties.transact(account, function, *arguments)

    def test_these_are_all_the_functions_that_change_anything(self, world: Consortium) -> None:
        changing = {
            entry["name"]
            for entry in world.parties.abi
            if entry["type"] == "function" and entry["stateMutability"] == "nonpayable"
        }
        assert changing == {*MEMBERSHIP, *OF_PARTIES, "setAuthority"}

    def test_the_admin_can_hand_its_role_over(self, world: Consortium) -> None:
        admin_role = 0
        world.authority.transact(world.admin, "grantRole", admin_role, world.spare, 0)
        world.authority.transact(world.spare, "revokeRole", admin_role, world.admin)
        with refused("AccessManagedUnauthorized", world.admin):
            world.parties.transact(world.admin, "changeRoles", world.bank.index, CARRIER)
        world.parties.transact(world.spare, "changeRoles", world.bank.index, CARRIER)
        assert world.parties.call("standingOf", world.bank.index) == (CARRIER, ACTIVE)

    def test_nobody_but_the_authority_names_its_successor(self, world: Consortium) -> None:
        with refused("AccessManagedUnauthorized", world.admin):
            world.parties.transact(world.admin, "setAuthority", world.spare)


class TestChangeRoles:
    def test_the_new_roles_replace_the_old(self, world: Consortium) -> None:
        outcome = world.parties.transact(world.admin, "changeRoles", world.bank.index, TRADER)
        assert world.parties.call("standingOf", world.bank.index) == (TRADER, ACTIVE)
        assert outcome.event == Event("RolesChanged", {"party": world.bank.index, "roles": TRADER})

    @pytest.mark.parametrize("roles", [0, 256])
    def test_they_exist(self, world: Consortium, roles: int) -> None:
        with refused("InvalidRoles", roles):
            world.parties.transact(world.admin, "changeRoles", world.bank.index, roles)


class TestChangeStatus:
    def test_it_is_the_new_one_for_the_party_and_its_account(self, world: Consortium) -> None:
        bank = world.bank
        reason = "licence withdrawn"
        outcome = world.parties.transact(world.admin, "changeStatus", bank.index, SUSPENDED, reason)
        assert world.parties.call("standing", bank.account) == (bank.index, BANK, SUSPENDED)
        assert outcome.event == Event(
            "StatusChanged", {"party": bank.index, "status": SUSPENDED, "reason": reason}
        )

    def test_a_suspension_can_end(self, world: Consortium) -> None:
        world.set_status(world.bank, SUSPENDED)
        world.set_status(world.bank, ACTIVE)
        assert world.parties.call("standingOf", world.bank.index) == (BANK, ACTIVE)

    @pytest.mark.parametrize("status", [NONE, ACTIVE, REVOKED])
    def test_it_is_another_one_and_neither_none_nor_for_ever(
        self, world: Consortium, status: int
    ) -> None:
        with refused("InvalidStatus", world.bank.index, status):
            world.parties.transact(world.admin, "changeStatus", world.bank.index, status, "reason")


class TestRevoke:
    def test_it_is_for_ever_and_may_name_a_successor(self, world: Consortium) -> None:
        carrier, successor = world.carrier.index, world.other_carrier.index
        terms = (carrier, successor, "insolvent")
        outcome = world.parties.transact(world.admin, "revoke", *terms)
        assert world.parties.call("standingOf", carrier) == (CARRIER, REVOKED)
        assert world.parties.call("successorOf", carrier) == successor
        assert outcome.events == [
            Event("StatusChanged", {"party": carrier, "status": REVOKED, "reason": "insolvent"}),
            Event("SuccessorNamed", {"party": carrier, "successor": successor}),
        ]

    def test_without_a_successor_there_is_none(self, world: Consortium) -> None:
        world.revoke(world.carrier)
        assert world.parties.call("successorOf", world.carrier.index) == NO_PARTY

    def test_it_says_why(self, world: Consortium) -> None:
        with refused("EmptyReason"):
            world.parties.transact(world.admin, "revoke", world.carrier.index, NO_PARTY, "")

    def test_the_successor_is_an_active_carrier(self, world: Consortium) -> None:
        world.set_status(world.other_carrier, SUSPENDED)
        for unfit in (world.other_carrier, world.bank, world.carrier):
            with refused("SuccessorUnfit", unfit.index):
                world.revoke(world.carrier, unfit.index)

    def test_an_open_rotation_ends_with_it(self, world: Consortium) -> None:
        carrier = world.carrier
        nobody = NOBODY
        world.parties.transact(carrier.account, "requestRotation", world.spare, nobody)
        world.revoke(carrier)
        assert world.parties.call("requestedRotation", carrier.index) == (nobody, nobody, 0)

    def test_another_successor_can_be_named_later(self, world: Consortium) -> None:
        carrier, successor = world.carrier.index, world.other_carrier.index
        world.revoke(world.carrier)
        outcome = world.parties.transact(world.admin, "nameSuccessor", carrier, successor)
        assert outcome.event == Event("SuccessorNamed", {"party": carrier, "successor": successor})

    def test_a_party_that_is_not_revoked_has_none(self, world: Consortium) -> None:
        carrier, successor = world.carrier.index, world.other_carrier.index
        with refused("PartyNotRevoked", carrier):
            world.parties.transact(world.admin, "nameSuccessor", carrier, successor)


class TestRevoked:
    @pytest.mark.parametrize(
        ("function", "arguments"),
        [
            ("changeStatus", (ACTIVE, "back again")),
            ("changeRoles", (CARRIER,)),
            ("revoke", (2, "reason")),
            ("recover", ("0x" + "11" * 20, "reason")),
            ("registerNumberingKey", (CODE, KEY)),
        ],
    )
    def test_nothing_about_it_changes_any_more(
        self, world: Consortium, function: str, arguments: tuple[object, ...]
    ) -> None:
        world.set_status(world.bank, REVOKED)
        with refused("PartyRevoked", world.bank.index):
            world.parties.transact(world.admin, function, world.bank.index, *arguments)

    def test_not_its_profile_either(self, world: Consortium) -> None:
        world.set_status(world.bank, REVOKED)
        with refused("PartyRevoked", world.bank.index):
            world.parties.transact(world.bank.account, "changeProfile", PROFILE)


class TestUnknown:
    @pytest.mark.parametrize("party", [NO_PARTY, UNKNOWN])
    @pytest.mark.parametrize(
        ("function", "arguments"),
        [
            ("changeStatus", (SUSPENDED, "reason")),
            ("changeRoles", (CARRIER,)),
            ("revoke", (2, "reason")),
            ("recover", ("0x" + "11" * 20, "reason")),
            ("registerNumberingKey", (CODE, KEY)),
        ],
    )
    def test_a_party_that_is_not_enrolled_cannot_be_changed(
        self, world: Consortium, party: int, function: str, arguments: tuple[object, ...]
    ) -> None:
        with refused("PartyUnknown", party):
            world.parties.transact(world.admin, function, party, *arguments)

    def test_a_stranger_has_no_standing(self, world: Consortium) -> None:
        assert world.parties.call("indexOf", world.stranger) == NO_PARTY
        assert world.parties.call("standing", world.stranger) == (NO_PARTY, 0, NONE)
        assert world.parties.call("standingOf", UNKNOWN) == (0, NONE)
        assert world.parties.call("profileHashOf", UNKNOWN) == ZERO
