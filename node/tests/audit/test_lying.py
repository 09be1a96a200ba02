"""A node that lies about whose it is cannot hide a trail that the chain has anchors of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audit.audited import BANK, CARRIER, OfficeNode, chain_of
from tests.audit.lying import AnswerInstead
from tests.audit.trails import anchored, sealed, trailed
from tests.office import Office
from tidan_node.audit.findings import Verdict
from tidan_node.audit.parties import goes_by, members_of, named_otherwise
from tidan_node.audit.trails import TrailAudit, audit_trail

NO_TRAIL: dict[str, Any] = {"items": [], "nextCursor": None}
STRANGER = {"account": "0x" + "ab" * 20, "party": None}


async def _audited(office: Office, me: Any, *, at_home: bool) -> TrailAudit:
    await trailed(office, range(5))
    await sealed(office)
    await anchored(office)
    node = AnswerInstead(OfficeNode(office), {"/v1/me": me, "/v1/trail/sealed": NO_TRAIL})
    account = office.consortium.story.accounts[CARRIER][0] if at_home else None
    return await audit_trail(chain_of(office), node, counted=lambda done, of: None, account=account)


@pytest.mark.parametrize(
    ("me", "verdict"), [(None, Verdict.UNANSWERED), (STRANGER, Verdict.DIFFERENT)]
)
class TestANodeThatIsNobodys:
    async def test_its_trail_is_not_verified(
        self, office: Office, me: Any, verdict: Verdict
    ) -> None:
        trail = await _audited(office, me, at_home=False)
        assert trail.audit.verdict is verdict

    async def test_by_its_home_it_is_cut_off(
        self, office: Office, me: Any, verdict: Verdict
    ) -> None:
        trail = await _audited(office, me, at_home=True)
        assert (trail.party, trail.anchors) == (CARRIER, 1)
        assert [each.rule for each in trail.audit.damage] == ["cut-off"]


async def test_a_node_that_says_it_is_another_partys_is_told_by_its_home(office: Office) -> None:
    account = office.consortium.story.accounts[BANK][0]
    me = {"account": account, "party": {"index": int(BANK)}}
    trail = await _audited(office, me, at_home=True)
    assert [each.field for each in trail.audit.differences] == ["account", "party"]
    assert trail.audit.verdict is Verdict.DAMAGED


async def test_words_that_a_node_takes_for_another_party_are_held_against_the_chain(
    office: Office,
) -> None:
    chain = chain_of(office)
    members = await members_of(chain, [BANK])
    bank = members.states[BANK]
    account = office.consortium.story.accounts[BANK][0]
    for own in (str(BANK), bank.name, f" {bank.name} ", account, f"SMDG:P{BANK}"):
        assert goes_by(bank, own)
    for other in ("1", "Party 1 Ltd", "SMDG:P1", "LEI:529900T8BM49AURSDO55", "0x" + "ab" * 20):
        assert not goes_by(bank, other)
    finding = named_otherwise(await chain.head(), members, BANK, "SMDG:P1")
    assert finding.verdict is Verdict.DIFFERENT
