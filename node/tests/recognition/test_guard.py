"""A session of a platform's user lives by the recognition, request by request."""

from __future__ import annotations

import pytest

from tests.recognition.ports import CODE, Desk
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.people.users import Users


@pytest.fixture
async def token(desk: Desk) -> str:
    """Of a session that has begun."""
    member = desk.port.member()
    await desk.know(member.subject)
    answer = await desk.sign_in(desk.port.token(member))
    return str(answer.json()["token"])


async def status(desk: Desk, token: str, path: str = "/v1/titles") -> int:
    return (await desk.get(path, token)).status_code


class TestAdmit:
    async def test_it_opens_what_the_recognition_covers(self, desk: Desk, token: str) -> None:
        assert await status(desk, token) == 200

    async def test_a_withdrawn_recognition_ends_it_at_once(self, desk: Desk, token: str) -> None:
        await desk.withdraw()

        assert await status(desk, token) == 401

    async def test_it_is_answered_like_a_session_that_never_was(
        self, desk: Desk, token: str
    ) -> None:
        await desk.withdraw()
        made_up = token[:-64] + "0" * 64

        ended, unknown = await desk.get("/v1/titles", token), await desk.get("/v1/titles", made_up)

        assert ended.content == unknown.content
        assert ended.headers["www-authenticate"] == unknown.headers["www-authenticate"]

    async def test_a_recognition_that_has_ended_at_block_time_ends_it(
        self, desk: Desk, token: str
    ) -> None:
        await desk.recognise(days=60 / 86400)
        assert await status(desk, token) == 200
        desk.office.consortium.story.next_block(20)

        assert await status(desk, token) == 200  # the node has not read that block yet
        await desk.office.consortium.publish()
        assert await status(desk, token) == 401

    async def test_terms_that_were_narrowed_count_from_the_next_request(
        self, desk: Desk, token: str
    ) -> None:
        await desk.recognise(acts="records:read")

        assert await status(desk, token) == 200
        assert await status(desk, token, "/v1/operations") == 403

    async def test_wider_terms_do_not_widen_a_session(self, desk: Desk, token: str) -> None:
        await desk.recognise(acts="documents:read operations:read records:read reports:sign")
        async with desk.stranger() as client:
            answer = await client.post(
                "/v1/audit/reports", headers={"Authorization": f"Bearer {token}"}
            )

        assert answer.status_code == 403

    async def test_a_party_of_another_role_is_not_reached(self, desk: Desk, token: str) -> None:
        desk.office.consortium.story.change_roles(desk.office.party, Role.BANK)
        await desk.office.consortium.publish()

        assert await status(desk, token) == 401

    async def test_a_revoked_party_has_no_sessions(self, desk: Desk, token: str) -> None:
        desk.office.consortium.story.change_status(desk.office.party, PartyStatus.REVOKED)
        await desk.office.consortium.publish()

        assert await status(desk, token) == 401

    async def test_who_is_disabled_is_out_at_once(self, desk: Desk, token: str) -> None:
        async with desk.office.database.writing() as connection:
            (user,) = await Users(connection).listed(limit=2)
            await Users(connection).disable(user.user_id)

        assert await status(desk, token) == 401

    async def test_a_session_ends_in_time(self, desk: Desk, token: str) -> None:
        desk.office.consortium.story.next_block(720)

        assert await status(desk, token) == 401

    async def test_other_sessions_do_not_ask_the_recognition(self, desk: Desk) -> None:
        await desk.withdraw()

        assert (await desk.office.get("/v1/titles")).status_code == 200

    async def test_the_user_may_sign_out(self, desk: Desk, token: str) -> None:
        async with desk.stranger() as client:
            answer = await client.delete(
                "/v1/sessions/current", headers={"Authorization": f"Bearer {token}"}
            )

        assert answer.status_code == 204
        assert await status(desk, token) == 401

    async def test_the_platform_is_named_by_the_session(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)

        answer = await desk.sign_in(desk.port.token(member))

        assert answer.json()["via"] == f"platform:{CODE}"
