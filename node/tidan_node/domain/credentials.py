"""Accreditations: verifiable credentials (W3C VC Data Model 2.0) of one party about another.

Secured as a JWT or as an SD-JWT (W3C VC-JOSE-COSE), with a bit in a status list of the issuer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.parties import Role, role_names
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.canonical import JsonValue
from tidan_node.domain.sd_jwt import SdJwt, blinded, disclosed, is_sd_jwt
from tidan_node.domain.status_list import encode_list
from tidan_node.domain.tokens import (
    Claims,
    Key,
    Token,
    read_unverified,
    refused,
    sign_token,
    verify_token,
)

Form = Literal["jwt", "sd-jwt"]

JWT_TYPE: Final = "vc+jwt"
SD_JWT_TYPE: Final = "vc+sd-jwt"
_CONTEXTS: Final[tuple[JsonValue, ...]] = (
    "https://www.w3.org/ns/credentials/v2",
    # the words of our own have no public vocabulary, and say so
    "https://www.w3.org/ns/credentials/undefined-terms/v2",
)
_TYPE: Final = "VerifiableCredential"
ACCREDITATION: Final = "TidanAccreditation"
STATUS_LIST: Final = "BitstringStatusListCredential"
STATUS_ENTRY: Final = "BitstringStatusListEntry"
REVOCATION: Final = "revocation"
CONCEALED: Final = ("name", "identifiers", "roles")
"""What the subject of an SD-JWT may show of itself or keep, one by one. Not which party it is: its
DID tells that to everybody on the chain, and to nobody surely, since profiles can be copied."""

SKEW: Final = timedelta(seconds=60)
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_DATE_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEntry:
    """Where it stands whether a credential is revoked."""

    url: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """That the issuer has accredited a party for these roles, in this time."""

    credential_id: str
    issuer: str
    issuer_party: str
    subject: str
    subject_party: str
    """Names of parties are those of `party_on_chain`."""
    profile: Profile
    roles: Role
    valid_from: datetime
    valid_until: datetime
    status: StatusEntry

    def claims(self) -> Claims:
        """The credential itself; VC-JOSE-COSE signs it as it is."""
        return {
            "@context": list(_CONTEXTS),
            "id": self.credential_id,
            "type": [_TYPE, ACCREDITATION],
            "issuer": {"id": self.issuer, "party": self.issuer_party},
            "validFrom": date_time(self.valid_from),
            "validUntil": date_time(self.valid_until),
            "credentialSubject": {
                "id": self.subject,
                "name": self.profile.name,
                "identifiers": [
                    {"scheme": each.scheme, "value": each.value}
                    for each in self.profile.identifiers
                ],
                "roles": [*role_names(self.roles)],
                "party": self.subject_party,
            },
            "credentialStatus": {
                "id": f"{self.status.url}#{self.status.index}",
                "type": STATUS_ENTRY,
                "statusPurpose": REVOCATION,
                "statusListIndex": str(self.status.index),
                "statusListCredential": self.status.url,
            },
        }

    def signed(self, keys: ExchangeKeys, kid: str, form: Form) -> str:
        """The credential as it is handed to its subject."""
        if form == "jwt":
            return sign_token(keys, self.claims(), typ=JWT_TYPE, kid=kid)
        claims, disclosures = blinded(
            self._bound_claims(), [("credentialSubject", name) for name in CONCEALED]
        )
        token = sign_token(keys, claims, typ=SD_JWT_TYPE, kid=kid)
        return str(SdJwt(token, disclosures))

    def _bound_claims(self) -> Claims:
        """With the key of the subject, so that nobody else can present it (RFC 7800)."""
        key = self.profile.signing_key
        return self.claims() | ({} if key is None else {"cnf": {"jwk": dict(key)}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A credential as somebody shows it."""

    form: Form
    signed: str
    """The token that its issuer has signed."""
    token: Token
    claims: Claims
    """What it says, with what is disclosed in its place."""
    sd_jwt: SdJwt | None

    @property
    def issuer(self) -> str:
        return _id_of(self.claims.get("issuer"), "issuer")

    @property
    def subject(self) -> str:
        return _id_of(self.claims.get("credentialSubject"), "credentialSubject")

    @property
    def issuer_party(self) -> str | None:
        return _party_of(self.claims.get("issuer"))

    @property
    def subject_party(self) -> str | None:
        return _party_of(self.claims.get("credentialSubject"))

    @property
    def kid(self) -> str | None:
        kid = self.token.header.get("kid")
        return kid if isinstance(kid, str) else None

    @property
    def holder_key(self) -> Mapping[str, JsonValue] | None:
        """The key that its holder must present it with, where it names one."""
        cnf = self.claims.get("cnf")
        jwk = cnf.get("jwk") if isinstance(cnf, dict) else None
        return jwk if isinstance(jwk, dict) else None

    def verify_signature(self, key: Key) -> None:
        """That the holder of this key has issued it."""
        typ = JWT_TYPE if self.form == "jwt" else SD_JWT_TYPE
        verify_token(self.signed, key, typ=typ)

    def require_valid_at(self, now: datetime) -> None:
        """Neither before its time nor after: that of the credential, and that of its signature."""
        begins, ends = (_moment(self.claims, name) for name in ("validFrom", "validUntil"))
        soon = now + SKEW  # it may be verified by a clock that is behind its issuer's
        if begins is not None and soon < begins:
            raise refused("not-yet-valid", "its time has not come", "validFrom")
        if ends is not None and now >= ends:
            raise refused("expired", "its time is over", "validUntil")
        # RFC 7519, 4.1.4 and 4.1.5
        signed_from, signed_until = (_seconds(self.claims, name) for name in ("nbf", "exp"))
        if signed_from is not None and soon.timestamp() < signed_from:
            raise refused("not-yet-valid", "the time of its signature has not come", "nbf")
        if signed_until is not None and now.timestamp() >= signed_until:
            raise refused("expired", "the time of its signature is over", "exp")

    @property
    def has_end(self) -> bool:
        return self.claims.get("validUntil") is not None

    def status(self) -> StatusEntry | None:
        """Where its revocation would be told; None where its issuer promises nothing."""
        stated = self.claims.get("credentialStatus")
        entries = stated if isinstance(stated, list) else [stated] if stated is not None else []
        if not entries:
            return None
        match entries:
            case [{"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
                   "statusListCredential": str() as url, "statusListIndex": str() as index,
                   }] if _INDEX.fullmatch(index):  # fmt: skip
                return StatusEntry(url=url, index=int(index))
        raise refused("status", "its status is not told in a way known here", "credentialStatus")


def read_presented(text: str) -> Presented:
    """The credential in this text, in its form; nothing of it is proven yet."""
    sd_jwt = SdJwt.parse(text) if is_sd_jwt(text) else None
    signed = text if sd_jwt is None else sd_jwt.token
    token = read_unverified(signed)
    presented = Presented(
        form="jwt" if sd_jwt is None else "sd-jwt",
        signed=signed,
        token=token,
        claims=token.claims if sd_jwt is None else disclosed(token.claims, sd_jwt.disclosures),
        sd_jwt=sd_jwt,
    )
    types = presented.claims.get("type")
    if not isinstance(types, list) or _TYPE not in types:
        raise refused("form", "it is no verifiable credential", "type")
    # what another reader would take from the claims of a JWT must say the same (VC-JOSE-COSE)
    for claim, said in (("iss", "issuer"), ("sub", "credentialSubject"), ("jti", "id")):
        stated = presented.claims.get(claim)
        if stated is not None and stated != _id_of(presented.claims.get(said), said):
            raise refused("form", f"its {claim} is not its {said}", claim)
    return presented


def status_list_claims(
    *, issuer: str, url: str, revoked: list[int], now: datetime, until: datetime
) -> Claims:
    """The credential in which an issuer says which of its credentials are revoked."""
    return {
        "@context": [_CONTEXTS[0]],
        "id": url,
        "type": [_TYPE, STATUS_LIST],
        "issuer": issuer,
        "validFrom": date_time(now),
        "validUntil": date_time(until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": REVOCATION,
            "encodedList": encode_list(revoked),
        },
    }


def encoded_list_of(presented: Presented, *, issuer: str, url: str) -> str:
    """The list in a status credential, which must be the issuer's own for this purpose."""
    claims, subject = presented.claims, presented.claims.get("credentialSubject")
    types = claims.get("type")
    if not isinstance(types, list) or STATUS_LIST not in types or not isinstance(subject, dict):
        raise refused("status", "its status list is none", "credentialStatus")
    if presented.issuer != issuer or claims.get("id") != url:
        raise refused("status", "its status list is of another issuer or place", "credentialStatus")
    encoded = subject.get("encodedList")
    if subject.get("statusPurpose") != REVOCATION or not isinstance(encoded, str):
        raise refused("status", "its status list is not about revocation", "credentialStatus")
    return encoded


def date_time(moment: datetime) -> str:
    """A moment as XML Schema's dateTimeStamp, in UTC and to the second."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _moment(claims: Claims, name: str) -> datetime | None:
    stated = claims.get(name)
    if stated is None:
        return None
    if not isinstance(stated, str) or not _DATE_TIME.fullmatch(stated):
        raise refused("form", f"its {name} is no moment with its zone", name)
    try:
        return datetime.fromisoformat(stated)
    except ValueError as error:
        raise refused("form", f"its {name} is no moment", name) from error


def _seconds(claims: Claims, name: str) -> float | None:
    stated = claims.get(name)
    if stated is None or (isinstance(stated, int | float) and not isinstance(stated, bool)):
        return stated
    raise refused("form", f"its {name} is no number of seconds", name)


def _party_of(value: JsonValue) -> str | None:
    party = value.get("party") if isinstance(value, dict) else None
    return party if isinstance(party, str) else None


def _id_of(value: JsonValue, name: str) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    if not isinstance(found, str) or not found:
        raise refused("form", f"its {name} has no id", name)
    return found
