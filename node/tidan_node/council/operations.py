"""What was intended with the Council, accounts and gateways becomes a call of their contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tidan_node.ledger.calls import Call

Intent = Mapping[str, object]

PROPOSE: Final = "council.propose"
APPROVE: Final = "council.approve"
WITHDRAW: Final = "council.withdraw"
OBJECT: Final = "council.object"
EXECUTE: Final = "council.execute"
REQUEST_ROTATION: Final = "rotation.request"
CANCEL_ROTATION: Final = "rotation.cancel"
COMPLETE_ROTATION: Final = "rotation.complete"
ADMIT_GATEWAY: Final = "gateway.admit"
WITHDRAW_ADMISSION: Final = "gateway.withdraw_admission"


@dataclass(frozen=True, slots=True)
class CouncilHandler:
    """One kind of operation: the members of its intent are the arguments, in their order."""

    kind: str
    contract: str
    function: str
    members: tuple[str, ...] = ()

    def call(self, intent: Intent) -> Call:
        arguments = tuple(intent[member] for member in self.members)
        return Call(self.contract, self.function, arguments)


HANDLERS: Final = (
    CouncilHandler(PROPOSE, "Council", "propose", ("target", "call", "reason")),
    CouncilHandler(APPROVE, "Council", "approve", ("proposal",)),
    CouncilHandler(WITHDRAW, "Council", "withdrawApproval", ("proposal",)),
    CouncilHandler(OBJECT, "Council", "object", ("proposal", "reason")),
    CouncilHandler(EXECUTE, "Council", "execute", ("proposal", "call")),
    CouncilHandler(REQUEST_ROTATION, "PartyRegistry", "requestRotation", ("added", "removed")),
    CouncilHandler(CANCEL_ROTATION, "PartyRegistry", "cancelRotation"),
    CouncilHandler(COMPLETE_ROTATION, "PartyRegistry", "completeRotation", ("party",)),
    CouncilHandler(ADMIT_GATEWAY, "GatewayRegistry", "admit", ("gateway",)),
    CouncilHandler(WITHDRAW_ADMISSION, "GatewayRegistry", "withdrawAdmission", ("gateway",)),
)
