"""Requests between nodes: signed by RFC 9421 with the key that the chain has for the party."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
    VerifyResult,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.digests import ContentDigest

from tidan_node.domain.exchange_keys import ExchangeKeys, Jwk, verification_key
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.exchange.problems import RecipientUnreachable, SignatureRefused

LIFE: Final = timedelta(minutes=5)
SKEW: Final = timedelta(seconds=60)
_TAG: Final = "tidan-parcel"
_LABEL: Final = "party"
_COVERED: Final = ("@method", "@target-uri", "content-type", "content-digest")
_KEY_ID: Final = re.compile(r';keyid="(tidan:([0-9]{1,16}):([0-9]{1,10}))"')
_NONCE: Final = re.compile(r"[!-~]{16,64}")


@dataclass(slots=True)
class _Message:
    """A request as the library reads and writes it."""

    method: str
    url: str
    headers: Any  # Any: a dictionary, or every line that came, under its name


@dataclass(frozen=True, slots=True)
class Claim:
    """Who a request says that it is from; nothing of it is proven yet."""

    key_id: str
    chain_id: int
    party: PartyIndex


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a request's headers, the nonce that this uses up, and what they say of its body.

    What is signed is the digest of the body: nobody has to read a body to know whose it is.
    """

    party: PartyIndex
    nonce: str
    expires_at: datetime
    covered: Mapping[str, str] = field(repr=False)

    def require_body(self, body: bytes) -> None:
        """That this is the body whose digest was signed."""
        try:
            covers = ContentDigest.verify_components(self.covered, body)
        except (InvalidSignature, HTTPMessageSignaturesException) as error:
            raise _refused("digest", "the body is not the one that was signed") from error
        if not covers:
            raise _refused("digest", "the digest of the body was not signed")


class _NotInTime(InvalidSignature):
    """Too early, too late, or without a time."""


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = SKEW

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        # Any: as the library has it, which declares no types here
        try:
            super().validate_created_and_expires(  # type: ignore[no-untyped-call]  # as above
                sig_input, max_age=max_age
            )
        except InvalidSignature as error:
            raise _NotInTime(*error.args) from error
        created, expires = (sig_input.params.get(name) for name in ("created", "expires"))
        if not isinstance(expires, int) or not 0 <= expires - created <= LIFE.total_seconds():
            raise _NotInTime("a signature ends, at most five minutes after it was made")


def key_id(chain_id: int, party: PartyIndex) -> str:
    """The name of a party's signing key, as requests carry it."""
    return f"tidan:{chain_id}:{party}"


def target(node_url: str) -> str:
    """Where a party's parcels go: also what is signed, whatever proxy stands before the node."""
    try:
        parts = urlsplit(node_url)
    except ValueError as error:  # a profile may have anything that begins as a URL does
        raise RecipientUnreachable("the address in the profile cannot be read") from error
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/v1/parcels"


def sign(
    keys: ExchangeKeys, name: str, *, url: str, content_type: str, body: bytes
) -> dict[str, str]:
    """The headers of a POST of this body, signed anew: each attempt has a nonce of its own."""
    headers = {"Content-Type": content_type}
    message = _Message("POST", url, headers)
    created = datetime.now(UTC)
    HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(
            public_keys={}, private_keys={name: keys.signing_private_key}
        ),
    ).sign(
        message,
        key_id=name,
        created=created,
        expires=created + LIFE,
        nonce=secrets.token_urlsafe(24),
        label=_LABEL,
        tag=_TAG,
        covered_component_ids=_COVERED,
        body=body,
    )
    return headers


def claimed(headers: Mapping[str, str]) -> Claim:
    """Whose key is to be looked up. It is only believed once `verified` has used that key."""
    names = set(_KEY_ID.findall(headers.get("signature-input", "")))
    if len(names) != 1:
        raise SignatureRefused(
            "sign once, with keyid tidan:<chain>:<party>", field="Signature-Input", rule="form"
        )
    ((name, chain_id, party),) = names
    return Claim(name, int(chain_id), PartyIndex(int(party)))


def verified(claim: Claim, key: Jwk, *, url: str, headers: Mapping[str, str]) -> Signed:
    """The signature, once this key has made it over these headers. The body comes after."""
    message = _Message("POST", url, headers)
    keys = {claim.key_id: verification_key(key)}
    resolver = MappingKeyResolver(public_keys=keys, private_keys={})
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=resolver)
    try:
        results = verifier.verify(
            message, max_age=LIFE, expect_tag=_TAG, require_components=_COVERED
        )
    except _NotInTime as error:
        raise _refused("time", "it is too old, too new, or lasts too long") from error
    except (InvalidSignature, HTTPMessageSignaturesException) as error:
        raise _refused("signature", "the party's key did not sign this request") from error
    if len(results) != 1:
        raise _refused("form", "there is more than one signature")
    return _signed(claim, results[0])


def _signed(claim: Claim, result: VerifyResult) -> Signed:
    parameters = result.parameters
    nonce, expires = parameters.get("nonce"), parameters.get("expires")
    if not isinstance(nonce, str) or not _NONCE.fullmatch(nonce) or not isinstance(expires, int):
        raise _refused("form", "it needs a nonce of 16 to 64 visible characters")
    ends = datetime.fromtimestamp(expires, UTC) + SKEW
    return Signed(claim.party, nonce, ends, result.covered_components)


def digest_of(body: bytes) -> str:
    """SHA-256, by which a parcel's bytes are known to both sides."""
    return hashlib.sha256(body).hexdigest()


def _refused(rule: str, detail: str) -> SignatureRefused:
    return SignatureRefused(detail, field="Signature", rule=rule)
