"""Audits of one party and of one period take in the records concerned, each of them whole."""

from __future__ import annotations

from tests.audit.audited import (
    BANK,
    BUYER,
    CARRIER,
    SHIPPER,
    Heard,
    OfficeNode,
    a_title,
    chain_of,
)
from tests.office import Office
from tests.story import GENESIS_TIME
from tidan_node.audit.parties import members_of, standings_of
from tidan_node.audit.parts import parts_of
from tidan_node.audit.whole import audit_party, audit_period
from tidan_node.domain.parties import PartyStatus, Role


class TestAuditParty:
    async def test_every_record_with_a_part_of_it_is_audited_and_no_other(
        self, office: Office
    ) -> None:
        title = await a_title(office)
        story = office.consortium.story
        other = story.issue(CARRIER, BANK)
        invoice = story.register_invoice(SHIPPER, BUYER)
        story.anchor(BUYER)
        await office.consortium.publish()
        heard = Heard()
        await audit_party(chain_of(office), OfficeNode(office), BUYER, heard)
        assert heard.findings == []
        found = [(each.kind, each.record) for each in heard.audits]
        assert found == [
            ("title", title),
            ("invoice", invoice),
            ("party", str(BUYER)),
            ("anchors", str(BUYER)),
        ]
        assert other not in [record for _, record in found]

    async def test_its_parts_in_a_record_are_told_in_words(self, office: Office) -> None:
        await a_title(office)
        heard = Heard()
        await audit_party(chain_of(office), OfficeNode(office), CARRIER, heard)
        acts = heard.audits[0].acts
        assert parts_of(CARRIER, acts) == ["issuer"]
        assert parts_of(SHIPPER, acts) == ["held", "was titleholder"]
        assert parts_of(BUYER, acts) == ["holds", "is titleholder", "was offered"]
        assert parts_of(BANK, acts) == ["was offered"]

    async def test_its_standings_are_told_with_their_blocks(self, office: Office) -> None:
        story = office.consortium.story
        story.change_status(BUYER, PartyStatus.SUSPENDED)
        story.change_roles(BUYER, Role.TRADER | Role.BANK)
        await office.consortium.publish()
        chain = chain_of(office)
        told = standings_of(await members_of(chain, [BUYER]), BUYER)
        said = [str(each["what"]).split(":")[0] for each in told]
        assert said[0] == "enrolled as TRADER"
        assert said[-2:] == ["made suspended", "roles changed to TRADER, BANK"]
        assert told[-1]["block"] == chain.length


class TestAuditPeriod:
    async def test_a_record_acted_on_then_is_replayed_whole(self, office: Office) -> None:
        title = await a_title(office)
        last = GENESIS_TIME + 5 * (office.consortium.story.block - 1)
        heard = Heard()
        await audit_period(chain_of(office), OfficeNode(office), (last, last), heard)
        (audit,) = heard.audits
        assert (audit.record, len(audit.acts)) == (title, 6)
        assert sum(1 for act in audit.acts if act.time == last) == 1

    async def test_a_period_in_which_nothing_happened_has_nothing(self, office: Office) -> None:
        await a_title(office)
        heard = Heard()
        await audit_period(chain_of(office), OfficeNode(office), (0, 1), heard)
        assert heard.audits == []
