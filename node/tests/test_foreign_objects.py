"""Another's is as unknown as what there is not: in the answer, and in what it takes to find out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio

from tests.foreign import Foreign, foreign_objects
from tests.office import Office
from tests.papers import policy, transport_document
from tests.shown import Credentials, bearer
from tests.statements import issued
from tests.walking import Endpoint, endpoints_of
from tidan_node.people.caller import Scope
from tidan_node.people.roles import UserRole

BODIES: Mapping[str, Mapping[str, Any]] = {
    "/v1/users/{user}/roles": {"roles": ["READER"]},
    "/v1/approvals/{approval}/refusal": {"reason": "not now"},
    "/v1/credentials/{credential}/revocation": {"reason": "no longer so"},
    "/v1/titles/{title}/offers": {"recipient": "1"},
    "/v1/titles/{title}/surrenders/reject": {"reason": "LEGAL_HOLD"},
    "/v1/titles/{title}/surrenders/amendment": {"reason": "OTHER"},
    "/v1/titles/{title}/endorsements": {"kind": "BLANK"},
    "/v1/titles/{title}/pledges": {"pledgee": "3"},
    "/v1/titles/{title}/pledges/enforce": {"recipient": "1"},
    "/v1/titles/{title}/amendments": {"document": transport_document(), "reason": "OTHER"},
    "/v1/titles/{title}/switches": {"document": transport_document(), "reason": "OTHER"},
    "/v1/titles/{title}/splits": {"documents": [transport_document()] * 2, "reason": "OTHER"},
    "/v1/titles/{title}/paper": {"reason": "OTHER"},
    "/v1/titles/{title}/locks": {"gateway": "0x" + "ab" * 20, "transfer": "0x" + "ab" * 32},
    "/v1/invoices/{invoice}/dispute": {"reason": "QUALITY"},
    "/v1/invoices/{invoice}/links": {"title": "0x" + "ab" * 32},
    "/v1/policies/{policy}/endorsements": {"document": policy(code="SMDG:P1")},
    "/v1/policies/{policy}/assignment": {"lossPayee": "1"},
    "/v1/council/proposals/{proposal}/objection": {"reason": "it is mine"},
}
"""What an act says beside its subject; without it, it would be refused for its form."""

ANYBODYS: set[Endpoint] = {
    ("POST", "/v1/parties/{party:path}/verification"),
    ("POST", "/v1/council/proposals/{proposal}/approval"),
    ("POST", "/v1/council/proposals/{proposal}/objection"),
}
"""A question about another; and the bank has a seat, and is the proposal's subject."""

UNKNOWN = {"parcel": "ab" * 16, "party:path": "99", "proposal": "99", "number": "99"}
"""Names, in the form of such names, that nothing has."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def foreign(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Foreign]:
    async with foreign_objects(tmp_path_factory.mktemp("foreign")) as made:
        yield made


def about(foreign: Foreign, names: Mapping[str, str]) -> list[tuple[Endpoint, str]]:
    """The endpoints that are about one of these, and the name that each has for it."""
    return [
        (endpoint, name)
        for endpoint in endpoints_of(foreign.bank.app)
        for name in re.findall(r"{([^}]*)}", endpoint[1])
        if name in names
    ]


async def told(
    office: Office, endpoint: Endpoint, name: str, value: str, shown: Mapping[str, str]
) -> tuple[int, object, str, list[str]]:
    """Status, headers, body without the name that was asked for, and the statements."""
    method, pattern = endpoint
    headers = {**office.new_key(), **shown} if method == "POST" else dict(shown)
    body = BODIES.get(pattern)
    with issued(office.database) as statements:
        answer = await office.client.request(
            method, pattern.replace(f"{{{name}}}", value), json=body, headers=headers
        )
    kept = [
        (header, text)
        for header, text in answer.headers.multi_items()
        if header not in ("x-request-id", "date", "content-length")
    ]
    text = answer.text if len(value) < 4 else answer.text.replace(value, "…")
    return answer.status_code, kept, text, statements


def of_no_such(name: str, value: str) -> str:
    """A name of the same form, that nothing has."""
    return UNKNOWN.get(name) or value[:-4] + ("0" * 4 if value[-4:] != "0" * 4 else "1" * 4)


async def test_every_name_in_a_path_is_private_or_seen_by_all(foreign: Foreign) -> None:
    paths = " ".join(path for _, path in endpoints_of(foreign.bank.app))

    # a gateway is an account that the Council names, and nobody's own
    everybodys = {"slug", "gateway"}
    assert set(re.findall(r"{([^}]*)}", paths)) == {
        *foreign.private,
        *foreign.on_chain,
        *everybodys,
    }


@pytest.mark.asyncio(loop_scope="module")
class TestPrivate:
    async def test_what_another_partys_node_has_is_told_as_if_it_were_not(
        self, foreign: Foreign
    ) -> None:
        asked = about(foreign, foreign.private)
        assert len(asked) > 15

        for endpoint, name in asked:
            theirs = foreign.private[name]
            there_is = await told(foreign.bank, endpoint, name, theirs, {})
            there_is_not = await told(foreign.bank, endpoint, name, of_no_such(name, theirs), {})
            assert there_is == there_is_not, endpoint
            assert there_is[0] == 404, endpoint

    async def test_another_persons_key_is_told_as_if_it_were_not(self, foreign: Foreign) -> None:
        known = Credentials(foreign.bank)
        mine = bearer((await known.session(await known.user(UserRole.READER))).reveal())
        other = await known.users_key(await known.user(*UserRole))
        service = await known.service_key()
        endpoint = ("DELETE", "/v1/keys/{key}")

        answers = [
            await told(foreign.bank, endpoint, "key", key_id, mine)
            for key_id in (other.key_id, service.key_id, "ab" * 8)
        ]

        assert answers[0] == answers[1] == answers[2]
        assert answers[0][0] == 404
        for text in (other, service):
            still = await foreign.bank.client.get("/v1/keys", headers=bearer(text.reveal()))
            assert still.status_code == 200

    async def test_a_list_of_keys_has_ones_own_alone(self, foreign: Foreign) -> None:
        known = Credentials(foreign.bank)
        user = await known.user(UserRole.READER)
        mine = await known.users_key(user)
        await known.users_key(await known.user(*UserRole))

        answer = await foreign.bank.client.get("/v1/keys", headers=bearer(mine.reveal()))

        assert [each["id"] for each in answer.json()["items"]] == [mine.key_id]

    async def test_no_key_is_made_for_another_person_whether_it_is_there_or_not(
        self, foreign: Foreign
    ) -> None:
        known = Credentials(foreign.bank)
        mine = bearer((await known.session(await known.user(*UserRole))).reveal())
        other = (await known.user(UserRole.READER)).user_id
        wish = {"name": "a key", "scopes": ["records:read"], "expiresAt": "2027-01-01T00:00:00Z"}

        answers = [
            await foreign.bank.client.post(
                "/v1/keys", json=wish | {"user": user}, headers=mine | foreign.bank.new_key()
            )
            for user in (other, "ab" * 8)
        ]

        assert [answer.status_code for answer in answers] == [403, 403]
        assert answers[0].content == answers[1].content

    async def test_another_callers_idempotency_key_tells_nothing_of_its_answer(
        self, foreign: Foreign
    ) -> None:
        known = Credentials(foreign.bank)
        callers = [bearer((await known.service_key()).reveal()) for _ in range(2)]
        wish = {"url": "https://hooks.example/mine"}

        answers = [
            await foreign.bank.client.post(
                "/v1/webhooks", json=wish, headers=caller | {"Idempotency-Key": "the-same"}
            )
            for caller in callers
        ]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json()["id"] != answers[1].json()["id"]
        assert "idempotency-replayed" not in answers[1].headers


@pytest.mark.asyncio(loop_scope="module")
class TestOnChain:
    async def test_nobody_acts_on_what_is_anothers(self, foreign: Foreign) -> None:
        acts = [each for each in about(foreign, foreign.on_chain) if _changes(each[0])]
        assert len(acts) > 15

        for endpoint, name in acts:
            theirs = await told(foreign.bank, endpoint, name, foreign.on_chain[name], {})
            none = await told(foreign.bank, endpoint, name, _none(name), {})
            if endpoint not in ANYBODYS:
                assert theirs[0] in {403, 409}, (endpoint, theirs)
            assert none[0] == 404, (endpoint, none)

    async def test_every_member_sees_that_it_is_there_and_nothing_of_its_content(
        self, foreign: Foreign
    ) -> None:
        for endpoint, name in about(foreign, foreign.on_chain):
            if endpoint[0] == "GET":
                theirs = await told(foreign.bank, endpoint, name, foreign.on_chain[name], {})
                none = await told(foreign.bank, endpoint, name, _none(name), {})
                content = endpoint[1].endswith(("/document", "/package"))
                assert theirs[0] == (404 if content else 200), endpoint
                assert none[0] == 404, endpoint

    async def test_what_is_read_with_a_document_needs_the_scope_for_documents(
        self, foreign: Foreign
    ) -> None:
        key = await Credentials(foreign.bank).service_key([Scope.RECORDS_READ])
        for endpoint, name in about(foreign, foreign.on_chain):
            if endpoint[1].endswith(("/document", "/package")):
                shown = bearer(key.reveal())
                theirs = await told(foreign.bank, endpoint, name, foreign.on_chain[name], shown)
                none = await told(foreign.bank, endpoint, name, _none(name), shown)
                assert theirs == none
                assert theirs[0] == 403


def _changes(endpoint: Endpoint) -> bool:
    return endpoint[0] != "GET"


def _none(name: str) -> str:
    return UNKNOWN.get(name) or "0x" + "ab" * 32
