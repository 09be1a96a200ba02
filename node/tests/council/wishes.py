"""What the tests of the Council propose."""

from __future__ import annotations

from typing import Any

from tests.story import exchange_keys
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.numbering import NumberingKey

NEWCOMER = "0x" + "ab" * 20


def enrolment(**members: Any) -> dict[str, Any]:
    """What a member proposes about a newcomer."""
    keys = exchange_keys(9)
    profile = Profile(
        "Newcomer Demo Ltd",
        node_url="https://newcomer.example",
        signing_key=keys.signing_jwk,
        encryption_key=keys.encryption_jwk,
    )
    key = "0x" + NumberingKey((9).to_bytes(32, "big")).public_key.hex()
    return {
        "kind": "enrol",
        "roles": ["TRADER", "BANK"],
        "account": NEWCOMER,
        "profile": _document(profile),
        "codes": [{"code": "SMDG:NEW", "key": key}],
        "rulebook": "rules-1",
        "governingLaw": "SG",
    } | members


def _document(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "identifiers": [],
        "codes": [],
        "nodeUrl": profile.node_url,
        "signingKey": profile.signing_key,
        "encryptionKey": profile.encryption_key,
    }
