"""Which list says whether a certificate of a path was revoked: one of its own issuer alone.

A list counts where the issuer on the path has signed it, it is complete (neither a delta nor
indirect), it speaks of certificates like this one, and it is neither too old nor from the future.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tidan_node.domain.certificates.reading import UNREADABLE, is_authority, key_id
from tidan_node.domain.certificates.refused import CertificateRefused, refused
from tidan_node.domain.certificates.used_list import UsedList

OLDEST: Final = timedelta(days=10)
OLDEST_OF_AUTHORITIES: Final = timedelta(days=366)
"""How long a list of revoked clients, and one of revoked authorities, is believed, whatever it says
itself (CA/Browser Forum, Baseline Requirements 4.9.7)."""

_READ: Final = frozenset(
    {
        x509.CRLNumber.oid,
        x509.AuthorityKeyIdentifier.oid,
        x509.IssuingDistributionPoint.oid,
    }
)
_READ_IN_ENTRIES: Final = frozenset({x509.CRLReason.oid, x509.InvalidityDate.oid})

Crl = x509.CertificateRevocationList


class Signatures(Protocol):
    """Who knows the algorithms of this chain."""

    def has_signed(self, issuer: x509.Certificate, crl: Crl) -> bool: ...


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists that come with a request, and the newest ones that were seen before."""

    sent: Sequence[Crl]
    kept: Sequence[Crl] = ()

    def look_up(
        self,
        certificate: x509.Certificate,
        issuer: x509.Certificate,
        *,
        signatures: Signatures,
        at: datetime,
    ) -> UsedList:
        """The newest list in which this certificate would stand, had its issuer revoked it."""
        oldest = OLDEST_OF_AUTHORITIES if is_authority(certificate) else OLDEST

        def usable(crls: Iterable[Crl]) -> _Usable:
            theirs = [crl for crl in crls if crl.issuer == issuer.subject]
            return _usable(theirs, certificate, issuer, signatures=signatures, oldest=oldest)

        sent, kept = usable(self.sent), usable(self.kept)
        for each in sent.found:
            if any(each.series == seen.series and each.is_older_than(seen) for seen in kept.found):
                raise refused("crl-older", "a newer list of this issuer was seen", field="crls")
        newest = _newest([*kept.found, *sent.found])
        if newest is None:
            # of one name there may be several keys, and of one key several lists: what is kept for
            # others says nothing against what was sent
            raise sent.why or refused(
                "crl-missing", "send the newest list of each issuer of the chain", field="crls"
            )
        _require_current(newest, at)
        _require_entries_read(x509.load_der_x509_crl(newest.der))
        return newest


@dataclass(frozen=True, slots=True)
class _Usable:
    """The lists that count for a certificate, and why the first of the others does not."""

    found: list[UsedList]
    why: CertificateRefused | None


def _usable(
    crls: Sequence[Crl],
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    signatures: Signatures,
    oldest: timedelta,
) -> _Usable:
    """Of the lists in the issuer's name those that count."""
    found: list[UsedList] = []
    why: CertificateRefused | None = None
    for crl in crls:
        try:
            _require_signed(crl, issuer, signatures)
            _require_complete(crl)
            _require_concerns(crl, certificate)
        except CertificateRefused as problem:
            why = why or problem
        else:
            found.append(_used(crl, issuer, oldest))
    return _Usable(found, why)


def _require_signed(crl: Crl, issuer: x509.Certificate, signatures: Signatures) -> None:
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    if usage is None or not usage.crl_sign:
        raise refused("crl-usage", "the issuer's key was not made for lists", field="crls")
    if not signatures.has_signed(issuer, crl):
        raise refused("crl-signature", "the issuer has not signed its list", field="crls")


def _require_complete(crl: Crl) -> None:
    for extension in crl.extensions:
        if extension.oid == x509.DeltaCRLIndicator.oid:
            raise refused("crl-kind", "it is a delta, send the complete list", field="crls")
        if extension.critical and extension.oid not in _READ:
            raise refused("crl-kind", "it says what is not understood here", field="crls")
    point = _point_of(crl)
    if point is not None and point.indirect_crl:
        raise refused("crl-kind", "it is an indirect list, send the issuer's own", field="crls")


def _require_concerns(crl: Crl, certificate: x509.Certificate) -> None:
    point = _point_of(crl)
    if point is None:
        return
    authority = is_authority(certificate)
    elsewhere = (
        point.only_contains_attribute_certs
        or bool(point.only_some_reasons)
        or point.relative_name is not None
        or (point.only_contains_user_certs and authority)
        or (point.only_contains_ca_certs and not authority)
        or (point.full_name is not None and not _points(certificate) & set(point.full_name))
    )
    if elsewhere:
        raise refused("crl-scope", "it does not speak of this certificate", field="crls")


def _require_current(used: UsedList, at: datetime) -> None:
    if at < used.issued_at:
        raise refused("crl-not-yet-valid", "the newest list is from the future", field="crls")
    if at >= used.valid_until:
        raise refused("crl-stale", "the newest list is out of date, send a new one", field="crls")


def _require_entries_read(crl: Crl) -> None:
    """An entry may say of itself that it belongs to another issuer, or what nobody understands."""
    try:
        understood = all(
            extension.oid in _READ_IN_ENTRIES
            for entry in crl
            for extension in entry.extensions
            if extension.critical
        )
    except UNREADABLE as error:
        raise refused("crl-form", "an entry of it cannot be read", field="crls") from error
    if not understood:
        raise refused("crl-kind", "an entry says what is not understood here", field="crls")


def _used(crl: Crl, issuer: x509.Certificate, oldest: timedelta) -> UsedList:
    try:
        number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        number = None
    point = _point_of(crl)
    scope = b"" if point is None else point.public_bytes()
    # without nextUpdate a list never ends, and so cannot show that no newer one is held back
    ends = crl.next_update_utc or crl.last_update_utc
    return UsedList(
        series=f"{key_id(issuer)}:{hashlib.sha256(scope).hexdigest()[:32]}",
        number=number,
        issued_at=crl.last_update_utc,
        valid_until=min(ends, crl.last_update_utc + oldest),
        der=crl.public_bytes(Encoding.DER),
    )


def _newest(lists: Sequence[UsedList]) -> UsedList | None:
    return max(lists, key=lambda each: (each.issued_at, each.number or 0), default=None)


def _point_of(crl: Crl) -> x509.IssuingDistributionPoint | None:
    try:
        return crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return None


def _points(certificate: x509.Certificate) -> set[x509.GeneralName]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in found for name in (point.full_name or ())}
