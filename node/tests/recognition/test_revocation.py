"""What a node learns of revocations counts from then on, for sign-ins and for sessions."""

from __future__ import annotations

import pytest
from cryptography import x509

from tests.recognition.ports import Desk, Member, Port, refusal
from tests.statements import issued
from tidan_node.recognition.tables import revocation_lists


async def session_of(desk: Desk, member: Member) -> str:
    await desk.know(member.subject)
    answer = await desk.sign_in(desk.port.token(member), desk.port.lists())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


async def status(desk: Desk, token: str) -> int:
    return (await desk.get("/v1/titles", token)).status_code


class TestSignIns:
    async def test_a_list_that_refuses_is_not_hidden_by_an_older_one(self, desk: Desk) -> None:
        member = desk.port.member()
        await desk.know(member.subject)
        newer = desk.port.lists(member.certificate, number=2, age=5)
        assert (await refusal(await desk.sign_in(desk.port.token(member), newer)))[2] == "revoked"

        older = await refusal(await desk.sign_in(desk.port.token(member), desk.port.lists()))
        none = await refusal(await desk.sign_in(desk.port.token(member), []))

        assert older == (403, "certificate-refused", "crl-older")
        # the list of the root was never seen: whoever is revoked is so before that is asked
        assert none == (403, "certificate-refused", "revoked")

    async def test_it_is_kept_though_the_trail_takes_no_more(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(desk.office.app.state.node.strangers, "_most", 0)
        member = desk.port.member()
        await desk.know(member.subject)
        await desk.sign_in(
            desk.port.token(member), desk.port.lists(member.certificate, number=2, age=5)
        )

        answer = await desk.sign_in(desk.port.token(member), desk.port.lists())

        assert (await refusal(answer))[2] == "crl-older"

    async def test_a_new_key_of_the_authority_of_the_same_name_is_not_shut_out(
        self, desk: Desk
    ) -> None:
        await session_of(desk, desk.port.member())
        desk.port.issuing = desk.port.root.below()
        desk.port.issuing.certificate = desk.port.root.vouch_for(
            desk.port.issuing, since=desk.port.now, until=desk.port.now.replace(year=2099)
        )
        member = desk.port.member("Another maker")
        await desk.know(member.subject)

        answer = await desk.sign_in(desk.port.token(member), desk.port.lists())

        assert answer.status_code == 201, answer.text

    async def test_for_whom_no_authority_vouches_no_list_is_read(self, desk: Desk) -> None:
        stranger = Port(desk.port.now)

        with issued(desk.office.database) as statements:
            token = stranger.token(stranger.member())
            told = await refusal(await desk.sign_in(token, stranger.lists()))

        assert told == (403, "certificate-refused", "path")
        assert not [each for each in statements if revocation_lists.name in each]


class TestSessions:
    @pytest.mark.parametrize("whom", ["the user", "the authority"])
    async def test_a_revocation_that_anybody_brings_ends_the_session(
        self, desk: Desk, whom: str
    ) -> None:
        member, other = desk.port.member(), desk.port.member("Another maker")
        token = await session_of(desk, member)
        await desk.know(other.subject)
        assert await status(desk, token) == 200

        await desk.sign_in(desk.port.token(other), self.newer(desk, member, whom))

        assert await status(desk, token) == 401

    async def test_its_own_refusal_ends_it_too(self, desk: Desk) -> None:
        member = desk.port.member()
        token = await session_of(desk, member)

        answer = await desk.sign_in(desk.port.token(member), self.newer(desk, member, "the user"))

        assert (await refusal(answer))[2] == "revoked"
        assert await status(desk, token) == 401

    async def test_others_go_on(self, desk: Desk) -> None:
        member, other = desk.port.member(), desk.port.member("Another maker")
        token = await session_of(desk, member)
        await desk.know(other.subject)

        await desk.sign_in(desk.port.token(other), self.newer(desk, other, "the user"))

        assert await status(desk, token) == 200

    async def test_the_trail_says_why_it_ended(self, desk: Desk) -> None:
        member = desk.port.member()
        await session_of(desk, member)

        await desk.sign_in(desk.port.token(member), self.newer(desk, member, "the user"))

        acts = [(act, detail) for act, _, detail in await desk.office.trail()]
        assert ("session.ended", {"rule": "revoked"}) in acts

    def newer(self, desk: Desk, member: Member, whom: str) -> list[bytes]:
        assert desk.port.issuing.certificate is not None
        revoked: x509.Certificate = member.certificate
        if whom == "the user":
            return desk.port.lists(revoked, number=2, age=5)
        since, until = desk.port.now, desk.port.now.replace(year=2099)
        root = desk.port.root.crl(desk.port.issuing.certificate, since=since, until=until, number=2)
        return [root, desk.port.lists(number=2, age=5)[1]]
