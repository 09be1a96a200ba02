"""A party's decentralised identifier: did:web, which is a web address that serves its keys."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from joserfc.jwk import OKPKey

from tidan_node.domain.exchange_keys import Jwk
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.canonical import JsonValue, read_json
from tidan_node.domain.proofs.problems import JsonMalformed
from tidan_node.problems import InvalidInput

MEDIA_TYPE: Final = "application/did+ld+json"
WELL_KNOWN: Final = "/.well-known/did.json"
_CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://www.w3.org/ns/cid/v1")
_METHOD: Final = "did:web:"
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_SEGMENT: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._~-]+")
"""Dots alone would lead out of the path that the DID names."""


class DidMalformed(InvalidInput):
    """A DID document is JSON with the `id` that it was asked for, and its keys as JWKs."""

    status, slug, title = 422, "did-malformed", "This is no did:web, or no document of one"


def did_url(did: str) -> str:
    """Where the document of a did:web is (did:web method specification, "Read")."""
    if not did.startswith(_METHOD):
        raise DidMalformed("is no did:web", field="did")
    host, *path = (unquote(part) for part in did.removeprefix(_METHOD).split(":"))
    if not _HOST.fullmatch(host) or not all(_SEGMENT.fullmatch(part) for part in path):
        raise DidMalformed("names no host, or no path", field="did")
    place = "".join(f"/{part}" for part in path)
    return f"https://{host}{place}/did.json" if path else f"https://{host}{WELL_KNOWN}"


def did_of(profile: Profile) -> str | None:
    """What the party is called by its DID: the one that it states, else that of its node."""
    if profile.did is not None:
        return profile.did
    parts = urlsplit(profile.node_url or "")
    if not parts.netloc or not _HOST.fullmatch(parts.netloc) or parts.path.strip("/"):
        return None
    return _METHOD + quote(parts.netloc, safe="")


def is_of_its_node(profile: Profile) -> bool:
    """Whether the DID's own address is the node's: then the node's TLS speaks for both."""
    did = did_of(profile)
    if did is None or profile.node_url is None:
        return False
    own = urlsplit(did_url(did))
    return own.path == WELL_KNOWN and own.netloc == urlsplit(profile.node_url).netloc


def thumbprint(jwk: Jwk) -> str:
    """The name of a key by what it is (RFC 7638)."""
    return OKPKey.import_key(dict(jwk)).thumbprint()


def key_name(did: str, jwk: Jwk) -> str:
    """The verification method of this key in the document of this DID."""
    return f"{did}#{thumbprint(jwk)}"


def did_document(profile: Profile, party: str) -> dict[str, JsonValue]:
    """The document of a party's DID (DID Core 1.0), made of what it says of itself on the chain.

    It names the party (`party_on_chain`): another one that copies the profile does not have it."""
    did = did_of(profile)
    if did is None:
        raise DidMalformed("the party has no node with an address of its own", field="nodeUrl")
    document: dict[str, JsonValue] = {"@context": list(_CONTEXTS), "id": did}
    known: list[JsonValue] = [party]
    known += [
        f"urn:{each.scheme.lower()}:{quote(each.value, safe='')}" for each in profile.identifiers
    ]
    document["alsoKnownAs"] = known
    methods: list[JsonValue] = []
    if profile.signing_key is not None:
        methods.append(_method(did, profile.signing_key))
        named: list[JsonValue] = [key_name(did, profile.signing_key)]
        document["assertionMethod"], document["authentication"] = named, list(named)
    if profile.encryption_key is not None:
        methods.append(_method(did, profile.encryption_key))
        document["keyAgreement"] = [key_name(did, profile.encryption_key)]
    document["verificationMethod"] = methods
    if profile.node_url is not None:
        document["service"] = [
            {"id": f"{did}#node", "type": "TidanNode", "serviceEndpoint": profile.node_url}
        ]
    return document


def read_did_keys(raw: bytes, did: str) -> dict[str, list[Jwk]]:
    """The keys of a document of this DID, by what they are for; or `DidMalformed`.

    Keys are taken for a purpose only where the document gives them that purpose.
    """
    document = _document(raw, did)
    methods = document.get("verificationMethod", [])
    known: dict[str, Jwk] = {}
    for method in methods if isinstance(methods, list) else []:
        if isinstance(method, dict) and method.get("controller") == did:
            name, jwk = method.get("id"), method.get("publicKeyJwk")
            if isinstance(name, str) and isinstance(jwk, dict):
                known[name] = {key: str(value) for key, value in jwk.items()}
    return {
        purpose: [
            known[name]
            for name in _names(document.get(purpose))
            if name in known
        ]
        for purpose in ("assertionMethod", "keyAgreement")
    }  # fmt: skip


def names_in(raw: bytes, did: str) -> list[str]:
    """What else a document of this DID calls its holder; or `DidMalformed`."""
    return _names(_document(raw, did).get("alsoKnownAs"))


def _document(raw: bytes, did: str) -> dict[str, JsonValue]:
    try:
        document = read_json(raw)
    except JsonMalformed as error:
        raise DidMalformed("is not JSON", field="did") from error
    if not isinstance(document, dict) or document.get("id") != did:
        raise DidMalformed("is not the document of this DID", field="id")
    return document


def _names(value: JsonValue) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _method(did: str, jwk: Jwk) -> JsonValue:
    return {
        "id": key_name(did, jwk),
        "type": "JsonWebKey",
        "controller": did,
        "publicKeyJwk": {str(name): str(value) for name, value in jwk.items()},
    }
