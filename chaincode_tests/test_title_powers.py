"""Nobody but the parties of a title can do anything with it: not the consortium, not its admin."""

from typing import Any

import pytest

from chaincode_tests.bytecode import instructions
from chaincode_tests.trade import BOTH, Trade, refused
from tidan_contracts import load_artifact

ACTS_OF_PARTIES = {
    "issue",
    "offer",
    "withdraw",
    "accept",
    "decline",
    "surrenderForDelivery",
    "acceptSurrender",
    "rejectSurrender",
    "issueBatch",
    "issueFromPaper",
    "endorse",
    "proposePledge",
    "acceptPledge",
    "declinePledge",
    "consent",
    "releasePledge",
    "enforcePledge",
    "surrenderForAmendment",
    "cancelSurrender",
    "amend",
    "split",
    "combine",
    "switchBill",
    "switchToPaper",
    "endAsPaper",
    "lock",
    "exportTitle",
    "returnTitle",
    "importTitle",
    "relay",
}
VIEWS = {
    "titleOf",
    "headOf",
    "contentRootOf",
    "titleOfSeries",
    "pledgeeOf",
    "gatewayOf",
    "paperDelay",
}
# DELEGATECALL, CALLCODE and SELFDESTRUCT would let code from elsewhere reach the titles
FORBIDDEN_OPCODES = {0xF4: "DELEGATECALL", 0xF2: "CALLCODE", 0xFF: "SELFDESTRUCT"}


class TestFunctions:
    def test_there_are_the_acts_of_parties_and_views_and_no_more(self) -> None:
        functions = [e for e in load_artifact("TitleRegistry").abi if e["type"] == "function"]
        changing = {e["name"] for e in functions if e["stateMutability"] not in ("view", "pure")}
        reading = {e["name"] for e in functions if e["stateMutability"] in ("view", "pure")}
        assert (changing, reading) == (ACTS_OF_PARTIES, VIEWS)
        assert not any(
            e["type"] in ("fallback", "receive") for e in load_artifact("TitleRegistry").abi
        )

    def test_none_takes_money(self) -> None:
        functions = [e for e in load_artifact("TitleRegistry").abi if e["type"] == "function"]
        assert {e["stateMutability"] for e in functions} == {"nonpayable", "view"}

    def test_the_code_runs_no_code_from_elsewhere(self) -> None:
        found = instructions(load_artifact("TitleRegistry").deployed_bytecode)
        assert [name for code, name in FORBIDDEN_OPCODES.items() if code in found] == []


# an act, the arguments after id and seq, and why it is not an outsider's
ACTS = [
    ("offer", (1, BOTH, 2**40 - 1), "NotThePossessor"),
    ("withdraw", (), "NotThePossessor"),
    ("accept", (), "NotTheOfferee"),
    ("decline", (), "NotTheOfferee"),
    ("surrenderForDelivery", (), "NotThePossessor"),
    ("surrenderForAmendment", (1,), "NotThePossessor"),
    ("endorse", (3,), "NotThePossessor"),
    ("proposePledge", (bytes(32), 2**40 - 1), "NotThePossessor"),
    ("endAsPaper", (), "NotThePossessor"),
    ("lock", ("0x" + "11" * 20, bytes(32)), "NotThePossessor"),
    ("acceptSurrender", (), "NotTheIssuer"),
    ("rejectSurrender", (255,), "NotTheIssuer"),
]


@pytest.mark.parametrize(("act", "more", "refusal"), ACTS)
class TestOutsiders:
    def test_the_admin_of_the_consortium_can_do_nothing(
        self, trade: Trade, act: str, more: tuple[Any, ...], refusal: str
    ) -> None:
        world, title = trade.world, _title_for(trade, refusal)
        with refused("NotEnrolled", world.admin):
            world.titles.transact(world.admin, act, title, 2, *more)

    def test_regulator_key_holder_notary_and_operator_can_do_nothing(
        self, trade: Trade, act: str, more: tuple[Any, ...], refusal: str
    ) -> None:
        title = _title_for(trade, refusal)
        before = trade.title(title)
        with refused(refusal, title, trade.world.regulator.index):
            trade.act(trade.world.regulator, act, title, 2, *more)
        assert trade.title(title) == before


def _title_for(trade: Trade, refusal: str) -> bytes:
    """A title (seq 2) on which somebody could do what the outsider cannot."""
    return trade.surrendered() if refusal == "NotTheIssuer" else trade.offered()
