"""Whether a certificate can vouch for the party that states it: asked before it is on the chain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from tidan_node.domain.certificates import path, sm
from tidan_node.domain.certificates.client import ClientPath
from tidan_node.domain.certificates.reading import is_usable_anchor, read_certificate
from tidan_node.domain.certificates.refused import (
    CertificateRefused,
    ChineseCryptographyMissing,
    refused,
)
from tidan_node.domain.certificates.subject import subject_of
from tidan_node.domain.profiles import Identifier
from tidan_node.problems import InvalidInput


class CertificateUnfit(InvalidInput):
    """A party states a certificate that others can believe of it: in its time, made for clients
    that sign (digitalSignature, clientAuth), and naming one of the party's identifiers in its
    organizationIdentifier. `rule` says what was wrong, as it does where others verify it."""

    status, slug, title = 422, "certificate-unfit", "The certificate cannot vouch for this party"


def require_fit(chain: Sequence[bytes], identifiers: Collection[Identifier], at: datetime) -> None:
    """What every verifier would refuse, whomever it trusts; who was revoked is not looked up."""
    try:
        _require_fit(chain, identifiers, at)
    except CertificateRefused as problem:
        rule = str(problem.extra.get("rule"))
        raise CertificateUnfit(
            f"{rule}: {problem.detail}", field="certificates", rule=rule
        ) from problem


def _require_fit(chain: Sequence[bytes], identifiers: Collection[Identifier], at: datetime) -> None:
    leaf, *others = chain
    certificate = read_certificate(leaf)
    path.refuse_time(certificate, at)
    is_chinese = certificate.signature_algorithm_oid == sm.SM2_WITH_SM3
    (sm if is_chinese else path).require_client(certificate)
    organisation = subject_of(certificate).organisation
    if organisation is None:
        raise refused("subject", "it has no organizationIdentifier (2.5.4.97) that parties go by")
    if organisation not in identifiers:
        raise refused("subject", f"it names another organisation, {organisation}")
    anchors = [each for each in others if is_usable_anchor(each)]
    if not anchors:
        return
    try:
        ClientPath.found(leaf, others, anchors=anchors, at=at)
    except ChineseCryptographyMissing:
        return  # others may have the library
