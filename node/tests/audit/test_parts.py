"""Which part a party has in a record, from its acts."""

from __future__ import annotations

from collections.abc import Mapping

from tidan_node.audit.acts import AuditedAct
from tidan_node.audit.parts import parts_of
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex

CARRIER, SHIPPER, BANK = PartyIndex(1), PartyIndex(2), PartyIndex(3)


def act(name: str, by: PartyIndex, **details: object) -> AuditedAct:
    said: Mapping[str, object] = details
    return AuditedAct("title", "0xab", 1, name, by, 0, 1, "0x", "0x", "0x", said)


def test_a_bank_has_a_part_in_what_was_pledged_to_it() -> None:
    issued = act("ISSUE", CARRIER, possessor=2, titleholder=2)
    proposed = act("PROPOSE_PLEDGE", SHIPPER, pledgee="0x03", bank=3)
    taken = act("ACCEPT_PLEDGE", NO_PARTY, pledgee="0x03", bank=3)

    assert parts_of(BANK, [issued, proposed]) == ["was offered it as security"]
    assert parts_of(BANK, [issued, proposed, taken]) == [
        "was offered it as security",
        "has, or had, it as security",
    ]
    assert parts_of(SHIPPER, [issued, proposed, taken]) == ["holds", "is titleholder"]
