"""Every endpoint, asked by a user of a platform: it opens as far as the recognition reaches."""

from __future__ import annotations

import pytest

from tests.recognition.ports import Desk
from tests.walking import endpoints_of, guarded, statuses, walked
from tidan_node.people.caller import EVERY_SCOPE
from tidan_node.people.roles import UserRole

HANDED_ON = {"admin", "keys:manage", "webhooks:manage", "accounts:act", "council:act"}
EVERYTHING = {str(scope) for scope in EVERY_SCOPE}


@pytest.mark.parametrize(
    "acts", [{"records:read"}, {"documents:read", "titles:act"}, HANDED_ON, EVERYTHING]
)
async def test_each_endpoint_is_open_as_far_as_the_recognition_reaches(
    unrecognised: Desk, acts: set[str]
) -> None:
    desk = unrecognised
    await desk.recognise(acts=" ".join(sorted(acts)))
    member = desk.port.member()
    await desk.know(member.subject, *UserRole)
    token = (await desk.sign_in(desk.port.token(member))).json()["token"]

    endpoints = [
        each
        for each in guarded(endpoints_of(desk.office.app))
        if each != ("DELETE", "/v1/sessions/current")
    ]
    told = await walked(desk.office, endpoints, {"Authorization": f"Bearer {token}"})

    assert statuses(told, acts - HANDED_ON) == {}
