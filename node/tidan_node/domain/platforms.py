"""Foreign platforms that the consortium recognises: by which anchor, for what, until when."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Final, NewType

from eth_abi.abi import encode
from eth_hash.auto import keccak

from tidan_node.domain.identifiers import hex_32, to_hex
from tidan_node.domain.parties import Role
from tidan_node.problems import InvalidInput, Problem

AnchorId = NewType("AnchorId", str)
"""keccak256 over platform, kind and anchor: 32 bytes as lower-case hex with 0x."""

PlatformCode = NewType("PlatformCode", str)

PLATFORM_CODE: Final = re.compile(r"[A-Z][A-Z0-9-]{1,19}")


class AnchorKind(enum.IntEnum):
    """What vouches for a platform's users, numbered as in PlatformRegistry."""

    NONE = 0
    CERTIFICATE = 1
    DID = 2


class AnchorUnknown(Problem):
    status, slug, title = 404, "anchor-unknown", "No recognition has this anchor"


class AnchorWithdrawn(Problem):
    status, slug, title = 409, "anchor-withdrawn", "The recognition is withdrawn already"


class PlatformCodeMalformed(Problem):
    status, slug, title = 422, "platform-code-malformed", "This is no code of a platform"


class RecognitionExpired(Problem):
    status, slug, title = 422, "recognition-expired", "The recognition would end in the past"


@dataclass(frozen=True, slots=True)
class Recognition:
    """One trust anchor of a foreign platform, with its scope. Renewing it replaces the terms."""

    anchor_id: AnchorId
    platform: PlatformCode
    kind: AnchorKind
    anchor: bytes
    roles: Role
    acts: str
    expires_at: int
    withdrawn: bool = False

    @property
    def scopes(self) -> frozenset[str]:
        """The acts that its users may do, as the node's scopes name them."""
        return frozenset(self.acts.split())

    def stands(self, at: int) -> bool:
        """Whether it holds at this chain time (seconds)."""
        return not self.withdrawn and at < self.expires_at


def anchor_id_of(platform: str, kind: AnchorKind, anchor: bytes) -> AnchorId:
    """The id that PlatformRegistry gives this anchor."""
    packed = encode(["string", "uint8", "bytes"], [platform, int(kind), anchor])
    return AnchorId(to_hex(keccak(packed)))


def anchor_id(value: str, field: str = "anchor") -> AnchorId:
    return AnchorId(hex_32(value, field))


def platform_code(value: str, field: str = "platform") -> PlatformCode:
    """A platform's code, as it stands on the chain."""
    if not PLATFORM_CODE.fullmatch(value):
        raise PlatformCodeMalformed(
            "2 to 20 capital letters, digits and hyphens, the first of them a letter", field=field
        )
    return PlatformCode(value)


def acts_of(scopes: list[str], field: str = "acts") -> str:
    """Scopes as the chain has them: sorted, each once, separated by a space."""
    if not scopes:
        raise InvalidInput("at least one act is recognised", field=field)
    return " ".join(sorted(set(scopes)))
