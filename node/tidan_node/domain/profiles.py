"""What a party says of itself on the chain: read strictly, since anybody may write anything there.

Members that are not known are passed over, so that a node reads the profiles of newer ones; what is
known must have its form, and the whole must be the one RFC 8785 form of itself.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from tidan_node.domain.exchange_keys import Curve, PublicKeyMalformed, public_jwk
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.problems import InvalidInput

LARGEST_PROFILE: Final = 16 * 1024
_LONGEST_NAME: Final = 200
_LONGEST_URL: Final = 2048
_LONGEST_IDENTIFIER: Final = 64
_MOST_ENTRIES: Final = 64
_SCHEME: Final = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}:[\x21-\x7e]{1,63}")
"""Every code that numbers can be given under; lists of ISO 6523 are named by a number (0195)."""


class ProfileMalformed(InvalidInput):
    """A party's profile is RFC 8785 JSON: a name, identifiers, a node URL, codes, two public
    keys."""

    status, slug, title = 422, "profile-malformed", "The profile is not in its form"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A name of a party in a public list, such as an LEI. The party states it; nobody vouches."""

    scheme: str
    value: str

    @classmethod
    def parse(cls, text: str) -> Identifier | None:
        """From `LEI:5299…`; None where the text has not this form."""
        scheme, colon, value = text.partition(":")
        if not colon or not _SCHEME.fullmatch(scheme) or not value or " " in value:
            return None
        return cls(scheme, value.upper())

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A party's own words about itself."""

    name: str
    identifiers: tuple[Identifier, ...] = ()
    node_url: str | None = None
    codes: tuple[str, ...] = ()
    signing_key: dict[str, str] | None = field(default=None, hash=False)
    """A public Ed25519 JWK: what the party's node signs is verified with it."""
    encryption_key: dict[str, str] | None = field(default=None, hash=False)
    """A public X25519 JWK: what is meant for the party's node is sealed with it."""

    def canonical(self) -> bytes:
        """The bytes that go on the chain."""
        members: dict[str, JsonValue] = {
            "name": self.name,
            "identifiers": [
                {"scheme": each.scheme, "value": each.value} for each in self.identifiers
            ],
            "codes": list(self.codes),
        }
        if self.node_url is not None:
            members["nodeUrl"] = self.node_url
        if self.signing_key is not None:
            members["signingKey"] = dict(self.signing_key)
        if self.encryption_key is not None:
            members["encryptionKey"] = dict(self.encryption_key)
        return canonical_bytes(members)


def read_profile(raw: bytes) -> Profile:
    """The profile in these bytes, or `ProfileMalformed` naming the member and its rule."""
    if len(raw) > LARGEST_PROFILE:
        raise ProfileMalformed(f"a profile has at most {LARGEST_PROFILE} bytes", field="profile")
    members = _canonical_object(raw)
    return Profile(
        name=_text(members.get("name"), "name", longest=_LONGEST_NAME),
        identifiers=_identifiers(members.get("identifiers", [])),
        node_url=_node_url(members.get("nodeUrl")),
        codes=_codes(members.get("codes", [])),
        signing_key=_key(members.get("signingKey"), "Ed25519", "signingKey"),
        encryption_key=_key(members.get("encryptionKey"), "X25519", "encryptionKey"),
    )


def _canonical_object(raw: bytes) -> dict[str, JsonValue]:
    try:
        members = read_json(raw)
    except JsonMalformed as error:
        # without its words: they quote, and what they quote may be long
        raise ProfileMalformed("not JSON", field="profile") from error
    if not isinstance(members, dict):
        raise ProfileMalformed("not a JSON object", field="profile")
    if canonical_bytes(members) != raw:
        raise ProfileMalformed("not in the canonical form of RFC 8785, in NFC", field="profile")
    return members


def _text(value: object, field: str, *, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ProfileMalformed("must be text, and not empty", field=field)
    if len(value) > longest:
        raise ProfileMalformed(f"has at most {longest} characters", field=field)
    # controls, format characters (they reverse or hide text), lone surrogates, unassigned
    if any(unicodedata.category(letter).startswith("C") for letter in value):
        raise ProfileMalformed("has characters that cannot be seen", field=field)
    return value


def _entries(value: object, field: str) -> list[object]:
    if not isinstance(value, list):
        raise ProfileMalformed("must be a list", field=field)
    if len(value) > _MOST_ENTRIES:
        raise ProfileMalformed(f"has at most {_MOST_ENTRIES} entries", field=field)
    return value


def _identifiers(value: object) -> tuple[Identifier, ...]:
    found: list[Identifier] = []
    for entry in _entries(value, "identifiers"):
        if not isinstance(entry, dict) or set(entry) != {"scheme", "value"}:
            raise ProfileMalformed("each has a scheme and a value", field="identifiers")
        scheme = _text(entry["scheme"], "identifiers", longest=_LONGEST_IDENTIFIER)
        text = _text(entry["value"], "identifiers", longest=_LONGEST_IDENTIFIER)
        identifier = Identifier.parse(f"{scheme}:{text}")
        if identifier is None or identifier.value != text:
            raise ProfileMalformed("is SCHEME and VALUE in capitals, unspaced", field="identifiers")
        if identifier in found:
            raise ProfileMalformed(f"{scheme}:{text} is there twice", field="identifiers")
        found.append(identifier)
    return tuple(found)


def _node_url(value: object) -> str | None:
    if value is None:
        return None
    url = _text(value, "nodeUrl", longest=_LONGEST_URL)
    if not re.fullmatch(r"https?://[\x21-\x7e]+", url):
        raise ProfileMalformed("must be an http or https URL", field="nodeUrl")
    return url


def _codes(value: object) -> tuple[str, ...]:
    codes = [
        _text(entry, "codes", longest=_LONGEST_IDENTIFIER) for entry in _entries(value, "codes")
    ]
    if len(set(codes)) != len(codes):
        raise ProfileMalformed("a code is there twice", field="codes")
    for code in codes:
        if not _CODE.fullmatch(code):
            raise ProfileMalformed(f"{code!r} is not LIST:CODE", field="codes")
    return tuple(codes)


def _key(value: object, curve: Curve, field: str) -> dict[str, str] | None:
    if value is None:
        return None
    try:
        return public_jwk(value, curve, field)
    except PublicKeyMalformed as error:
        raise ProfileMalformed(error.detail, field=field) from error
