"""Certification authorities made for a test: they issue what is asked of them, right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LEI = "984500DEMO0000000045"

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
Extra = tuple[x509.ExtensionType, bool]
CLIENT_AUTH = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)


def fresh_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def named(common: str, organisation: str | None = None, **more: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "SG")]
    if organisation is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, organisation))
    parts += [x509.NameAttribute(getattr(NameOID, name), text) for name, text in more.items()]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(*named: str) -> x509.KeyUsage:
    every = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: name in named for name in every})


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


@dataclass
class Authority:
    """One key and name that sign; the same pair may have several certificates."""

    name: x509.Name
    key: Key = field(default_factory=fresh_key)
    certificate: x509.Certificate | None = None

    @classmethod
    def root(cls, common: str = "Demo Root", key: Key | None = None, **how: object) -> Authority:
        authority = cls(named(common), key or fresh_key())
        authority.certificate = authority.vouch_for(authority, **how)  # type: ignore[arg-type]  # as asked
        return authority

    @property
    def der(self) -> bytes:
        assert self.certificate is not None
        return der(self.certificate)

    def below(self, common: str = "Demo Issuing", **how: object) -> Authority:
        """An authority that this one vouches for."""
        authority = Authority(named(common))
        authority.certificate = self.vouch_for(authority, **how)  # type: ignore[arg-type]  # as asked
        return authority

    def vouch_for(
        self,
        other: Authority,
        *,
        extra: Iterable[Extra] = (),
        usages: Sequence[str] = ("key_cert_sign", "crl_sign"),
        path_length: int | None = None,
        since: datetime = NOW - DAY,
        until: datetime = NOW + 100 * DAY,
    ) -> x509.Certificate:
        return self._sign(
            other.name,
            other.key,
            [
                (x509.BasicConstraints(ca=True, path_length=path_length), True),
                (usage(*usages), True),
                *extra,
            ],
            since,
            until,
        )

    def client(
        self,
        name: x509.Name | None = None,
        key: Key | None = None,
        *,
        extra: Iterable[Extra] = (CLIENT_AUTH,),
        usages: Sequence[str] = ("digital_signature",),
        since: datetime = NOW - DAY,
        until: datetime = NOW + 50 * DAY,
    ) -> x509.Certificate:
        return self._sign(
            named("A maker", f"LEIXG-{LEI}") if name is None else name,
            key or fresh_key(),
            [
                (x509.BasicConstraints(ca=False, path_length=None), True),
                (usage(*usages), True),
                *extra,
            ],
            since,
            until,
        )

    def crl(
        self,
        *revoked: x509.Certificate,
        number: int | None = 1,
        since: datetime = NOW - timedelta(hours=1),
        until: datetime | None = NOW + 5 * DAY,
        extra: Iterable[Extra] = (),
        entry_extra: Iterable[Extra] = (),
        key: Key | None = None,
        algorithm: hashes.HashAlgorithm | None = None,
    ) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(since)
            .next_update(until or NOW + DAY)
        )
        for each in revoked:
            entry = (
                x509.RevokedCertificateBuilder()
                .serial_number(each.serial_number)
                .revocation_date(since)
            )
            for extension, critical in entry_extra:
                entry = entry.add_extension(extension, critical)
            builder = builder.add_revoked_certificate(entry.build())
        if number is not None:
            builder = builder.add_extension(x509.CRLNumber(number), critical=False)
        for extension, critical in extra:
            builder = builder.add_extension(extension, critical)
        signing = key or self.key
        return builder.sign(signing, algorithm or _hash(signing)).public_bytes(Encoding.DER)

    def _sign(
        self,
        subject: x509.Name,
        key: Key,
        extensions: Iterable[Extra],
        since: datetime,
        until: datetime,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, _hash(self.key))


def _hash(key: Key) -> hashes.HashAlgorithm | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
