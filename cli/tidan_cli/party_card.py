"""The party card: what a party tells the authority about itself, all of it public."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tidan_cli.failures import CardUnusable
from tidan_node.domain.exchange_keys import Curve, public_jwk
from tidan_node.domain.identifiers import Address, IssuerCode, address, to_bytes
from tidan_node.domain.parties import Role, role_named, role_names
from tidan_node.domain.profiles import Identifier, Profile, certificates_in, read_profile
from tidan_node.domain.proofs.ecvrf import validate_public_key
from tidan_node.domain.registers import check_profile
from tidan_node.domain.tls_certificates import (
    MOST_TLS_CERTIFICATES,
    certificate_texts,
    check_tls_certificates,
)
from tidan_node.problems import Problem

CARD_FILE: Final = "party-card.json"
_FORMAT: Final = "tidan/party-card"
_VERSION: Final = 3
_MEMBERS: Final = frozenset(
    {
        *("format", "version", "name", "identifiers", "roles", "account", "codes", "nodeUrl"),
        *("signingKey", "encryptionKey", "tlsCertificates"),
    }
)


@dataclass(frozen=True, slots=True)
class PartyCard:
    """Who asks to be enrolled: its words, the roles it wants, its account and numbering keys."""

    profile: Profile
    roles: Role
    account: Address
    numbering_keys: Mapping[IssuerCode, bytes]

    def document(self) -> dict[str, object]:
        """The card as the file that travels."""
        return {
            "format": _FORMAT,
            "version": _VERSION,
            "name": self.profile.name,
            "identifiers": [f"{each.scheme}:{each.value}" for each in self.profile.identifiers],
            "roles": role_names(self.roles),
            "account": self.account,
            "codes": {code: "0x" + key.hex() for code, key in self.numbering_keys.items()},
            "nodeUrl": self.profile.node_url,
            "signingKey": self.profile.signing_key,
            "encryptionKey": self.profile.encryption_key,
            "tlsCertificates": certificate_texts(self.profile.tls_certificates),
        }

    def to_json(self) -> bytes:
        return json.dumps(self.document(), indent=2, ensure_ascii=False).encode() + b"\n"


def read_party_card(text: bytes) -> PartyCard:
    """The card in this file; what is wrong with it is named by its member."""
    try:
        card = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CardUnusable("a party card is JSON", field="card") from error
    if not isinstance(card, dict) or card.get("format") != _FORMAT:
        raise CardUnusable(f"its format is not {_FORMAT}", field="format")
    if card.get("version") != _VERSION:
        raise CardUnusable(f"only version {_VERSION} is known here", field="version")
    if set(card) != _MEMBERS:
        odd = ", ".join(sorted(set(card) ^ _MEMBERS))
        raise CardUnusable(f"missing or not known: {odd}", field="card")
    try:
        keys = _numbering_keys(card["codes"])
        stated = _profile(card, keys)
        check_profile(stated)
        return PartyCard(
            profile=read_profile(stated.canonical()),
            roles=_roles(card["roles"]),
            account=address(str(card["account"])),
            numbering_keys=keys,
        )
    except CardUnusable:
        raise
    except Problem as problem:
        raise CardUnusable(problem.detail, field=problem.field) from problem


def _profile(card: Mapping[str, Any], keys: Mapping[IssuerCode, bytes]) -> Profile:  # Any: JSON
    if not isinstance(card["name"], str) or not isinstance(card["identifiers"], list):
        raise CardUnusable("the name is text, the identifiers are a list", field="identifiers")
    identifiers = []
    for text in card["identifiers"]:
        identifier = Identifier.parse(text) if isinstance(text, str) else None
        if identifier is None:
            raise CardUnusable(f"{text!r} is not SCHEME:VALUE", field="identifiers")
        identifiers.append(identifier)
    url = card["nodeUrl"]
    if url is not None and not isinstance(url, str):
        raise CardUnusable("the node's URL is text", field="nodeUrl")
    return Profile(
        name=card["name"],
        identifiers=tuple(identifiers),
        node_url=url,
        codes=tuple(keys),
        signing_key=_key(card, "signingKey", "Ed25519"),
        encryption_key=_key(card, "encryptionKey", "X25519"),
        tls_certificates=_tls_certificates(card["tlsCertificates"]),
    )


def _key(card: Mapping[str, Any], name: str, curve: Curve) -> dict[str, str] | None:  # Any: JSON
    """Null where another node, or none, is to answer for the party."""
    return None if card[name] is None else public_jwk(card[name], curve, name)


def _tls_certificates(texts: Any) -> tuple[bytes, ...]:  # Any: JSON
    """None where the party is reached on this very machine alone, as in a test."""
    if texts == []:
        return ()
    name = "tlsCertificates"
    certificates = certificates_in({name: texts}, name, most=MOST_TLS_CERTIFICATES)
    check_tls_certificates(certificates)
    return certificates


def _roles(names: object) -> Role:
    if not isinstance(names, list) or not names:
        raise CardUnusable("name one role or more", field="roles")
    roles = Role(0)
    for name in names:
        roles |= role_named(str(name))
    return roles


def _numbering_keys(codes: object) -> dict[IssuerCode, bytes]:
    if not isinstance(codes, dict):
        raise CardUnusable("the codes are an object of code and key", field="codes")
    keys: dict[IssuerCode, bytes] = {}
    for code, key in codes.items():
        try:
            raw = to_bytes(str(key))
        except ValueError as error:
            raise CardUnusable(f"the key of {code} is not hexadecimal", field="codes") from error
        validate_public_key(raw)
        keys[IssuerCode(code)] = raw
    return keys
