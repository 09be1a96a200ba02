"""Gateways, and what carriers say of them: the chain's word on each, and the node's against it."""

from __future__ import annotations

from sqlalchemy import delete, update

from tests.audit.audited import CARRIER, OfficeNode, chain_of
from tests.audit.lying import AnswerInstead
from tests.audit.tampering import audited, changed
from tests.office import Office
from tests.story import GATEWAY, hex_of
from tidan_node.audit.findings import Verdict
from tidan_node.audit.platforms import audit_gateways
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.membership_events import (
    AdmissionWithdrawn,
    GatewayAdmitted,
    GatewayDismissed,
)
from tidan_node.records.council_tables import gateway_admissions, gateways


async def recognised(office: Office) -> None:
    office.consortium.story.recognise_gateway()
    await office.consortium.publish()


async def test_an_honest_node_is_verified(office: Office) -> None:
    await recognised(office)
    heard, _ = await audited(office)
    assert heard.findings == []
    assert [each.record for each in heard.audits if each.kind == "gateway"] == [GATEWAY]


async def test_a_gateway_that_the_node_takes_for_dismissed_is_named(office: Office) -> None:
    await recognised(office)
    await changed(office, update(gateways).values(recognised=False))
    heard, _ = await audited(office)
    assert heard.findings == [("gateway", GATEWAY, "different")]


async def test_a_gateway_that_is_kept_back_is_named(office: Office) -> None:
    await recognised(office)
    await changed(office, delete(gateways))
    heard, _ = await audited(office)
    assert heard.findings == [("gateway", GATEWAY, "different")]


async def test_a_gateway_that_nobody_recognised_is_named(office: Office) -> None:
    await recognised(office)
    node = OfficeNode(office)
    page = (await node.get("/v1/gateways")).document
    invented = {**page["items"][0], "gateway": hex_of("mine", size=20)}  # type: ignore[index]  # JSON
    told = {**page, "items": [invented, *page["items"]]}  # type: ignore[misc]  # JSON
    audits = await audit_gateways(chain_of(office), AnswerInstead(node, {"/v1/gateways": told}))
    assert {each.record: str(each.verdict) for each in audits} == {
        GATEWAY: "verified",
        hex_of("mine", size=20): "different",
    }


async def test_a_dismissal_that_the_chains_node_leaves_out_is_a_fault(office: Office) -> None:
    office.consortium.story.recognise_gateway()
    office.consortium.story.dismiss_gateway()
    await office.consortium.publish()
    chain = chain_of(office)
    chain.events = [each for each in chain.events if not isinstance(each.event, GatewayDismissed)]
    (audit,) = await audit_gateways(chain, OfficeNode(office))
    assert [each.rule for each in audit.faults] == ["unlike-the-contract"]
    assert audit.verdict is Verdict.CHAIN_FAULTY


async def test_a_node_that_has_not_read_the_dismissal_is_behind(office: Office) -> None:
    await recognised(office)
    office.consortium.story.dismiss_gateway()
    chain = chain_of(office)
    chain.length += 1
    (audit,) = await audit_gateways(chain, OfficeNode(office))
    assert (audit.verdict, audit.differences) == (Verdict.BEHIND, ())


class TestAdmissions:
    async def admitted(self, office: Office) -> None:
        await recognised(office)
        office.consortium.story.admit_gateway(CARRIER)
        await office.consortium.publish()

    async def test_an_honest_node_is_verified(self, office: Office) -> None:
        await self.admitted(office)
        heard, _ = await audited(office)
        assert heard.findings == []

    async def test_and_once_it_is_withdrawn_and_the_gateway_dismissed(self, office: Office) -> None:
        await self.admitted(office)
        office.consortium.story.dismiss_gateway()
        office.consortium.story.withdraw_admission(CARRIER)
        await office.consortium.publish()
        heard, _ = await audited(office)
        assert heard.findings == []

    async def test_one_that_the_node_takes_for_withdrawn_is_named(self, office: Office) -> None:
        await self.admitted(office)
        await changed(office, update(gateway_admissions).values(admitted=False))
        (audit,) = await audit_gateways(chain_of(office), OfficeNode(office))
        (difference,) = audit.differences
        told = (difference.field, difference.chain, difference.node)
        assert told == ("admittedBy", (int(CARRIER),), ())

    async def test_one_that_no_carrier_gave_is_named(self, office: Office) -> None:
        await self.admitted(office)
        await changed(office, update(gateway_admissions).values(carrier=2))
        heard, _ = await audited(office)
        assert heard.findings == [("gateway", GATEWAY, "different")]

    async def test_a_withdrawal_that_the_chains_node_leaves_out_is_a_fault(
        self, office: Office
    ) -> None:
        await self.admitted(office)
        office.consortium.story.withdraw_admission(CARRIER)
        await office.consortium.publish()
        chain = chain_of(office)
        told = (each for each in chain.events if not isinstance(each.event, AdmissionWithdrawn))
        chain.events = list(told)
        (audit,) = await audit_gateways(chain, OfficeNode(office))
        ((rule, detail),) = [(each.rule, each.detail) for each in audit.faults]
        assert rule == "unlike-the-contract"
        assert f"admitted by party {CARRIER}" in detail

    async def test_an_admission_of_what_nobody_recognised_is_a_fault(self, office: Office) -> None:
        office.consortium.story.admit_gateway(CARRIER)
        await office.consortium.publish()
        (audit,) = await audit_gateways(chain_of(office), OfficeNode(office))
        assert (audit.record, audit.verdict) == (GATEWAY, Verdict.CHAIN_FAULTY)

    async def test_an_admission_that_the_registry_took_twice_is_a_fault(
        self, office: Office
    ) -> None:
        await self.admitted(office)
        office.consortium.story.emit(GatewayAdmitted(PartyIndex(CARRIER), GATEWAY))
        await office.consortium.publish()
        (audit,) = await audit_gateways(chain_of(office), OfficeNode(office))
        assert audit.verdict is Verdict.CHAIN_FAULTY

    async def test_a_node_that_has_not_read_it_is_behind(self, office: Office) -> None:
        await recognised(office)
        office.consortium.story.admit_gateway(CARRIER)
        chain = chain_of(office)
        chain.length += 1
        (audit,) = await audit_gateways(chain, OfficeNode(office))
        assert (audit.verdict, audit.differences) == (Verdict.BEHIND, ())
