"""Secret keys of 32 bytes in encrypted files (Web3 Secret Storage, version 3)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from coincurve import PrivateKey

from tidan_node.ledger.keyfile import Keyfile
from tidan_node.problems import Problem

FOR_CHOSEN_PASSWORD: Final = 2**17
"""The work of scrypt where people may have chosen the password: about a third of a second, and
128 MiB, for each that is tried."""

FOR_RANDOM_PASSWORD: Final = 2
"""The work where the password is one of `new_password`. Nobody tries 2**256 of them, however
quickly one is tried; stretching would only make each start slow."""

_ORDER_OF_P256: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class KeystoreExists(Problem):
    status, slug, title = 409, "keystore-exists", "There is a key in this place already"


class KeystoreUnreadable(Problem):
    status, slug, title = 422, "keystore-unreadable", "The file holds no key that can be opened"


class WrongPassword(Problem):
    status, slug, title = 403, "wrong-password", "The password does not open the key"


def new_secret() -> bytes:
    """Fresh bytes that are a private key of secp256k1, and of P-256 too: it has the lower order."""
    while True:
        secret = secrets.token_bytes(32)
        if 0 < int.from_bytes(secret, "big") < _ORDER_OF_P256:
            return secret


def new_password() -> str:
    """A password of 256 random bits."""
    return secrets.token_urlsafe(32)


def create(
    path: Path, password: str, secret: bytes | None = None, *, work: int = FOR_CHOSEN_PASSWORD
) -> bytes:
    """Write a new key file, for its owner alone to read, and return the secret in it.

    A file that is there already is never written over: it may be the only copy of a key. No
    address is told in it: it may hold the key of another curve, of which there is no account.
    """
    secret = secret if secret is not None else new_secret()
    PrivateKey(secret)  # refuses what is no key
    keyfile = Keyfile.sealed(secret, password.encode(), work)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(keyfile.text())
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
        _keep_entry(path.parent)
    except FileExistsError as error:
        raise KeystoreExists(f"{path} exists", field="keystore") from error
    finally:
        draft.unlink(missing_ok=True)
    return secret


def open_all(folder: Path, password: str) -> list[bytes]:
    """The secrets in all key files of a folder, in the order of their names; none where there is
    no folder."""
    return [open(file, password) for file in sorted(folder.glob("*.json"))]


def open(path: Path, password: str) -> bytes:  # noqa: A001  # read as keystore.open
    """The secret in a key file."""
    keyfile = _read(path)
    try:
        secret = keyfile.opened(password.encode())
    except ValueError as error:
        raise KeystoreUnreadable(f"{path} is no key file", field="keystore") from error
    if secret is None:
        # Whatever else is wrong with it shows in the same way, and must not say more.
        raise WrongPassword(f"{path} does not open with this password", field="password")
    return secret


def work_beside(path: Path, password: str) -> int:
    """The work for one more key under the password of one that is there. A password is as strong
    as the weakest file that it opens, so where it opens this one, more would guard nothing."""
    try:
        if _read(path).work == FOR_RANDOM_PASSWORD and open(path, password):
            return FOR_RANDOM_PASSWORD
    except (KeystoreUnreadable, WrongPassword):
        pass  # it proves nothing
    return FOR_CHOSEN_PASSWORD


def _read(path: Path) -> Keyfile:
    try:
        return Keyfile.read(path.read_bytes())
    except OSError as error:
        raise KeystoreUnreadable(f"{path}: {error.strerror}", field="keystore") from error
    except ValueError as error:
        raise KeystoreUnreadable(f"{path} is no key file", field="keystore") from error


def _keep_entry(folder: Path) -> None:
    """A key that is in use must not vanish with the power: its name is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
