"""Asks the node's domain and the Council on the chain about the same act at the same second."""

from collections.abc import Callable
from dataclasses import dataclass

from eth_utils.crypto import keccak

from chaincode_tests.consortium import (
    DELAY,
    OBJECTION_WINDOW,
    THRESHOLD,
    Consortium,
    Party,
)
from chaincode_tests.contract import Contract, Reverted
from tidan_node.domain.council import CouncilState, required_approvals
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.proposals import Motion, ProposalStatus, Terms
from tidan_node.domain.record_problems import PartyStatusRefused
from tidan_node.ledger.refusals import REFUSALS
from tidan_node.problems import Problem

Ruled = Callable[[int], CouncilState]


@dataclass(frozen=True)
class Wish:
    """What a proposal would do: its call on the chain, and what the domain makes of it."""

    target: Contract
    function: str
    arguments: tuple[object, ...]
    subject: PartyIndex = NO_PARTY
    allowed: bool = True

    @property
    def call(self) -> bytes:
        return self.target.call_data(self.function, self.arguments)


class TwoCouncils:
    """The Council as the domain has it, beside the one on the chain."""

    def __init__(self, world: Consortium) -> None:
        self.world = world
        self.state = CouncilState(Terms(THRESHOLD, DELAY, OBJECTION_WINDOW))
        self.wishes: dict[int, Wish] = {}
        self.accounts: dict[PartyIndex, str] = {}
        self._used = 0
        # accounts that recoveries add, and the Council's own, have no key here
        world.chain.rpc("anvil_autoImpersonateAccount", True)

    def standing(self, party: PartyIndex) -> Standing:
        roles, status = self.world.parties.call("standingOf", party)
        return Standing(party, Role(roles), PartyStatus(status))

    def account(self, party: Party) -> str:
        """The account that acts for the party today."""
        return self.accounts.get(PartyIndex(party.index), party.account)

    def fresh_account(self) -> str:
        self._used += 1
        return f"0x{0xACC << 144 | self._used:040x}"

    def set_status(self, party: PartyIndex, status: PartyStatus) -> None:
        """What another proposal might have done: the Council's own call."""
        council = self.world.council.address
        self.world.parties.transact(council, "changeStatus", party, status, "for the test")

    def found(self, members: list[Party]) -> None:
        seats = [member.index for member in members]
        standings = [self.standing(PartyIndex(seat)) for seat in seats]
        self._both(lambda _: self.state.found(standings), self.world.admin, "found", seats)

    def propose(self, by: Party, wish: Wish, reason: str, wait: int) -> None:
        motion = Motion(Address(wish.target.address), wish.call, reason, wish.subject)
        caller = self.standing(PartyIndex(by.index))

        def ruled(now: int) -> CouncilState:
            return self.state.propose(motion, caller=caller, target_allowed=wish.allowed, at=now)

        arguments = (wish.target.address, wish.call, reason)
        if self._both(ruled, self.account(by), "propose", *arguments, wait=wait):
            self.wishes[len(self.wishes) + 1] = wish

    def approve(self, by: Party, number: int, wait: int) -> None:
        caller = self.standing(PartyIndex(by.index))

        def ruled(now: int) -> CouncilState:
            return self.state.approve(number, caller=caller, standing_of=self.standing, at=now)

        self._both(ruled, self.account(by), "approve", number, wait=wait)

    def withdraw(self, by: Party, number: int, wait: int) -> None:
        caller = self.standing(PartyIndex(by.index))

        def ruled(now: int) -> CouncilState:
            return self.state.withdraw_approval(
                number, caller=caller, standing_of=self.standing, at=now
            )

        self._both(ruled, self.account(by), "withdrawApproval", number, wait=wait)

    def object_to(self, by: Party, number: int, reason: str, wait: int) -> None:
        caller = self.standing(PartyIndex(by.index))

        def ruled(now: int) -> CouncilState:
            return self.state.object(
                number, reason, caller=caller, standing_of=self.standing, at=now
            )

        self._both(ruled, self.account(by), "object", number, reason, wait=wait)

    def execute(self, number: int, wait: int) -> None:
        def ruled(now: int) -> CouncilState:
            state = self.state.execute(number, standing_of=self.standing, at=now)
            return self._effect(state, self.wishes[number])

        call = self.wishes[number].call if number in self.wishes else b""
        if self._both(ruled, self.world.stranger, "execute", number, call, wait=wait):
            wish = self.wishes[number]
            if wish.function == "recover":
                self.accounts[wish.subject] = str(wish.arguments[1])

    def _effect(self, state: CouncilState, wish: Wish) -> CouncilState:
        """What the call does, or why its target refuses."""
        party = PartyIndex(int(str(wish.arguments[0])))
        match wish.function:
            case "addSeat":
                return state.add_seat(self.standing(party))
            case "removeSeat":
                return state.remove_seat(party)
            case "changeStatus" if self.standing(party).status == wish.arguments[1]:
                raise PartyStatusRefused("it is so already", field="status")
        return state

    def _both(
        self, ruled: Ruled, account: str, function: str, *arguments: object, wait: int = 1
    ) -> bool:
        now = self.world.chain.now + wait
        try:
            answer: CouncilState | Problem = ruled(now)
        except Problem as problem:
            answer = problem
        self.world.chain.next_block_at(now)
        refusal = self._refusal(account, function, *arguments)
        if refusal is not None:
            assert isinstance(answer, Problem), f"only the contract refuses: {refusal}"
            assert type(answer) is REFUSALS[refusal.error].kind, f"{refusal} for {answer!r}"
            return False
        assert not isinstance(answer, Problem), f"only the domain refuses: {answer!r}"
        self.state = answer
        return True

    def _refusal(self, account: str, function: str, *arguments: object) -> Reverted | None:
        try:
            self.world.council.transact(account, function, *arguments)
        except Reverted as refusal:
            return refusal
        return None

    def assert_alike(self) -> None:
        """The chain shows what the domain says."""
        call, now = self.world.council.call, self.world.chain.now
        assert set(call("seats")) == set(self.state.seats)
        assert call("proposalCount") == len(self.state.proposals)
        for number, proposal in self.state.proposals.items():
            record = call("proposalOf", number)
            counted = self.state.standing_approvals(proposal, self.standing)
            assert call("approvalsOf", number) == proposal.approvals
            assert ProposalStatus(record["status"]) is proposal.status(now)
            assert {name: record[name] for name in record if name != "status"} == {
                "target": proposal.motion.target,
                "callHash": keccak(proposal.motion.call),
                "subject": proposal.motion.subject,
                "proposer": proposal.proposer,
                "approvals": len(counted),
                "required": required_approvals(self.state, proposal),
                "objected": proposal.is_objected,
                "executableFrom": proposal.executable_from,
                "lapsesAt": proposal.lapses_at,
            }
