"""A title as security: the possessor proposes, and the bank alone takes, releases or enforces."""

from __future__ import annotations

from typing import Any

import pytest

BANK = "0x" + "00" * 31 + "04"


async def _proposed(trade: Any, title: str | None = None) -> str:
    pledged = title or await trade.issued()
    await trade.seller.post_file("/v1/packages", await trade.package(pledged))
    answer = await trade.seller.post(f"/v1/titles/{pledged}/pledges", {"pledgee": "Party 4 Ltd"})
    assert answer.status_code == 202, answer.text
    await trade.seller.carry_out()
    return str(pledged)


async def _pledged(trade: Any) -> str:
    title = await _proposed(trade)
    await trade.bank.post_file("/v1/packages", await trade.package(title))
    answer = await trade.bank.post(f"/v1/titles/{title}/pledges/accept")
    assert answer.status_code == 202, answer.text
    await trade.bank.carry_out()
    return title


class TestProposal:
    async def test_it_names_the_bank_and_waits_for_it(self, trade: Any) -> None:
        title = await _proposed(trade)

        shown = (await trade.buyer.get(f"/v1/titles/{title}")).json()

        assert shown["proposal"] == {
            "pledgee": BANK,
            "bank": {"index": 4, "name": "Party 4 Ltd"},
            "deadline": shown["proposal"]["deadline"],
            "expired": False,
        }
        assert (shown["pledge"], shown["offer"]) == (None, None)

    async def test_it_sends_the_bank_the_package(self, trade: Any) -> None:
        title = await _proposed(trade)

        (posted, same, parcel) = (await trade.seller.trail())[-1]

        assert (posted, same, parcel["recipient"]) == ("parcel.queued", title, 4)

    async def test_the_bank_has_a_place_in_it_until_the_deadline(self, trade: Any) -> None:
        title = await _proposed(trade)

        before = await trade.concerned(title)
        trade.consortium.story.next_block(14 * 24 * 3600)
        await trade.consortium.publish()

        assert (before, await trade.concerned(title)) == ({2, 4}, {2})

    @pytest.mark.parametrize(
        ("who", "act"), [("bank", "pledges/decline"), ("seller", "offers/withdraw")]
    )
    async def test_a_bank_that_did_not_take_it_has_no_place_in_it(
        self, trade: Any, who: str, act: str
    ) -> None:
        title = await _proposed(trade)

        answer = await getattr(trade, who).post(f"/v1/titles/{title}/{act}")
        await getattr(trade, who).carry_out()

        assert answer.status_code == 202
        assert await trade.concerned(title) == {2}

    async def test_banks_find_what_is_proposed_to_them(self, trade: Any) -> None:
        title = await _proposed(trade)

        found = (await trade.bank.get("/v1/titles", proposedTo="4")).json()["items"]
        others = (await trade.bank.get("/v1/titles", proposedTo="3")).json()["items"]

        assert ([each["id"] for each in found], others) == ([title], [])

    @pytest.mark.parametrize(
        ("wish", "slug", "field"),
        [
            ({"pledgee": "3"}, "pledgee-unfit", "pledgee"),
            ({"pledgee": "99"}, "party-unknown", "pledgee"),
            ({"pledgee": "4", "expectedSeq": 7}, "stale-seq", "expectedSeq"),
            (
                {"pledgee": "4", "deadline": "2001-01-01T00:00:00Z"},
                "deadline-in-the-past",
                "deadline",
            ),
            ({}, "invalid-input", "pledgee"),
        ],
    )
    async def test_a_wrong_wish_changes_nothing(
        self, trade: Any, wish: dict[str, Any], slug: str, field: str
    ) -> None:
        title = await trade.issued()

        answer = await trade.seller.post(f"/v1/titles/{title}/pledges", wish)

        assert answer.json()["type"] == f"/v1/problems/{slug}", answer.text
        assert answer.json()["field"] == field
        assert await trade.seller.rows() == (0, 0, 0)

    async def test_a_straight_title_is_no_security(self, trade: Any) -> None:
        title = await trade.issued(straight=True)

        answer = await trade.seller.post(f"/v1/titles/{title}/pledges", {"pledgee": "4"})

        assert answer.json()["type"] == "/v1/problems/kind-forbids-pledge"

    async def test_its_possessor_takes_it_back(self, trade: Any) -> None:
        title = await _proposed(trade)

        answer = await trade.seller.post(f"/v1/titles/{title}/offers/withdraw")
        await trade.seller.carry_out()

        assert answer.status_code == 202
        assert (await trade.bank.get(f"/v1/titles/{title}")).json()["proposal"] is None


class TestAnswer:
    async def test_the_title_is_pledged_and_goes_nowhere_by_itself(self, trade: Any) -> None:
        title = await _pledged(trade)

        shown = (await trade.buyer.get(f"/v1/titles/{title}")).json()
        surrender = await trade.seller.post(f"/v1/titles/{title}/surrenders")

        assert shown["pledge"] == {"pledgee": BANK, "bank": {"index": 4, "name": "Party 4 Ltd"}}
        assert shown["proposal"] is None
        assert surrender.json()["type"] == "/v1/problems/pledged"

    async def test_its_bank_has_a_place_in_it(self, trade: Any) -> None:
        title = await _pledged(trade)
        trade.consortium.story.next_block(14 * 24 * 3600)
        await trade.consortium.publish()

        assert await trade.concerned(title) == {2, 4}

    async def test_a_bank_takes_nothing_unread(self, trade: Any) -> None:
        title = await _proposed(trade)

        answer = await trade.bank.post(f"/v1/titles/{title}/pledges/accept")

        assert answer.json()["type"] == "/v1/problems/package-missing"

    @pytest.mark.parametrize("act", ["accept", "decline", "consent", "release"])
    async def test_it_is_the_banks_alone(self, trade: Any, act: str) -> None:
        is_answer = act in ("accept", "decline")
        title = await (_proposed if is_answer else _pledged)(trade)

        answer = await trade.buyer.post(f"/v1/titles/{title}/pledges/{act}")

        assert answer.status_code == 403
        assert answer.json()["type"] == "/v1/problems/not-the-pledgee"

    @pytest.mark.parametrize("act", ["accept", "decline"])
    async def test_there_is_none_without_a_proposal(self, trade: Any, act: str) -> None:
        title = await trade.issued()

        answer = await trade.bank.post(f"/v1/titles/{title}/pledges/{act}")

        assert answer.json()["type"] == "/v1/problems/no-pledge-proposed"

    async def test_the_bank_declines(self, trade: Any) -> None:
        title = await _proposed(trade)

        await trade.bank.post(f"/v1/titles/{title}/pledges/decline")
        await trade.bank.carry_out()

        assert (await trade.seller.get(f"/v1/titles/{title}")).json()["proposal"] is None


class TestConsent:
    async def test_a_pledged_title_moves_once_the_bank_agrees(self, trade: Any) -> None:
        title = await _pledged(trade)
        await trade.seller.post(f"/v1/titles/{title}/offers", {"recipient": "3"})
        await trade.seller.carry_out()
        await trade.buyer.post_file("/v1/packages", await trade.package(title))

        early = await trade.buyer.post(f"/v1/titles/{title}/offers/accept")
        await trade.bank.post(f"/v1/titles/{title}/pledges/consent")
        await trade.bank.carry_out()
        shown = (await trade.buyer.get(f"/v1/titles/{title}")).json()
        accepted = await trade.buyer.post(f"/v1/titles/{title}/offers/accept")
        await trade.buyer.carry_out()

        assert early.json()["type"] == "/v1/problems/consent-missing"
        assert shown["offer"]["consented"] is True
        assert accepted.status_code == 202
        after = (await trade.seller.get(f"/v1/titles/{title}")).json()
        assert (after["possessor"]["index"], after["pledge"]["pledgee"]) == (3, BANK)


class TestEnd:
    async def test_a_release_frees_the_title(self, trade: Any) -> None:
        title = await _pledged(trade)

        await trade.bank.post(f"/v1/titles/{title}/pledges/release")
        await trade.bank.carry_out()
        answer = await trade.seller.post(f"/v1/titles/{title}/surrenders")

        assert (await trade.seller.get(f"/v1/titles/{title}")).json()["pledge"] is None
        assert answer.status_code == 202

    async def test_enforcement_offers_the_title_to_the_buyer(self, trade: Any) -> None:
        title = await _pledged(trade)

        answer = await trade.bank.post(f"/v1/titles/{title}/pledges/enforce", {"recipient": "3"})
        assert answer.status_code == 202, answer.text
        await trade.bank.carry_out()
        shown = (await trade.buyer.get(f"/v1/titles/{title}")).json()
        withdrawn = await trade.seller.post(f"/v1/titles/{title}/offers/withdraw")
        await trade.buyer.post_file("/v1/packages", await trade.package(title))
        await trade.buyer.post(f"/v1/titles/{title}/offers/accept")
        await trade.buyer.carry_out()

        assert shown["offer"]["enforced"] is True
        assert shown["offer"]["what"] == ["possession", "title"]
        assert withdrawn.json()["type"] == "/v1/problems/offer-enforced"
        after = (await trade.seller.get(f"/v1/titles/{title}")).json()
        assert (after["possessor"]["index"], after["pledge"]) == (3, None)


async def test_a_history_names_the_bank_where_no_party_acted(trade: Any) -> None:
    title = await _pledged(trade)

    acts = (await trade.buyer.get(f"/v1/titles/{title}/history")).json()["acts"]

    assert [(act["act"], act["by"] and act["by"]["index"]) for act in acts] == [
        ("ISSUE", 1),
        ("PROPOSE_PLEDGE", 2),
        ("ACCEPT_PLEDGE", None),
    ]
    assert acts[2]["details"] == {"pledgee": BANK, "bank": {"index": 4, "name": "Party 4 Ltd"}}
