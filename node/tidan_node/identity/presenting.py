"""A credential shown by the party that it is about, to somebody, once."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.credentials import SD_JWT_TYPE, read_presented
from tidan_node.domain.sd_jwt import KEY_BINDING
from tidan_node.domain.tokens import sign_token
from tidan_node.identity.credential_schemas import PresentationRequest
from tidan_node.identity.problems import CredentialNotPresentable
from tidan_node.people.caller import Caller
from tidan_node.trail.trail import Trail
from tidan_node.web.state import NodeState

PRESENTED: Final = "credential.presented"
_OURS: Final = re.compile(r"urn:uuid:[0-9a-f-]{36}")
"""How nodes name credentials; another name may be long, or somebody's own."""


async def present(
    connection: AsyncConnection, node: NodeState, caller: Caller, wanted: PresentationRequest
) -> str:
    """Of the credential what is to be disclosed, bound to its audience by this node's key."""
    held = read_presented(wanted.credential)
    if held.sd_jwt is None or held.token.header.get("typ") != SD_JWT_TYPE:
        raise CredentialNotPresentable("it is a JWT: show it as it is", field="credential")
    keys = node.exchange_keys.of(held.holder_key)
    if keys is None:
        raise CredentialNotPresentable("it is about the holder of another key", field="credential")
    has = {each.name for each in held.sd_jwt.disclosures}
    lacking = [name for name in wanted.disclose if name not in has]
    if lacking:
        raise CredentialNotPresentable(f"it has no {', '.join(lacking)} to show", field="disclose")
    shown = held.sd_jwt.shown(wanted.disclose).bound_by(
        partial(sign_token, keys, typ=KEY_BINDING),
        audience=wanted.audience,
        nonce=wanted.nonce,
        now=node.clock(),
    )
    detail = {"disclosed": " ".join(sorted(wanted.disclose))}
    named = str(held.claims.get("id"))
    subject = named if _OURS.fullmatch(named) else "credential"
    await Trail(connection).append(caller.key_id, PRESENTED, subject, detail)
    return str(shown)
