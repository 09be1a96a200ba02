"""To let a gateway use the party's numbers can wait for others; to stop it waits for nobody."""

from __future__ import annotations

from typing import Any

from tests.story import GATEWAY
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.people.roles import UserRole

ADMISSION = f"/v1/gateways/{GATEWAY}/admission"
SELLER = PartyIndex(2)


async def test_an_admission_is_done_once_another_has_approved_it(house: Any) -> None:
    checker = await house.checker()
    house.consortium.story.recognise_gateway()
    await house.consortium.publish()
    await house.require("gateway.admit", 1)
    boss = await house.person("boss", UserRole.ADMIN)

    approval = await boss.waiting(ADMISSION, None)

    assert await house.seller.waiting() == []
    shown = (await checker.get(f"/v1/approvals/{approval}")).json()
    assert (shown["act"], shown["path"]) == ("gateway.admit", ADMISSION)
    assert (await checker.approve(approval)).json()["status"] == "done"
    ((_, call),) = await house.seller.waiting()
    assert (call.function, call.args) == ("admit", (GATEWAY,))


async def test_a_withdrawal_waits_for_nobody(house: Any) -> None:
    await house.checker()
    house.consortium.story.recognise_gateway()
    house.consortium.story.admit_gateway(SELLER)
    await house.consortium.publish()
    await house.require("gateway.admit", 1)
    boss = await house.person("boss", UserRole.ADMIN)

    answer = await boss.post(f"{ADMISSION}/withdrawal")

    assert answer.status_code == 202, answer.text
    ((_, call),) = await house.seller.waiting()
    assert (call.function, call.args) == ("withdrawAdmission", (GATEWAY,))
