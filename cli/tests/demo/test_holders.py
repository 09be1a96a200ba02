"""Who held a title when, and whose security it was, from its acts."""

from __future__ import annotations

from typing import Any

from tidan_cli.demo.holders import holders, pledges

CARRIER = {"index": 1, "name": "Carrier"}
BUYER = {"index": 3, "name": "Buyer"}
BANK = {"index": 4, "name": "Bank"}


def act(block: int, name: str, **details: object) -> dict[str, Any]:  # Any: JSON
    return {
        "act": name,
        "block": block,
        "txHash": f"0x{block}",
        "at": f"2026-10-06T09:00:{block:02}Z",
        "details": details,
    }


def test_control_passes_with_the_acceptance_and_not_with_the_offer() -> None:
    spans = holders(
        [
            act(1, "ISSUE", possessor=CARRIER, titleholder=None),
            act(2, "OFFER", recipient=BUYER),
            act(3, "ACCEPT", possessor=BUYER, titleholder=None),
        ]
    )

    assert [span["possessor"] for span in spans] == [CARRIER, BUYER]
    assert spans[0]["until"]["block"] == 3
    assert spans[1]["from"]["block"] == 3
    assert spans[1]["until"] is None


def test_a_delivered_title_is_held_by_nobody() -> None:
    spans = holders(
        [
            act(1, "ISSUE", possessor=BUYER, titleholder=BUYER),
            act(2, "SURRENDER_FOR_DELIVERY", pending="PENDING_DELIVERY"),
            act(3, "ACCEPT_SURRENDER"),
        ]
    )

    assert [span["until"]["block"] for span in spans] == [3]


def test_an_endorsement_in_blank_leaves_the_possessor_in_place() -> None:
    spans = holders(
        [
            act(1, "ISSUE", possessor=BUYER, titleholder=BUYER),
            act(2, "ENDORSE", titleholder=None, kind="BLANK"),
        ]
    )

    assert [(span["possessor"], span["titleholder"]) for span in spans] == [
        (BUYER, BUYER),
        (BUYER, None),
    ]


def test_an_amended_title_is_held_by_nobody() -> None:
    spans = holders(
        [
            act(1, "ISSUE", possessor=BUYER, titleholder=BUYER),
            act(2, "VOID", how="AMENDMENT", successors=["0xab"], reason="CORRECTION"),
        ]
    )

    assert spans[0]["until"]["block"] == 2


def test_a_rejected_surrender_changes_nothing() -> None:
    spans = holders(
        [
            act(1, "ISSUE", possessor=BUYER, titleholder=BUYER),
            act(2, "SURRENDER_FOR_DELIVERY", pending="PENDING_DELIVERY"),
            act(3, "REJECT_SURRENDER", reason="FREIGHT_UNPAID"),
        ]
    )

    assert spans[-1]["until"] is None


def test_a_pledge_begins_with_its_acceptance_and_outlives_a_transfer() -> None:
    spans = pledges(
        [
            act(1, "PROPOSE_PLEDGE", bank=BANK),
            act(2, "ACCEPT_PLEDGE", bank=BANK),
            act(3, "OFFER", recipient=BUYER),
            act(4, "CONSENT", bank=BANK),
            act(5, "ACCEPT", possessor=BUYER, titleholder=BUYER),
            act(6, "RELEASE_PLEDGE", bank=BANK),
        ]
    )

    assert [(span["bank"], span["from"]["block"], span["until"]["block"]) for span in spans] == [
        (BANK, 2, 6)
    ]


def test_a_pledge_that_is_enforced_ends_as_the_title_is_taken() -> None:
    spans = pledges(
        [
            act(1, "ACCEPT_PLEDGE", bank=BANK),
            act(2, "ENFORCE_PLEDGE", bank=BANK, recipient=BUYER),
            act(3, "ACCEPT", possessor=BUYER, titleholder=BUYER),
        ]
    )

    assert spans[0]["until"]["block"] == 3
