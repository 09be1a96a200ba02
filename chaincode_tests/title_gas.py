"""What each act on a title costs; how it is measured stands in `gas`."""

from dataclasses import replace
from typing import Any, Final

from chaincode_tests.consortium import PAPER_DELAY, Consortium, Party
from chaincode_tests.trade import BLANK, Issuance, Trade, digest
from chaincode_tests.typed_acts import typed_data

DEADLINE: Final = 4_102_444_800  # a fixed one: its zero bytes count
BATCH: Final = 50
REASON: Final = 255
TRANSFER: Final = digest("transfer")

Figures = dict[str, int]


def title_figures(world: Consortium) -> Figures:
    """From issue to delivery, and what issues beside that cost."""
    trade, carrier, buyer, last = Trade(world), world.carrier, world.buyer, world.second_buyer
    title = trade.issuance("one holder")
    issue = _gas(trade, carrier, "issue", title.as_tuple())
    steps = [
        _offer(trade, title, 1, world.shipper, buyer),
        _gas(trade, buyer, "accept", title.id, 2),
        _offer(trade, title, 3, buyer, last),
        _gas(trade, last, "accept", title.id, 4),
        _gas(trade, last, "surrenderForDelivery", title.id, 5),
        _gas(trade, carrier, "acceptSurrender", title.id, 6),
    ]
    two_holders = trade.issuance("two holders", titleholder=buyer.index)
    batch = [trade.issuance(f"batch {number}").as_tuple() for number in range(BATCH)]
    return {
        "gas.title.issue": issue,
        "gas.title.issue_two_holders": _gas(trade, carrier, "issue", two_holders.as_tuple()),
        "gas.title.issue_batch50": -(-_gas(trade, carrier, "issueBatch", batch) // BATCH),
        "gas.title.offer": steps[0],
        "gas.title.accept": steps[1],
        "gas.title.surrender": steps[4],
        "gas.title.accept_surrender": steps[5],
        "gas.title.life": issue + sum(steps),
    }


def title_act_figures(world: Consortium) -> Figures:
    """The other acts, each on a title of its own story."""
    trade = Trade(world)
    return (
        _signed(trade) | _endorsed(trade) | _pledged(trade) | _replaced(trade) | _crossed(trade)
    ) | _on_paper(trade)


def _signed(trade: Trade) -> Figures:
    """What a signed accept costs more than a direct one, on two titles that are alike."""
    world, extra = trade.world, 0
    for by_sig in (False, True):
        title = _issued(trade, f"signed {by_sig}")
        _offer(trade, title, 1, world.shipper, world.buyer)
        extra = _accept(trade, title, by_sig=by_sig) - extra
    return {"gas.title.by_sig_extra": extra}


def _accept(trade: Trade, title: Issuance, *, by_sig: bool) -> int:
    world, arguments = trade.world, (title.id, 2)
    if not by_sig:
        return _gas(trade, world.buyer, "accept", *arguments)
    data = typed_data(world.titles, "accept", arguments, DEADLINE)
    signature = world.chain.sign(world.buyer.account, data)
    call = world.titles.call_data("accept", arguments)
    terms = (call, world.buyer.account, DEADLINE, signature)
    return world.titles.transact(world.stranger, "relay", *terms).gas


def _endorsed(trade: Trade) -> Figures:
    title = _issued(trade, "endorsed")
    return {"gas.title.endorse": _gas(trade, trade.world.shipper, "endorse", title.id, 1, BLANK)}


def _pledged(trade: Trade) -> Figures:
    world, title = trade.world, _issued(trade, "pledged")
    shipper, bank, buyer = world.shipper, world.bank, world.buyer
    propose = (title.id, 1, trade.pledgee(), DEADLINE)
    figures = {
        "gas.title.propose_pledge": _gas(trade, shipper, "proposePledge", *propose),
        "gas.title.accept_pledge": _gas(trade, bank, "acceptPledge", title.id, 2),
    }
    _offer(trade, title, 3, shipper, buyer)
    figures["gas.title.consent"] = _gas(trade, bank, "consent", title.id, 4)
    enforce = (title.id, 5, buyer.index, DEADLINE)
    figures["gas.title.enforce_pledge"] = _gas(trade, bank, "enforcePledge", *enforce)
    figures["gas.title.release_pledge"] = _gas(trade, bank, "releasePledge", title.id, 6)
    return figures


def _replaced(trade: Trade) -> Figures:
    carrier, shipper = trade.world.carrier, trade.world.shipper
    title = _issued(trade, "amended")
    give_up = _gas(trade, shipper, "surrenderForAmendment", title.id, 1, REASON)
    cancel = _gas(trade, shipper, "cancelSurrender", title.id, 2)
    trade.act(shipper, "surrenderForAmendment", title.id, 3, REASON)
    amended = replace(title, number=digest("amended again"))
    amend = (title.id, 4, amended.as_tuple(), REASON)

    split, combined = _given_up(trade, "split"), _given_up(trade, "combined")
    other, switched = _given_up(trade, "also combined"), _given_up(trade, "switched")
    parts = [trade.issuance(name).as_tuple() for name in ("part 1", "part 2")]
    whole, renamed = trade.issuance("whole").as_tuple(), trade.issuance("renamed").as_tuple()
    return {
        "gas.title.surrender_for_amendment": give_up,
        "gas.title.cancel_surrender": cancel,
        "gas.title.amend": _gas(trade, carrier, "amend", *amend),
        "gas.title.split_in_two": _gas(trade, carrier, "split", split, 2, parts, REASON),
        "gas.title.combine_two": _gas(
            trade, carrier, "combine", [combined, other], [2, 2], whole, REASON
        ),
        "gas.title.switch_bill": _gas(trade, carrier, "switchBill", switched, 2, renamed, REASON),
    }


def _crossed(trade: Trade) -> Figures:
    world = trade.world
    gateway = Party(0, world.admit(world.recognise(world.spare)))
    title, arrived = _issued(trade, "crossing"), trade.issuance("arriving")
    lock = _gas(trade, world.shipper, "lock", title.id, 1, gateway.account, TRANSFER)
    arrive = (arrived.as_tuple(), arrived.issuer, TRANSFER)
    return {
        "gas.title.lock": lock,
        "gas.title.return": _gas(trade, gateway, "returnTitle", title.id, 2),
        "gas.title.import": _gas(trade, gateway, "importTitle", *arrive),
    }


def _on_paper(trade: Trade) -> Figures:
    """Last, since the carrier is revoked at the end."""
    world, from_paper = trade.world, trade.issuance("from paper")
    to_paper, left_alone = _given_up(trade, "to paper"), _issued(trade, "left alone")
    issue = (from_paper.as_tuple(), digest("withdrawal"))
    figures = {
        "gas.title.issue_from_paper": _gas(trade, world.carrier, "issueFromPaper", *issue),
        "gas.title.switch_to_paper": _gas(
            trade, world.carrier, "switchToPaper", to_paper, 2, REASON
        ),
    }
    world.revoke(world.carrier)
    world.wait(PAPER_DELAY)
    end = _gas(trade, world.shipper, "endAsPaper", left_alone.id, 1)
    return figures | {"gas.title.end_as_paper": end}


def _issued(trade: Trade, name: str) -> Issuance:
    issuance = trade.issuance(name)
    trade.issue(issuance)
    return issuance


def _given_up(trade: Trade, name: str) -> bytes:
    return trade.given_up(trade.issuance(name), REASON)


def _offer(trade: Trade, title: Issuance, seq: int, sender: Party, recipient: Party) -> int:
    return trade.offer(title.id, seq, sender, recipient, deadline=DEADLINE).gas


def _gas(trade: Trade, party: Party, act: str, *arguments: Any) -> int:  # of any ABI type
    return trade.act(party, act, *arguments).gas
