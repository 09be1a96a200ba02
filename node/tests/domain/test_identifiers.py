"""The name of a party beyond its chain, and back."""

from __future__ import annotations

import pytest

from tidan_node.domain.identifiers import PartyIndex, party_named, party_on_chain


def test_a_party_is_found_by_its_name_on_its_own_chain() -> None:
    assert party_on_chain(31337, PartyIndex(4)) == "tidan:31337:4"
    assert party_named("tidan:31337:4", 31337) == 4


@pytest.mark.parametrize(
    "name",
    [
        "tidan:1:4",
        "tidan:31337:04",
        "tidan:31337:0",
        "tidan:031337:4",
        "tidan:31337:4 ",
        "tidan:31337:4\n",
        "tidan:31337:\u0664",
        "tidan:31337:-4",
        "TIDAN:31337:4",
        "tidan:31337:99999999999",
        "4",
        "",
    ],
)
def test_no_other_spelling_is_a_name(name: str) -> None:
    assert party_named(name, 31337) is None
