"""Certification services of SM2 and SM3, made for a test.

A certificate is first made with a key that the library knows, so that all its fields are in form;
then the key and the algorithm are exchanged, and it is signed anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import gmssl_pyx
from cryptography import x509

from tests.domain.authorities import DAY, NOW, Authority, Extra, der, named
from tidan_node.domain.certificates.der import element, members

_ALGORITHM: Final = bytes.fromhex("300c06082a811ccf550183750500")
_KEY_ALGORITHM: Final = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")


@dataclass(frozen=True)
class ChineseKey:
    """A pair of SM2: the point of 64 bytes, and the secret of 32."""

    public: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> ChineseKey:
        return cls(*gmssl_pyx.sm2_key_generate())

    def sign(self, message: bytes) -> bytes:
        signed: bytes = gmssl_pyx.sm2_sign(self.secret, self.public, message)
        return signed

    @property
    def info(self) -> bytes:
        return element(0x30, _KEY_ALGORITHM + element(0x03, b"\0\x04" + self.public))


@dataclass
class ChineseAuthority:
    """One key and name that sign."""

    name: x509.Name
    key: ChineseKey = field(default_factory=ChineseKey.fresh)
    certificate: bytes = b""

    @classmethod
    def root(cls) -> ChineseAuthority:
        authority = cls(named("Demo National Root"))
        authority.certificate = authority.vouch_for(authority.name, authority.key)
        return authority

    def below(self, common: str = "Demo Service", **how: object) -> ChineseAuthority:
        authority = ChineseAuthority(named(common))
        authority.certificate = self.vouch_for(authority.name, authority.key, **how)
        return authority

    def vouch_for(
        self, name: x509.Name, key: ChineseKey, *, serial: int = 0, **how: object
    ) -> bytes:
        """`serial` tells certificates apart that are alike otherwise: each is made anew."""
        made = Authority(self.name).vouch_for(Authority(name), **how)  # type: ignore[arg-type]  # as asked
        return self._signed(der(made), key)

    def client(
        self,
        organisation: str | None = None,
        *,
        name: x509.Name | None = None,
        key: ChineseKey | None = None,
        extra: Iterable[Extra] = (),
        **how: object,
    ) -> bytes:
        """As mainland services issue them: without an extended usage, unless asked for."""
        made = Authority(self.name).client(
            name or named("A maker", organisation),
            extra=extra,
            **how,  # type: ignore[arg-type]  # as asked
        )
        return self._signed(der(made), key or ChineseKey.fresh())

    def crl(
        self,
        *revoked: bytes,
        since: datetime = NOW - timedelta(hours=1),
        until: datetime = NOW + 5 * DAY,
    ) -> bytes:
        certificates = [x509.load_der_x509_certificate(each) for each in revoked]
        made = Authority(self.name).crl(*certificates, since=since, until=until)
        fields = members(x509.load_der_x509_crl(made).tbs_certlist_bytes)
        fields[1] = _ALGORITHM
        return self._sealed(fields)

    def _signed(self, certificate: bytes, key: ChineseKey) -> bytes:
        fields = members(members(certificate)[0])
        fields[2], fields[6] = _ALGORITHM, key.info
        return self._sealed(fields)

    def _sealed(self, fields: list[bytes]) -> bytes:
        inside = element(0x30, b"".join(fields))
        signature = element(0x03, b"\0" + self.key.sign(inside))
        return element(0x30, inside + _ALGORITHM + signature)
