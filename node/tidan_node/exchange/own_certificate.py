"""The certificate that this node shows others, and its key: one file, so that they always fit.

The file is encrypted under a secret that comes of the exchange keystore, and not under the password
itself: PKCS #8 stretches a password so little that it could be guessed there most cheaply.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from tidan_node.domain.tls_certificates import LIFE, Der, new_certificate, valid_until
from tidan_node.problems import Problem
from tidan_node.web.health import NotReady

_INFO: Final = b"tidan/exchange/tls-file/1"
_SECRET_BYTES: Final = 32
_log = structlog.stdlib.get_logger(__name__)

Version = tuple[int, int]


class TlsFileUnusable(Problem):
    """The file has the node's certificate and its key, which the exchange keystore opens."""

    status, slug, title = 422, "tls-file-unusable", "The node's certificate cannot be used"


def new_tls_file(exchange_secret: bytes, hosts: Iterable[str], now: datetime) -> tuple[bytes, Der]:
    """The content of a file with a new key and its certificate, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = new_certificate(key, hosts, now, LIFE)
    kept = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(_password(exchange_secret))
    )
    shown = x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
    return kept + shown, certificate


def certificate_in(file: Path) -> Der:
    """The certificate in such a file."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(Encoding.DER)
    except (OSError, ValueError) as error:
        raise _unusable(file) from error


class OwnCertificate:
    """Shows what the file has, and what it has next once the file is another."""

    def __init__(self, file: Path, exchange_secrets: Iterable[bytes]) -> None:
        """The secrets are looked at anew each time: the exchange key may be renewed meanwhile."""
        self._file = file
        self._secrets = exchange_secrets
        self.context = _server_context()
        self._version = _version_of(file)
        self.certificate = certificate_in(file)
        self._load(self.context)

    def look(self) -> None:
        """Show what is in the file now. A file that cannot be used leaves all as it is."""
        version = _version_of(self._file)
        if version == self._version:
            return
        self._version = version
        try:
            certificate = certificate_in(self._file)
            self._load(_server_context())  # else half of it might be taken over
            self._load(self.context)
        except TlsFileUnusable as problem:
            _log.error("certificate not taken over", problem=problem.slug)
            return
        self.certificate = certificate
        _log.info("certificate taken over", until=valid_until(certificate).isoformat())

    def require_valid(self, now: datetime) -> str:
        """Until when it is valid; other nodes send nothing to one whose certificate has ended."""
        until = valid_until(self.certificate)
        if until <= now:
            raise NotReady(f"it has ended on {until:%Y-%m-%d}: `tidan node renew-certificate`")
        return f"until {until:%Y-%m-%d}"

    def _load(self, context: ssl.SSLContext) -> None:
        for secret in self._secrets:
            # ssl.SSLError is an OSError
            with suppress(OSError, ValueError):
                context.load_cert_chain(self._file, password=_password(secret))
                return
        raise _unusable(self._file)


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    # nodes keep their connections, and no ticket has to be kept safe
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    return context


def _password(exchange_secret: bytes) -> bytes:
    derived = HKDF(SHA256(), _SECRET_BYTES, salt=None, info=_INFO).derive(exchange_secret)
    return derived.hex().encode()


def _version_of(file: Path) -> Version | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _unusable(file: Path) -> TlsFileUnusable:
    return TlsFileUnusable(
        f"{file} holds no certificate with its key that this node's exchange keystore opens",
        field="tls_file",
    )
