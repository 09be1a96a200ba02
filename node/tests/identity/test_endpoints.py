"""Parties are listed and found, and a caller learns for whom it speaks."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.office import Consortium, Office, opened
from tests.shown import HOUR, Credentials, bearer
from tests.story import exchange_keys, hex_of
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.profiles import Profile
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole
from tidan_node.web.shapes import as_utc

SECOND = PartyIndex(2)


async def calls_itself(office: Office, party: PartyIndex, name: str) -> None:
    raw = Profile(name).canonical()
    office.consortium.story.emit(told.ProfileChanged(party, hex_of(raw), raw))
    await office.consortium.publish()


class TestListParties:
    async def test_pages_lead_through_all_of_them(self, office: Office) -> None:
        first = (await office.get("/v1/parties", limit="2")).json()
        rest = (await office.get("/v1/parties", limit="2", cursor=first["nextCursor"])).json()
        assert [each["index"] for each in first["items"] + rest["items"]] == [1, 2, 3]
        assert rest["nextCursor"] is None
        assert first["asOf"]["hash"] == hex_of("main", "block", first["asOf"]["block"])

    @pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "W" * 400])
    async def test_a_cursor_of_ones_own_making_is_refused(
        self, office: Office, cursor: str
    ) -> None:
        answer = await office.get("/v1/parties", cursor=cursor)
        assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


class TestShowParty:
    async def test_tells_what_the_chain_and_the_party_say(self, office: Office) -> None:
        office.consortium.story.change_status(SECOND, PartyStatus.SUSPENDED)
        await office.consortium.publish()
        party = (await office.get("/v1/parties/2")).json()
        story = office.consortium.story
        assert party["name"] == "Party 2 Ltd"
        assert party["roles"] == ["TRADER"]
        assert (party["status"], party["statusReason"]) == ("SUSPENDED", "is suspended now")
        assert party["accounts"] == [{"account": story.accounts[SECOND][0], "active": True}]
        assert party["identifiers"] == [
            {"scheme": "LEI", "value": "52990000000000000293", "checked": "valid"}
        ]
        assert party["did"] == "did:web:node-2.example"
        assert [key["code"] for key in party["numberingKeys"]] == ["SMDG:P2"]
        assert (party["rulebook"], party["governingLaw"]) == ("rules-1", "SG")
        assert party["nodeUrl"] == "https://node-2.example"
        assert party["signingKey"] == exchange_keys(2).signing_jwk
        assert party["encryptionKey"] == exchange_keys(2).encryption_jwk
        assert (party["profileError"], party["fault"]) == (None, None)
        assert party["enrolledAt"].endswith("Z")

    @pytest.mark.parametrize(
        "reference", ["2", "LEI:52990000000000000293", "SMDG:P2", "Party 2 Ltd"]
    )
    async def test_finds_it_by_whatever_it_is_called(self, office: Office, reference: str) -> None:
        answer = await office.get(f"/v1/parties/{quote(reference, safe='')}")
        assert answer.json()["index"] == 2

    @pytest.mark.parametrize("name", ["Dampskibsselskabet A/S", "a//b", "50% & more?", "中远海运"])
    async def test_finds_it_by_any_name(self, office: Office, name: str) -> None:
        await calls_itself(office, SECOND, name)
        answer = await office.get(f"/v1/parties/{quote(name, safe='')}")
        assert (answer.status_code, answer.json()["name"]) == (200, name)

    async def test_nobody_by_this_name_is_404(self, office: Office) -> None:
        answer = await office.get("/v1/parties/nobody")
        assert (answer.status_code, answer.json()["type"]) == (404, "/v1/problems/party-unknown")

    async def test_a_name_of_two_is_409_and_lists_them(self, office: Office) -> None:
        await calls_itself(office, SECOND, "Party 3 Ltd")
        answer = await office.get("/v1/parties/Party 3 Ltd")
        assert answer.status_code == 409
        assert [each["index"] for each in answer.json()["candidates"]] == [2, 3]

    async def test_a_malformed_profile_is_told_and_hurts_nobody(self, office: Office) -> None:
        raw = b'{"name":"\\ud800"}'
        office.consortium.story.emit(told.ProfileChanged(SECOND, hex_of(raw), raw))
        await office.consortium.publish()
        party = (await office.get("/v1/parties/2")).json()
        assert (party["name"], party["profileHash"]) == ("party 2", hex_of(raw))
        assert party["profileError"] == "profile: not JSON"
        assert (await office.get("/v1/parties")).status_code == 200


class TestShowMe:
    async def test_names_key_party_and_chain(self, office: Office) -> None:
        me = (await office.get("/v1/me")).json()
        assert me["key"]["name"] == "clerk"
        assert me["key"]["scopes"] == sorted(Scope)
        assert me["party"]["index"] == 1
        assert me["account"] == office.consortium.story.accounts[PartyIndex(1)][0]
        assert me["chain"]["chainId"] == 31337
        assert (me["user"], me["key"]["session"], me["key"]["expiresAt"]) == (None, False, None)

    async def test_names_the_person_and_until_when(self, office: Office) -> None:
        known = Credentials(office)
        user = await known.user(UserRole.MAKER)
        session = bearer((await known.session(user)).reveal())
        agent = bearer((await known.users_key(user, agent=True)).reveal())

        signed_in = (await office.client.get("/v1/me", headers=session)).json()
        by_agent = (await office.client.get("/v1/me", headers=agent)).json()

        person = {"id": user.user_id, "name": user.name, "roles": ["MAKER"]}
        assert signed_in["user"] == by_agent["user"] == person
        assert [each["key"]["session"] for each in (signed_in, by_agent)] == [True, False]
        assert [each["key"]["agent"] for each in (signed_in, by_agent)] == [False, True]
        assert signed_in["key"]["expiresAt"] == as_utc(office.consortium.clock() + HOUR)

    async def test_before_enrolment_there_is_no_party(self, tmp_path: Path) -> None:
        consortium = Consortium(tmp_path)
        party = consortium.enrol(Role.TRADER)
        async with opened(consortium, party) as office:
            consortium.told_up_to = len(consortium.story.events)  # it hears of nobody
            await consortium.publish()
            assert (await office.get("/v1/me")).json()["party"] is None

    async def test_before_the_first_block_it_says_that_it_is_not_ready(
        self, tmp_path: Path
    ) -> None:
        consortium = Consortium(tmp_path)
        party = consortium.enrol(Role.TRADER)
        async with opened(consortium, party) as office:
            for path in ("/v1/me", "/v1/parties"):
                answer = await office.get(path)
                assert answer.status_code == 503
                assert answer.json()["type"] == "/v1/problems/nothing-indexed"


@pytest.mark.parametrize("path", ["/v1/me", "/v1/parties", "/v1/parties/2"])
class TestScopes:
    async def test_without_records_read_there_is_no_answer(self, tmp_path: Path, path: str) -> None:
        consortium = Consortium(tmp_path)
        party = consortium.enrol(Role.TRADER)
        scopes = frozenset(Scope) - {Scope.RECORDS_READ}
        async with opened(consortium, party, scopes) as office:
            await consortium.publish()
            answer = await office.get(path)
        assert (answer.status_code, answer.json()["scope"]) == (403, "records:read")

    async def test_without_a_key_there_is_no_answer(self, office: Office, path: str) -> None:
        del office.client.headers["Authorization"]
        assert (await office.get(path)).status_code == 401
