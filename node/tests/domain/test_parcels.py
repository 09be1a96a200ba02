"""A parcel has one form; nothing else is read as one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parcels import (
    Envelope,
    Inside,
    ParcelId,
    ParcelMalformed,
    SealedParcel,
    parcel_id,
    read_inside,
    read_parcel,
)
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.problems import InvalidInput

ENVELOPE = Envelope(ParcelId("5d" * 16), 1337, PartyIndex(1), PartyIndex(2))
PARCEL = SealedParcel(ENVELOPE, {"ciphertext": "x"})


def test_a_parcel_is_read_as_it_was_written() -> None:
    assert read_parcel(PARCEL.to_json()) == PARCEL


@given(file=st.binary(max_size=200), kind=st.sampled_from(["title", "invoice", "policy"]))
def test_what_is_inside_is_read_as_it_was_written(file: bytes, kind: Any) -> None:
    inside = Inside(kind, file)

    assert read_inside(inside.to_json()) == inside


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"format": "tidan/package"}, "format"),
        ({"version": 2}, "version"),
        ({"version": True}, "version"),
        ({"id": "5D" * 16}, "id"),
        ({"id": "5d" * 15}, "id"),
        ({"id": 7}, "id"),
        ({"chainId": 0}, "chainId"),
        ({"chainId": -1}, "chainId"),
        ({"from": "1"}, "from"),
        ({"from": True}, "from"),
        ({"to": 0}, "to"),
        ({"to": 2**32}, "to"),
        ({"jwe": "x"}, "jwe"),
        ({"record": "0x12"}, "parcel"),
    ],
)
def test_a_malformed_parcel_is_refused_by_its_member(change: dict[str, Any], field: str) -> None:
    members = json.loads(PARCEL.to_json()) | change

    with pytest.raises(ParcelMalformed) as refused:
        read_parcel(canonical_bytes(members))

    assert refused.value.field == field


@pytest.mark.parametrize("raw", [b"", b"[]", b"7", b'{"a":1,"a":2}', b"\xff"])
def test_what_is_no_object_is_no_parcel(raw: bytes) -> None:
    with pytest.raises(ParcelMalformed):
        read_parcel(raw)


def test_a_parcel_spelled_in_another_way_is_refused() -> None:
    with pytest.raises(ParcelMalformed):
        read_parcel(json.dumps(json.loads(PARCEL.to_json()), indent=1).encode())


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"kind": "letter", "package": ""}, "kind"),
        ({"kind": "title"}, "package"),
        ({"kind": "title", "package": "?"}, "package"),
        ({"kind": "title", "package": "", "more": 1}, "jwe"),
    ],
)
def test_what_is_malformed_inside_is_refused(members: dict[str, Any], field: str) -> None:
    with pytest.raises(ParcelMalformed) as refused:
        read_inside(canonical_bytes(members))

    assert refused.value.field == field


def test_a_name_is_forgiven_its_case_and_nothing_else() -> None:
    assert parcel_id("5D" * 16) == "5d" * 16
    with pytest.raises(InvalidInput):
        parcel_id("5d" * 16 + "0")


def test_its_content_does_not_show_in_its_repr() -> None:
    assert "secret" not in repr(Inside("title", b"secret"))
    assert "ciphertext" not in repr(PARCEL)
