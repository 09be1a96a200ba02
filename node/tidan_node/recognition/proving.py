"""Whom a token comes from: by certificates, or by a credential of a recognised issuer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tidan_node.domain.certificates.client import UsedList, verify_client_chain
from tidan_node.domain.certificates.reading import MOST_ANCHORS, is_usable_anchor, read_certificate
from tidan_node.domain.platform_credentials import (
    UserCredential,
    digest_of,
    document_url,
    issuing_keys,
)
from tidan_node.domain.platforms import AnchorKind, Recognition
from tidan_node.domain.profiles import Identifier
from tidan_node.domain.sd_jwt import is_sd_jwt
from tidan_node.domain.sign_in_tokens import SignInToken, refused
from tidan_node.web.issuers import Issuers


@dataclass(frozen=True, slots=True)
class Recognised:
    """A platform's standing recognitions, and the revocation lists that are known below them."""

    platform: str
    anchors: tuple[Recognition, ...]
    kept: tuple[bytes, ...] = ()

    def of(self, kind: AnchorKind) -> tuple[Recognition, ...]:
        """Those of this kind, of which a token of that kind needs one. One that is no certificate
        stands in nobody's way."""
        found = tuple(
            each
            for each in self.anchors
            if each.kind is kind
            and (kind is not AnchorKind.CERTIFICATE or is_usable_anchor(each.anchor))
        )[:MOST_ANCHORS]
        if not found:
            raise refused("recognition", "the platform is not recognised so now", "platform")
        return found


@dataclass(frozen=True, slots=True)
class Proven:
    """Who signs in, by which recognition, and what is used up and learnt by it."""

    recognition: Recognition
    subject: str
    organisation: Identifier | None
    valid_until: datetime
    token_digest: str
    token_ends_at: datetime
    lists: tuple[UsedList, ...] = ()


async def proven_by(
    text: str,
    crls: Sequence[bytes],
    recognised: Recognised,
    issuers: Issuers,
    *,
    audience: str,
    at: datetime,
) -> Proven:
    """Who signs in with this, by whichever kind of credential it is."""
    if is_sd_jwt(text):
        return await proven_by_credential(text, recognised, issuers, audience=audience, at=at)
    return await asyncio.to_thread(
        proven_by_certificate, text, crls, recognised, audience=audience, at=at
    )


def proven_by_certificate(
    text: str, crls: Sequence[bytes], recognised: Recognised, *, audience: str, at: datetime
) -> Proven:
    """The token's own signature first: it costs little, and only who holds the key goes further."""
    authorities = recognised.of(AnchorKind.CERTIFICATE)
    token = SignInToken.read(text)
    use = token.use_of(recognised.platform, audience, at)
    leaf, *others = token.certificates
    certificate = read_certificate(leaf)
    token.require_signed_with(certificate)
    client = verify_client_chain(
        leaf,
        others,
        anchors=[each.anchor for each in authorities],
        at=at,
        crls=crls,
        kept=recognised.kept,
    )
    anchor = client.chain[-1]
    return Proven(
        recognition=next(each for each in authorities if each.anchor == anchor),
        subject=client.subject.name,
        organisation=client.subject.organisation,
        valid_until=client.valid_until,
        token_digest=use.digest(certificate),
        token_ends_at=use.ends_at,
        lists=client.lists,
    )


async def proven_by_credential(
    text: str, recognised: Recognised, issuers: Issuers, *, audience: str, at: datetime
) -> Proven:
    """Nobody is asked whom the consortium does not recognise, nor before the token could be good.

    The issuer's list is fetched only once its own signature is on the credential."""
    known = {each.anchor: each for each in recognised.of(AnchorKind.DID)}
    credential = UserCredential.read(text)
    recognition = known.get(credential.issuer.encode())
    if recognition is None:
        raise refused("issuer", "its issuer is not the one that is recognised")
    use, key_name = credential.use_of(audience, at)
    document = await issuers.published(document_url(credential.issuer))
    keys = issuing_keys(document, credential.issuer)
    credential.require_issued_with(keys, at)
    listed = await issuers.published(credential.list_url)
    return Proven(
        recognition=recognition,
        subject=credential.subject,
        organisation=credential.organisation,
        valid_until=await asyncio.to_thread(credential.require_in_force, listed, keys, at),
        token_digest=digest_of(use, key_name),
        token_ends_at=use.ends_at,
    )
