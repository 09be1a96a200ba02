"""Paths of parties, and of who is calling."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from starlette.requests import Request

from tidan_node.domain.parties import PartyUnknown
from tidan_node.identity.schemas import MeAnswer, PartyAsOf, PartyPage
from tidan_node.identity.service import PartyReader
from tidan_node.identity.verification_schemas import PartyVerification
from tidan_node.identity.verifying import verified_party
from tidan_node.records.problems import NothingIndexed, PartyAmbiguous
from tidan_node.web.caller import CurrentCaller, question, requires
from tidan_node.web.errors import described
from tidan_node.web.pagination import Page
from tidan_node.web.refusals import CursorInvalid
from tidan_node.web.routes import guarded_router
from tidan_node.web.shapes import SEEN
from tidan_node.web.state import node_of
from tidan_node.web.transactions import Reading

router = guarded_router("/v1/parties", "parties")
me = guarded_router("/v1/me", "parties")

Reference = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        pattern=SEEN,
        description="A number, an account, an identifier or code as `LEI:…`, or an exact name.",
    ),
]


@router.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(CursorInvalid, NothingIndexed),
)
async def list_parties(connection: Reading, page: Page) -> PartyPage:
    """Parties, in the order in which they were enrolled."""
    return await PartyReader(connection).parties(page)


@router.get(
    "/{party:path}",  # a name may have a slash in it: A/S
    dependencies=[requires("records:read")],
    responses=described(PartyUnknown, PartyAmbiguous, NothingIndexed),
)
async def show_party(party: Reference, connection: Reading) -> PartyAsOf:
    """The party as it stands."""
    return await PartyReader(connection).party(party)


@router.post(
    "/{party:path}/verification",
    dependencies=[requires("records:read"), question()],
    responses=described(PartyUnknown, PartyAmbiguous, NothingIndexed),
)
async def verify_party(party: Reference, request: Request) -> PartyVerification:
    """Whether the party is who it says: its identifiers, the DID document and the keys at its node,
    and the certificates by which an authority that this node trusts vouches for it."""
    return await verified_party(node_of(request), party)


@me.get(
    "",
    dependencies=[requires("records:read")],
    responses=described(NothingIndexed),
)
async def show_me(request: Request, connection: Reading, caller: CurrentCaller) -> MeAnswer:
    """Who is calling, and for which party this node speaks."""
    return await PartyReader(connection).me(caller, node_of(request))
