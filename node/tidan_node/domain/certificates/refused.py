"""Why a chain of certificates is not believed."""

from __future__ import annotations

from dataclasses import dataclass

from tidan_node.domain.certificates.used_list import UsedList
from tidan_node.problems import Problem


@dataclass(frozen=True, slots=True)
class Learnt:
    """A list by which a certificate is revoked, and the trusted authority below which it counts."""

    used: UsedList
    authority: bytes


class CertificateRefused(Problem):
    """A certificate is believed where a path leads from it to a recognised authority, all of it in
    its time and made for this use, and where the newest list of revoked certificates of each
    issuer on the path is at hand and does not name it.

    `rule` says what was wrong: `form`, `size`, `anchor`, `path`, `depth`, `expired`,
    `not-yet-valid`, `usage`, `key`, `name`, `subject`, `revoked`, or of a list `crl-missing`,
    `crl-form`, `crl-size`, `crl-signature`, `crl-usage`, `crl-kind`, `crl-scope`,
    `crl-not-yet-valid`, `crl-stale`, `crl-older`.
    """

    status, slug, title = 403, "certificate-refused", "The certificate cannot be believed"
    learnt: Learnt | None = None
    """What is worth keeping of the refusal: nobody shall hide that list by an older one."""


class ChineseCryptographyMissing(Problem):
    """Certificates with SM2 and SM3 are read by an optional library: install `tidan[sm]`."""

    status, slug, title = 501, "sm-library-missing", "This node cannot check SM2 certificates"


def refused(rule: str, detail: str, *, field: str = "certificate") -> CertificateRefused:
    """The refusal by this rule. The detail names no subject: it may be shown and logged."""
    return CertificateRefused(detail, field=field, rule=rule)


def revoked(used: UsedList, *, below: bytes) -> CertificateRefused:
    """The refusal of a certificate that this list names."""
    problem = refused("revoked", "a certificate of the chain was revoked by its issuer")
    problem.learnt = Learnt(used, below)
    return problem
