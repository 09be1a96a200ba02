"""What the certificates in a party's profile are worth to this node."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tidan_node.domain.certificates.client import (
    CertificateRefused,
    ChineseCryptographyMissing,
    VerifiedClient,
    verify_client_chain,
)
from tidan_node.domain.certificates.proof import CertificateProofRefused, verify_ownership
from tidan_node.domain.checks import Check, Outcome
from tidan_node.domain.profiles import Profile
from tidan_node.identity.trust_anchors import TrustAnchors

CHAIN: Final = "certificates"
NAME: Final = "certificate-identifier"
OWNER: Final = "certificate-owner"
_UNKNOWN: Final = frozenset(
    {"anchor", "crl-missing", "crl-stale", "crl-not-yet-valid", "crl-form", "crl-size"}
)
"""What a better-kept folder would tell: nothing is wrong with the certificate yet."""


def certificate_checks(
    profile: Profile, named: str, trusted: TrustAnchors, at: datetime
) -> list[Check]:
    """Whether a trusted authority vouches for the party of this name (`party_on_chain`), by its
    certificates, at this time."""
    if not profile.certificates:
        return [Check.not_evaluable(CHAIN, "the party states no certificates")]
    if not trusted.certificates:
        return [Check.not_evaluable(CHAIN, "this node trusts no authority: fill trust_anchors")]
    leaf, *others = profile.certificates
    try:
        client = verify_client_chain(
            leaf, others, anchors=trusted.certificates, at=at, crls=trusted.lists
        )
    except CertificateRefused as refused:
        told = f"{refused.extra.get('rule')}: {refused.detail}"
        if refused.extra.get("rule") in _UNKNOWN:
            return [Check.not_evaluable(CHAIN, told)]
        return [Check.failed(CHAIN, told)]
    except ChineseCryptographyMissing as missing:
        return [Check.not_evaluable(CHAIN, missing.detail)]
    owner = _is_the_partys(profile, leaf, named)
    return [Check.verified(CHAIN), _names_the_party(profile, client), owner]


def vouched_by(checks: list[Check]) -> str | None:
    """The identifier that an authority says is the party's, if these checks are all well."""
    about = {each.name: each.about for each in checks if each.outcome is Outcome.VERIFIED}
    return about[NAME] if about.keys() >= {CHAIN, NAME, OWNER} else None


def _names_the_party(profile: Profile, client: VerifiedClient) -> Check:
    organisation = client.subject.organisation
    if organisation is None:
        return Check.failed(NAME, "the certificate has no organizationIdentifier (2.5.4.97)")
    if organisation not in profile.identifiers:
        return Check.failed(NAME, "the certificate names another organisation", str(organisation))
    return Check.verified(NAME, str(organisation))


def _is_the_partys(profile: Profile, leaf: bytes, named: str) -> Check:
    """Certificates are public: without this, anybody could state somebody else's."""
    if profile.certificate_proof is None or profile.signing_key is None:
        return Check.not_evaluable(
            OWNER, "no certificateProof shows that the certificate is the party's own"
        )
    try:
        verify_ownership(leaf, profile.certificate_proof, profile.signing_key, named)
    except CertificateProofRefused as refused:
        return Check.failed(OWNER, refused.detail)
    return Check.verified(OWNER)
