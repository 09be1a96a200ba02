"""The chain's home: the folder with everything that a chain needs to come back."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from tidan_node.domain.identifiers import BlockHash
from tidan_node.ledger.embedded.anvil import VERSION, ChainRules
from tidan_node.ledger.embedded.durable import write_file
from tidan_node.ledger.embedded.problems import (
    AnvilUnusable,
    ChainHomeBusy,
    ChainHomeUnusable,
    ChainIdDiffers,
)
from tidan_node.ledger.embedded.processes import is_alive

DEFAULT_CHAIN_ID: Final = 1337
GAS_LIMIT: Final = 100_000_000
_FORMAT: Final = 1
_LOCK_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class RunningChain:
    """Where a chain that runs can be reached, and the process that keeps it."""

    url: str
    pid: int
    identity: str
    chain_id: int
    home: str

    @property
    def is_alive(self) -> bool:
        return is_alive(self.pid, self.identity)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


class ChainHome:
    """The files of one chain, and who may write them."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.log = self.path / "chain.log"
        self._rules = self.path / "chain.json"
        self._running = self.path / "running.json"
        self._lock = self.path / "lock"

    @property
    def is_there(self) -> bool:
        """Whether a chain has begun here."""
        return self._rules.is_file()

    def prepare(self) -> None:
        """Make the folder, if there is none; it holds a chain that only its owner may write."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.touch(mode=0o600)
        except OSError as error:
            raise self._unusable(error) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other proxy away; a killed one lets go by itself."""
        try:
            handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            _take(handle, self.path)
            yield
        finally:
            os.close(handle)

    def is_locked(self) -> bool:
        """Whether a proxy has this home: one that runs, starts or ends."""
        try:
            handle = os.open(self._lock, os.O_RDONLY)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unusable(error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def rules(self, chain_id: int | None) -> ChainRules:
        """The rules of the chain that lives here, or of the one that is about to begin."""
        known = self._read(self._rules)
        if known is None:
            wanted = DEFAULT_CHAIN_ID if chain_id is None else chain_id
            return ChainRules(wanted, int(time.time()), GAS_LIMIT)
        try:
            rules = ChainRules(
                int(known["chainId"]), int(known["timestamp"]), int(known["gasLimit"])
            )
        except (KeyError, ValueError, TypeError) as error:
            raise ChainHomeUnusable(f"{self._rules} cannot be read: {error}") from error
        if chain_id not in (None, rules.chain_id):
            raise ChainIdDiffers(
                f"{self.path} holds chain {rules.chain_id}; use another home for {chain_id}",
                field="--chain-id",
            )
        return rules

    def check_first_block(self, rules: ChainRules, block_hash: BlockHash) -> None:
        """Record the first block of a new chain; a known one must come out the same again."""
        known = self._read(self._rules)
        if known is None:
            document = {
                "format": _FORMAT,
                "chainId": rules.chain_id,
                "timestamp": rules.timestamp,
                "gasLimit": rules.gas_limit,
                "genesisHash": block_hash,
                "anvil": VERSION,
            }
            write_file(self._rules, (json.dumps(document, indent=2).encode() + b"\n",))
        elif known.get("genesisHash") != block_hash:
            raise AnvilUnusable(
                f"this anvil begins the chain with {block_hash}, not with"
                f" {known.get('genesisHash')}: use anvil {known.get('anvil')}"
            )

    @property
    def genesis_hash(self) -> BlockHash:
        known = self._read(self._rules) or {}
        return BlockHash(str(known.get("genesisHash", "")))

    def announce(self, running: RunningChain) -> None:
        """Tell where the chain can be reached; it stays there as the port to use again."""
        write_file(self._running, (json.dumps(asdict(running), indent=2).encode() + b"\n",))

    def announced(self) -> RunningChain | None:
        """What was announced last; the process may have ended since."""
        known = self._read(self._running)
        try:
            return None if known is None else RunningChain(**known)
        except TypeError:
            return None

    def files_set_aside(self) -> list[str]:
        """What could not be brought back and waits for somebody to look at it."""
        names = [path.name for path in self.path.iterdir()]
        return sorted(
            name for name in names if name.startswith("set-aside-") or name.endswith(".set-aside")
        )

    def _read(self, path: Path) -> dict[str, Any] | None:  # Any: JSON, checked by its readers
        try:
            known = json.loads(path.read_text())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from error
        except ValueError as error:
            raise ChainHomeUnusable(f"{path} cannot be read: {error}") from error
        return known if isinstance(known, dict) else None

    def _unusable(self, error: OSError) -> ChainHomeUnusable:
        return ChainHomeUnusable(f"{self.path}: {error.strerror}", field="--home")


def _take(handle: int, path: Path) -> None:
    # Somebody who only looks whether the home is locked holds it for a moment.
    give_up_at = time.monotonic() + _LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > give_up_at:
                raise ChainHomeBusy(f"a chain uses {path} already") from error
            time.sleep(0.02)
        else:
            return
