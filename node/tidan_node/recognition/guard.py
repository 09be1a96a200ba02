"""Asked in every request of a platform's user: does the recognition still stand?"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.identifiers import Address
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.platforms import AnchorId, AnchorUnknown
from tidan_node.people.authentication import not_authenticated
from tidan_node.people.caller import Caller
from tidan_node.recognition.scope import covers, scopes_of
from tidan_node.records.problems import NothingIndexed
from tidan_node.records.records import Records


class RecognitionGuard:
    """A session lives by a recognition on this node's view of the chain, at the chain's time."""

    def __init__(self, account: Address) -> None:
        self._account = account

    async def admit(self, connection: AsyncConnection, caller: Caller) -> Caller:
        """The caller, with no more than the recognition covers now."""
        records = Records(connection)
        own = await records.party_by_account(self._account)
        try:
            recognition = await records.recognition(AnchorId(str(caller.anchor_id)))
            stands = recognition.state.stands(await records.chain_time())
        except (AnchorUnknown, NothingIndexed) as error:
            raise not_authenticated() from error
        if own is None or own.state.status is PartyStatus.REVOKED or not stands:
            raise not_authenticated()
        if not covers(recognition.state, own.state.standing):
            raise not_authenticated()
        return caller.within(scopes_of(recognition.state))
