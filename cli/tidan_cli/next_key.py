"""The account key that is to follow: made beside the one in use, and put in its place once the
chain has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tidan_cli.failures import NextKeyMissing
from tidan_cli.node_settings import settings_of
from tidan_cli.private_files import sync_folder, write_private
from tidan_node.domain.identifiers import Address
from tidan_node.ledger import keystore
from tidan_node.ledger.signer import LocalSigner

_NEXT: Final = "account-next.json"


@dataclass(frozen=True, slots=True)
class NextKey:
    """The keystores of a home's account. All of them are opened by the home's one password."""

    home: Path

    @property
    def account(self) -> Address | None:
        """The account that is to follow, where its key was made."""
        path = self._path
        return self._opened(path) if path.is_file() else None

    @property
    def in_use(self) -> Address:
        """The account that the node signs with, once it is started."""
        return self._opened(settings_of(self.home).account_keystore)

    def made(self) -> Address:
        """The account that is to follow; a second run finds the key of the first."""
        if not self._path.is_file():
            settings = settings_of(self.home)
            password = settings.password()
            work = keystore.work_beside(settings.account_keystore, password)
            keystore.create(self._path, password, work=work)
        return self._opened(self._path)

    @property
    def follows_none(self) -> bool:
        """Whether the home has lost the key before it: then no node of the home can run."""
        return not settings_of(self.home).account_keystore.is_file()

    def adopt(self) -> Path | None:
        """Put the key in its place. The former one, where the home has it still, is kept beside it
        under its account's name: killed in between, this is repeated."""
        following, current = self._path, settings_of(self.home).account_keystore
        if not following.is_file():
            raise NextKeyMissing(
                f"{following} does not exist; make it with --prepare", field="--home"
            )
        former = None
        if current.is_file():
            former = current.with_name(f"account-{self._opened(current)}.json")
            write_private(former, current.read_bytes())
        following.replace(current)
        sync_folder(current.parent)
        return former

    @property
    def _path(self) -> Path:
        return settings_of(self.home).account_keystore.with_name(_NEXT)

    def _opened(self, path: Path) -> Address:
        return LocalSigner(keystore.open(path, settings_of(self.home).password())).address
