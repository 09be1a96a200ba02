"""What becomes of records in a consortium: transactions in their order, each with its events."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from tidan_node.domain.titles.terms import TitleKind, TitleStatus, packed

Told = tuple[str, Mapping[str, object]]
"""An event: its name, and its arguments by the names of the ABI."""

PARTIES: Final = 40
_AT_ONCE: Final = 5_000
"""So many titles are on their way at a time: neighbours in a page are seldom of one title."""
_DEADLINE: Final = 1_800_000_000
_SCRIPTS: Final[Mapping[str, int]] = {
    "I OT OT S D": 50,
    "I OT OW OX OT OT S D": 15,
    "I OT E OT S D": 10,
    "I OT PA R OT S D": 15,
    "I OT S J S D": 5,
    "I OT M": 5,
}
"""Issue, Offer and Transfer or Withdrawal or refusal (X), Endorsement, Pledge and its Acceptance,
Release, Surrender, its reJection or Delivery, aMendment."""


def name(*parts: object) -> str:
    return "0x" + hashlib.sha256(repr(parts).encode()).hexdigest()


def consortium(random: Random) -> Iterator[list[Told]]:
    """Transactions without end: parties are enrolled, then they trade."""
    for party in range(1, PARTIES + 1):
        yield _enrolled(party)
    titles: list[Iterator[list[Told]]] = []
    count = 0
    while True:
        chance = random.random()
        if chance < 0.03:
            yield from _invoice(random, count := count + 1)
        elif chance < 0.04:
            yield from _policy(random, count := count + 1)
        elif chance < 0.06:
            yield _anchored(random, count := count + 1)
        elif len(titles) < _AT_ONCE and random.random() < 0.9:
            titles.append(Life(random, count := count + 1).acts())
            yield next(titles[-1])
        else:
            place = random.randrange(len(titles))
            act = next(titles[place], None)
            if act is None:
                titles[place] = titles[-1]
                titles.pop()
            else:
                yield act


def issues(first: int, count: int) -> list[list[Told]]:
    """Titles that are issued, and of which nothing more is told."""
    return [
        [_issued("TitleIssued", name("title", each), each, each % PARTIES + 1)]
        for each in range(first, first + count)
    ]


@dataclass(slots=True)
class Life:
    """One title from its issue to its end."""

    random: Random
    number: int
    seq: int = 1

    def acts(self) -> Iterator[list[Told]]:
        (script,) = self.random.choices(list(_SCRIPTS), list(_SCRIPTS.values()))
        title, issuer = name("title", self.number), self.random.randint(1, PARTIES)
        holder = recipient = self.random.randint(1, PARTIES)
        yield [_issued("TitleIssued", title, self.number, holder, issuer)]
        for act in script.replace(" ", "")[1:]:
            self.seq += 1
            if act == "M":
                yield from self._amended(title, issuer, holder)
                return
            if act == "O":
                recipient = self.random.randint(1, PARTIES)
            before, holder = holder, recipient if act == "T" else holder
            event, values = self._act(act, before, recipient, issuer)
            yield [(event, {"id": title, "seq": self.seq, **values})]

    def _act(self, act: str, holder: int, recipient: int, issuer: int) -> Told:
        pledgee = name("pledgee", self.number)
        held = {"possessor": recipient, "titleholder": recipient, "kind": TitleKind.ORDER}
        offer = {"sender": holder, "recipient": recipient, "what": 3, "deadline": _DEADLINE}
        acts: dict[str, Told] = {
            "O": ("TitleOffered", offer),
            "T": ("TitleTransferred", {"recipient": recipient, **held}),
            "W": ("OfferWithdrawn", {"by": holder}),
            "X": ("OfferDeclined", {"by": recipient}),
            "E": ("TitleEndorsed", {"by": holder, "titleholder": holder, "kind": TitleKind.ORDER}),
            "P": ("PledgeProposed", {"by": holder, "pledgee": pledgee, "deadline": _DEADLINE}),
            "A": ("TitlePledged", {"pledgee": pledgee}),
            "R": ("PledgeReleased", {"pledgee": pledgee}),
            "S": (
                "SurrenderRequested",
                {"by": holder, "pending": TitleStatus.PENDING_DELIVERY, "reason": 0},
            ),
            "J": ("SurrenderRejected", {"by": issuer, "reason": 1}),
            "D": ("TitleSurrendered", {"by": issuer}),
        }
        return acts[act]

    def _amended(self, title: str, issuer: int, possessor: int) -> Iterator[list[Told]]:
        of = {"id": title, "seq": self.seq}
        asked = {"by": possessor, "pending": TitleStatus.PENDING_AMENDMENT, "reason": 1}
        yield [("SurrenderRequested", {**of, **asked})]
        successor = name("successor", self.number)
        voided = {"id": title, "seq": self.seq + 1, "by": issuer, "reason": 1}
        begun = _issued("SuccessorIssued", successor, self.number, possessor, issuer)
        stated = {**begun[1], "origins": [title]}
        yield [("TitleAmended", {**voided, "successor": successor}), (begun[0], stated)]


def _issued(event: str, title: str, number: int, possessor: int, issuer: int = 1) -> Told:
    return event, {
        "id": title,
        "issuer": issuer,
        "series": name("series", number),
        "contentRoot": name("root", title),
        "terms": packed(possessor, possessor, TitleKind.ORDER, 1, 1, 1),
    }


def _enrolled(party: int) -> list[Told]:
    profile = {"name": f"Party {party} Ltd", "filler": name("profile", party) * 12}
    raw = json.dumps(profile).encode()
    terms = {"rulebook": "rulebook of 2026", "governingLaw": "SG"}
    return [
        ("PartyEnrolled", {"party": party, "roles": 3, **terms}),
        ("AccountAdded", {"party": party, "account": name("account", party)[:42]}),
        ("ProfileChanged", {"party": party, "profileHash": name(raw), "profile": raw}),
    ]


def _invoice(random: Random, number: int) -> Iterator[list[Told]]:
    invoice, seller = name("invoice", number), random.randint(1, PARTIES)
    buyer = seller % PARTIES + 1
    terms = {"contentRoot": name("invoice root", number), "schema": 2, "version": 1}
    yield [("InvoiceRegistered", {"id": invoice, "seller": seller, "buyer": buyer, **terms})]
    yield [("InvoiceAccepted", {"id": invoice, "seq": 2, "by": buyer})]
    linked = {"id": invoice, "seq": 3, "by": seller, "title": name("title", number)}
    yield [("InvoiceLinked", linked)]
    yield [("InvoiceSettled", {"id": invoice, "seq": 4, "by": seller})]


def _policy(random: Random, number: int) -> Iterator[list[Told]]:
    policy, insurer = name("policy", number), random.randint(1, PARTIES)
    terms = {"contentRoot": name("policy root", number), "schema": 3, "version": 1}
    parties = {"insurer": insurer, "insured": insurer % PARTIES + 1, "expires": 1_900_000_000}
    yield [("PolicyIssued", {"id": policy, **parties, **terms})]
    assigned = {"id": policy, "seq": 2, "by": insurer % PARTIES + 1, "lossPayee": 3}
    yield [("PolicyAssigned", assigned)]


def _anchored(random: Random, number: int) -> list[Told]:
    party, checkpoint = random.randint(1, PARTIES), name("checkpoint", number)
    values = {"party": party, "upTo": number, "previousUpTo": 0, "checkpoint": checkpoint}
    return [("TrailAnchored", values)]
