"""What the chain says: the title lives, is where it should be, and the papers are the records."""

from __future__ import annotations

from typing import Final

from tidan_node.verification.facts.chain import NOBODY
from tidan_node.verification.facts.said import SaidParty
from tidan_node.verification.facts.trade import Trade
from tidan_node.verification.rules.rule import Outcome, Rule, Weighing

_LIVE: Final = "LIVE"


def title_live_and_held(trade: Trade) -> Outcome:
    weighing = Weighing()
    title = None if trade.chain is None else trade.chain.title
    if title is None:
        weighing.miss("the title on the chain")
        return weighing.outcome("")
    detail = f"the title is {title.status}"
    weighing.hold(title.status.value == _LIVE, detail, title.status)
    if title.expected is None:
        weighing.miss("who should hold the title")
    else:
        holds = title.possessor.value.index == title.expected.index
        detail = f"{title.possessor} holds the title, not {title.expected}"
        weighing.hold(holds, detail, title.possessor)
    return weighing.outcome(f"the title is live and {title.possessor} holds it")


def title_unencumbered(trade: Trade) -> Outcome:
    """Whoever takes a pledged title takes it with the pledge; to a second bank it is no security.
    The pledge of who asks is known to it."""
    weighing = Weighing()
    title = None if trade.chain is None else trade.chain.title
    if title is None:
        weighing.miss("the title on the chain")
        return weighing.outcome("")
    pledgee, until = title.pledgee, title.proposed_until
    if pledgee.value == NOBODY:
        detail = "the title is pledged to nobody, and proposed to nobody as security"
    elif until is None:
        detail = f"the title is pledged to {pledgee}"
    else:
        detail = f"the title is proposed to {pledgee} as security until {until}"
    weighing.hold(pledgee.value in (NOBODY, title.asking), detail, pledgee)
    return weighing.outcome(detail)


def first_titleholder(trade: Trade) -> Outcome:
    """A title that is made out to another than its document says serves that other alone."""
    weighing = Weighing()
    title = None if trade.chain is None else trade.chain.title
    if title is None:
        weighing.miss("the title on the chain")
    elif title.bill is None:
        weighing.miss("the title's document")
    elif title.bill.made_out_to is None:
        detail = f"{title.bill.paper} is in blank, and the title was made out to {title.issued_to}"
        weighing.hold(title.issued_to.value.name is None, detail, title.issued_to)
    else:
        _compare(weighing, title.bill.made_out_to, title.issued_to)
    return weighing.outcome("the title was made out to whom its document names")


def _compare(weighing: Weighing, named: SaidParty, issued_to: SaidParty) -> None:
    """By identifiers alone: anybody may go by a name."""
    one, other = named.value, issued_to.value
    if not one.identifiers:
        weighing.miss(f"an identifier of {named} on {named.paper}")
    elif not one.schemes & other.schemes:
        schemes = ", ".join(sorted(one.schemes))
        weighing.miss(f"an identifier ({schemes}) of {issued_to} on the chain")
    else:
        detail = f"{named.paper} is made out to {named}, and the title to {issued_to}"
        same = {each.upper() for each in one.identifiers} & {
            each.upper() for each in other.identifiers
        }
        weighing.hold(bool(same), detail, named, issued_to)


def content_roots(trade: Trade) -> Outcome:
    weighing = Weighing()
    chain = trade.chain
    if chain is None or chain.title is None:
        weighing.miss("the title on the chain")
    for content in () if chain is None else chain.contents:
        if content.recomputed is None:
            weighing.miss(f"the content of the {content.kind} {content.root.path}")
        else:
            detail = f"the {content.kind} held here has the root {content.recomputed}"
            weighing.hold(content.recomputed == content.root.value, detail, content.root)
    for other in () if chain is None else chain.others:
        detail = f"{other.paper.paper} is not what was recorded under its number"
        weighing.fault(detail, other.paper, other.record)
    return weighing.outcome("every content gives the root that the chain has")


def records_in_force(trade: Trade) -> Outcome:
    weighing = Weighing()
    for record in () if trade.chain is None else trade.chain.records:
        detail = f"the {record.kind} is {record.status}"
        weighing.hold(record.in_force, detail, record.status)
    if trade.chain is None or not trade.chain.records:
        weighing.miss("invoices and policies of the trade on the chain")
    return weighing.outcome("invoices and policies stand as they should")


RULES = (
    Rule(
        "title-live-and-held",
        "The title is live, and held by whom it should be",
        "high",
        title_live_and_held,
    ),
    Rule(
        "title-unencumbered",
        "The title is security of nobody but who asks, and proposed to nobody else",
        "high",
        title_unencumbered,
    ),
    Rule(
        "first-titleholder",
        "The title was first made out to whom its document names",
        "high",
        first_titleholder,
    ),
    Rule("content-roots", "The papers are those that were recorded", "high", content_roots),
    Rule(
        "records-in-force",
        "Recorded invoices are not disputed, and policies in force",
        "medium",
        records_in_force,
    ),
)
