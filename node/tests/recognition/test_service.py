"""A user of a recognised platform signs in, or is told why not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.recognition.ports import CODE, Desk, Port, lei_of, refusal
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.platforms import AnchorKind, PlatformCode
from tidan_node.people.roles import UserRole
from tidan_node.people.users import Users


class TestStart:
    async def test_a_known_user_has_a_session_within_the_recognition(self, desk: Desk) -> None:
        member = desk.port.member()
        user = await desk.know(member.subject)

        answer = await desk.sign_in(desk.port.token(member))

        assert answer.status_code == 201
        session = answer.json()
        assert session["user"] == {"id": user.user_id, "name": "A maker"}
        assert session["via"] == f"platform:{CODE}"
        assert session["scopes"] == [
            "documents:read",
            "operations:read",
            "records:read",
            "titles:act",
        ]
        assert (await desk.get("/v1/titles", session["token"])).status_code == 200
        assert (await desk.get("/v1/trail", session["token"])).status_code == 403

    async def test_the_session_lasts_an_hour_at_most(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)

        answer = await desk.sign_in(desk.port.token(member))

        ends = datetime.fromisoformat(answer.json()["expiresAt"])
        assert ends == desk.office.consortium.clock() + timedelta(hours=1)

    async def test_it_ends_with_the_certificate(self, desk: Desk) -> None:
        ends = desk.port.now + timedelta(minutes=20)
        member = desk.port.member(until=ends)
        await desk.know(member.subject)

        answer = await desk.sign_in(desk.port.token(member))

        assert datetime.fromisoformat(answer.json()["expiresAt"]) == ends

    @pytest.mark.parametrize("seconds", [0, 1])
    async def test_at_the_last_moment_of_the_certificate_there_is_no_session(
        self, desk: Desk, seconds: int
    ) -> None:
        ends = desk.office.consortium.clock() + timedelta(seconds=seconds)
        member = desk.port.member(until=ends)
        await desk.know(member.subject)

        answer = await desk.sign_in(desk.port.token(member))

        if seconds:
            assert answer.status_code == 201
        else:
            assert await refusal(answer) == (403, "platform-sign-in-refused", "time")

    async def test_it_ends_with_the_recognition(self, unrecognised: Desk) -> None:
        desk = unrecognised
        await desk.recognise(days=1 / 48)
        story = desk.office.consortium.story
        member = desk.port.member()
        await desk.know(member.subject)

        answer = await desk.sign_in(desk.port.token(member))

        ends = datetime.fromisoformat(answer.json()["expiresAt"])
        assert ends.timestamp() == story.now - 5 + 1800  # one block has passed since

    async def test_the_trail_has_it_without_the_subject(self, desk: Desk) -> None:
        member = desk.port.member("Somebody Private")
        user = await desk.know(member.subject)

        await desk.sign_in(desk.port.token(member))

        act, subject, detail = (await desk.office.trail())[-1]
        assert (act, subject, detail) == (
            "session.started",
            user.user_id,
            {"via": f"platform:{CODE}"},
        )

    async def test_lists_that_were_seen_need_not_be_sent_again(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        await desk.sign_in(desk.port.token(member))

        answer = await desk.sign_in(desk.port.token(member), [])

        assert answer.status_code == 201

    async def test_an_anchor_that_is_no_certificate_stands_in_nobodys_way(self, desk: Desk) -> None:
        await desk.recognise(anchor=b"no certificate")
        member = desk.port.member()
        await desk.know(member.subject)

        assert (await desk.sign_in(desk.port.token(member))).status_code == 201

    async def test_a_suspended_party_keeps_its_people(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        desk.office.consortium.story.change_status(desk.office.party, PartyStatus.SUSPENDED)
        await desk.office.consortium.publish()

        assert (await desk.sign_in(desk.port.token(member))).status_code == 201

    async def test_what_outlives_a_session_is_never_recognised(self, desk: Desk) -> None:
        handed_on = "accounts:act admin council:act keys:manage webhooks:manage"
        await desk.recognise(acts=f"{handed_on} no-such:act records:read")
        member = desk.port.member()
        await desk.know(member.subject, UserRole.ADMIN, UserRole.MAKER)

        answer = await desk.sign_in(desk.port.token(member))

        assert answer.json()["scopes"] == ["records:read"]


class TestPlatform:
    async def test_a_platform_that_is_not_recognised_is_refused(self, unrecognised: Desk) -> None:
        desk = unrecognised
        member = desk.port.member()
        await desk.know(member.subject)

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told == (403, "platform-sign-in-refused", "recognition")

    async def test_a_recognition_that_was_withdrawn_is_none(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        await desk.withdraw()

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told == (403, "platform-sign-in-refused", "recognition")

    async def test_a_recognition_ends_at_its_block_time(self, unrecognised: Desk) -> None:
        desk = unrecognised
        await desk.recognise(days=60 / 86400)
        member = desk.port.member()
        await desk.know(member.subject)
        desk.office.consortium.story.next_block(20)
        await desk.office.consortium.publish()

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told == (403, "platform-sign-in-refused", "recognition")

    async def test_a_recognition_for_other_roles_is_refused(self, unrecognised: Desk) -> None:
        desk = unrecognised
        await desk.recognise(roles=Role.BANK | Role.INSURER)
        member = desk.port.member()
        await desk.know(member.subject)

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told == (403, "platform-sign-in-refused", "roles")

    async def test_a_revoked_party_has_no_people(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        desk.office.consortium.story.change_status(desk.office.party, PartyStatus.REVOKED)
        await desk.office.consortium.publish()

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told[:2] == (409, "party-not-active")

    async def test_the_authority_of_another_platform_does_not_count(self, desk: Desk) -> None:
        other = PlatformCode("OTHER-PORT")
        strange = Port(desk.port.now)
        await desk.recognise(platform=other, anchor=strange.root.der)
        member = strange.member()
        await desk.know(member.subject)

        told = await refusal(await desk.sign_in(strange.token(member), strange.lists()))

        assert told == (403, "certificate-refused", "path")

    async def test_a_did_does_not_vouch_for_certificates(self, unrecognised: Desk) -> None:
        desk = unrecognised
        await desk.recognise(kind=AnchorKind.DID, anchor=b"did:web:port.example")
        member = desk.port.member()

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told == (403, "platform-sign-in-refused", "recognition")


class TestPerson:
    async def test_nobody_in_the_directory_is_refused(self, desk: Desk) -> None:
        told = await refusal(await desk.sign_in(desk.port.token(desk.port.member())))

        assert told == (403, "not-in-directory", None)

    async def test_who_is_disabled_is_refused_in_the_same_words(self, desk: Desk) -> None:
        member, unknown = desk.port.member(), desk.port.member("Another maker")
        user = await desk.know(member.subject)
        async with desk.office.database.writing() as connection:
            await Users(connection).disable(user.user_id)

        disabled = await desk.sign_in(desk.port.token(member))
        stranger = await desk.sign_in(desk.port.token(unknown))

        assert disabled.content == stranger.content
        assert disabled.status_code == stranger.status_code == 403

    async def test_the_same_subject_of_an_openid_provider_is_somebody_else(
        self, desk: Desk
    ) -> None:
        member = desk.port.member()
        await desk.know(member.subject, issuer="https://accounts.example")

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told[1] == "not-in-directory"

    async def test_a_user_of_another_organisation_is_refused(self, desk: Desk) -> None:
        member = desk.port.member(lei=lei_of(1))
        await desk.know(member.subject)

        told = await refusal(await desk.sign_in(desk.port.token(member)))

        assert told == (403, "platform-sign-in-refused", "organisation")

    async def test_a_revoked_user_is_refused(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)

        lists = desk.port.lists(member.certificate)

        told = await refusal(await desk.sign_in(desk.port.token(member), lists))
        assert told == (403, "certificate-refused", "revoked")

    async def test_one_person_begins_only_so_many_sessions(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        member = desk.port.member()
        user = await desk.know(member.subject)
        allowance = desk.office.app.state.node.members.of(("signing-in", user.user_id))
        monkeypatch.setattr(allowance, "_most", 1)

        first = await desk.sign_in(desk.port.token(member))
        second = await desk.sign_in(desk.port.token(member))

        assert first.status_code == 201
        assert second.status_code == 429
        assert int(second.headers["Retry-After"]) > 0
