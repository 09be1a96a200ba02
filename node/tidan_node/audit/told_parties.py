"""What a node must say of a party, and what it does say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tidan_node.audit.node import Answer
from tidan_node.audit.told import Values, inner, party_or_none, plain, texts, told_moment
from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.parties import role_names
from tidan_node.domain.party_fold import PartyState, Rotation
from tidan_node.domain.tls_certificates import certificate_texts
from tidan_node.records.party_rows import plain_text

_LONGEST_CODE: Final = 100


def party_values(party: PartyState, *, enrolled: int, changed: int) -> Values:
    """What `GET /v1/parties/{index}` must say, with the chain times of the first and last event."""
    profile = party.profile
    identifiers = profile.identifiers if profile else ()
    return {
        "index": int(party.index),
        "name": party.name,
        "status": party.status.name,
        "statusReason": plain_text(party.status_reason),
        "roles": tuple(role_names(party.roles)),
        "accounts": tuple(f"{each.account} {each.active}" for each in party.accounts),
        "numberingKeys": tuple(
            f"{_shown(each.code)} {to_hex(each.key)}" for each in party.numbering_keys
        ),
        "identifiers": tuple(f"{each.scheme} {each.value}" for each in identifiers),
        "codes": tuple(profile.codes) if profile else (),
        "nodeUrl": profile.node_url if profile else None,
        "signingKey": _x(profile.signing_key if profile else None),
        "encryptionKey": _x(profile.encryption_key if profile else None),
        "tlsCertificates": tuple(certificate_texts(profile.tls_certificates if profile else ())),
        "rotation": _rotation_values(party.rotation),
        "successor": party_or_none(party.successor),
        "profileHash": party.profile_hash,
        "rulebook": plain_text(party.rulebook),
        "governingLaw": plain_text(party.governing_law),
        "enrolledAt": moment(enrolled),
        "changedAt": moment(changed),
    }


def terms_values(issuer: PartyState | None) -> Values:
    """What the node must say of the rules that a record's issuer has accepted."""
    return {
        "terms.rulebook": plain_text(issuer.rulebook) if issuer else None,
        "terms.governingLaw": plain_text(issuer.governing_law) if issuer else None,
    }


def told_terms(answer: Answer) -> Values:
    """What its answer about the record says of them."""
    terms = inner(answer, "terms")
    return {f"terms.{name}": terms.get(name) for name in ("rulebook", "governingLaw")}


def told_party(answer: Answer) -> Values:
    """What the node's answer says of the same."""
    return {
        **plain(answer, "index", "name", "status", "statusReason", "nodeUrl", "profileHash"),
        **plain(answer, "rulebook", "governingLaw"),
        "signingKey": _x(answer.get("signingKey")),
        "encryptionKey": _x(answer.get("encryptionKey")),
        "tlsCertificates": texts(answer.get("tlsCertificates")),
        "rotation": _told_rotation(answer.get("rotation")),
        "successor": answer.get("successor"),
        "roles": texts(answer.get("roles")),
        "codes": texts(answer.get("codes")),
        "accounts": _pairs(answer.get("accounts"), "account", "active"),
        "numberingKeys": _pairs(answer.get("numberingKeys"), "code", "key"),
        "identifiers": _pairs(answer.get("identifiers"), "scheme", "value"),
        "enrolledAt": told_moment(answer.get("enrolledAt")),
        "changedAt": told_moment(answer.get("changedAt")),
    }


def _rotation_values(rotation: Rotation | None) -> object:
    if rotation is None:
        return None
    return (rotation.added, rotation.removed, moment(rotation.completable_from))


def _told_rotation(said: object) -> object:
    if not isinstance(said, Mapping):
        return said
    return (said.get("added"), said.get("removed"), told_moment(said.get("completableFrom")))


def _x(key: object) -> object:
    """The point that a public JWK is: all that differs between two keys of one curve."""
    return key.get("x") if isinstance(key, Mapping) else key


def _shown(code: str) -> str:
    """A code that is no text that could be asked for is not kept."""
    return code if 0 < len(code) <= _LONGEST_CODE and code.isprintable() else ""


def _pairs(value: object, first: str, second: str) -> object:
    if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        return tuple(f"{each.get(first)} {each.get(second)}" for each in value)
    return value
