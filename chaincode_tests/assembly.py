"""The story that tests of the Council begin with: five seats, of which three decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chaincode_tests.consortium import SUSPENDED, Consortium, Party
from chaincode_tests.contract import Contract, Outcome

NONE, OPEN, APPROVED, EXECUTED, LAPSED = range(5)
LIFETIME = 30 * 24 * 3600
REASON = "for the test"


@dataclass(frozen=True)
class Assembly:
    """A founded Council and what its members do."""

    world: Consortium
    calls: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def founded(cls, world: Consortium) -> Assembly:
        assembly = cls(world)
        assembly.found(assembly.members)
        return assembly

    @property
    def council(self) -> Contract:
        return self.world.council

    @property
    def members(self) -> tuple[Party, ...]:
        world = self.world
        return (world.carrier, world.other_carrier, world.bank, world.insurer, world.regulator)

    def found(self, members: tuple[Party, ...]) -> Outcome:
        seats = [member.index for member in members]
        return self.council.transact(self.world.admin, "found", seats)

    def propose(self, by: Party, target: Contract, function: str, *arguments: Any) -> int:
        """The number of a new proposal. The arguments are of any ABI type."""
        self.proposed(by, target, function, *arguments)
        return self.last

    def proposed(self, by: Party, target: Contract, function: str, *arguments: Any) -> Outcome:
        call = target.call_data(function, arguments)
        outcome = self.council.transact(by.account, "propose", target.address, call, REASON)
        self.calls[self.last] = call
        return outcome

    def call_of(self, proposal: int) -> bytes:
        """The bytes that were proposed."""
        return self.calls[proposal]

    def propose_suspension(self, of: Party, by: Party | None = None) -> int:
        terms = (of.index, SUSPENDED, REASON)
        return self.propose(by or self.members[0], self.world.parties, "changeStatus", *terms)

    def propose_recovery(self, of: Party, added: str, by: Party | None = None) -> int:
        terms = (of.index, added, REASON)
        return self.propose(by or self.members[0], self.world.parties, "recover", *terms)

    def approve(self, proposal: int, *by: Party) -> list[Outcome]:
        return [self.council.transact(each.account, "approve", proposal) for each in by]

    def object(self, proposal: int, by: Party, reason: str = "we are here") -> Outcome:
        return self.council.transact(by.account, "object", proposal, reason)

    def execute(self, proposal: int, *, at: int | None = None) -> Outcome:
        """By a stranger, in a block of this time, or of the first at which it is possible."""
        when = at if at is not None else self.record(proposal)["executableFrom"]
        self.world.chain.next_block_at(max(when, self.world.chain.now + 1))
        return self.execute_with(proposal, self.call_of(proposal))

    def execute_with(self, proposal: int, call: bytes) -> Outcome:
        return self.council.transact(self.world.stranger, "execute", proposal, call)

    def decide(self, target: Contract, function: str, *arguments: Any) -> Outcome:
        """Proposed, approved by three and executed."""
        proposal = self.propose(self.members[0], target, function, *arguments)
        self.approve(proposal, *self.members[1:3])
        return self.execute(proposal)

    def record(self, proposal: int) -> dict[str, Any]:
        found: dict[str, Any] = self.council.call("proposalOf", proposal)
        return found

    @property
    def last(self) -> int:
        count: int = self.council.call("proposalCount")
        return count
