"""Selective disclosure for JWTs (RFC 9901): claims that their holder may show one by one.

The signature of the issuer is for `tokens` to verify; here stands what RFC 9901 adds to it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from tidan_node.domain.proofs.canonical import JsonValue, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.domain.tokens import (
    LARGEST_TOKEN,
    Claims,
    Key,
    TokenRefused,
    read_unverified,
    refused,
    verify_token,
)

KEY_BINDING: Final = "kb+jwt"
"""The type of the token by which a holder binds a presentation to its key (§4.3)."""

KEY_BINDING_LIFE: Final = timedelta(minutes=5)
_SKEW: Final = timedelta(seconds=60)
_DIGESTS: Final = "_sd"
_ALGORITHM: Final = "_sd_alg"
_ELEMENT: Final = "..."
_SHA_256: Final = "sha-256"
_SALT_BYTES: Final = 16
_MOST_DISCLOSURES: Final = 100
_DEEPEST: Final = 32

Path = tuple[str, ...]
"""Where a claim stands: the names that lead to it."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A claim's salt, name and value as the issuer wrote them; an element of a list has no name."""

    text: str
    name: str | None
    value: JsonValue

    @classmethod
    def of(cls, name: str, value: JsonValue, salt: str | None = None) -> Disclosure:
        """A claim under a salt of its own, of 128 bits unless one is given."""
        chosen = secrets.token_urlsafe(_SALT_BYTES) if salt is None else salt
        written = json.dumps([chosen, name, value], ensure_ascii=False).encode()
        return cls(urlsafe_b64encode(written).decode(), name, value)

    @classmethod
    def parse(cls, text: str) -> Disclosure:
        try:
            parts = read_json(urlsafe_b64decode(text.encode("ascii")))
        except (ValueError, JsonMalformed) as error:
            raise refused("disclosure", "a disclosure is not JSON in base64url") from error
        match parts:
            case [str(), str() as name, value] if name not in (_DIGESTS, _ELEMENT):
                return cls(text, name, value)
            case [str(), value]:
                return cls(text, None, value)
        raise refused("disclosure", "a disclosure is salt, name and value, or salt and value")

    @property
    def digest(self) -> str:
        return _digest(self.text)


@dataclass(frozen=True, slots=True)
class SdJwt:
    """An issuer's token, the claims that are shown of it, and the holder's signature, if any."""

    token: str
    disclosures: tuple[Disclosure, ...]
    key_binding: str | None = None

    @classmethod
    def parse(cls, text: str) -> SdJwt:
        """The compact form of §4: parts with a tilde after each but a key binding."""
        token, tilde, rest = text.partition("~")
        if not tilde or len(text) > LARGEST_TOKEN:
            raise refused("form", "it is no SD-JWT: a token, disclosures, a tilde after each")
        *shown, last = rest.split("~")
        if len(shown) > _MOST_DISCLOSURES:
            raise refused("form", f"it has more than {_MOST_DISCLOSURES} disclosures")
        return cls(token, tuple(Disclosure.parse(each) for each in shown), last or None)

    def __str__(self) -> str:
        return self._bound + (self.key_binding or "")

    @property
    def _bound(self) -> str:
        return "~".join((self.token, *(each.text for each in self.disclosures), ""))

    @property
    def sd_hash(self) -> str:
        """What a key binding signs of the token and of what is shown of it (§4.3.1)."""
        return _digest(self._bound)

    def shown(self, names: Collection[str]) -> SdJwt:
        """Of what the holder has, only the claims of these names; no key binding yet."""
        kept = tuple(each for each in self.disclosures if each.name in names)
        return SdJwt(self.token, kept)

    def bound_by(self, sign: Callable[[Claims], str], *, audience: str, nonce: str,
                 now: datetime) -> SdJwt:  # fmt: skip
        """With the holder's signature that it is shown to this audience, now."""
        claims: Claims = {
            "aud": audience,
            "nonce": nonce,
            "iat": int(now.timestamp()),
            "sd_hash": self.sd_hash,
        }
        return replace(self, key_binding=sign(claims))


def blinded(claims: Claims, concealed: Iterable[Path]) -> tuple[Claims, tuple[Disclosure, ...]]:
    """The claims as the issuer signs them, and the disclosures of those that it has blinded."""
    result: Claims = json.loads(json.dumps(claims))
    made: list[Disclosure] = []
    for path in sorted(concealed, key=len, reverse=True):  # the inner ones go into the outer ones
        holder = result
        for name in path[:-1]:
            inner = holder[name]
            if not isinstance(inner, dict):
                raise TypeError(f"{'/'.join(path)} leads through something that is no object")
            holder = inner
        disclosure = Disclosure.of(path[-1], holder.pop(path[-1]))
        made.append(disclosure)
        known = holder.get(_DIGESTS, [])
        # sorted, so that their order does not tell what was where (§4.2.4.1)
        digests = sorted([*(known if isinstance(known, list) else []), disclosure.digest], key=str)
        holder[_DIGESTS] = digests
    result[_ALGORITHM] = _SHA_256
    return result, tuple(made)


def disclosed(claims: Claims, disclosures: Collection[Disclosure]) -> Claims:
    """The claims with what is shown put in its place, or why that cannot be (§7.1, step 3 on)."""
    if claims.get(_ALGORITHM, _SHA_256) != _SHA_256:
        raise refused("digest", "its digests are not by SHA-256")
    if len({each.digest for each in disclosures}) != len(disclosures):
        raise refused("disclosure", "a disclosure is there twice")
    opening = _Opening({each.digest: each for each in disclosures})
    result = opening.object_of(claims, 0)
    if opening.unused():
        raise refused("disclosure", "a disclosure belongs to no claim of the token")
    result.pop(_ALGORITHM, None)
    return result


def verify_key_binding(
    shown: SdJwt, holder: Key, *, audience: str, nonce: str, now: datetime
) -> None:
    """That the holder of this key shows this, to this audience, now (§7.3)."""
    if shown.key_binding is None:
        raise refused("key-binding", "it has no signature of its holder")
    claims = verify_token(shown.key_binding, holder, typ=KEY_BINDING).claims
    if claims.get("aud") != audience:
        raise refused("audience", "its holder has shown it to somebody else")
    if claims.get("nonce") != nonce:
        raise refused("nonce", "its holder has not used the nonce")
    if claims.get("sd_hash") != shown.sd_hash:
        raise refused("sd-hash", "its holder has signed for other claims")
    made = claims.get("iat")
    age = now.timestamp() - made if isinstance(made, int | float) else float("inf")
    if not -_SKEW.total_seconds() <= age <= KEY_BINDING_LIFE.total_seconds():
        raise refused("time", "its holder has not signed it within the last five minutes")


def is_sd_jwt(text: str) -> bool:
    """Whether this claims to be an SD-JWT rather than a bare token."""
    return "~" in text


class _Opening:
    """One walk through claims: each digest is met once, each disclosure is used once."""

    def __init__(self, disclosures: dict[str, Disclosure]) -> None:
        self._disclosures = disclosures
        self._met: set[str] = set()

    def unused(self) -> bool:
        return not self._disclosures.keys() <= self._met

    def object_of(self, claims: Claims, depth: int) -> Claims:
        if _ELEMENT in claims:
            raise refused("digest", "it has `...` where no digest of an element can be")
        result: Claims = {
            name: self._value(value, depth) for name, value in claims.items() if name != _DIGESTS
        }
        digests = claims.get(_DIGESTS, [])
        if not isinstance(digests, list):
            raise refused("digest", "`_sd` is no list of digests")
        for digest in digests:
            found = self._meet(digest)
            if found is None:
                continue
            if found.name is None or found.name in result:
                raise refused(
                    "disclosure", "a disclosure has no name, or one that is there already"
                )
            result[found.name] = self._value(found.value, depth)
        return result

    def _value(self, value: JsonValue, depth: int) -> JsonValue:
        if depth > _DEEPEST:
            raise refused("form", f"it is nested deeper than {_DEEPEST} levels")
        if isinstance(value, dict):
            return self.object_of(value, depth + 1)
        if isinstance(value, list):
            return self._list(value, depth + 1)
        return value

    def _list(self, values: list[JsonValue], depth: int) -> list[JsonValue]:
        result: list[JsonValue] = []
        for value in values:
            if not (isinstance(value, dict) and set(value) == {_ELEMENT}):
                result.append(self._value(value, depth))
                continue
            found = self._meet(value[_ELEMENT])
            if found is None:
                continue
            if found.name is not None:
                raise refused("disclosure", "the disclosure of a list's element has a name")
            result.append(self._value(found.value, depth))
        return result

    def _meet(self, digest: JsonValue) -> Disclosure | None:
        if not isinstance(digest, str):
            raise refused("digest", "a digest is text")
        if digest in self._met:
            raise refused("digest", "a digest is there twice")
        self._met.add(digest)
        return self._disclosures.get(digest)


def _digest(text: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()


__all__ = [
    "KEY_BINDING",
    "Disclosure",
    "SdJwt",
    "TokenRefused",
    "blinded",
    "disclosed",
    "is_sd_jwt",
    "read_unverified",
    "verify_key_binding",
]
