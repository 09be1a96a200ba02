"""Which part a party has in a record, from the record's acts alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tidan_node.audit.acts import AuditedAct
from tidan_node.domain.identifiers import PartyIndex

_FIRST: Final = {"title": "issuer", "invoice": "seller", "policy": "insurer"}
_SECURED: Final = {
    "PROPOSE_PLEDGE": "was offered it as security",
    "ACCEPT_PLEDGE": "has, or had, it as security",
}
_NAMED: Final = {"buyer": "buyer", "insured": "insured", "lossPayee": "loss payee"}


def parts_of(party: PartyIndex, acts: Sequence[AuditedAct]) -> list[str]:
    """In words, each once: issuer, holds, held, was offered, seller, buyer, insured, …"""
    return list(dict.fromkeys(_parts(party, acts)))


def _parts(party: PartyIndex, acts: Sequence[AuditedAct]) -> Iterator[str]:
    if acts and acts[0].by == party:
        yield _FIRST[acts[0].kind]
    for member, past, now in (
        ("possessor", "held", "holds"),
        ("titleholder", "was titleholder", "is titleholder"),
    ):
        holders = [act.details[member] for act in acts if member in act.details]
        if holders and holders[-1] == party:
            yield now
        elif party in holders:
            yield past
    for act in acts:
        for member, part in _NAMED.items():
            if act.details.get(member) == party:
                yield part
        if act.details.get("recipient") == party:
            yield "was offered"
        if act.details.get("bank") == party and act.act in _SECURED:
            yield _SECURED[act.act]
