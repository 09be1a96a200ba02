"""The package's form: what is written is read back, and nothing else is a package."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.domain.identifiers import (
    Address,
    ContentRoot,
    Head,
    IssuerCode,
    RecordId,
    SeriesId,
)
from tidan_node.domain.packages import (
    Package,
    PackageMalformed,
    TitleNumbering,
    read_package,
)

_hash = st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex())
_numbering = st.builds(
    TitleNumbering,
    series=_hash.map(SeriesId),
    sub_reference=st.none() | st.just("B"),
    series_proof=st.binary(max_size=100),
)


@st.composite
def packages(draw: st.DrawFn) -> Package:
    kind = draw(st.sampled_from(["title", "invoice", "policy"]))
    return draw(
        st.builds(
            Package,
            kind=st.just(kind),
            chain_id=st.integers(1, 2**53 - 1),
            registry=st.binary(min_size=20, max_size=20).map(lambda raw: Address("0x" + raw.hex())),
            record_id=_hash.map(RecordId),
            schema=st.integers(1, 2**16 - 1),
            record_version=st.integers(1, 2**16 - 1),
            content_root=_hash.map(ContentRoot),
            code=st.just(IssuerCode("SMDG:MSC")),
            number=st.just("MEDU 12"),
            id_proof=st.binary(max_size=100),
            secret=st.binary(min_size=32, max_size=32),
            document=st.binary(max_size=200),
            history=st.lists(_hash.map(Head), min_size=1, max_size=4).map(tuple),
            title=_numbering if kind == "title" else st.none(),
        )
    )


@given(packages())
def test_what_was_written_is_read_back(package: Package) -> None:
    assert read_package(package.to_json()) == package


@given(packages(), st.integers(0), st.binary(min_size=1, max_size=3))
def test_nothing_can_be_added_or_changed_unseen(
    package: Package, place: int, change: bytes
) -> None:
    file = package.to_json()
    place %= len(file)
    changed = file[:place] + change + file[place:]

    try:
        read = read_package(changed)
    except PackageMalformed:
        return
    assert read != package
    assert read.to_json() == changed


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(raw: bytes) -> None:
    with pytest.raises(PackageMalformed):
        read_package(raw)


@given(packages(), st.data())
def test_every_member_is_needed(package: Package, data: st.DataObject) -> None:
    members = json.loads(package.to_json())
    members.pop(data.draw(st.sampled_from(sorted(members))))
    with pytest.raises(PackageMalformed):
        read_package(json.dumps(members, separators=(",", ":"), sort_keys=True).encode())


@given(packages())
def test_nothing_private_shows_in_its_repr(package: Package) -> None:
    shown = repr(package)
    for name in ("secret", "document", "number", "id_proof", "title"):
        assert f"{name}=" not in shown


@given(packages())
def test_what_is_wrong_is_told_without_quoting_it(package: Package) -> None:
    file = package.to_json().replace(b"MEDU 12", b"MEDU \x01")
    with pytest.raises(PackageMalformed) as refused:
        read_package(file)
    assert "MEDU" not in refused.value.detail


A_TITLE = Package(
    kind="title",
    chain_id=31337,
    registry=Address("0x" + "1a" * 20),
    record_id=RecordId("0x" + "01" * 32),
    schema=1,
    record_version=1,
    content_root=ContentRoot("0x" + "02" * 32),
    code=IssuerCode("SMDG:MSC"),
    number="MEDU 12",
    id_proof=b"id",
    secret=bytes(32),
    document=b"{}",
    history=(Head("0x" + "03" * 32),),
    title=TitleNumbering(SeriesId("0x" + "04" * 32), None, b"series"),
)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"format": "tidan/parcel"}, "format"),
        ({"version": 1}, "version"),
        ({"version": True}, "version"),
        ({"version": 3}, "version"),
        ({"kind": "warrant"}, "kind"),
        ({"kind": ["title"]}, "kind"),
        ({"kind": "invoice"}, "package"),
        ({"chainId": "31337"}, "chainId"),
        ({"chainId": True}, "chainId"),
        ({"registry": "0x12"}, "registry"),
        ({"secret": "0x12"}, "secret"),
        ({"idProof": "0xzz"}, "idProof"),
        ({"idProof": "0x1"}, "idProof"),
        ({"idProof": "0xAB"}, "idProof"),
        ({"document": "?"}, "document"),
        ({"document": None}, "document"),
        ({"document": "YQ"}, "document"),
        ({"recordVersion": 0}, "recordVersion"),
        ({"history": None}, "history"),
        ({"history": []}, "history"),
        ({"history": [7]}, "history"),
        ({"history": ["0x12"]}, "history"),
        ({"history": "0x" + "03" * 32}, "history"),
        ({"series": None}, "series"),
        ({"surprise": 1}, "package"),
    ],
)
def test_what_is_malformed_is_refused_by_its_member(change: dict[str, object], field: str) -> None:
    members = json.loads(A_TITLE.to_json()) | change

    with pytest.raises(PackageMalformed) as refused:
        read_package(json.dumps(members, separators=(",", ":"), sort_keys=True).encode())

    assert refused.value.field == field


def test_a_package_spelled_in_another_way_is_refused() -> None:
    members = json.loads(A_TITLE.to_json())

    with pytest.raises(PackageMalformed) as refused:
        read_package(json.dumps(members, indent=1).encode())

    assert refused.value.field == "package"
