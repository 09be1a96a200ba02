"""Gateways are audited as platforms are: the chain's word on each, and the node's against it."""

from __future__ import annotations

from sqlalchemy import delete, update

from tests.audit.audited import OfficeNode, chain_of
from tests.audit.lying import AnswerInstead
from tests.audit.tampering import audited, changed
from tests.office import Office
from tests.story import GATEWAY, hex_of
from tidan_node.audit.findings import Verdict
from tidan_node.audit.platforms import audit_gateways
from tidan_node.domain.membership_events import GatewayDismissed
from tidan_node.records.council_tables import gateways


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
