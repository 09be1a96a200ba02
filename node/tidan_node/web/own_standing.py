"""What the rules of acts ask of the party that this node speaks for."""

from __future__ import annotations

from tidan_node.domain.identifiers import Address
from tidan_node.domain.parties import NotEnrolled, Standing
from tidan_node.ledger.blocks import BlockRef
from tidan_node.records.records import Records


class OwnStanding:
    """Looked for once a block: nothing but a block changes it."""

    def __init__(self) -> None:
        self._known: tuple[BlockRef, Address, Standing] | None = None

    async def at(self, records: Records, account: Address, as_of: BlockRef) -> Standing:
        """The standing of the party of this account, in a transaction that sees this block."""
        if self._known is None or self._known[:2] != (as_of, account):
            self._known = as_of, account, await standing_of(records, account)
        return self._known[2]


async def standing_of(records: Records, account: Address) -> Standing:
    """A node that has read nothing knows of nobody."""
    found = await records.standing_by_account(account)
    if found is None:
        raise await not_enrolled(records, account)
    return found


async def not_enrolled(records: Records, account: Address) -> NotEnrolled:
    """What to say of an account that no party has."""
    await records.as_of()
    return NotEnrolled(
        f"no party has the account {account}; where the party has changed its key since,"
        " start this node again with the new one",
        field="caller",
    )
