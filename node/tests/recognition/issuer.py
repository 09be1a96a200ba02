"""An issuer with a DID: what it publishes, and the credentials of a platform's users."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.recognition.ports import lei_of
from tests.story import CHAIN, exchange_keys
from tidan_node.domain.credentials import (
    JWT_TYPE,
    SD_JWT_TYPE,
    date_time,
    status_list_claims,
)
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.sd_jwt import KEY_BINDING, SdJwt
from tidan_node.domain.tokens import sign_token
from tidan_node.web.issuers import IssuerNotReached

DID = "did:web:port.example"
DOCUMENT = "https://port.example/.well-known/did.json"
LIST = "https://port.example/status/1"
HOLDER = exchange_keys(901)


@dataclass
class Issuer:
    """Everything at its address, as of this time."""

    now: datetime
    keys: ExchangeKeys = field(default_factory=lambda: exchange_keys(900))
    revoked: list[int] = field(default_factory=list)
    list_life: timedelta = timedelta(days=1)
    list_age: timedelta = timedelta(hours=1)
    list_keys: ExchangeKeys | None = None
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    async def published(self, url: str) -> bytes:
        self.asked.append(url)
        if self.silent:
            raise IssuerNotReached("nobody answers", field="token")
        return {DOCUMENT: self.document, LIST: self.status_list}[url]()

    def document(self) -> bytes:
        method = {
            "id": f"{DID}#1",
            "type": "JsonWebKey",
            "controller": DID,
            "publicKeyJwk": self.keys.signing_jwk,
        }
        return json.dumps(
            {"id": DID, "verificationMethod": [method], "assertionMethod": [f"{DID}#1"]}
        ).encode()

    def status_list(self) -> bytes:
        begins = self.now - self.list_age
        claims = status_list_claims(
            issuer=DID, url=LIST, revoked=self.revoked, now=begins, until=begins + self.list_life
        )
        return sign_token(self.list_keys or self.keys, claims, typ=JWT_TYPE).encode()

    def credential(self, *, index: int = 7, **other: Any) -> SdJwt:
        """For a user of this platform; a member that is None is left out."""
        claims: dict[str, Any] = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential", "TidanPlatformUser"],
            "issuer": DID,
            "validFrom": date_time(self.now - timedelta(days=1)),
            "validUntil": date_time(self.now + timedelta(days=30)),
            "credentialSubject": {"id": "urn:uuid:user-1", "organisation": f"LEI:{lei_of(2)}"},
            "credentialStatus": {
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": str(index),
                "statusListCredential": LIST,
            },
            "cnf": {"jwk": HOLDER.signing_jwk},
        }
        said = {name: value for name, value in (claims | other).items() if value is not None}
        return SdJwt(sign_token(self.keys, said, typ=SD_JWT_TYPE), ())

    def shown(
        self,
        credential: SdJwt | None = None,
        *,
        party: int = 2,
        keys: ExchangeKeys = HOLDER,
        nonce: str | None = None,
        now: datetime | None = None,
    ) -> str:
        """As its holder shows it to this party."""
        bound = (credential or self.credential()).bound_by(
            lambda claims: sign_token(keys, claims, typ=KEY_BINDING),
            audience=f"tidan:{CHAIN}:{party}",
            nonce=nonce or secrets.token_urlsafe(24),
            now=now or self.now,
        )
        return str(bound)
