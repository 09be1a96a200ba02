"""Who takes pledges, and who speaks for who took one: banks, by their numbers."""

import pytest

from chaincode_tests.consortium import BANK, CARRIER, REVOKED, SUSPENDED, TRADER, Consortium
from chaincode_tests.trade import ZERO

NONSENSE = [ZERO, b"\xff" * 32, (1 << 32 | 6).to_bytes(32, "big"), (99).to_bytes(32, "big")]


def pledgee(index: int) -> bytes:
    return index.to_bytes(32, "big")


class TestGate:
    def test_a_bank_takes_pledges_by_any_of_its_accounts(self, world: Consortium) -> None:
        world.add_account(world.bank, world.spare)
        for account in (world.bank.account, world.spare):
            assert world.gate.call("pledgeeOf", account) == pledgee(world.bank.index)
            assert world.gate.call("actsFor", account, pledgee(world.bank.index))
        assert world.gate.call("mayTake", pledgee(world.bank.index))

    def test_nobody_else_does(self, world: Consortium) -> None:
        for party in (world.carrier, world.shipper, world.insurer, world.regulator):
            assert world.gate.call("pledgeeOf", party.account) == ZERO
            assert not world.gate.call("mayTake", pledgee(party.index))
        assert world.gate.call("pledgeeOf", world.stranger) == ZERO

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_a_bank_that_is_not_active_takes_none_and_still_speaks(
        self, world: Consortium, status: int
    ) -> None:
        world.set_status(world.bank, status)
        assert not world.gate.call("mayTake", pledgee(world.bank.index))
        assert world.gate.call("pledgeeOf", world.bank.account) == ZERO
        assert world.gate.call("actsFor", world.bank.account, pledgee(world.bank.index))

    def test_what_was_a_bank_still_speaks_for_its_pledges(self, world: Consortium) -> None:
        world.parties.transact(world.admin, "changeRoles", world.bank.index, TRADER)
        assert not world.gate.call("mayTake", pledgee(world.bank.index))
        assert world.gate.call("actsFor", world.bank.account, pledgee(world.bank.index))

    def test_the_successor_of_a_revoked_bank_speaks_for_it(self, world: Consortium) -> None:
        heir = world.other_carrier
        assert not world.gate.call("actsFor", heir.account, pledgee(world.bank.index))
        world.parties.transact(world.admin, "changeRoles", heir.index, CARRIER | BANK)
        world.revoke(world.bank, heir.index)
        assert world.gate.call("actsFor", heir.account, pledgee(world.bank.index))

    @pytest.mark.parametrize("nonsense", NONSENSE)
    def test_bytes_that_are_no_bank_are_nobody(self, world: Consortium, nonsense: bytes) -> None:
        assert not world.gate.call("mayTake", nonsense)
        for account in (world.bank.account, world.stranger):
            assert not world.gate.call("actsFor", account, nonsense)
