"""A refused sign-in names the option at fault, and what to do."""

from __future__ import annotations

import pytest

from tidan_cli.failures import Answered
from tidan_cli.platform_refusals import at_option


def refusal(rule: str, field: str, slug: str = "platform-sign-in-refused") -> Answered:
    document = {"type": f"/v1/problems/{slug}", "detail": "no", "field": field, "rule": rule}
    return Answered(document, page=None)


@pytest.mark.parametrize(
    ("rule", "field", "option", "step"),
    [
        ("audience", "token", "--party", "give the party whose node this is"),
        ("crl-missing", "crls", "--crl", "once for each issuer"),
        ("recognition", "platform", "--platform", "tidan platform list"),
        ("organisation", "token", "--certificate", "tidan platform subject"),
    ],
)
def test_the_option_at_fault_is_named_and_what_to_do(
    rule: str, field: str, option: str, step: str
) -> None:
    told = at_option(refusal(rule, field), made_here=True)

    assert (told.field, told.document()["field"], told.document()["rule"]) == (option, option, rule)
    assert step in (told.next_step or "")


def test_of_a_token_that_was_made_elsewhere_the_token_is_named() -> None:
    assert at_option(refusal("audience", "token"), made_here=False).field == "--token"
    assert at_option(refusal("crl-stale", "crls"), made_here=False).field == "--crl"


def test_who_is_in_no_directory_is_told_who_adds_people() -> None:
    told = at_option(refusal("", "", "not-in-directory"), made_here=True)
    assert "tidan user add" in (told.next_step or "")


def test_a_refusal_of_another_kind_stays_as_it_is() -> None:
    unknown = refusal("", "body")
    assert at_option(unknown, made_here=True) is unknown
