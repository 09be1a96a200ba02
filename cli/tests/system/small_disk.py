"""A small disk of a test's own, in memory: it can be filled to its last byte and emptied again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class SmallDisk:
    """Mounted at a folder for as long as the test takes."""

    folder: Path

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        """Not a byte is left for anybody."""
        with self.ballast.open("ab", buffering=0) as stream:
            for size in (_MEBIBYTE, 4096, 1):
                try:
                    while True:
                        stream.write(bytes(size))
                except OSError:
                    continue

    def make_room(self) -> None:
        self.ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[SmallDisk]:
    """Only root may mount: for others the test is skipped, which at the gate is a failure."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", str(folder)]
    mounted = subprocess.run(words, capture_output=True, text=True, check=False)
    if mounted.returncode:
        why = f"no disk of a test's own can be mounted here: {mounted.stderr.strip()}"
        if os.environ.get("CI"):
            pytest.fail(f"{why}, and CI skips nothing")
        pytest.skip(why)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
