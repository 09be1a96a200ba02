"""A party says anew where its node is, and which certificates others trust it by."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.roads import acts
from tests.office import Office, opened
from tests.story import hex_of
from tests.tls import certificate_of
from tidan_node.domain.events import ProfileChanged
from tidan_node.domain.tls_certificates import certificate_texts, fingerprint
from tidan_node.people.caller import EVERY_SCOPE, Scope

BOTH = certificate_texts([certificate_of(1), certificate_of(77)])
NO_CERTIFICATE = "MAMCAQc="


@pytest.fixture
def office(dealings: Any) -> Office:
    found: Office = dealings.carrier
    return found


async def party_of(office: Office, party: int = 1) -> dict[str, Any]:
    answer: dict[str, Any] = (await office.get(f"/v1/parties/{party}")).json()
    return answer


class TestAChange:
    async def test_every_node_reads_the_new_certificates_beside_the_rest(
        self, dealings: Any, office: Office
    ) -> None:
        before = await party_of(office)

        answer = await office.post("/v1/profile", {"tlsCertificates": BOTH})
        await office.carry_out()

        assert (answer.status_code, answer.json()["operation"]["kind"]) == (202, "profile.change")
        for each in (office, dealings.buyer):
            after = await party_of(each)
            assert after["tlsCertificates"] == BOTH
            same = ("name", "nodeUrl", "signingKey", "encryptionKey", "identifiers", "codes")
            assert {name: after[name] for name in same} == {name: before[name] for name in same}

    async def test_an_address_is_changed_and_the_certificates_stay(self, office: Office) -> None:
        before = await party_of(office)

        await office.post("/v1/profile", {"nodeUrl": "https://moved.example:9750"})
        await office.carry_out()

        after = await party_of(office)
        assert after["nodeUrl"] == "https://moved.example:9750"
        assert after["tlsCertificates"] == before["tlsCertificates"] == BOTH[:1]

    async def test_the_trail_names_the_certificates_by_their_digests(self, office: Office) -> None:
        await office.post("/v1/profile", {"tlsCertificates": BOTH})

        (entry,) = await acts(office, "profile.change")
        shown = " ".join(fingerprint(certificate_of(party)) for party in (1, 77))
        assert entry == {"nodeUrl": "https://node-1.example", "tlsCertificates": shown}


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "slug", "field"),
        [
            ({"tlsCertificates": [NO_CERTIFICATE]}, "tls-certificate-malformed", None),
            ({"tlsCertificates": ["x"]}, "profile-malformed", None),
            ({"tlsCertificates": []}, "invalid-input", None),
            ({"tlsCertificates": [*BOTH, NO_CERTIFICATE]}, "invalid-input", None),
            ({"nodeUrl": "http://node-1.example"}, "profile-malformed", "nodeUrl"),
            ({"nodeUrl": "ftp://node-1.example"}, "profile-malformed", "nodeUrl"),
            ({"nodeUrl": "https://a b"}, "invalid-input", "nodeUrl"),
            ({"name": "Another Ltd"}, "invalid-input", "name"),
        ],
    )
    async def test_what_no_node_could_use_is_refused_and_changes_nothing(
        self, office: Office, body: dict[str, Any], slug: str, field: str | None
    ) -> None:
        before = await office.rows()

        answer = await office.post("/v1/profile", body)

        assert answer.status_code == 422
        assert answer.json()["type"] == f"/v1/problems/{slug}"
        assert answer.json()["field"] == (field or "tlsCertificates")
        assert await office.rows() == before

    async def test_a_second_change_waits_for_the_first(self, office: Office) -> None:
        await office.post("/v1/profile", {"tlsCertificates": BOTH})

        early = await office.post("/v1/profile", {"nodeUrl": "https://moved.example"})
        await office.carry_out()
        later = await office.post("/v1/profile", {"nodeUrl": "https://moved.example"})

        assert early.json()["type"] == "/v1/problems/profile-change-under-way"
        assert (early.status_code, later.status_code) == (409, 202)

    async def test_a_profile_that_nobody_can_read_is_not_made_up(self, office: Office) -> None:
        story = office.consortium.story
        story.emit(ProfileChanged(office.party, hex_of("none"), b"none"))
        await office.consortium.publish()

        answer = await office.post("/v1/profile", {"tlsCertificates": BOTH})

        assert answer.json()["type"] == "/v1/problems/profile-malformed"

    async def test_it_needs_the_scope_of_those_who_run_the_node(
        self, dealings: Any, office: Office
    ) -> None:
        scopes = EVERY_SCOPE - {Scope.ADMIN}
        async with opened(dealings.consortium, office.party, scopes) as clerk:
            answer = await clerk.post("/v1/profile", {"tlsCertificates": BOTH})

        assert (answer.status_code, answer.json()["scope"]) == (403, "admin")
