"""A revocation list that a certificate was looked up in, and what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509


@dataclass(frozen=True, slots=True)
class UsedList:
    """A list that counts for a certificate of the path, whatever it says of it."""

    series: str
    """Which lists replace each other: those of one key, for one distribution point."""
    number: int | None
    issued_at: datetime
    valid_until: datetime
    der: bytes = field(repr=False)

    @property
    def issuer(self) -> str:
        """The key that has signed it, as `key_id` names keys."""
        return self.series.partition(":")[0]

    def is_older_than(self, other: UsedList) -> bool:
        """Whether this one was made before that one, which is of the same series."""
        if self.number is not None and other.number is not None and self.number < other.number:
            return True
        return self.issued_at < other.issued_at

    def revokes(self, *serials: int) -> frozenset[int]:
        """Which of these certificates of its issuer it names."""
        crl = x509.load_der_x509_crl(self.der)
        return frozenset(
            serial
            for serial in serials
            if crl.get_revoked_certificate_by_serial_number(serial) is not None
        )
