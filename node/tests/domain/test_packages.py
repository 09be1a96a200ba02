"""The package's form: what is written is read back, and nothing else is a package."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.domain.identifiers import Address, ContentRoot, IssuerCode, SeriesId, TitleId
from tidan_node.domain.packages import Package, PackageMalformed, read_package

_hash = st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex())
packages = st.builds(
    Package,
    chain_id=st.integers(1, 2**53 - 1),
    registry=st.binary(min_size=20, max_size=20).map(lambda raw: Address("0x" + raw.hex())),
    title_id=_hash.map(TitleId),
    series=_hash.map(SeriesId),
    schema=st.integers(1, 2**16 - 1),
    record_version=st.integers(1, 2**16 - 1),
    content_root=_hash.map(ContentRoot),
    code=st.just(IssuerCode("SMDG:MSC")),
    number=st.just("MEDU 12"),
    sub_reference=st.none() | st.just("B"),
    id_proof=st.binary(max_size=100),
    series_proof=st.binary(max_size=100),
    secret=st.binary(min_size=32, max_size=32),
    document=st.binary(max_size=200),
)


@given(packages)
def test_what_was_written_is_read_back(package: Package) -> None:
    assert read_package(package.to_json()) == package


@given(packages, st.integers(0), st.binary(min_size=1, max_size=3))
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
