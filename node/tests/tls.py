"""The certificates of parties that are numbered, and listeners that show them."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from tidan_node.domain.tls_certificates import Der, new_certificate
from tidan_node.exchange.own_certificate import OwnCertificate, new_tls_file

SECRET = bytes(range(32))


@cache
def certificate_of(party: int) -> Der:
    """What this party's profile pins, for those who look at it and do not connect."""
    key = ec.derive_private_key(party, ec.SECP256R1())
    return new_certificate(key, [f"node-{party}.example"], datetime(2026, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Shown:
    """A listener's side of TLS, and the certificate that it shows."""

    certificate: Der
    own: OwnCertificate

    @property
    def context(self) -> ssl.SSLContext:
        return self.own.context


def shown(folder: Path, *, age: timedelta = timedelta(0)) -> Shown:
    """A new certificate that was made so long ago."""
    file = folder / f"{len(list(folder.iterdir()))}.pem"
    content, certificate = new_tls_file(SECRET, ["127.0.0.1"], datetime.now(UTC) - age)
    file.write_bytes(content)
    return Shown(certificate, OwnCertificate(file, [SECRET]))
