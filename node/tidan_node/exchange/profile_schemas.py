"""What is asked of a party's own profile, and answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tidan_node.domain.tls_certificates import MOST_TLS_CERTIFICATES
from tidan_node.web.operation_answers import OperationAnswer
from tidan_node.web.shapes import VISIBLE, Shape


class PublicKey(Shape):
    """An Ed25519 key (RFC 8037)."""

    crv: Literal["Ed25519"]
    kty: Literal["OKP"]
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class ProfileRequest(Shape):
    """What is to change; what is left out stays."""

    node_url: Annotated[str, Field(max_length=2048, pattern=VISIBLE)] | None = None
    tls_certificates: (
        Annotated[list[str], Field(min_length=1, max_length=MOST_TLS_CERTIFICATES)] | None
    ) = None
    """In base64 DER: the one in use, and during a change the next one."""
    signing_key: PublicKey | None = None
    """The next exchange keys, by the one that others verify with. The node must have them in its
    home, where `tidan node renew-exchange-key` makes them; the other one goes with it."""
    did: Annotated[str, Field(max_length=2048, pattern=VISIBLE)] | None = None
    """A did:web of the party's own."""
    certificates: Annotated[list[str], Field(min_length=1, max_length=4)] | None = None
    """An X.509 chain in base64 DER, the party's own first; needs `certificateProof`."""
    certificate_proof: Annotated[str, Field(max_length=2048, pattern=VISIBLE)] | None = None
    """A JWS by the key of the first certificate, over the party's signing key."""


class ProfileAccepted(Shape):
    """The operation that writes the profile anew."""

    operation: OperationAnswer
