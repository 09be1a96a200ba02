"""Recognised platforms: their codes, their anchors, and how long they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.story import Story
from tidan_node.domain import membership_events as membership
from tidan_node.domain.parties import Role
from tidan_node.domain.platform_fold import advance_recognition
from tidan_node.domain.platforms import (
    AnchorKind,
    PlatformCode,
    PlatformCodeMalformed,
    Recognition,
    acts_of,
    anchor_id_of,
    platform_code,
)
from tidan_node.domain.steps import HistoryBroken
from tidan_node.problems import InvalidInput

ANCHOR = anchor_id_of("PORT", AnchorKind.DID, b"did:web:port")
KNOWN = Recognition(
    *(ANCHOR, PlatformCode("PORT"), AnchorKind.DID, b"did:web:port"),
    *(Role.TRADER, "records:read titles:act", 1_800_000_000),
)


def recognised(*, until: int = 1_800_000_000) -> membership.PlatformRecognised:
    return membership.PlatformRecognised(
        *(ANCHOR, PlatformCode("PORT"), AnchorKind.DID, b"did:web:port"),
        *(Role.TRADER, "records:read titles:act", until),
    )


@pytest.mark.parametrize("code", ["PORT", "A1", "DEMO-PORT-1", "A" * 20])
def test_a_code_is_capitals_digits_and_hyphens(code: str) -> None:
    assert platform_code(code) == code


@pytest.mark.parametrize("code", ["", "A", "port", "1A", "-A", "A" * 21, "PORT ", "P\u00d6RT"])
def test_what_is_none_is_refused(code: str) -> None:
    with pytest.raises(PlatformCodeMalformed):
        platform_code(code)


def test_an_anchor_is_named_by_platform_kind_and_bytes_together() -> None:
    others = {
        anchor_id_of("PORTS", AnchorKind.DID, b"did:web:port"),
        anchor_id_of("PORT", AnchorKind.CERTIFICATE, b"did:web:port"),
        anchor_id_of("PORT", AnchorKind.DID, b"did:web:other"),
    }
    assert len(others | {ANCHOR}) == 4


def test_acts_are_sorted_and_each_stands_once() -> None:
    assert acts_of(["titles:act", "records:read", "titles:act"]) == "records:read titles:act"
    with pytest.raises(InvalidInput):
        acts_of([])


def test_it_stands_until_its_second_unless_it_is_withdrawn() -> None:
    assert KNOWN.stands(1_799_999_999)
    assert not KNOWN.stands(1_800_000_000)
    assert not replace(KNOWN, withdrawn=True).stands(0)
    assert KNOWN.scopes == {"records:read", "titles:act"}


def test_recognised_again_it_has_the_new_terms_and_stands_again() -> None:
    story = Story()
    story.emit(recognised(), membership.PlatformWithdrawn(ANCHOR), recognised(until=1_900_000_000))
    first, second, third = story.events
    once = advance_recognition(None, first)
    withdrawn = advance_recognition(once, second)
    assert (once, withdrawn.withdrawn) == (KNOWN, True)
    assert advance_recognition(withdrawn, third) == replace(KNOWN, expires_at=1_900_000_000)
    with pytest.raises(HistoryBroken):
        advance_recognition(None, second)
