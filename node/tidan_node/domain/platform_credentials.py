"""A platform's credential for one of its users: an SD-JWT of an issuer known by its DID, shown by
its holder.

The credential is a W3C Verifiable Credential of the type `TidanPlatformUser` with an end and a
place in a status list; its subject has an `id` and names the `organisation` that the user acts
for, as `LEI:…`. The holder signs a key binding (RFC 9901, 4.3) for this party, whose nonce is of
its own choice and used once. Which issuer is believed, the chain says; here the credential is only
held against the keys and the list of its issuer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from tidan_node.domain.credentials import Presented, encoded_list_of, read_presented
from tidan_node.domain.did import DidMalformed, did_url, read_did_keys
from tidan_node.domain.loopback import is_loopback
from tidan_node.domain.profiles import Identifier
from tidan_node.domain.sd_jwt import KEY_BINDING_LIFE, verify_key_binding
from tidan_node.domain.sign_in_tokens import SKEW, SignInUse, refused
from tidan_node.domain.status_list import StatusListMalformed, decode_list, is_set
from tidan_node.domain.tokens import Key, TokenRefused, public_key, read_unverified

USER: Final = "TidanPlatformUser"
LONGEST_LIST_LIFE: Final = timedelta(days=10)
"""As a list of revoked certificates of clients, a status list is believed for so long at most."""
_MOST_KEYS: Final = 8
_LAST_SECOND: Final = 253402300799
"""Of the year 9999, after which Python has no moments."""
_NONCE: Final = re.compile(r"[!-~]{16,128}")
_SUBJECT: Final = re.compile(r"[ -~]{1,255}")


@dataclass(frozen=True, slots=True)
class UserCredential:
    """What somebody shows; nothing of it is proven by reading it."""

    presented: Presented = field(repr=False)

    @classmethod
    def read(cls, text: str) -> UserCredential:
        with _refused():
            presented = read_presented(text)
        if presented.sd_jwt is None or presented.sd_jwt.key_binding is None:
            raise refused("form", "it is shown with a key binding of its holder")
        types = presented.claims.get("type")
        if not isinstance(types, list) or USER not in types:
            raise refused("typ", f"it is no {USER}")
        if presented.claims.get("validUntil") is None:
            raise refused("form", "it has no end")
        return cls(presented)

    @property
    def issuer(self) -> str:
        """The DID that it claims."""
        with _refused():
            return self.presented.issuer

    def require_issued_with(self, keys: Sequence[Key], at: datetime) -> None:
        """That its issuer has signed it, and that its time is now."""
        _require_one_has_signed(self.presented, keys)
        with _refused():
            self.presented.require_valid_at(at)

    @property
    def list_url(self) -> str:
        """Where its issuer tells which credentials are revoked: at the issuer's own address."""
        with _refused():
            entry = self.presented.status()
        if entry is None:
            raise refused("status", "its issuer does not tell whether it is revoked")
        if urlsplit(entry.url)[:2] != urlsplit(document_url(self.issuer))[:2]:
            raise refused("status", "its status list is not at the address of its issuer")
        return entry.url

    def require_in_force(self, listed: bytes, keys: Sequence[Key], at: datetime) -> datetime:
        """That the issuer's list, which is in date, does not revoke it; and until when."""
        with _refused():
            status_list = read_presented(_text(listed))
            _require_one_has_signed(status_list, keys)
            status_list.require_valid_at(at)
            encoded = encoded_list_of(status_list, issuer=self.issuer, url=self.list_url)
            entry = self.presented.status()
            revoked = entry is None or is_set(decode_list(encoded), entry.index)
        if revoked:
            raise refused("revoked", "its issuer has revoked it")
        begins, ends = (_moment(status_list, name) for name in ("validFrom", "validUntil"))
        if begins is None or ends is None or at >= begins + LONGEST_LIST_LIFE:
            raise refused("status", "the status list of its issuer is out of date, or has no end")
        signed_until = map(_signed_until, (self.presented, status_list))
        return min(ends, begins + LONGEST_LIST_LIFE, self._ends, *signed_until)

    def use_of(self, audience: str, now: datetime) -> tuple[SignInUse, str]:
        """What is used up by signing in with it now at this party, and the name of its key."""
        shown = self.presented.sd_jwt
        if shown is None or shown.key_binding is None or self.presented.holder_key is None:
            raise refused("form", "it names no key of its holder")
        with _refused():
            holder = public_key(self.presented.holder_key, "cnf")
            claims = read_unverified(shown.key_binding).claims
            nonce, made = claims.get("nonce"), claims.get("iat")
            if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce) or type(made) is not int:
                raise refused("form", "its nonce has 16 to 128 visible characters")
            verify_key_binding(shown, holder, audience=audience, nonce=nonce, now=now)
        ends = datetime.fromtimestamp(made, now.tzinfo) + KEY_BINDING_LIFE + SKEW
        return SignInUse(nonce, ends), holder.thumbprint()

    @property
    def subject(self) -> str:
        """The user, as the issuer names it."""
        name = self._said("id")
        if not _SUBJECT.fullmatch(name):
            raise refused("form", "its subject has an id of 1 to 255 characters of ASCII")
        return name

    @property
    def organisation(self) -> Identifier | None:
        """Whom the user acts for."""
        return Identifier.parse(self._said("organisation"))

    @property
    def _ends(self) -> datetime:
        ends = _moment(self.presented, "validUntil")
        if ends is None:
            raise refused("form", "it has no end")
        return ends

    def _said(self, name: str) -> str:
        subject = self.presented.claims.get("credentialSubject")
        value = subject.get(name) if isinstance(subject, dict) else None
        return value if isinstance(value, str) else ""


def document_url(did: str) -> str:
    """Where a DID's document is; on this very machine, for trials, without TLS."""
    with _refused():
        url = did_url(did)
    if is_loopback(urlsplit(url).hostname or ""):
        return "http" + url.removeprefix("https")
    return url


def issuing_keys(document: bytes, did: str) -> list[Key]:
    """The keys with which this DID issues; those of a kind that is not known here are left out."""
    with _refused():
        stated = read_did_keys(document, did)["assertionMethod"]
    found: list[Key] = []
    for jwk in stated[:_MOST_KEYS]:
        try:
            found.append(public_key(jwk))
        except TokenRefused:
            continue
    if not found:
        raise refused("signature", "its issuer names no key that is believed here")
    return found


def digest_of(use: SignInUse, key_name: str) -> str:
    """What is remembered of a key binding: within one key, its nonce."""
    return hashlib.sha256(f"{key_name}:{use.name}".encode()).hexdigest()


def _require_one_has_signed(presented: Presented, keys: Sequence[Key]) -> None:
    last: TokenRefused | None = None
    for key in keys:
        try:
            presented.verify_signature(key)
        except TokenRefused as problem:
            last = problem
        else:
            return
    raise refused("signature", "no key of its issuer has signed it") from last


def _signed_until(presented: Presented) -> datetime:
    """The end of its signature (RFC 7519, 4.1.4), which has been held against the time before."""
    stated = presented.claims.get("exp")
    seconds = stated if isinstance(stated, int | float) else _LAST_SECOND
    return datetime.fromtimestamp(min(seconds, _LAST_SECOND), UTC)


def _moment(presented: Presented, name: str) -> datetime | None:
    stated = presented.claims.get(name)
    return datetime.fromisoformat(stated) if isinstance(stated, str) else None


def _text(listed: bytes) -> str:
    try:
        return listed.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise refused("status", "the status list of its issuer is no token") from error


@contextmanager
def _refused() -> Iterator[None]:
    """What a credential is refused for, as the refusal of the sign-in."""
    try:
        yield
    except TokenRefused as problem:
        raise refused(str(problem.extra.get("rule")), problem.detail) from problem
    except DidMalformed as problem:
        raise refused("issuer", f"of its issuer's DID: {problem.detail}") from problem
    except StatusListMalformed as problem:
        raise refused("status", problem.detail) from problem
