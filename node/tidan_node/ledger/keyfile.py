"""Web3 Secret Storage, version 3: a secret in a JSON text, under a password that is stretched.

The usual library loads the arithmetic of pairings with it, which every start would pay for."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Annotated, Final, Literal, Self, cast
from uuid import uuid4

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from eth_hash.auto import keccak

_KEY: Final = 32
_MOST_MEMORY: Final = 2**31 - 1
"""What stretching may take, in bytes: a work of 2**20 does."""

KeyLength = Annotated[int, msgspec.Meta(ge=_KEY, le=_KEY)]


class Scrypt(msgspec.Struct, frozen=True, kw_only=True):
    """The stretching of RFC 7914, by the names that it has there."""

    n: int
    r: int = 8
    p: int = 1
    dklen: KeyLength = _KEY
    salt: str

    def key(self, password: bytes) -> bytes:
        return hashlib.scrypt(
            password,
            salt=_bytes(self.salt),
            n=self.n,
            r=self.r,
            p=self.p,
            maxmem=_MOST_MEMORY,
            dklen=self.dklen,
        )


class Pbkdf2(msgspec.Struct, frozen=True, kw_only=True):
    """The other stretching that files of other tools may have."""

    c: int
    prf: Literal["hmac-sha256"]
    dklen: KeyLength
    salt: str

    def key(self, password: bytes) -> bytes:
        return hashlib.pbkdf2_hmac("sha256", password, _bytes(self.salt), self.c, self.dklen)


class _CipherParams(msgspec.Struct, frozen=True):
    iv: str


class _Crypto(msgspec.Struct, frozen=True, kw_only=True):
    cipher: Literal["aes-128-ctr"] = "aes-128-ctr"
    cipherparams: _CipherParams
    ciphertext: str
    kdf: Literal["scrypt", "pbkdf2"] = "scrypt"
    kdfparams: dict[str, object]
    mac: str


class Keyfile(msgspec.Struct, frozen=True, kw_only=True):
    """What such a text says."""

    crypto: _Crypto
    id: str = ""
    version: Annotated[int, msgspec.Meta(ge=3, le=3)] = 3

    @classmethod
    def sealed(cls, secret: bytes, password: bytes, work: int) -> Self:
        """A new one; `work` is the n of scrypt."""
        stretching = Scrypt(n=work, salt=secrets.token_hex(_KEY))
        key, vector = stretching.key(password), secrets.token_bytes(16)
        ciphertext = _crypted(key, vector, secret)
        crypto = _Crypto(
            cipherparams=_CipherParams(vector.hex()),
            ciphertext=ciphertext.hex(),
            kdfparams=msgspec.to_builtins(stretching),
            mac=_mac(key, ciphertext).hex(),
        )
        return cls(crypto=crypto, id=str(uuid4()))

    @classmethod
    def read(cls, text: bytes) -> Self:
        """What a text says; a ValueError where it is no such file. Old ones have capitals."""
        return msgspec.convert(_lowered(json.loads(text)), cls)

    @property
    def work(self) -> object:
        """The n of scrypt, where the password is stretched by it."""
        return self.crypto.kdfparams.get("n")

    @property
    def stretching(self) -> Scrypt | Pbkdf2:
        kind: type[Scrypt | Pbkdf2] = Scrypt if self.crypto.kdf == "scrypt" else Pbkdf2
        return msgspec.convert(self.crypto.kdfparams, kind)

    def opened(self, password: bytes) -> bytes | None:
        """The secret, or nothing where the password is another or the file is damaged; a
        ValueError where it cannot be tried."""
        key, ciphertext = self.stretching.key(password), _bytes(self.crypto.ciphertext)
        if not hmac.compare_digest(_mac(key, ciphertext), _bytes(self.crypto.mac)):
            return None
        return _crypted(key, _bytes(self.crypto.cipherparams.iv), ciphertext)

    def text(self) -> str:
        return msgspec.json.encode(self).decode()


def _crypted(key: bytes, vector: bytes, text: bytes) -> bytes:
    """Counter mode goes both ways."""
    return Cipher(algorithms.AES128(key[:16]), modes.CTR(vector)).encryptor().update(text)


def _mac(key: bytes, ciphertext: bytes) -> bytes:
    return keccak(key[16:32] + ciphertext)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _lowered(value: object) -> object:
    if not isinstance(value, dict):
        return value
    members = cast(dict[str, object], value)  # of JSON, whose names are texts
    return {name.lower(): _lowered(member) for name, member in members.items()}
