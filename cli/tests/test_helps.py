"""What helps say of the rules, where those are easily said wrong."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("council", "propose", "revoke"), "all of the roles CARRIER and BANK"),
        (("council", "propose", "name-successor"), "all of the roles CARRIER and BANK"),
        (("title", "answer"), "or as its successor"),
        (("title", "answer"), "One for amendment is only rejected here"),
        (("title", "amend"), "a transportDocumentSubReference never used before"),
        (("title", "amend"), "the successor of a revoked carrier does not amend"),
        (("title", "accept"), "what is offered is yours"),
        (("title", "end-as-paper"), "has no successor, or that is revoked too"),
    ],
)
def test_a_help_says_what_the_rule_is(
    tidan: Any, command: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")

    ended = tidan(*command, "--help")

    said = " ".join(ended.out.replace("│", " ").split())
    assert says in said
    assert "active carrier" not in said


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        (("surrender", "--for-amendment", "--reason", "split"), ("surrenders/amendment", "SPLIT")),
        (("answer", "--reject", "--reason", "Legal_Hold"), ("surrenders/reject", "LEGAL_HOLD")),
        (("endorse", "--kind", "blank"), ("endorsements", "BLANK")),
    ],
)
def test_the_case_of_a_value_does_not_matter(
    node: Any, tidan: Any, told: Any, command: tuple[str, ...], sent: tuple[str, str]
) -> None:
    (act, *options), (path, value) = command, sent
    asked = f"/v1/titles/{told.title_id}/{path}"
    node.answer("POST", asked, told.accepted("succeeded"))

    ended = tidan("title", act, told.title_id, *options)

    assert ended.code == 0, ended.err
    assert value in node.taken("POST", asked)[0].json.values()


def test_a_value_that_there_is_not_is_told_with_those_there_are(node: Any, tidan: Any) -> None:
    ended = tidan("title", "watch", "--until", "sunk")

    assert ended.code == 2
    said = " ".join(ended.err.split())
    assert "'sunk' is not one of" in said
    assert "surrender_for_delivery" in said
    assert "Value error" not in said
    assert node.asked == []
