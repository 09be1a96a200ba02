"""What this node says of its party to everybody: DID document, certificates, status lists."""

from __future__ import annotations

import textwrap
from base64 import b64encode
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Path
from fastapi.responses import Response
from starlette.requests import Request

from tidan_node.domain.credentials import JWT_TYPE, status_list_claims
from tidan_node.domain.did import MEDIA_TYPE, DidMalformed, did_document, did_of, key_name
from tidan_node.domain.identifiers import party_on_chain
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.canonical import canonical_bytes
from tidan_node.domain.tokens import sign_token
from tidan_node.identity.issuing import status_list_url
from tidan_node.identity.repository import CredentialRepository
from tidan_node.problems import NotFound
from tidan_node.records.problems import NothingIndexed
from tidan_node.records.records import Records
from tidan_node.web.caller import public
from tidan_node.web.errors import described
from tidan_node.web.other_nodes import for_other_nodes
from tidan_node.web.routes import guarded_router
from tidan_node.web.state import NodeState, node_of
from tidan_node.web.transactions import Reading

router = guarded_router("/.well-known", "identity")
lists = guarded_router("/v1/status-lists", "identity")

_LIST_LIFE: Final = timedelta(hours=1)
"""So long a copy of a list may be believed: a revocation is known everywhere by then."""

PEM: Final = "application/pem-certificate-chain"
_CREDENTIAL: Final = f"application/{JWT_TYPE}"
_TEXT: Final = {"schema": {"type": "string"}}
_LONGEST_NUMBER: Final = 6


@router.get(
    "/did.json",
    dependencies=[public(), for_other_nodes()],
    response_class=Response,
    responses=described(NotFound, NothingIndexed)
    | {200: {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}},
)
async def show_did_document(request: Request, connection: Reading) -> Response:
    """The DID document of the party that this node speaks for: its keys as the chain has them."""
    node = node_of(request)
    own, profile = await _own(connection, node)
    try:
        document = did_document(profile, party_on_chain(node.chain.chain_id, own.index))
    except DidMalformed as error:
        raise NotFound("the party has no DID", field="did") from error
    return Response(canonical_bytes(document), media_type=MEDIA_TYPE)


@router.get(
    "/certificates.pem",
    dependencies=[public(), for_other_nodes()],
    response_class=Response,
    responses=described(NotFound, NothingIndexed) | {200: {"content": {PEM: _TEXT}}},
)
async def show_certificates(request: Request, connection: Reading) -> Response:
    """The X.509 chain of the party that this node speaks for, its own certificate first."""
    _, profile = await _own(connection, node_of(request))
    if not profile.certificates:
        raise NotFound("the party states no certificates", field="certificates")
    return Response("".join(_pem(each) for each in profile.certificates), media_type=PEM)


@lists.get(
    "/{number}",
    dependencies=[public(), for_other_nodes()],
    response_class=Response,
    responses=described(NotFound, NothingIndexed) | {200: {"content": {_CREDENTIAL: _TEXT}}},
)
async def show_status_list(
    number: Annotated[str, Path(max_length=66, description="The list's number.")],
    request: Request,
    connection: Reading,
) -> Response:
    """Which credentials of this list are revoked (Bitstring Status List), as a signed credential.
    It is signed anew after each revocation, and may be believed for half an hour at least."""
    node = node_of(request)
    issued = CredentialRepository(connection)
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    count = await issued.revoked_count(int(number)) if is_number else None
    if count is None:
        raise NotFound("this node has no such status list", field="number")
    _, profile = await _own(connection, node)
    did, now = did_of(profile), node.clock()
    if did is None:
        raise NotFound("the party has no DID", field="did")
    keys = node.exchange_keys.in_use(profile.signing_key)
    url, kid = status_list_url(profile, int(number)), key_name(did, keys.signing_jwk)
    revoked = await issued.revoked_in(int(number))

    def signed() -> str:
        until = now + _LIST_LIFE
        claims = status_list_claims(issuer=did, url=url, revoked=revoked, now=now, until=until)
        return sign_token(keys, claims, typ=JWT_TYPE, kid=kid)

    text = node.status_lists.text(
        int(number), (url, kid, count), now=now, life=_LIST_LIFE, make=signed
    )
    return Response(text, media_type=_CREDENTIAL)


async def _own(connection: Reading, node: NodeState) -> tuple[PartyState, Profile]:
    own = await Records(connection).party_by_account(node.account)
    if own is None or own.state.profile is None:
        raise NotFound("this node speaks for no party yet", field="party")
    return own.state, own.state.profile


def _pem(der: bytes) -> str:
    """RFC 7468."""
    lines = "\n".join(textwrap.wrap(b64encode(der).decode(), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
