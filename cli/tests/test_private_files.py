"""Files that appear whole or not at all, and that only their owner may read."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tidan_cli import private_files
from tidan_cli.private_files import write_private, write_whole


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_its_owners_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "key", b"secret")

    assert mode_of(tmp_path / "key") == 0o600
    assert (tmp_path / "key").read_bytes() == b"secret"


def test_what_is_public_can_be_read(tmp_path: Path) -> None:
    write_whole(tmp_path / "card", b"public")

    assert mode_of(tmp_path / "card") == 0o644


def test_a_write_that_fails_leaves_the_former_content_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_whole(path, b"before")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(private_files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"after")

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_must_be_new_never_takes_another_ones_place(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_private(path, b"first", replace=False)
    with pytest.raises(FileExistsError):
        write_private(path, b"second", replace=False)

    assert path.read_bytes() == b"first"
    assert mode_of(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]
