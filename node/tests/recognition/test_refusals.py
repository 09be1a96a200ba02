"""Tokens and lists that open nothing, and what is told of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.domain.authorities import DAY, Authority
from tests.recognition.ports import CODE, Desk, lei_of, refusal
from tidan_node.people.tables import sessions
from tidan_node.recognition.tables import used_tokens


class TestToken:
    async def test_a_token_is_used_once(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        token = desk.port.token(member)

        assert (await desk.sign_in(token)).status_code == 201
        told = await refusal(await desk.sign_in(token))

        assert told == (403, "platform-sign-in-refused", "replayed")

    async def test_a_refused_person_has_used_the_token_up(self, desk: Desk) -> None:
        member = desk.port.member()
        token = desk.port.token(member)
        await desk.sign_in(token)
        await desk.know(member.subject)

        assert (await refusal(await desk.sign_in(token)))[2] == "replayed"

    async def test_a_token_for_another_party_is_refused(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)

        told = await refusal(await desk.sign_in(desk.port.token(member, party=1)))

        assert told == (403, "platform-sign-in-refused", "audience")

    async def test_an_old_token_is_refused(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        made = int(desk.port.now.timestamp()) - 600

        token = desk.port.token(member, iat=made, exp=made + 300)

        assert (await refusal(await desk.sign_in(token)))[2] == "time"

    async def test_names_are_forgotten_once_the_tokens_have_ended(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        await desk.sign_in(desk.port.token(member))
        desk.office.consortium.story.next_block(100)
        desk.port.now = desk.office.consortium.clock()

        await desk.sign_in(desk.port.token(member))

        async with desk.office.database.reading() as connection:
            kept = await connection.scalar(select(func.count()).select_from(used_tokens))
        assert kept == 1

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"platform": "port", "token": "x"},
            {"platform": CODE, "token": ""},
            {"platform": CODE, "token": "x", "crls": ["not base64!"]},
            {"platform": CODE, "token": "x", "crls": ["QQ=="] * 9},
            {"platform": CODE, "token": "x", "more": 1},
        ],
    )
    async def test_a_request_that_breaks_its_form_names_the_field(
        self, desk: Desk, body: dict[str, object]
    ) -> None:
        async with desk.stranger() as client:
            answer = await client.post("/v1/platform-sessions", json=body)

        assert answer.status_code == 422
        assert answer.json()["field"]


class TestLists:
    async def test_an_older_list_than_the_one_seen_is_refused(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        await desk.sign_in(desk.port.token(member), desk.port.lists(number=5, age=10))

        told = await refusal(
            await desk.sign_in(desk.port.token(member), desk.port.lists(number=4, age=20))
        )

        assert told == (403, "certificate-refused", "crl-older")

    async def test_a_revocation_once_seen_is_not_hidden_by_sending_no_list(
        self, desk: Desk
    ) -> None:
        first, second = desk.port.member(), desk.port.member("Another maker")
        await desk.know(first.subject)
        await desk.know(second.subject)
        newer = desk.port.lists(first.certificate, number=2, age=5)
        assert (await desk.sign_in(desk.port.token(second), newer)).status_code == 201

        told = await refusal(await desk.sign_in(desk.port.token(first), []))

        assert told == (403, "certificate-refused", "revoked")

    async def test_without_any_list_nobody_signs_in(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)

        told = await refusal(await desk.sign_in(desk.port.token(member), []))

        assert told == (403, "certificate-refused", "crl-missing")

    async def test_a_stale_list_is_refused(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        stale = desk.port.issuing.crl(since=desk.port.now - DAY, until=desk.port.now)

        told = await refusal(
            await desk.sign_in(desk.port.token(member), [desk.port.lists()[0], stale])
        )

        assert told == (403, "certificate-refused", "crl-stale")


class TestRefusals:
    async def test_the_trail_says_what_was_refused_and_of_whom_nothing(self, desk: Desk) -> None:
        member = desk.port.member("Somebody Private")

        await desk.sign_in(desk.port.token(member))

        assert (await desk.office.trail())[-1] == (
            "platform-session.refused",
            f"platform:{CODE}",
            {"problem": "not-in-directory", "rule": None},
        )

    async def test_no_answer_names_the_subject(self, desk: Desk) -> None:
        private = "Somebody Private"
        member = desk.port.member(private)
        other = desk.port.member(private, lei=lei_of(1))
        forged = Authority(desk.port.issuing.name).client(member.certificate.subject)

        answers = [
            await desk.sign_in(desk.port.token(member)),
            await desk.sign_in(desk.port.token(other)),
            await desk.sign_in(desk.port.token(member), desk.port.lists(member.certificate)),
            await desk.sign_in(desk.port.token(type(member)(forged, member.key))),
        ]

        assert [answer.status_code for answer in answers] == [403] * 4
        assert private not in "".join(answer.text for answer in answers)

    async def test_strangers_have_only_so_much_written_down(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(desk.office.app.state.node.strangers, "_most", 2)
        member = desk.port.member()

        told = [await refusal(await desk.sign_in(desk.port.token(member))) for _ in range(4)]

        assert told == [(403, "not-in-directory", None)] * 4
        acts = [act for act, _, _ in await desk.office.trail()]
        assert acts.count("platform-session.refused") == 2

    async def test_a_refusal_makes_no_session(self, desk: Desk) -> None:
        await desk.sign_in(desk.port.token(desk.port.member()))

        async with desk.office.database.reading() as connection:
            assert await connection.scalar(select(func.count()).select_from(sessions)) == 0
