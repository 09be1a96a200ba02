"""The keystores of a node's exchange keys: the one in use, the next one, and those before.

While a key is renewed the home has two, and which of them is in use only the chain says; so a node
opens whatever is there, and no step of the renewal can leave it without a key that it needs.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import structlog

from tidan_node.domain.exchange_keys import ExchangeKeys, HeldKeys, KeyRing
from tidan_node.ledger import keystore
from tidan_node.problems import Problem

_NEXT: Final = "next"
_log = structlog.stdlib.get_logger(__name__)

Version = tuple[int, int]


class ExchangeKeystores:
    """Each file is opened once: that takes a third of a second. They are iterated as secrets."""

    def __init__(self, file: Path, password: str) -> None:
        self._file = file
        self._password = password
        self._secrets: dict[Version, bytes] = {}
        self.ring = KeyRing(self.held(), self.held)

    def __iter__(self) -> Iterator[bytes]:
        return iter(tuple(self._secrets.values()))

    def held(self) -> HeldKeys:
        """What the home has now; only the keystore in use must be there and open."""
        kept, following = self._keys(self._file), None
        former: list[ExchangeKeys] = []
        for path in others_of(self._file):
            try:
                keys = self._keys(path)
            except (Problem, OSError) as problem:
                _log.warning("exchange keystore not opened", problem=type(problem).__name__)
                continue
            if path == next_of(self._file):
                following = keys
            else:
                former.append(keys)
        return HeldKeys(kept, following, tuple(former))

    def _keys(self, path: Path) -> ExchangeKeys:
        found = path.stat()
        version = found.st_ino, found.st_mtime_ns
        if version not in self._secrets:
            self._secrets[version] = keystore.open(path, self._password)
        return ExchangeKeys.from_secret(self._secrets[version])


def next_of(file: Path) -> Path:
    """Where the keystore is made that is to follow this one."""
    return _beside(file, _NEXT)


def former_of(file: Path, keys: ExchangeKeys) -> Path:
    """Where the keystore of these keys is kept once others follow them."""
    return _beside(file, keys.signing_jwk["x"])


def others_of(file: Path) -> list[Path]:
    """The keystores beside this one that are there, under either name."""
    pattern = f"{glob.escape(file.stem)}-*{glob.escape(file.suffix)}"
    return sorted(file.parent.glob(pattern))


def _beside(file: Path, name: str) -> Path:
    return file.with_name(f"{file.stem}-{name}{file.suffix}")
