"""A carrier says which of the recognised gateways may use its numbers, and takes that back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.office import Consortium, Office, opened
from tests.story import GATEWAY
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus, Role

ADMISSION = f"/v1/gateways/{GATEWAY}/admission"
WITHDRAWAL = f"{ADMISSION}/withdrawal"
OTHER = "0x" + "6b" * 20
CARRIER = PartyIndex(1)
BOTH = pytest.mark.parametrize("path", [ADMISSION, WITHDRAWAL])


class Members(NamedTuple):
    """P1 carries and has a node, P2 trades and has one, P3 carries elsewhere."""

    consortium: Consortium
    carrier: Office
    trader: Office

    @property
    def story(self) -> Any:
        return self.consortium.story


@pytest.fixture
async def members(tmp_path: Path) -> AsyncIterator[Members]:
    consortium = Consortium(tmp_path)
    roles = (Role.CARRIER, Role.TRADER, Role.CARRIER)
    parties = [consortium.enrol(role) for role in roles]
    consortium.story.recognise_gateway()
    async with AsyncExitStack() as stack:
        offices = [
            await stack.enter_async_context(opened(consortium, party)) for party in parties[:2]
        ]
        await consortium.publish()
        yield Members(consortium, *offices)


async def done(office: Office, path: str) -> dict[str, Any]:
    """The operation as it was accepted, which is carried out then."""
    answer = await office.post(path)
    assert answer.status_code == 202, answer.text
    await office.carry_out()
    operation: dict[str, Any] = answer.json()["operation"]
    return operation


async def admitted_by(office: Office) -> list[dict[str, Any]]:
    answer = await office.get("/v1/gateways")
    assert answer.status_code == 200, answer.text
    (gateway,) = answer.json()["items"]
    found: list[dict[str, Any]] = gateway["admittedBy"]
    return found


async def refused(office: Office, path: str) -> tuple[int, str, str]:
    """Status, type and field of a refusal that has left nothing behind."""
    before = await office.rows()
    answer = await office.post(path)
    assert await office.rows() == before
    told = answer.json()
    return answer.status_code, told["type"].removeprefix("/v1/problems/"), told["field"]


class TestListGateways:
    async def test_it_says_by_name_which_carriers_admit_each(self, members: Members) -> None:
        members.story.admit_gateway(PartyIndex(3))
        members.story.admit_gateway(CARRIER)
        await members.consortium.publish()
        assert await admitted_by(members.trader) == [
            {"index": 1, "name": "Party 1 Ltd"},
            {"index": 3, "name": "Party 3 Ltd"},
        ]

    async def test_an_admission_changes_nothing_of_the_recognition(self, members: Members) -> None:
        (before,) = (await members.trader.get("/v1/gateways")).json()["items"]
        await done(members.carrier, ADMISSION)
        (after,) = (await members.trader.get("/v1/gateways")).json()["items"]
        assert after | {"admittedBy": []} == before


class TestAdmit:
    async def test_every_node_reads_it_once_it_is_on_the_chain(self, members: Members) -> None:
        operation = await done(members.carrier, ADMISSION)
        assert (operation["kind"], operation["target"]) == ("gateway.admit", f"gateway:{GATEWAY}")
        for office in (members.carrier, members.trader):
            assert [each["index"] for each in await admitted_by(office)] == [1]

    async def test_it_is_trailed(self, members: Members) -> None:
        operation = await done(members.carrier, ADMISSION)
        ((act, subject, detail),) = await members.carrier.trail()
        assert (act, subject) == ("gateway.admit", f"gateway:{GATEWAY}")
        assert detail == {"operation": operation["id"]}

    async def test_an_address_is_one_whatever_its_case(self, members: Members) -> None:
        operation = await done(members.carrier, f"/v1/gateways/{GATEWAY.upper()}/admission")
        assert operation["target"] == f"gateway:{GATEWAY}"

    async def test_one_that_nobody_recognises_is_refused(self, members: Members) -> None:
        told = await refused(members.carrier, f"/v1/gateways/{OTHER}/admission")
        assert told == (403, "gateway-unknown", "gateway")

    async def test_one_that_was_dismissed_is_refused(self, members: Members) -> None:
        members.story.dismiss_gateway()
        await members.consortium.publish()
        assert (await refused(members.carrier, ADMISSION))[1] == "gateway-unknown"

    async def test_one_that_it_admits_already_is_refused(self, members: Members) -> None:
        await done(members.carrier, ADMISSION)
        told = await refused(members.carrier, ADMISSION)
        assert told == (409, "gateway-already-admitted", "gateway")

    async def test_another_carriers_word_is_not_its_own(self, members: Members) -> None:
        members.story.admit_gateway(PartyIndex(3))
        await members.consortium.publish()
        await done(members.carrier, ADMISSION)
        assert [each["index"] for each in await admitted_by(members.trader)] == [1, 3]


class TestWithdraw:
    async def test_it_is_taken_back_and_given_again(self, members: Members) -> None:
        await done(members.carrier, ADMISSION)
        operation = await done(members.carrier, WITHDRAWAL)
        assert operation["kind"] == "gateway.withdraw_admission"
        assert await admitted_by(members.trader) == []
        await done(members.carrier, ADMISSION)
        assert [each["index"] for each in await admitted_by(members.trader)] == [1]

    async def test_it_is_trailed(self, members: Members) -> None:
        await done(members.carrier, ADMISSION)
        await done(members.carrier, WITHDRAWAL)
        act, subject, _ = (await members.carrier.trail())[-1]
        assert (act, subject) == ("gateway.withdraw_admission", f"gateway:{GATEWAY}")

    async def test_also_of_a_gateway_that_was_dismissed(self, members: Members) -> None:
        await done(members.carrier, ADMISSION)
        members.story.dismiss_gateway()
        await members.consortium.publish()
        await done(members.carrier, WITHDRAWAL)
        assert await admitted_by(members.trader) == []

    async def test_what_it_does_not_admit_is_refused(self, members: Members) -> None:
        members.story.admit_gateway(PartyIndex(3))
        await members.consortium.publish()
        told = await refused(members.carrier, WITHDRAWAL)
        assert told == (409, "gateway-not-admitted", "gateway")


class TestWhoMay:
    async def test_only_a_carrier_admits(self, members: Members) -> None:
        assert await refused(members.trader, ADMISSION) == (403, "role-missing", "caller")

    async def test_nobody_withdraws_the_admission_of_another(self, members: Members) -> None:
        members.story.admit_gateway(CARRIER)
        await members.consortium.publish()
        told = await refused(members.trader, WITHDRAWAL)
        assert told == (409, "gateway-not-admitted", "gateway")

    async def test_no_carrier_that_is_suspended_admits(self, members: Members) -> None:
        members.story.change_status(CARRIER, PartyStatus.SUSPENDED)
        await members.consortium.publish()
        assert await refused(members.carrier, ADMISSION) == (409, "party-not-active", "caller")

    async def test_a_carrier_that_is_suspended_withdraws(self, members: Members) -> None:
        members.story.admit_gateway(CARRIER)
        members.story.change_status(CARRIER, PartyStatus.SUSPENDED)
        await members.consortium.publish()
        await done(members.carrier, WITHDRAWAL)
        assert await admitted_by(members.trader) == []

    @BOTH
    async def test_what_is_no_address_is_refused_by_name(self, members: Members, path: str) -> None:
        wrong = path.replace(GATEWAY, GATEWAY[:-1])
        assert await refused(members.carrier, wrong) == (422, "invalid-input", "gateway")
