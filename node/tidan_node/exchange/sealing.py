"""The seal of a parcel: a JWE (RFC 7516) for one key, bound to what stands on the envelope.

ECDH-ES+A256KW over X25519 wraps a fresh key for A256GCM. Nothing is compressed: the size of what
is compressed would tell of what is in it.
"""

from __future__ import annotations

import binascii
from contextlib import suppress
from typing import Any, Final, cast

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64encode

from tidan_node.domain.exchange_keys import ExchangeKeys, Jwk, sealing_key
from tidan_node.domain.parcels import Envelope, Inside, SealedParcel, read_inside
from tidan_node.domain.proofs.canonical import JsonValue, canonical_bytes
from tidan_node.exchange.problems import SealBroken

_PROTECTED: Final = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}
_HEADER: Final = urlsafe_b64encode(canonical_bytes(dict(_PROTECTED))).decode()
_MEMBERS: Final = {"aad", "ciphertext", "iv", "protected", "recipients", "tag"}
_LARGEST: Final = 2**31


class _Sealed(jwe.JWERegistry):
    """How large a parcel may be the node's upload limit says, and not the library."""

    max_ciphertext_length = _LARGEST


_registry = _Sealed(algorithms=list(_PROTECTED.values()), max_recipients=1)


def seal(envelope: Envelope, inside: Inside, key: Jwk) -> SealedParcel:
    """The parcel that only the holder of this profile key can open."""
    sealed = jwe.GeneralJSONEncryption(dict(_PROTECTED), inside.to_json(), aad=envelope.canonical())
    sealed.add_recipient({}, sealing_key(key))
    return SealedParcel(
        envelope, cast(dict[str, JsonValue], jwe.encrypt_json(sealed, None, registry=_registry))
    )


def open_sealed(parcel: SealedParcel, *keys: ExchangeKeys) -> Inside:
    """What is in the parcel, if it was sealed for one of these and under this very envelope."""
    sealed = parcel.jwe
    if set(sealed) != _MEMBERS or sealed["protected"] != _HEADER:
        raise SealBroken("it is not sealed in the one way that is opened here", field="jwe")
    if sealed["aad"] != urlsafe_b64encode(parcel.envelope.canonical()).decode():
        raise SealBroken("the seal is not bound to this envelope", field="aad")
    for each in keys[:-1]:
        with suppress(SealBroken):
            return read_inside(_opened(sealed, each.decryption_key))
    return read_inside(_opened(sealed, keys[-1].decryption_key))


def _opened(sealed: dict[str, JsonValue], key: OKPKey) -> bytes:
    data: Any = sealed  # Any: the library's own dictionary; it checks what it finds in it
    try:
        opened = jwe.decrypt_json(data, key, registry=_registry)
    except (
        JoseError,
        AssertionError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
        binascii.Error,
    ) as error:
        # without its words: they may quote what they failed on
        raise SealBroken("it does not open with this node's key", field="jwe") from error
    if opened.plaintext is None:
        raise SealBroken("there is nothing in it", field="jwe")
    return opened.plaintext


def key_name(key: Jwk) -> str:
    """What a key is called in the node's own rows."""
    return key["x"]
