"""Signing in from another platform, as callers ask for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tidan_node.domain.certificates.reading import LARGEST_LIST, MOST_LISTS
from tidan_node.domain.tokens import LARGEST_TOKEN
from tidan_node.web.shapes import VISIBLE, Shape

_BASE64 = r"^[A-Za-z0-9+/]+={0,2}$"


class PlatformSessionRequest(Shape):
    """Who signs in: by which platform, with which token, and what its issuers have revoked."""

    platform: Annotated[
        str,
        Field(
            pattern=r"^[A-Z][A-Z0-9-]{1,19}$",
            description="The code under which the consortium recognises the platform.",
        ),
    ]
    token: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LARGEST_TOKEN,
            pattern=VISIBLE,
            description="A JWT of type `tidan-sign-in+jwt` with the certificates in its `x5c`.",
        ),
    ]
    crls: Annotated[
        list[Annotated[str, Field(max_length=LARGEST_LIST * 4 // 3 + 4, pattern=_BASE64)]],
        Field(
            default_factory=list,
            max_length=MOST_LISTS,
            description="The newest revocation list of each issuer of the chain, DER in base64. "
            "What this node has seen before and is still in date may be left out.",
        ),
    ]
