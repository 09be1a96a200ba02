"""What stands in answers about titles, in the words of people."""

from __future__ import annotations

from tidan_cli.client import Document
from tidan_cli.output import short


def named(party: Document | None) -> str:
    """A party as people read it: its name, and its number on the chain."""
    return "—" if party is None else f"{party['name']} ({party['index']})"


def actor_in_words(by: Document | None, bank: Document | None) -> str:
    """Who has done it. A pledgee's act names no account, only the bank that has the pledge."""
    return f"pledgee {named(bank)}" if by is None and bank is not None else named(by)


def act_in_words(act: Document) -> tuple[str, Document]:
    """Who has done it, and what else the act says. A pledgee's act names the bank that has the
    pledge, and no party of its own."""
    details = act.get("details") or {}
    if act["by"] is None and details.get("bank") is not None:
        others = {name: value for name, value in details.items() if name != "pledgee"}
        return actor_in_words(None, details["bank"]), others
    return named(act["by"]), details


def terms_in_words(record: Document) -> str | None:
    """The rulebook and the law that its issuer has accepted; a title can state another version."""
    terms = record.get("terms")
    if terms is None:
        return None
    accepted, law = terms["rulebook"], terms["governingLaw"]
    stated = record.get("rulebook")
    if not stated:
        return f"rulebook {accepted}, law of {law}"
    return f"version {stated} of the rulebook (its issuer accepted {accepted}), law of {law}"


def offer_in_words(offer: Document) -> str:
    """What is offered, to whom, until when, and what its pledgee says to it."""
    recipient = offer["recipient"]
    words = (
        f"{what_in_words(offer['what'])} to {recipient['name']} ({recipient['index']})"
        f" until {offer['deadline']}"
    )
    if offer["expired"]:
        words += ", ended"
    if offer.get("enforced"):
        return words + ", by its pledgee"
    return words + ", its pledgee consents" if offer.get("consented") else words


def what_in_words(what: list[str]) -> str:
    """As in "possession and title"; with `final` it is the last titleholder's."""
    moved = " and ".join(each for each in what if each != "final")
    return f"{moved} (final)" if "final" in what else moved


def pledge_in_words(pledge: Document) -> str:
    """The bank that has it, or is to have it; of one that is proposed, until when."""
    bank = pledge["bank"]
    words = pledge["pledgee"] if bank is None else f"{bank['name']} ({bank['index']})"
    if "deadline" not in pledge:
        return str(words)
    return f"{words} until {pledge['deadline']}{', ended' if pledge['expired'] else ''}"


def told_in_words(details: Document) -> str:
    """What an act of the history says besides: who offers what to whom, who holds it after it, why
    it was refused, what took its place."""
    said = [each for each in (_moved(details), _replaced(details), _crossed(details)) if each]
    if details.get("reason") is not None:
        said.append(str(details["reason"]))
    return ", ".join(said)


def _moved(details: Document) -> str:
    """To whom, who has it now, or who takes it as security."""
    if "recipient" in details:
        return f"{what_in_words(details['what'])} to {named(details['recipient'])}"
    if "possessor" in details:
        holder = details["titleholder"]
        made_out = "" if holder is None else f", made out to {named(holder)}"
        return f"held by {named(details['possessor'])}{made_out}"
    if "pledgee" in details:
        bank = details["bank"]
        return f"pledgee {named(bank) if bank is not None else short(details['pledgee'])}"
    if "titleholder" in details:  # of an endorsement
        return f"now {details['kind']}"
    return ""


def _replaced(details: Document) -> str:
    """What took its place, or whose place it took."""
    if "successors" in details:
        now = ", ".join(map(short, details["successors"]))
        return f"{details['how'].lower()}: now {now}"
    if "origins" in details:
        return f"in place of {', '.join(map(short, details['origins']))}"
    return "in place of paper" if "withdrawal" in details else ""


def _crossed(details: Document) -> str:
    return f"gateway {short(details['gateway'])}" if "gateway" in details else ""
