"""geth: where its binary is, whether it can seal, and what it is told."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tidan_node.ledger.clique.genesis import GAS_LIMIT, GAS_PRICE
from tidan_node.ledger.clique.home import Home, Member
from tidan_node.ledger.clique.problems import GethMissing, GethUnusable

VERSION: Final = "1.13.15"
"""The last that seals blocks itself: Clique's sealing is gone from 1.14."""

_MODULE: Final = f"github.com/ethereum/go-ethereum/cmd/geth@v{VERSION}"
_SERIES: Final = re.compile(r"^Version: 1\.13\.", re.MULTILINE)
_PATIENCE: Final = 60.0
_DEAREST_TRANSACTION: Final = 10**8
"""Wei for gas, and so at most so much gas in one transaction, as in a block of the embedded chain:
an endless loop must not hold up the others for longer than that."""


def find_geth(environment: Mapping[str, str]) -> Path:
    """TIDAN_GETH, else beside this Python, as `make setup` puts it, else PATH."""
    named = environment.get("TIDAN_GETH")
    if named:
        if not os.access(named, os.X_OK):
            raise GethMissing(f"TIDAN_GETH names {named}, which cannot be run")
        return Path(named)
    beside = Path(sys.prefix) / "bin" / "geth"
    found = str(beside) if os.access(beside, os.X_OK) else None
    found = found or shutil.which("geth", path=environment.get("PATH"))
    if found is None:
        raise GethMissing(
            f"`make setup` builds it where there is Go; or `go install -ldflags=-checklinkname=0"
            f" {_MODULE}`, or name the binary in TIDAN_GETH"
        )
    return Path(found)


def require_sealing(binary: Path) -> None:
    """Another series than 1.13 has other options, or no Clique."""
    said = _output(binary, "version")
    if not _SERIES.search(said):
        version = said.strip().splitlines()[1:2] or ["no version"]
        raise GethUnusable(f"{binary} says {version[0]}; version {VERSION} is needed")


def write_first_block(binary: Path, home: Home, member: Member) -> None:
    """Make a validator's data folder begin with the chain's first block; harmless if it does."""
    _output(
        binary,
        *("--datadir", str(home.folder_of(member)), "--state.scheme", "hash", "--verbosity", "1"),
        *("init", str(home.genesis_file)),
    )


def command(binary: Path, home: Home, member: Member) -> list[str]:
    """The whole command line of a validator."""
    folder, ports = home.folder_of(member), (str(member.port),)
    return [
        str(binary),
        *("--datadir", str(folder), "--config", str(home.settings_of(member))),
        # Peers are those of the settings file, which also keeps the port on the loopback.
        *("--networkid", str(home.plan.chain_id), "--nodiscover", "--nat", "none"),
        *("--netrestrict", "127.0.0.0/8"),
        # Every old state stays readable, and a killed validator loses no block.
        *("--syncmode", "full", "--gcmode", "archive", "--state.scheme", "hash"),
        *("--snapshot=false", "--cache", "64", "--verbosity", "1"),
        *("--http", "--http.addr", "127.0.0.1", "--http.port", *ports),
        *("--http.api", "eth,net,web3"),
        *("--ws", "--ws.addr", "127.0.0.1", "--ws.port", *ports, "--ws.api", "eth,net,web3"),
        *("--authrpc.port", "0"),
        *("--mine", "--miner.etherbase", member.account),
        *("--miner.gasprice", str(GAS_PRICE), "--miner.gaslimit", str(GAS_LIMIT)),
        *("--rpc.txfeecap", f"{_DEAREST_TRANSACTION / 10**18:.12f}"),
        # A signer seals with its unlocked account, which owns nothing but what gas has paid.
        *("--unlock", member.account, "--password", str(home.password_of(member))),
        "--allow-insecure-unlock",
        # A node sends hundreds of transactions of one account at once.
        *("--txpool.accountslots", "8192", "--txpool.globalslots", "65536"),
        *("--txpool.accountqueue", "8192", "--txpool.globalqueue", "65536"),
    ]


def _output(binary: Path, *arguments: str) -> str:
    try:
        ended = subprocess.run(  # noqa: S603  the binary that was found, arguments of our own
            [str(binary), *arguments],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
        )
    except OSError as error:
        raise GethUnusable(f"{binary}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise GethUnusable(f"{binary} {arguments[0]} does not end") from error
    if ended.returncode != 0:
        last = ended.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        raise GethUnusable(f"{binary}: {last[0]}")
    return ended.stdout
