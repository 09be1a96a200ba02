"""Acts as an audit lists them."""

from __future__ import annotations

from tidan_node.audit.acts import AuditedAct
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex

NAMES = {PartyIndex(2): "Jade Kiln Demo Exports", PartyIndex(4): "Harbour Lamp Demo Bank"}
BANK = {"index": 4, "name": "Harbour Lamp Demo Bank"}


def act(by: PartyIndex, **details: object) -> dict[str, object]:
    done = AuditedAct("title", "0xab", 1, "ACT", by, 0, 1, "0x", "0x", "0x", details)
    return done.document(NAMES)


def test_the_act_of_a_pledgee_names_its_bank_and_nobody_who_did_it() -> None:
    told = act(NO_PARTY, pledgee="0x04", bank=4)

    assert (told["by"], told["bank"]) == (None, BANK)


def test_a_proposal_names_who_proposes_and_the_bank() -> None:
    told = act(PartyIndex(2), pledgee="0x04", bank=4)

    assert told["by"] == {"index": 2, "name": "Jade Kiln Demo Exports"}
    assert told["bank"] == BANK


def test_any_other_act_is_about_no_bank() -> None:
    assert act(PartyIndex(2), reason="OTHER")["bank"] is None
