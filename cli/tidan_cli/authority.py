"""The consortium's authority in a chain home: its key, the manifest, and the chain it speaks to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tidan_cli.failures import AuthorityMissing
from tidan_cli.private_files import write_private, write_whole
from tidan_node.ledger import keystore
from tidan_node.ledger.clique.chain import running_url
from tidan_node.ledger.embedded.home import ChainHome
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import ChainUnreachable
from tidan_node.ledger.signer import LocalSigner

_KEYSTORE: Final = "authority.json"
_PASSWORD: Final = "authority.password"  # noqa: S105  the name of a file
_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class AuthorityHome:
    """The files with which the authority deploys and enrols."""

    path: Path

    @property
    def manifest_file(self) -> Path:
        return self.path / _MANIFEST

    def prepare(self) -> None:
        """Make the folder, for its owner alone."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def manifest(self) -> Manifest | None:
        """The manifest of the contracts, once they are deployed."""
        try:
            return Manifest.from_json(self.manifest_file.read_bytes())
        except FileNotFoundError:
            return None

    def keep_manifest(self, manifest: Manifest) -> None:
        write_whole(self.manifest_file, manifest.to_json().encode())

    def signer(self) -> LocalSigner:
        """The authority's key, opened with the password beside it."""
        key, password = self.path / _KEYSTORE, self.path / _PASSWORD
        if not key.is_file() or not password.is_file():
            raise AuthorityMissing(
                f"{self.path} has no {_KEYSTORE} with its {_PASSWORD}; `tidan chain deploy` makes"
                " them, and only their owner can enrol",
                field="--chain-home",
            )
        return LocalSigner(keystore.open(key, password.read_text().strip()))

    def signer_or_new(self) -> LocalSigner:
        """The authority's key, made on the first deployment. The password goes first: a crash
        between the two leaves a password without a key, never a key without its password. One that
        was there before may be somebody's own."""
        key, password = self.path / _KEYSTORE, self.path / _PASSWORD
        work = keystore.FOR_CHOSEN_PASSWORD
        if not password.is_file():
            work = keystore.FOR_RANDOM_PASSWORD
            write_private(password, keystore.new_password().encode() + b"\n")
        if not key.is_file():
            keystore.create(key, password.read_text().strip(), work=work)
        return self.signer()

    def chain_url(self, chosen: str | None) -> str:
        """The chain that was named, or the one that runs in this very folder."""
        if chosen is not None:
            return chosen
        if (validator := running_url(self.path)) is not None:
            return validator
        running = ChainHome(self.path).announced()
        if running is None or not running.is_alive:
            raise ChainUnreachable(
                f"no chain runs in {self.path}; start it with `tidan chain up`, or name one with"
                " --chain URL",
                field="--chain",
            )
        return running.url
