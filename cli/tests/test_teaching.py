"""What to do next after a refusal: by what was refused, in which state, to which command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

TITLE = "0x3f2a91c0" + "ab" * 28
SIGNED = ("--signer", "0x" + "5a" * 20, "--signature", "0x" + "1b" * 65)


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    file = tmp_path / "bill.json"
    file.write_text("{}")
    return file


def words(text: str) -> str:
    """What was printed, however its lines were broken."""
    return " ".join(text.split())


def act_file(folder: Path, **members: object) -> Path:
    file = folder / "act.json"
    prepared = {"call": "0x12345678", "validUntil": "2026-12-01T00:00:00Z"}
    file.write_text(json.dumps(prepared | members))
    return file


class TestByState:
    @pytest.mark.parametrize(
        ("status", "step"),
        [
            ("PENDING_DELIVERY", "`tidan title cancel-surrender 0x3f2a91c0"),
            ("PENDING_AMENDMENT", "`tidan title cancel-surrender 0x3f2a91c0"),
            ("DELIVERED", "no act follows on it"),
            ("VOIDED", "names what took its place"),
            ("PAPER", "no act follows on it"),
            ("EXPORTED", "it lives elsewhere"),
            ("IN_TRANSIT", "`tidan title show 0x3f2a91c0"),
        ],
    )
    def test_a_title_that_is_not_live(
        self, node: Any, tidan: Any, told: Any, status: str, step: str
    ) -> None:
        path = f"/v1/titles/{told.title_id}/surrenders"
        node.refuse("POST", path, "title-not-live", 409, detail="no", actualStatus=status)

        assert step in words(tidan("title", "surrender", told.title_id).err)

    @pytest.mark.parametrize(
        ("status", "step"),
        [
            ("PENDING_AMENDMENT", "`tidan title amend|split|combine|switch|to-paper`"),
            ("LIVE", "`tidan title surrender 0x3f2a91c0"),
            ("DELIVERED", "no act follows on it"),
        ],
    )
    def test_an_answer_to_a_surrender_for_something_else(
        self, node: Any, tidan: Any, told: Any, status: str, step: str
    ) -> None:
        path = f"/v1/titles/{told.title_id}/surrenders/accept"
        node.refuse("POST", path, "no-surrender-pending", 409, detail="no", actualStatus=status)

        assert step in words(tidan("title", "answer", told.title_id, "--accept").err)

    def test_a_replacement_of_what_was_surrendered_for_delivery(
        self, node: Any, tidan: Any, told: Any, bill: Path
    ) -> None:
        path = f"/v1/titles/{told.title_id}/amendments"
        slug, status = "no-surrender-pending", "PENDING_DELIVERY"
        node.refuse("POST", path, slug, 409, detail="no", actualStatus=status)

        said = words(tidan("title", "amend", told.title_id, bill).err)

        assert "`tidan title answer 0x3f2a91c0" in said
        assert "--for-amendment" in said

    @pytest.mark.parametrize(
        ("asked", "step"),
        [
            ("CORRECTION", "`tidan title amend 0x3f2a91c0"),
            ("CHANGE_OF_DESTINATION", "`tidan title amend 0x3f2a91c0"),
            ("SPLIT", "`tidan title split 0x3f2a91c0"),
            ("COMBINATION", "`tidan title combine 0x3f2a91c0"),
            ("SWITCH", "`tidan title switch 0x3f2a91c0"),
            ("TO_PAPER", "`tidan title to-paper 0x3f2a91c0"),
            (7, "no act answers it"),
        ],
    )
    def test_an_answer_to_what_was_not_asked_for(
        self, node: Any, tidan: Any, told: Any, asked: str | int, step: str
    ) -> None:
        path, slug = f"/v1/titles/{told.title_id}/paper", "surrendered-for-another"
        node.refuse("POST", path, slug, 409, detail="no", surrenderedFor=asked)

        said = words(tidan("title", "to-paper", told.title_id).err)

        assert step in said
        assert "`tidan title answer 0x3f2a91c0" in said


class TestByCommand:
    @pytest.mark.parametrize(
        ("command", "step"), [("accept", "accept-pledge"), ("decline", "decline-pledge")]
    )
    def test_whoever_takes_a_proposed_pledge_for_an_offer_is_told_the_command(
        self, node: Any, tidan: Any, told: Any, command: str, step: str
    ) -> None:
        path = f"/v1/titles/{told.title_id}/offers/{command}"
        node.refuse("POST", path, "no-open-offer", 409, detail="no")

        assert f"`tidan title {step} 0x3f2a91c0" in words(
            tidan("title", command, told.title_id).err
        )

    def test_only_an_offer_is_told_of_an_option_that_it_has(
        self, node: Any, tidan: Any, told: Any
    ) -> None:
        for path in ("offers", "surrenders"):
            where = f"/v1/titles/{told.title_id}/{path}"
            node.refuse("POST", where, "not-the-titleholder", 403, detail="no")

        offered = words(tidan("title", "offer", told.title_id, "--to", "3").err)
        surrendered = words(tidan("title", "surrender", told.title_id).err)

        assert "goes with --possession-only" in offered
        assert "goes with --possession-only" not in surrendered
        assert "`tidan title offer 0x3f2a91c0" in surrendered

    def test_a_switched_bill_has_another_number(
        self, node: Any, tidan: Any, told: Any, bill: Path
    ) -> None:
        path = f"/v1/titles/{told.title_id}/switches"
        node.refuse("POST", path, "series-already-used", 409, detail="no")

        said = words(tidan("title", "switch", told.title_id, bill).err)

        assert "`tidan title amend 0x3f2a91c0" in said

    def test_an_amended_bill_keeps_its_number(
        self, node: Any, tidan: Any, told: Any, bill: Path
    ) -> None:
        path = f"/v1/titles/{told.title_id}/amendments"
        node.refuse("POST", path, "series-differs", 422, detail="no")

        said = words(tidan("title", "amend", told.title_id, bill).err)

        assert "`tidan title switch 0x3f2a91c0" in said


class TestRelay:
    def test_an_act_on_a_title_that_has_moved_on_names_the_title_and_not_the_file(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path
    ) -> None:
        file = act_file(tmp_path, typedData={"message": {"id": told.title_id}})
        node.refuse("POST", "/v1/title-acts:relay", "stale-seq", 409, detail="no")

        said = words(tidan("title", "relay", file, *SIGNED).err)

        assert f"`tidan title show {told.title_id}`" in said
        assert "prepared anew" in said

    @pytest.mark.parametrize(
        "members",
        [
            {"typedData": {"message": {"ids": [TITLE]}}},
            {"typedData": {"message": {}}, "titles": [TITLE]},
        ],
    )
    def test_so_does_one_on_several_or_on_new_ones(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path, members: dict[str, object]
    ) -> None:
        file = act_file(tmp_path, **members)
        node.refuse("POST", "/v1/title-acts:relay", "already-issued", 409, detail="no")

        said = words(tidan("title", "relay", file, *SIGNED).err)

        assert f"`tidan title show {told.title_id}`" in said


@pytest.mark.parametrize(
    "slug",
    [
        *("already-issued", "series-already-used", "series-differs", "kind-forbids-transfer"),
        *("kind-forbids-pledge", "offer-to-self", "code-not-ours", "document-malformed"),
        *("not-enrolled", "signature-expired", "signature-invalid", "surrendered-for-another"),
    ],
)
def test_every_refusal_of_an_act_has_a_next_step(
    node: Any, tidan: Any, told: Any, slug: str
) -> None:
    node.refuse("POST", f"/v1/titles/{told.title_id}/offers", slug, 409, detail="no")

    assert " next: " in words(tidan("title", "offer", told.title_id, "--to", "3").err)


class TestNamedTwice:
    def test_a_document_of_a_batch(self, node: Any, tidan: Any, bill: Path) -> None:
        ended = tidan("title", "issue-batch", bill, bill, "--json")

        assert (ended.code, ended.problem["field"]) == (2, str(bill))
        assert "is named twice" in ended.problem["detail"]
        assert node.asked == []

    def test_a_part_of_a_split(self, node: Any, tidan: Any, told: Any, bill: Path) -> None:
        ended = tidan("title", "split", told.title_id, bill, bill, "--json")

        assert (ended.code, ended.problem["field"]) == (2, str(bill))
        assert node.asked == []

    def test_a_title_of_a_combination(self, node: Any, tidan: Any, told: Any, bill: Path) -> None:
        other = told.title_id.upper().replace("0X", "0x")
        ended = tidan("title", "combine", told.title_id, other, "--into", bill, "--json")

        assert (ended.code, ended.problem["detail"]) == (2, f"{other} is named twice")
        assert node.asked == []


class TestReasons:
    @pytest.mark.parametrize(
        ("command", "reason"),
        [
            (("surrender", "--for-amendment"), "CHANGE_OF_DESTINATION"),
            (("answer", "--reject"), "FREIGHT_UNPAID"),
        ],
    )
    def test_one_that_is_left_out_is_chosen_from_a_list(
        self, tidan: Any, told: Any, command: tuple[str, str], reason: str
    ) -> None:
        act, option = command
        assert reason in words(tidan("title", act, told.title_id, option).err)


def test_a_document_that_is_not_json_is_told_where(tidan: Any, tmp_path: Path) -> None:
    file = tmp_path / "bill.json"
    file.write_text('{"a": "unended')

    said = words(tidan("title", "issue", file).err)

    assert "Unterminated string starting at line 1" in said


def test_what_is_taken_back_may_have_been_a_proposal(node: Any, tidan: Any, told: Any) -> None:
    where = f"/v1/titles/{told.title_id}/offers/withdraw"
    node.answer("POST", where, told.accepted("succeeded"), status=202)

    assert "took back the offer or proposal of" in tidan("title", "withdraw", told.title_id).out


class TestSeveral:
    """Of titles that are combined one is in the way, and the next step is about that one."""

    @pytest.fixture
    def two(self, told: Any) -> tuple[str, str]:
        return told.title_id, told.other_id

    @pytest.fixture
    def refused(self, node: Any, tidan: Any, two: tuple[str, str], bill: Path) -> Any:
        """What is said where the combination of the two is refused so."""

        def refuse(slug: str, **members: str) -> str:
            node.refuse("POST", "/v1/title-combinations", slug, 409, **members)
            return words(tidan("title", "combine", *two, "--into", bill).err)

        return refuse

    @pytest.mark.parametrize(
        ("slug", "step"),
        [
            ("originals-differ", "`tidan title show {}` tells its carrier, holders and kind"),
            ("stale-seq", "look at it again: `tidan title show {}`"),
        ],
    )
    def test_the_one_that_the_chain_names_is_the_one_to_look_at(
        self, refused: Any, two: tuple[str, str], slug: str, step: str
    ) -> None:
        said = refused(slug, detail=f"title {two[1]}", record=two[1])
        assert step.format(two[1]) in said

    def test_the_one_whose_place_is_named_is_told_as_it_was_typed(
        self, refused: Any, two: tuple[str, str]
    ) -> None:
        said = refused("originals-differ", detail="no", field="titles.1")
        assert f"{two[1]}: no" in said
        assert f"`tidan title show {two[1]}`" in said


def test_a_pledge_of_another_bank_says_who_is_to_do_it(node: Any, tidan: Any, told: Any) -> None:
    path = f"/v1/titles/{told.title_id}/pledges/accept"
    node.refuse("POST", path, "not-the-pledgee", 403, detail="no")

    said = words(tidan("title", "accept-pledge", told.title_id).err)

    assert f"`tidan title show {told.title_id}` names the bank" in said
    assert f"`tidan title withdraw {told.title_id}`" in said
