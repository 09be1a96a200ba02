"""Who may succeed a revoked party: somebody who can be all that it was."""

import pytest

from chaincode_tests.consortium import BANK, CARRIER, REGULATOR, SUSPENDED, TRADER, enrol
from chaincode_tests.trade import LIVE, Trade, refused

BOTH_ROLES = CARRIER | BANK


@pytest.mark.parametrize(
    ("was", "can", "fit"),
    [
        (CARRIER, CARRIER, True),
        (CARRIER, BANK, False),
        (BANK, BANK, True),
        (BANK, CARRIER, False),
        (BANK | TRADER, BOTH_ROLES, True),
        (BOTH_ROLES, BOTH_ROLES, True),
        (BOTH_ROLES, CARRIER, False),
        (BOTH_ROLES, BANK, False),
        (TRADER, CARRIER, True),
        (TRADER, BANK, False),
        (TRADER, TRADER, False),
    ],
)
def test_the_successor_has_of_the_roles_carrier_and_bank_all_that_the_revoked_party_had(
    trade: Trade, was: int, can: int, fit: bool
) -> None:
    """Who was neither may have been a carrier before."""
    world = trade.world
    old, heir = (
        enrol(world.parties, world.admin, roles, world.fresh_account(number))
        for number, roles in enumerate((was, can))
    )
    if fit:
        world.revoke(old, heir.index)
        assert world.parties.call("successorOf", old.index) == heir.index
        return
    with refused("SuccessorUnfit", heir.index):
        world.revoke(old, heir.index)
    world.revoke(old)
    with refused("SuccessorUnfit", heir.index):
        world.parties.transact(world.admin, "nameSuccessor", old.index, heir.index)


def test_a_suspended_bank_succeeds_nobody(trade: Trade) -> None:
    world = trade.world
    heir = enrol(world.parties, world.admin, BANK, world.fresh_account())
    world.set_status(heir, SUSPENDED)
    with refused("SuccessorUnfit", heir.index):
        world.revoke(world.bank, heir.index)


class TestPledges:
    def test_the_successor_of_a_revoked_bank_releases_them(self, trade: Trade) -> None:
        world, title = trade.world, trade.pledged()
        heir = enrol(world.parties, world.admin, BANK, world.fresh_account())
        world.revoke(world.bank, heir.index)
        trade.act(heir, "releasePledge", title, 3)
        record = trade.title(title)
        assert (record["status"], record["pledged"]) == (LIVE, False)

    @pytest.mark.parametrize("roles", [CARRIER, REGULATOR])
    def test_not_once_that_is_no_bank_any_more(self, trade: Trade, roles: int) -> None:
        world, title = trade.world, trade.pledged()
        heir = enrol(world.parties, world.admin, BANK, world.fresh_account())
        world.revoke(world.bank, heir.index)
        world.parties.transact(world.admin, "changeRoles", heir.index, roles)
        with refused("NotThePledgee", title, heir.account):
            trade.act(heir, "releasePledge", title, 3)

    def test_a_carrier_that_succeeds_who_was_no_bank_any_more_has_none_of_them(
        self, trade: Trade
    ) -> None:
        """It answers the surrenders of a party that the Council had made a carrier instead."""
        world, title = trade.world, trade.pledged()
        world.parties.transact(world.admin, "changeRoles", world.bank.index, CARRIER)
        world.revoke(world.bank, world.carrier.index)
        with refused("NotThePledgee", title, world.carrier.account):
            trade.act(world.carrier, "releasePledge", title, 3)
