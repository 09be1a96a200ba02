"""Whom a token comes from: by certificates, or by a credential of a recognised issuer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tidan_node.domain.certificates.client import ClientPath, UsedList, VerifiedClient
from tidan_node.domain.certificates.reading import (
    MOST_ANCHORS,
    is_usable_anchor,
    key_id,
    read_certificate,
)
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

KeptLists = Callable[[], Awaitable[Sequence[bytes]]]
"""Reads the revocation lists that are known: they may be large, and strangers ask for nothing."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A platform's standing recognitions, and how to learn the lists that are known below them."""

    platform: str
    anchors: tuple[Recognition, ...]
    kept: KeptLists

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
    certificates: tuple[tuple[str, int], ...] = ()
    """Whoever revokes one of these ends the session: the key of its issuer, and its number."""


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
    return await proven_by_certificate(text, crls, recognised, audience=audience, at=at)


async def proven_by_certificate(
    text: str, crls: Sequence[bytes], recognised: Recognised, *, audience: str, at: datetime
) -> Proven:
    """The token's own signature first, then the path: both cost little, and only whom a recognised
    authority vouches for has lists read."""
    authorities = recognised.of(AnchorKind.CERTIFICATE)
    token = SignInToken.read(text)
    use = token.use_of(recognised.platform, audience, at)
    found = await asyncio.to_thread(_path_of, token, [each.anchor for each in authorities], at)
    client = await asyncio.to_thread(found.looked_up, crls, await recognised.kept())
    anchor = client.chain[-1]
    return Proven(
        recognition=next(each for each in authorities if each.anchor == anchor),
        subject=client.subject.name,
        organisation=client.subject.organisation,
        valid_until=client.valid_until,
        token_digest=use.digest(client.leaf),
        token_ends_at=use.ends_at,
        lists=client.lists,
        certificates=_named_by_issuers(client),
    )


def _path_of(token: SignInToken, anchors: Sequence[bytes], at: datetime) -> ClientPath:
    leaf, *others = token.certificates
    token.require_signed_with(read_certificate(leaf))
    return ClientPath.found(leaf, others, anchors=anchors, at=at)


def _named_by_issuers(client: VerifiedClient) -> tuple[tuple[str, int], ...]:
    return tuple(
        (key_id(issuer), certificate.serial_number) for certificate, issuer in pairwise(client.path)
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
