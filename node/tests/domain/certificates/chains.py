"""A chain of certificates and the lists that it needs, for tests to bend."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.domain.authorities import (
    NOW,
    Authority,
    der,
)
from tidan_node.domain.certificates.client import (
    CertificateRefused,
    VerifiedClient,
    verify_client_chain,
)

SERVER_AUTH = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
FOR_NOBODY = (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)


class Chain:
    """A root, an issuing authority below it, and the lists of both."""

    def __init__(self, **issuing: object) -> None:
        self.root = Authority.root()
        self.issuing = self.root.below(**issuing)

    def verify(
        self,
        leaf: x509.Certificate,
        between: Sequence[Authority] | None = None,
        *,
        crls: Sequence[bytes] | None = None,
        anchors: Sequence[Authority] | None = None,
    ) -> VerifiedClient:
        sent = [self.issuing] if between is None else between
        return verify_client_chain(
            der(leaf),
            [each.der for each in sent],
            anchors=[each.der for each in anchors or [self.root]],
            at=NOW,
            crls=[self.root.crl(), self.issuing.crl()] if crls is None else crls,
        )

    def refusal(self, leaf: x509.Certificate, *sent: Sequence[Authority], **how: object) -> object:
        with pytest.raises(CertificateRefused) as caught:
            self.verify(leaf, *sent, **how)  # type: ignore[arg-type]  # handed on as it is
        assert caught.value.field is not None
        return caught.value.extra["rule"]


def constrained(**how: list[x509.GeneralName]) -> dict[str, object]:
    both = {"permitted_subtrees": None, "excluded_subtrees": None} | how
    return {"extra": [(x509.NameConstraints(**both), True)]}  # type: ignore[arg-type]  # as above
