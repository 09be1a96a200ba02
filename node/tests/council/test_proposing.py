"""What members propose: the call that it becomes, and what is refused before the chain is asked."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from tests.council.port_certificates import certificate
from tests.council.wishes import NEWCOMER, enrolment
from tests.story import hex_of
from tidan_node.council.proposing import RecognisedAct
from tidan_node.domain import events as told
from tidan_node.domain.identifiers import Address, IssuerCode, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.platforms import AnchorKind, anchor_id_of
from tidan_node.people.caller import EVERY_SCOPE, NEVER_A_PLATFORMS

PROPOSALS = "/v1/council/proposals"
FIVE = PartyIndex(5)


def recognition(**members: Any) -> dict[str, Any]:
    return {
        "kind": "recognise",
        "platform": "DEMO-PORT",
        "did": "did:web:port.example",
        "roles": ["TRADER"],
        "acts": ["titles:act", "documents:read"],
        "expiresAt": "2030-01-01T00:00:00Z",
    } | members


class TestEachKind:
    async def test_a_newcomer_is_a_member_once_two_have_agreed_and_a_day_has_passed(
        self, members: Any
    ) -> None:
        await members.decided(enrolment())

        party = (await members.trader.get("/v1/parties/6")).json()
        assert party["name"] == "Newcomer Demo Ltd"
        assert (party["roles"], party["accounts"]) == (
            ["TRADER", "BANK"],
            [{"account": NEWCOMER, "active": True}],
        )
        assert [key["code"] for key in party["numberingKeys"]] == ["SMDG:NEW"]

    async def test_a_party_is_suspended_and_reinstated(self, members: Any) -> None:
        await members.decided({"kind": "suspend", "party": 5})
        shown = (await members.trader.get("/v1/parties/5")).json()
        assert (shown["status"], shown["statusReason"]) == ("SUSPENDED", "it is time")
        await members.decided({"kind": "reinstate", "party": 5})
        assert (await members.trader.get("/v1/parties/5")).json()["status"] == "ACTIVE"

    async def test_a_carrier_is_revoked_with_its_successor(self, members: Any) -> None:
        await members.decided({"kind": "revoke", "party": 5, "successor": "SMDG:P1"})
        shown = (await members.trader.get("/v1/parties/5")).json()
        assert (shown["status"], shown["successor"]) == ("REVOKED", 1)

    async def test_a_successor_is_named_later(self, members: Any) -> None:
        await members.decided({"kind": "revoke", "party": 5})
        assert (await members.trader.get("/v1/parties/5")).json()["successor"] is None
        await members.decided({"kind": "name-successor", "party": 5, "successor": 1})
        assert (await members.trader.get("/v1/parties/5")).json()["successor"] == 1

    async def test_roles_are_replaced_and_a_code_is_added(self, members: Any) -> None:
        key = enrolment()["codes"][0]["key"]
        await members.decided({"kind": "change-roles", "party": 5, "roles": ["INSURER"]})
        await members.decided({"kind": "register-code", "party": 5, "code": "SMDG:NEW", "key": key})
        shown = (await members.trader.get("/v1/parties/5")).json()
        assert shown["roles"] == ["INSURER"]
        assert [each["code"] for each in shown["numberingKeys"]] == ["SMDG:P5", "SMDG:NEW"]

    async def test_a_lost_account_is_replaced(self, members: Any) -> None:
        lost = members.story.accounts[FIVE][0]
        await members.decided({"kind": "recover", "party": 5, "added": NEWCOMER})
        shown = (await members.trader.get("/v1/parties/5")).json()
        assert shown["accounts"] == [
            {"account": NEWCOMER, "active": True},
            {"account": lost, "active": False},
        ]

    async def test_a_platform_is_recognised_and_withdrawn(self, members: Any) -> None:
        anchor = anchor_id_of("DEMO-PORT", AnchorKind.DID, b"did:web:port.example")
        await members.decided(recognition())
        (shown,) = (await members.trader.get("/v1/platforms")).json()["items"]
        assert (shown["anchor"], shown["stands"]) == (anchor, True)
        assert shown["acts"] == ["documents:read", "titles:act"]
        await members.decided({"kind": "withdraw", "anchor": anchor})
        (shown,) = (await members.trader.get("/v1/platforms", platform="DEMO-PORT")).json()["items"]
        assert (shown["withdrawn"], shown["stands"]) == (True, False)

    async def test_a_platform_is_recognised_by_its_authoritys_certificate(
        self, members: Any
    ) -> None:
        text = certificate(authority=True, signs=True)
        await members.decided(recognition(did=None, certificate=text))
        (shown,) = (await members.trader.get("/v1/platforms")).json()["items"]
        assert (shown["certificate"], shown["did"]) == (text, None)

    async def test_a_gateway_is_recognised_once_and_dismissed(self, members: Any) -> None:
        wish = {"kind": "recognise-gateway", "gateway": NEWCOMER, "name": "Demo Port"}
        await members.decided(wish)
        again = await members.carrier.post(PROPOSALS, wish | {"reason": "once more"})
        assert again.json()["type"] == "/v1/problems/gateway-already-recognised"
        await members.decided({"kind": "dismiss-gateway", "gateway": NEWCOMER})
        (shown,) = (await members.trader.get("/v1/gateways")).json()["items"]
        assert (shown["gateway"], shown["name"], shown["recognised"]) == (
            NEWCOMER,
            "Demo Port",
            False,
        )
        await members.decided(wish)
        (shown,) = (await members.trader.get("/v1/gateways")).json()["items"]
        assert shown["recognised"] is True

    async def test_gateways_are_listed_the_newest_first(self, members: Any) -> None:
        names = [Address(f"0x{number:040x}") for number in (7, 8, 9)]
        for name in names:
            members.story.recognise_gateway(name)
            await members.consortium.publish()
        first = (await members.trader.get("/v1/gateways", limit="2")).json()
        rest = (await members.trader.get("/v1/gateways", cursor=first["nextCursor"])).json()
        assert [each["gateway"] for each in first["items"] + rest["items"]] == names[::-1]
        assert rest["nextCursor"] is None

    async def test_a_seat_goes_from_one_to_another(self, members: Any) -> None:
        await members.decided({"kind": "remove-seat", "party": 3})
        await members.decided({"kind": "add-seat", "party": 5})
        shown = (await members.trader.get("/v1/council")).json()
        assert [seat["party"]["index"] for seat in shown["seats"]] == [1, 2, 5]


class TestRefusals:
    def test_every_scope_can_be_recognised_but_those_that_hand_on_more(self) -> None:
        assert set(get_args(RecognisedAct)) == EVERY_SCOPE - NEVER_A_PLATFORMS

    async def test_an_act_that_is_never_a_platforms_is_refused_with_those_that_can_be(
        self, members: Any
    ) -> None:
        for never in NEVER_A_PLATFORMS:
            answer = await members.carrier.post(
                PROPOSALS, recognition(acts=[never], reason="mutual recognition")
            )
            assert answer.status_code == 422
            possible = re.split(r"[ ,]+", answer.json()["detail"])
            assert "titles:act" in possible
            assert never not in possible

    @pytest.mark.parametrize(
        ("body", "status", "slug", "field"),
        [
            ({"kind": "suspend", "party": 99}, 404, "party-unknown", "party"),
            ({"kind": "reinstate", "party": 5}, 409, "party-status-refused", "party"),
            (
                {"kind": "name-successor", "party": 5, "successor": 1},
                409,
                "party-not-revoked",
                "party",
            ),
            ({"kind": "revoke", "party": 5, "successor": 2}, 422, "successor-unfit", "successor"),
            ({"kind": "revoke", "party": 5, "successor": 5}, 422, "successor-unfit", "successor"),
            ({"kind": "revoke", "party": 2, "successor": 1}, 422, "successor-unfit", "successor"),
            (
                {"kind": "change-roles", "party": 5, "roles": []},
                422,
                "invalid-input",
                "change-roles.roles",
            ),
            (
                {
                    "kind": "register-code",
                    "party": 5,
                    "code": "SMDG:NEX",
                    "key": "0x02" + "ff" * 32,
                },
                422,
                "numbering-key-malformed",
                "code",
            ),
            (
                {"kind": "recover", "party": 5, "added": "0x" + "00" * 20},
                422,
                "empty-value",
                "added",
            ),
            ({"kind": "add-seat", "party": 5}, 422, "seat-count-unfit", "seats"),
            ({"kind": "remove-seat", "party": 5}, 404, "seat-unknown", "party"),
            ({"kind": "withdraw", "anchor": "0x" + "11" * 32}, 404, "anchor-unknown", "anchor"),
            (
                {"kind": "dismiss-gateway", "gateway": NEWCOMER},
                403,
                "gateway-unknown",
                "gateway",
            ),
            (
                {"kind": "recognise-gateway", "gateway": "0x" + "00" * 20, "name": "Port"},
                422,
                "empty-value",
                "gateway",
            ),
            (recognition(platform="port"), 422, "platform-code-malformed", "platform"),
            (recognition(did=None), 422, "invalid-input", "certificate"),
            (
                recognition(expiresAt="2001-01-01T00:00:00Z"),
                422,
                "recognition-expired",
                "expiresAt",
            ),
            (recognition(acts=["cargo:eat"]), 422, "invalid-input", "recognise.acts.0"),
            (
                recognition(acts=["titles:act", "admin"]),
                422,
                "invalid-input",
                "recognise.acts.1",
            ),
            (
                recognition(did=None, certificate=certificate(authority=False)),
                403,
                "certificate-refused",
                "certificate",
            ),
            (
                recognition(did=None, certificate=certificate(authority=True, signs=False)),
                403,
                "certificate-refused",
                "certificate",
            ),
            (enrolment(roles=["KING"]), 422, "invalid-input", "enrol.roles.0"),
            (enrolment(profile={"name": 7}), 422, "profile-malformed", "name"),
            (enrolment(governingLaw=""), 422, "invalid-input", "enrol.governingLaw"),
            ({"kind": "abdicate"}, 422, "invalid-input", None),
        ],
    )
    async def test_a_wrong_wish_changes_nothing(
        self, members: Any, body: dict[str, Any], status: int, slug: str, field: str | None
    ) -> None:
        answer = await members.carrier.post(PROPOSALS, {"reason": "it is time", **body})

        problem = answer.json()
        assert (answer.status_code, problem["type"]) == (status, f"/v1/problems/{slug}")
        assert field is None or problem["field"] == field
        assert await members.carrier.rows() == (0, 0, 0)

    async def test_accounts_are_never_used_again(self, members: Any) -> None:
        taken = members.story.accounts[FIVE][0]
        answer = await members.carrier.post(
            PROPOSALS, {"reason": "why", **enrolment(account=taken)}
        )
        assert answer.json()["type"] == "/v1/problems/account-taken"

    async def test_a_code_has_one_key_for_ever(self, members: Any) -> None:
        key = b"\2" + bytes(32)
        code = IssuerCode("SMDG:NEW")
        members.story.emit(told.NumberingKeyRegistered(FIVE, hex_of(code), code, key))
        await members.consortium.publish()
        answer = await members.carrier.post(PROPOSALS, {"reason": "why", **enrolment()})
        assert (answer.status_code, answer.json()["type"]) == (409, "/v1/problems/code-taken")

    async def test_nothing_changes_about_a_revoked_party(self, members: Any) -> None:
        members.story.change_status(FIVE, PartyStatus.REVOKED)
        await members.consortium.publish()
        answer = await members.carrier.post(
            PROPOSALS, {"kind": "suspend", "party": 5, "reason": "why"}
        )
        assert answer.json()["type"] == "/v1/problems/party-revoked"

    async def test_a_proposal_says_why(self, members: Any) -> None:
        for reason in ("", "two\nlines", "x" * 501):
            answer = await members.carrier.post(
                PROPOSALS, {"kind": "suspend", "party": 5, "reason": reason}
            )
            assert answer.status_code == 422

    async def test_who_has_no_seat_proposes_nothing(self, members: Any) -> None:
        answer = await members.trader.post(
            PROPOSALS, {"kind": "suspend", "party": 5, "reason": "why"}
        )
        assert (answer.status_code, answer.json()["type"]) == (403, "/v1/problems/not-seated")

    async def test_a_suspended_member_proposes_nothing(self, members: Any) -> None:
        members.story.change_status(PartyIndex(1), PartyStatus.SUSPENDED)
        await members.consortium.publish()
        answer = await members.carrier.post(
            PROPOSALS, {"kind": "suspend", "party": 5, "reason": "why"}
        )
        assert answer.json()["type"] == "/v1/problems/party-not-active"

    async def test_before_the_founding_there_is_nothing_to_propose_to(self, unfounded: Any) -> None:
        answer = await unfounded.carrier.post(
            PROPOSALS, {"kind": "suspend", "party": 5, "reason": "why"}
        )
        assert answer.json()["type"] == "/v1/problems/council-not-founded"


async def test_roles_are_those_that_were_asked_for(members: Any) -> None:
    await members.decided({"kind": "change-roles", "party": 5, "roles": ["BANK", "INSURER"]})
    assert members.story.standings[FIVE].roles == Role.BANK | Role.INSURER
