"""Acts that one account signs and another sends: what a signature is good for."""

from typing import Any

import pytest

from chaincode_tests.consortium import PAPER_DELAY, deploy_titles
from chaincode_tests.trade import BOTH, POSSESSION, Trade, digest, refused
from chaincode_tests.typed_acts import domain_of, typed_data
from chaincode_tests.wallet import Wallet

ISSUANCE = (digest("number"), digest("series"), digest("root"), 1)
GATEWAY = "0x" + "11" * 20
NO_SUCH_TITLE = (digest("no such title"), 1)
# every act that a party can sign, with arguments of its types
ACTS: dict[str, tuple[Any, ...]] = {
    "issue": (ISSUANCE,),
    "issueBatch": ([ISSUANCE, ISSUANCE],),
    "issueFromPaper": (ISSUANCE, digest("withdrawal")),
    "offer": (*NO_SUCH_TITLE, 4, BOTH, 2**40 - 1),
    "withdraw": NO_SUCH_TITLE,
    "accept": NO_SUCH_TITLE,
    "decline": NO_SUCH_TITLE,
    "endorse": (*NO_SUCH_TITLE, 3),
    "proposePledge": (*NO_SUCH_TITLE, digest("pledgee"), 2**40 - 1),
    "acceptPledge": NO_SUCH_TITLE,
    "declinePledge": NO_SUCH_TITLE,
    "consent": NO_SUCH_TITLE,
    "releasePledge": NO_SUCH_TITLE,
    "enforcePledge": (*NO_SUCH_TITLE, 4, 2**40 - 1),
    "surrenderForDelivery": NO_SUCH_TITLE,
    "surrenderForAmendment": (*NO_SUCH_TITLE, 1),
    "cancelSurrender": NO_SUCH_TITLE,
    "acceptSurrender": NO_SUCH_TITLE,
    "rejectSurrender": (*NO_SUCH_TITLE, 2),
    "amend": (*NO_SUCH_TITLE, ISSUANCE, 1),
    "split": (*NO_SUCH_TITLE, [ISSUANCE, ISSUANCE, ISSUANCE], 1),
    "combine": ([digest("one"), digest("other")], [1, 2], ISSUANCE, 1),
    "switchBill": (*NO_SUCH_TITLE, ISSUANCE, 1),
    "switchToPaper": (*NO_SUCH_TITLE, 6),
    "endAsPaper": NO_SUCH_TITLE,
    "lock": (*NO_SUCH_TITLE, GATEWAY, digest("transfer")),
}
ACTS_OF_GATEWAYS: dict[str, tuple[Any, ...]] = {
    "exportTitle": NO_SUCH_TITLE,
    "returnTitle": NO_SUCH_TITLE,
    "importTitle": (ISSUANCE, 1, digest("transfer")),
}


@pytest.fixture
def wallet(trade: Trade) -> Wallet:
    return Wallet(trade)


class TestRelay:
    def test_what_a_party_has_signed_is_done_as_if_it_had_sent_it(
        self, trade: Trade, wallet: Wallet
    ) -> None:
        world, title = trade.world, trade.offered()

        outcome = wallet.relay(world.buyer, "accept", title, 2)

        assert trade.title(title)["possessor"] == world.buyer.index
        assert outcome.event.name == "TitleTransferred"
        assert outcome.event.fields["recipient"] == world.buyer.index

    def test_a_whole_trade_from_keys_that_send_nothing(self, trade: Trade, wallet: Wallet) -> None:
        world, deadline = trade.world, trade.in_an_hour()
        batch = [trade.issuance("1").as_tuple(), trade.issuance("2").as_tuple()]
        wallet.relay(world.carrier, "issueBatch", batch)
        first, second = trade.issuance("1").id, trade.issuance("2").id
        wallet.relay(world.shipper, "proposePledge", first, 1, trade.pledgee(), deadline)
        wallet.relay(world.bank, "acceptPledge", first, 2)
        wallet.relay(world.bank, "releasePledge", first, 3)
        wallet.relay(world.shipper, "surrenderForAmendment", first, 4, 4)
        wallet.relay(world.shipper, "surrenderForAmendment", second, 1, 4)
        whole = trade.issuance("whole")
        wallet.relay(world.carrier, "combine", [first, second], [5, 2], whole.as_tuple(), 4)
        wallet.relay(world.shipper, "surrenderForAmendment", whole.id, 1, 3)
        parts = [trade.issuance("3").as_tuple(), trade.issuance("4").as_tuple()]
        wallet.relay(world.carrier, "split", whole.id, 2, parts, 3)
        assert trade.title(trade.issuance("4").id)["possessor"] == world.shipper.index

    @pytest.mark.parametrize(("act", "arguments"), ACTS.items())
    def test_every_act_of_a_party_can_be_signed(
        self, trade: Trade, wallet: Wallet, act: str, arguments: tuple[Any, ...]
    ) -> None:
        """The chain's wallet hashes by EIP-712 alone: the registry agrees and asks who it is."""
        account = trade.world.admin
        data = typed_data(wallet.titles, act, arguments, wallet.until)
        signature = trade.world.chain.sign(account, data)
        pledgees = (act.endswith("Pledge") and act != "proposePledge") or act == "consent"
        refusal = ("TitleUnknown", NO_SUCH_TITLE[0]) if pledgees else ("NotEnrolled", account)
        with refused(*refusal):
            wallet.send(account, signature, act, *arguments)

    def test_all_acts_are_among_these(self, wallet: Wallet) -> None:
        changing = {
            e.get("name") for e in wallet.titles.abi if e.get("stateMutability") == "nonpayable"
        }
        assert changing - {None, "relay"} == {*ACTS, *ACTS_OF_GATEWAYS}

    def test_a_refused_act_is_refused_with_its_own_error(
        self, trade: Trade, wallet: Wallet
    ) -> None:
        title = trade.offered()
        with refused("NotTheOfferee", title, trade.world.bank.index):
            wallet.relay(trade.world.bank, "accept", title, 2)


class TestReplay:
    def test_a_signature_is_good_for_one_act(self, trade: Trade, wallet: Wallet) -> None:
        world, title = trade.world, trade.offered()
        signature = wallet.signed(world.buyer, "accept", title, 2)
        wallet.send(world.buyer.account, signature, "accept", title, 2)
        with refused("StaleSeq", title, 2, 3):
            wallet.send(world.buyer.account, signature, "accept", title, 2)

    def test_a_title_is_issued_once_by_a_signature(self, trade: Trade, wallet: Wallet) -> None:
        world, issuance = trade.world, trade.issuance()
        signature = wallet.signed(world.carrier, "issue", issuance.as_tuple())
        wallet.send(world.carrier.account, signature, "issue", issuance.as_tuple())
        with refused("AlreadyIssued", issuance.id):
            wallet.send(world.carrier.account, signature, "issue", issuance.as_tuple())

    def test_one_stale_act_blocks_no_other(self, trade: Trade, wallet: Wallet) -> None:
        world = trade.world
        one, other = trade.issue(trade.issuance("1")), trade.issue(trade.issuance("2"))
        terms = (world.buyer.index, POSSESSION, wallet.until)
        stale = wallet.signed(world.shipper, "offer", one, 7, *terms)
        with refused("StaleSeq", one, 7, 1):
            wallet.send(world.shipper.account, stale, "offer", one, 7, *terms)
        wallet.relay(world.shipper, "offer", other, 1, *terms)
        assert trade.title(other)["seq"] == 2

    def test_it_is_good_until_its_second_and_not_after(self, trade: Trade, wallet: Wallet) -> None:
        world, title = trade.world, trade.offered(deadline=wallet.until + 100)
        signature = wallet.signed(world.buyer, "accept", title, 2)
        snapshot = world.chain.snapshot()
        world.chain.next_block_at(wallet.until + 1)
        with refused("SignatureExpired", wallet.until):
            wallet.send(world.buyer.account, signature, "accept", title, 2)
        world.chain.revert_to(snapshot)
        world.chain.next_block_at(wallet.until)
        wallet.send(world.buyer.account, signature, "accept", title, 2)
        assert trade.title(title)["seq"] == 3

    def test_nobody_lengthens_it(self, trade: Trade, wallet: Wallet) -> None:
        world, title = trade.world, trade.offered()
        signature = wallet.signed(world.buyer, "accept", title, 2, until=wallet.until - 1)
        with refused("SignatureInvalid", world.buyer.account):
            wallet.send(world.buyer.account, signature, "accept", title, 2)

    @pytest.mark.parametrize(
        "changed",
        [
            {"chainId": "1"},
            {"verifyingContract": "0x" + "22" * 20},
            {"name": "Another TitleRegistry"},
            {"version": "2"},
        ],
    )
    def test_it_is_for_this_chain_and_this_contract(
        self, trade: Trade, wallet: Wallet, changed: dict[str, str]
    ) -> None:
        world, title = trade.world, trade.offered()
        domain = domain_of(wallet.titles) | changed
        signature = wallet.signed(world.buyer, "accept", title, 2, domain=domain)
        with refused("SignatureInvalid", world.buyer.account):
            wallet.send(world.buyer.account, signature, "accept", title, 2)

    def test_another_registry_of_the_same_chain_refuses_it(
        self, trade: Trade, wallet: Wallet
    ) -> None:
        world, issuance = trade.world, trade.issuance()
        signature = wallet.signed(world.carrier, "issue", issuance.as_tuple())
        twin = deploy_titles(world.chain, world.admin, (world.parties, world.gate, world.gateways))
        assert twin.call("paperDelay") == PAPER_DELAY
        wallet.titles = twin
        with refused("SignatureInvalid", world.carrier.account):
            wallet.send(world.carrier.account, signature, "issue", issuance.as_tuple())
