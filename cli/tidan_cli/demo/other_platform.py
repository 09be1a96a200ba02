"""A second platform, made up for the demo: its authority, its revocation list, and one user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tidan_cli.demo.cast import Member
from tidan_cli.private_files import write_private

CODE: Final = "DEMO-PORT"
_DAY: Final = timedelta(days=1)
_ALL: Final = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


@dataclass(frozen=True, slots=True)
class OtherPlatform:
    """What the platform publishes, and what its user has, as files of one folder."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.der"

    @property
    def revocations(self) -> Path:
        return self.folder / "authority.crl"

    @property
    def certificate(self) -> Path:
        return self.folder / "user.pem"

    @property
    def key(self) -> Path:
        return self.folder / "user.key"

    def open_for(self, member: Member) -> None:
        """The platform vouches for one user of this party."""
        self.folder.mkdir(mode=0o700)
        now = datetime.now(UTC)
        name, key = _named("Demo Port Authority"), ec.generate_private_key(ec.SECP256R1())
        own = _certificate(name, key.public_key(), name, key, now, authority=True)
        user, secret = _user_of(member), ec.generate_private_key(ec.SECP256R1())
        leaf = _certificate(user, secret.public_key(), name, key, now)
        revoked = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(name)
            .last_update(now - timedelta(minutes=1))
            .next_update(now + 5 * _DAY)
            .add_extension(x509.CRLNumber(1), critical=False)
            .sign(key, hashes.SHA256())
        )
        self.authority.write_bytes(own.public_bytes(Encoding.DER))
        self.revocations.write_bytes(revoked.public_bytes(Encoding.DER))
        self.certificate.write_bytes(leaf.public_bytes(Encoding.PEM))
        write_private(
            self.key,
            secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )


def _named(common: str, *more: x509.NameAttribute[str]) -> x509.Name:
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "SG")
    return x509.Name([country, *more, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _user_of(member: Member) -> x509.Name:
    """ETSI EN 319 412-1: the legal person by its LEI, which belongs to no country (XG)."""
    lei = member.identifier.removeprefix("LEI:")
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"LEIXG-{lei}")
    return _named("A maker", organisation)


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    authority: bool = False,
) -> x509.Certificate:
    usages = ("key_cert_sign", "crl_sign") if authority else ("digital_signature",)
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 50 * _DAY)
        .add_extension(by, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in usages for usage in _ALL}), critical=True)
    )
    if not authority:
        client = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(client, critical=False)
    return builder.sign(signer, hashes.SHA256())
