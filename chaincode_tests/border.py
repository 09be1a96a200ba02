"""What a gateway does with titles, for the tests of crossings."""

from typing import Any

from chaincode_tests.contract import Outcome
from chaincode_tests.trade import Issuance, Trade, digest

TRANSFER = digest("transfer 1")


class Border:
    """The acts of a gateway."""

    def __init__(self, trade: Trade, gateway: str) -> None:
        self.trade, self.gateway = trade, gateway

    def act(self, act: str, *arguments: Any) -> Outcome:
        return self.trade.world.titles.transact(self.gateway, act, *arguments)

    def bring(
        self, issuance: Issuance, transfer: bytes = TRANSFER, issuer: int | None = None
    ) -> Outcome:
        issuer = issuance.issuer if issuer is None else issuer
        return self.act("importTitle", issuance.as_tuple(), issuer, transfer)

    def exported(self) -> bytes:
        """The id of a title (seq 3) that has left through the gateway."""
        title = self.trade.locked(self.gateway)
        self.act("exportTitle", title, 2)
        return title
