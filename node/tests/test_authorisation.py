"""Every endpoint of the node, asked with everything that must not open it.

The endpoints are those that the application has; what each demands is the table in `test_app`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from tests.exchange.roads import sealed, signed
from tests.office import Consortium, Office, opened
from tests.shown import (
    Credentials,
    bearer,
    guests_of_no_platform,
    keys_of_no_use,
    malformed,
    sessions_of_no_use,
)
from tests.test_app import PUBLIC, RULES, SIGNED, SIGNED_IN
from tests.walking import (
    NOT_AN_AGENTS,
    ROLES,
    Endpoint,
    Told,
    ask,
    endpoints_of,
    guarded,
    scoped,
    statuses,
    walked,
)
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.people.caller import EVERY_SCOPE, Scope
from tidan_node.people.roles import UserRole

Refused = Mapping[str, Mapping[tuple[str, Endpoint], Told]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """A trader's node; its client shows nothing of its own accord."""
    consortium = Consortium(tmp_path_factory.mktemp("office"))
    consortium.enrol(Role.CARRIER)
    async with opened(consortium, consortium.enrol(Role.TRADER)) as office:
        await consortium.publish()
        del office.client.headers["Authorization"]
        yield office


@pytest.fixture(scope="module")
def known(office: Office) -> Credentials:
    return Credentials(office)


@pytest.fixture(scope="module")
def parcel() -> bytes:
    return sealed(b"{}", recipient=2)


@pytest.fixture(scope="module")
def endpoints(office: Office) -> list[Endpoint]:
    """All that the application answers to, but its own description."""
    found = endpoints_of(office.app)
    assert len(found) > 90
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def refused(office: Office, known: Credentials, endpoints: list[Endpoint]) -> Refused:
    """Every guarded endpoint, asked with everything that is no good any more or never was."""
    shown = {
        "malformed": malformed(await known.service_key()),
        "keys": await keys_of_no_use(known),
        "sessions": await sessions_of_no_use(known),
        "guests": await guests_of_no_platform(known),
    }
    return {
        kind: {
            (name, endpoint): answer
            for name, headers in named.items()
            for endpoint, answer in (await walked(office, guarded(endpoints), headers)).items()
        }
        for kind, named in shown.items()
    }


@pytest.mark.asyncio(loop_scope="module")
class TestCredentials:
    async def test_what_opens_nothing_is_refused_everywhere_in_the_same_bytes(
        self, refused: Refused
    ) -> None:
        told = {each: answer for shown in refused.values() for each, answer in shown.items()}

        assert [each for each, answer in told.items() if answer.status != 401] == []
        ((headers, body),) = {(answer.headers, answer.body) for answer in told.values()}
        assert ("www-authenticate", "Bearer") in headers
        assert b"not-authenticated" in body

    @pytest.mark.parametrize("kind", ["keys", "sessions"])
    async def test_unknown_false_expired_revoked_and_disabled_cost_the_same_statements(
        self, refused: Refused, kind: str
    ) -> None:
        (statements,) = {answer.statements for answer in refused[kind].values()}

        assert [each.partition(" ")[0] for each in statements] == ["SELECT"]

    async def test_what_is_no_credential_by_its_form_costs_none(self, refused: Refused) -> None:
        assert {answer.statements for answer in refused["malformed"].values()} == {()}

    async def test_who_is_refused_has_nothing_looked_up(
        self, office: Office, known: Credentials, endpoints: list[Endpoint]
    ) -> None:
        key = await known.service_key([Scope.RECORDS_READ])
        closed = [each for each in scoped(endpoints) if RULES[each] != "records:read"]

        told = await walked(office, closed, bearer(key.reveal()))

        assert {len(answer.statements) for answer in told.values()} == {1}

    async def test_what_is_for_everybody_looks_at_no_credential(
        self, office: Office, known: Credentials, endpoints: list[Endpoint]
    ) -> None:
        public = [each for each in endpoints if each in PUBLIC]
        revoked = bearer((await known.revoke(await known.service_key())).reveal())

        without, with_one = await walked(office, public, {}), await walked(office, public, revoked)

        assert {answer.status for answer in without.values()} <= {200, 404, 422}
        assert without == with_one


@pytest.mark.asyncio(loop_scope="module")
class TestScopes:
    @pytest.mark.parametrize("scope", Scope)
    async def test_a_key_of_one_scope_opens_what_needs_it_and_nothing_else(
        self, office: Office, known: Credentials, endpoints: list[Endpoint], scope: Scope
    ) -> None:
        key = await known.service_key([scope])

        told = await walked(office, scoped(endpoints), bearer(key.reveal()))

        assert statuses(told, {str(scope)}) == {}

    async def test_all_other_scopes_together_are_not_enough(
        self, office: Office, known: Credentials, endpoints: list[Endpoint]
    ) -> None:
        keys = {
            str(scope): bearer((await known.service_key(EVERY_SCOPE - {scope})).reveal())
            for scope in Scope
        }

        for endpoint in scoped(endpoints):
            told = await ask(office, endpoint, keys[RULES[endpoint]])
            assert told.status == 403, endpoint
            assert f'"scope":"{RULES[endpoint]}"' in told.body.decode()


def test_the_table_has_a_role_for_every_scope() -> None:
    assert set(ROLES) == {str(scope) for scope in Scope}
    assert set(RULES.values()) == set(ROLES)


@pytest.mark.asyncio(loop_scope="module")
class TestRoles:
    @pytest.mark.parametrize("role", UserRole)
    async def test_a_person_opens_what_its_role_covers(
        self, office: Office, known: Credentials, endpoints: list[Endpoint], role: UserRole
    ) -> None:
        user = await known.user(role)
        covered = {scope for scope, roles in ROLES.items() if role in roles}

        for text in (await known.session(user), await known.users_key(user)):
            told = await walked(office, scoped(endpoints), bearer(text.reveal()))
            assert statuses(told, covered) == {}

    async def test_an_agent_loses_what_its_owner_loses(
        self, office: Office, known: Credentials, endpoints: list[Endpoint]
    ) -> None:
        owner = await known.user(*UserRole)
        agent = bearer((await known.users_key(owner, agent=True)).reveal())
        session = bearer((await known.session(owner)).reveal())
        before = await walked(office, scoped(endpoints), agent)

        await known.give(owner, UserRole.READER)

        read = {scope for scope, roles in ROLES.items() if UserRole.READER in roles}
        assert statuses(before, set(ROLES) - NOT_AN_AGENTS) == {}
        after = await walked(office, scoped(endpoints), agent)
        assert statuses(after, read - NOT_AN_AGENTS) == {}
        assert statuses(await walked(office, scoped(endpoints), session), read) == {}


@pytest.mark.asyncio(loop_scope="module")
class TestSessions:
    async def test_only_a_session_is_asked_about_and_ends_itself(
        self, office: Office, known: Credentials
    ) -> None:
        user = await known.user(UserRole.READER)
        key = bearer((await known.users_key(user)).reveal())
        session = bearer((await known.session(user)).reveal())

        by_key = [await ask(office, each, key) for each in sorted(SIGNED_IN)]
        ended = await ask(office, ("DELETE", "/v1/sessions/current"), session)
        again = await walked(office, sorted(SIGNED_IN), session)

        assert {told.status for told in by_key} == {401}
        assert ended.status == 204
        assert {told.status for told in again.values()} == {401}


@pytest.mark.asyncio(loop_scope="module")
class TestSignatures:
    async def bring(self, office: Office, parcel: bytes, shown: Mapping[str, str]) -> Any:
        (endpoint,) = SIGNED
        method, path = endpoint
        return await office.client.request(method, path, content=parcel, headers=dict(shown))

    async def test_no_key_of_this_node_stands_for_a_partys_signature(
        self, office: Office, known: Credentials, parcel: bytes
    ) -> None:
        answer = await self.bring(office, parcel, bearer((await known.service_key()).reveal()))

        assert (answer.status_code, answer.json()["rule"]) == (401, "form")

    async def test_a_signature_opens_nothing_else(
        self, office: Office, endpoints: list[Endpoint], parcel: bytes
    ) -> None:
        told = await walked(office, guarded(endpoints), signed(parcel, recipient=2))

        assert {answer.status for answer in told.values()} == {401}

    async def test_a_request_is_good_once(self, office: Office, parcel: bytes) -> None:
        shown = signed(parcel, recipient=2)
        first = await self.bring(office, parcel, shown)

        again = await self.bring(office, parcel, shown)

        assert first.status_code not in {401, 403}
        assert (again.status_code, again.json()["rule"]) == (401, "replayed")

    async def test_a_request_for_another_node_is_not_for_this_one(
        self, office: Office, parcel: bytes
    ) -> None:
        answer = await self.bring(office, parcel, signed(parcel, recipient=1))

        assert (answer.status_code, answer.json()["rule"]) == (401, "signature")

    async def test_nobody_signs_for_another_party(self, office: Office, parcel: bytes) -> None:
        mine, theirs = signed(parcel, signer=1, recipient=2), signed(parcel, signer=2, recipient=2)

        answer = await self.bring(office, parcel, mine | {"Signature": theirs["Signature"]})

        assert (answer.status_code, answer.json()["rule"]) == (401, "signature")

    @pytest.mark.parametrize("status", [PartyStatus.SUSPENDED, PartyStatus.REVOKED])
    async def test_a_party_that_is_not_active_sends_nothing(
        self, office: Office, parcel: bytes, status: PartyStatus
    ) -> None:
        party = office.consortium.enrol(Role.TRADER)
        office.consortium.story.change_status(party, status)
        await office.consortium.publish()

        answer = await self.bring(office, parcel, signed(parcel, signer=party, recipient=2))

        assert (answer.status_code, answer.json()["rule"]) == (403, "standing")
