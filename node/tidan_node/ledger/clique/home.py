"""The home of a chain of validators: its plan, its keys, and who may work in it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from coincurve import PrivateKey

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.clique.genesis import genesis
from tidan_node.ledger.clique.ipc import check_depth
from tidan_node.ledger.clique.ports import HOST, free_ports
from tidan_node.ledger.embedded.durable import sync_directory, write_file
from tidan_node.ledger.embedded.problems import ChainHomeBusy, ChainHomeUnusable
from tidan_node.ledger.keyfile import Keyfile
from tidan_node.ledger.keystore import FOR_RANDOM_PASSWORD, new_password, new_secret
from tidan_node.ledger.signer import LocalSigner

_FORMAT: Final = 1
_LOCK_PATIENCE: Final = 120.0
_POLL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Member:
    """One validator: its number from 1, its signing account, and where it is reached."""

    number: int
    account: Address
    node: str
    port: int
    peer_port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def enode(self) -> str:
        """Where the others find it: its node key's public half, and its place."""
        return f"enode://{self.node}@{HOST}:{self.peer_port}?discport=0"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fixed for a chain's life."""

    chain_id: int
    validators: tuple[Member, ...]


class Home:
    """The files of one chain. `clique.json` is written last: without it there is no chain yet."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.genesis_file = self.path / "genesis.json"
        self._plan_file = self.path / "clique.json"
        self._faucet = self.path / "faucet.key"
        self._lock = self.path / "validators.lock"

    @property
    def is_there(self) -> bool:
        return self._plan_file.is_file()

    @property
    def plan(self) -> Plan:
        try:
            known = json.loads(self._plan_file.read_text())
            return Plan(
                int(known["chainId"]), tuple(Member(**each) for each in known["validators"])
            )
        except OSError as error:
            raise self._unusable(error) from error
        except (ValueError, LookupError, TypeError) as error:
            raise ChainHomeUnusable(f"{self._plan_file} cannot be read: {error}") from error

    def folder_of(self, member: Member) -> Path:
        return self.path / f"validator-{member.number}"

    def settings_of(self, member: Member) -> Path:
        return self.folder_of(member) / "geth.toml"

    def password_of(self, member: Member) -> Path:
        return self.folder_of(member) / "password"

    def log_of(self, member: Member) -> Path:
        return self.folder_of(member) / "geth.log"

    def socket_of(self, member: Member) -> Path:
        return self.folder_of(member) / "geth.ipc"

    def faucet(self) -> LocalSigner:
        """The account that all money comes from."""
        try:
            return LocalSigner(bytes.fromhex(self._faucet.read_text().strip()))
        except OSError as error:
            raise self._unusable(error) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other command away; a killed one lets go by itself."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            self._take(handle)
            yield
        finally:
            os.close(handle)

    def make(
        self,
        chain_id: int,
        validators: int,
        first_port: int | None,
        write_first_block: Callable[[Member], None],
    ) -> None:
        """A new chain; what a start that was killed has left behind is made anew."""
        check_depth(self.path / f"validator-{validators}" / "geth.ipc")
        for left_over in self.path.glob("validator-*"):
            shutil.rmtree(left_over)
        ports = free_ports(2 * validators, first_port)
        faucet = new_secret()
        _write_private(self._faucet, faucet.hex())
        keys = [new_secret() for _ in range(validators)]
        nodes = [new_secret() for _ in range(validators)]
        members = tuple(
            Member(
                number=place + 1,
                account=LocalSigner(keys[place]).address,
                node=PrivateKey(nodes[place]).public_key.format(compressed=False)[1:].hex(),
                port=ports[place],
                peer_port=ports[validators + place],
            )
            for place in range(validators)
        )
        first = genesis(
            chain_id,
            [member.account for member in members],
            LocalSigner(faucet).address,
            int(time.time()),
        )
        write_file(self.genesis_file, (json.dumps(first, indent=2).encode() + b"\n",))
        for member, key, node in zip(members, keys, nodes, strict=True):
            self._write_validator(member, key, node, members)
            write_first_block(member)
        document = {
            "format": _FORMAT,
            "chainId": chain_id,
            "validators": [asdict(member) for member in members],
        }
        sync_directory(self.path)
        write_file(self._plan_file, (json.dumps(document, indent=2).encode() + b"\n",))

    def _write_validator(
        self, member: Member, key: bytes, node: bytes, members: tuple[Member, ...]
    ) -> None:
        folder = self.folder_of(member)
        (folder / "geth").mkdir(mode=0o700, parents=True)
        (folder / "keystore").mkdir(mode=0o700)
        password = new_password()
        keyfile = Keyfile.sealed(key, password.encode(), FOR_RANDOM_PASSWORD)
        # geth finds the key of an account by what its file tells.
        named = {"address": member.account.removeprefix("0x"), **json.loads(keyfile.text())}
        _write_private(folder / "keystore" / member.account, json.dumps(named))
        _write_private(self.password_of(member), password)
        _write_private(folder / "geth" / "nodekey", node.hex())
        others = json.dumps([other.enode for other in members if other is not member])
        # geth dials twice as many at once as it may keep, and lets trusted ones in whatever it may:
        # with half of them as the limit, whoever starts later finds all others. One that was away
        # catches up at once only when it has as many peers as the limit, up to five.
        most = max(1, len(members) // 2)
        self.settings_of(member).write_text(
            f'[Node.P2P]\nListenAddr = "{HOST}:{member.peer_port}"\nMaxPeers = {most}\n'
            f"DialRatio = 1\nStaticNodes = {others}\nTrustedNodes = {others}\n"
        )

    def _take(self, handle: int) -> None:
        give_up_at = time.monotonic() + _LOCK_PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > give_up_at:
                    raise ChainHomeBusy(f"another command works in {self.path}") from error
                time.sleep(_POLL)
            else:
                return

    def _unusable(self, error: OSError) -> ChainHomeUnusable:
        return ChainHomeUnusable(f"{self.path}: {error.strerror}", field="--home")


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
