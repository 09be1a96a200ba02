"""What a party says of itself on the chain: read strictly, since anybody may write anything there.

Members that are not known are passed over, so that a node reads the profiles of newer ones; what is
known must have its form, and the whole must be the one RFC 8785 form of itself.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tidan_node.domain.exchange_keys import Curve, PublicKeyMalformed, public_jwk
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.domain.tls_certificates import MOST_TLS_CERTIFICATES, certificate_texts
from tidan_node.problems import InvalidInput

LARGEST_PROFILE: Final = 16 * 1024
_LONGEST_NAME: Final = 200
_LONGEST_URL: Final = 2048
_LONGEST_IDENTIFIER: Final = 64
_MOST_ENTRIES: Final = 64
MOST_CERTIFICATES: Final = 4
_LARGEST_CERTIFICATE: Final = 4096
_SCHEME: Final = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
_DID_WEB: Final = re.compile(r"did:web:[A-Za-z0-9.-]+(%3A[0-9]{1,5})?(:[A-Za-z0-9._~-]+)*")
_NODE_URL: Final = re.compile(
    r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?"
)
"""Nothing that would swallow the path that is asked for (`?`, `#`), or name a user."""
_PROOF: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_LONGEST_PROOF: Final = 2048
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}:[\x21-\x7e]{1,63}")
"""Every code that numbers can be given under; lists of ISO 6523 are named by a number (0195)."""


class ProfileMalformed(InvalidInput):
    """A party's profile is RFC 8785 JSON: a name, identifiers, a node URL, codes, two public
    keys, a DID, certificates."""

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
    did: str | None = None
    """A did:web of the party's own, where it is not the one that its node's URL gives it."""
    certificates: tuple[bytes, ...] = ()
    """An X.509 chain in DER, the party's own first: who else vouches for its identifiers."""
    certificate_proof: str | None = None
    """A JWS by the key of the first certificate: that the signing key is its owner's."""
    tls_certificates: tuple[bytes, ...] = ()
    """The certificates in DER that the party's node shows other nodes: the one in use, and during a
    change the next one."""

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
        if self.did is not None:
            members["did"] = self.did
        if self.certificates:
            members["certificates"] = [*certificate_texts(self.certificates)]
        if self.certificate_proof is not None:
            members["certificateProof"] = self.certificate_proof
        if self.tls_certificates:
            members["tlsCertificates"] = [*certificate_texts(self.tls_certificates)]
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
        did=_pattern(members, "did", _DID_WEB, "is a did:web", longest=_LONGEST_URL),
        certificates=certificates_in(members, "certificates", most=MOST_CERTIFICATES),
        certificate_proof=_pattern(
            members, "certificateProof", _PROOF, "is a compact JWS", longest=_LONGEST_PROOF
        ),
        tls_certificates=certificates_in(members, "tlsCertificates", most=MOST_TLS_CERTIFICATES),
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
    if not _NODE_URL.fullmatch(url):
        raise ProfileMalformed("must be an http or https URL of a host and a path", field="nodeUrl")
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


def _pattern(
    members: Mapping[str, JsonValue],
    field: str,
    form: re.Pattern[str],
    rule: str,
    *,
    longest: int,
) -> str | None:
    if field not in members:
        return None
    text = _text(members[field], field, longest=longest)
    if not form.fullmatch(text):
        raise ProfileMalformed(rule, field=field)
    return text


def certificates_in(
    members: Mapping[str, JsonValue], field: str, *, most: int
) -> tuple[bytes, ...]:
    """Certificates as a profile carries them. Only their outermost form is looked at: what a
    parser makes of them changes with its release, and all nodes must read a profile alike."""
    if field not in members:
        return ()
    entries = _entries(members[field], field)
    if not 1 <= len(entries) <= most:
        raise ProfileMalformed(f"has 1 to {most} entries", field=field)
    return tuple(_der(entry, field) for entry in entries)


def _der(entry: object, field: str) -> bytes:
    try:
        raw = base64.b64decode(entry, validate=True) if isinstance(entry, str) else b""
    except (binascii.Error, ValueError):
        raw = b""
    if not 0 < len(raw) <= _LARGEST_CERTIFICATE or base64.b64encode(raw).decode() != entry:
        raise ProfileMalformed(
            f"each is the base64 form of at most {_LARGEST_CERTIFICATE} bytes", field=field
        )
    if not _is_one_sequence(raw):
        raise ProfileMalformed("each is a certificate in DER", field=field)
    return raw


def _is_one_sequence(raw: bytes) -> bool:
    """Whether this is an ASN.1 SEQUENCE from the first byte to the last (X.690 §8.1.3)."""
    if len(raw) < 2 or raw[0] != 0x30:
        return False
    if raw[1] < 0x80:
        return len(raw) == 2 + raw[1]
    count = raw[1] - 0x80
    return 1 <= count <= 3 and len(raw) == 2 + count + int.from_bytes(raw[2 : 2 + count], "big")
