"""Secret keys of 32 bytes in encrypted files (Web3 Secret Storage, version 3)."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Final

from coincurve import PrivateKey
from eth_keyfile.keyfile import create_keyfile_json, decode_keyfile_json

from tidan_node.problems import Problem

_SCRYPT_WORK: Final = 2**17
"""About a third of a second, and 128 MiB, for each password tried."""

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


def create(
    path: Path, password: str, secret: bytes | None = None, *, work: int = _SCRYPT_WORK
) -> bytes:
    """Write a new key file, for its owner alone to read, and return the secret in it.

    A file that is there already is never written over: it may be the only copy of a key.
    """
    secret = secret if secret is not None else new_secret()
    PrivateKey(secret)  # refuses what is no key
    keyfile = create_keyfile_json(secret, password.encode(), kdf="scrypt", iterations=work)
    # The file may hold the key of another curve, and the address would be that of no account.
    del keyfile["address"]
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(keyfile, file)
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
    try:
        keyfile = json.loads(path.read_bytes())
    except OSError as error:
        raise KeystoreUnreadable(f"{path}: {error.strerror}", field="keystore") from error
    except ValueError as error:
        raise KeystoreUnreadable(f"{path} is no key file", field="keystore") from error
    if not isinstance(keyfile, dict) or "crypto" not in {key.lower() for key in keyfile}:
        raise KeystoreUnreadable(f"{path} is no key file", field="keystore")
    try:
        return bytes(decode_keyfile_json(keyfile, password.encode()))
    except (KeyError, TypeError, NotImplementedError) as error:
        raise KeystoreUnreadable(f"{path} is no key file", field="keystore") from error
    except ValueError:
        # Whatever else is wrong with it shows in the same way, and must not say more.
        raise WrongPassword(f"{path} does not open with this password", field="password") from None


def _keep_entry(folder: Path) -> None:
    """A key that is in use must not vanish with the power: its name is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
