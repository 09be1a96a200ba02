"""The node's rules of the Council and the contract's are the same, whatever members try."""

from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from chaincode_tests.consortium import DAY, DELAY, OBJECTION_WINDOW, Consortium, Party
from chaincode_tests.two_councils import TwoCouncils, Wish
from tests.sampling import TIMES
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.proposals import LIFETIME, Proposal, ProposalStatus

MEMBERS = ("carrier", "other_carrier", "bank", "insurer", "regulator")
ACTORS = (*MEMBERS, "buyer")
KINDS = ("recover", "recover", "recover", "suspend", "add", "remove", "forbidden")

actors = st.sampled_from(ACTORS)
waits = st.sampled_from((1, 1, 1, 1, 60, DAY, DELAY, OBJECTION_WINDOW, LIFETIME - 1))


@dataclass(frozen=True)
class Attempt:
    """One act on a proposal: aimed (possible, and by whom it is) or anyhow."""

    aimed: bool
    number: int
    turn: int
    actor: str
    wait: int
    reason: str


attempts = st.builds(
    Attempt,
    aimed=st.sampled_from((True, True, True, True, False)),
    number=st.integers(0, 4),
    turn=st.integers(0, 11),
    actor=actors,
    wait=waits,
    reason=st.sampled_from(("because", "because", "because", "")),
)


class CouncilsUnderTwoRules(RuleBasedStateMachine):
    """Every act goes to the domain and to the chain, and both answer the same."""

    def __init__(self, world: Consortium) -> None:
        super().__init__()
        self.world = world
        self.snapshot = world.chain.snapshot()
        self.two = TwoCouncils(world)

    def teardown(self) -> None:
        self.world.chain.revert_to(self.snapshot)

    @initialize(first=st.lists(actors, max_size=6), count=st.integers(3, 5))
    def found(self, first: list[str], count: int) -> None:
        self.two.found([self.party(name) for name in first])
        self.two.found([self.party(name) for name in MEMBERS[:count]])
        twice = (("suspend", "buyer"), ("suspend", "buyer"))
        for kind, of in (*twice, ("recover", "buyer"), ("recover", "carrier"), ("add", "buyer")):
            self.two.propose(self.party("bank"), self.wish(kind, self.party(of)), "because", 1)

    @rule(
        actor=st.sampled_from((*MEMBERS, *ACTORS)),
        kind=st.sampled_from(KINDS),
        of=actors,
        wait=waits,
        reason=st.sampled_from(("because", "because", "because", "")),
    )
    def propose(self, *, actor: str, kind: str, of: str, wait: int, reason: str) -> None:
        self.two.propose(self.party(actor), self.wish(kind, self.party(of)), reason, wait)

    @rule(turn=st.integers(0, 11), of=actors)
    def propose_the_same_again(self, turn: int, of: str) -> None:
        wish = self.wish("suspend", self.party(of))
        for proposal in self.two.state.proposals.values():
            if not proposal.executed_at and not proposal.motion.subject:
                wish = self.two.wishes[proposal.number]
        self.two.propose(self.seated(turn), wish, "because", 1)

    @rule(several=st.lists(attempts, min_size=4, max_size=12))
    def act(self, several: list[Attempt]) -> None:
        for attempt in several:
            self.attempt(attempt)

    @rule(of=actors)
    def suspend_one_or_end_its_suspension(self, of: str) -> None:
        """Never more than one at a time: where one is suspended, it is restored."""
        parties = [PartyIndex(self.party(name).index) for name in ACTORS]
        for party in parties:
            if self.two.standing(party).status is PartyStatus.SUSPENDED:
                self.two.set_status(party, PartyStatus.ACTIVE)
                return
        self.two.set_status(PartyIndex(self.party(of).index), PartyStatus.SUSPENDED)

    @invariant()
    def domain_and_chain_are_alike(self) -> None:
        self.two.assert_alike()

    def attempt(self, attempt: Attempt) -> None:
        now, proposals = self.world.chain.now, self.two.state.proposals
        going = (ProposalStatus.OPEN, ProposalStatus.APPROVED)
        open_ones = [each for each in proposals.values() if each.status(now) in going]
        if not attempt.aimed:
            self.anyhow(attempt, attempt.number)
        elif not open_ones:
            wish = self.wish(KINDS[attempt.turn % len(KINDS)], self.party(attempt.actor))
            self.two.propose(self.seated(attempt.turn), wish, "because", 1)
        else:
            self.lead_on(attempt, open_ones[attempt.number % len(open_ones)])

    def lead_on(self, attempt: Attempt, proposal: Proposal) -> None:
        """The next thing that is possible with the proposal."""
        number, actor = proposal.number, self.party(attempt.actor)
        if self.two.state.is_superseded(proposal) and attempt.turn % 2:
            self.two.execute(number, attempt.wait)
        elif proposal.motion.subject and not proposal.is_objected and attempt.turn % 3 == 0:
            self.two.object_to(self.whose(proposal, actor), number, "because", 60)
        elif attempt.turn == 7:
            self.two.withdraw(self.one_of(proposal.approvals) or actor, number, 60)
        elif proposal.executable_from and attempt.turn % 4:
            # in the last second that is too early, or in the first that is not
            ahead = proposal.executable_from - self.world.chain.now - (attempt.turn % 4 == 1)
            self.two.execute(number, max(1, ahead))
        else:
            self.two.approve(self.missing(proposal, actor), number, 60)

    def anyhow(self, attempt: Attempt, number: int) -> None:
        actor, wait = self.party(attempt.actor), attempt.wait
        match attempt.turn % 4:
            case 0:
                self.two.approve(actor, number, wait)
            case 3:
                self.two.withdraw(actor, number, wait)
            case 1:
                self.two.object_to(actor, number, attempt.reason, wait)
            case _:
                self.two.execute(number, wait)

    def seated(self, turn: int) -> Party:
        seats = self.two.state.seats
        named = {self.party(name).index: self.party(name) for name in ACTORS}
        return named[seats[turn % len(seats)]]

    def whose(self, proposal: Proposal, otherwise: Party) -> Party:
        named = {self.party(name).index: self.party(name) for name in ACTORS}
        return named.get(proposal.motion.subject, otherwise)

    def one_of(self, parties: tuple[PartyIndex, ...]) -> Party | None:
        """The last that can act by itself among these."""
        named = {self.party(name).index: self.party(name) for name in ACTORS}
        return next((named[each] for each in reversed(parties)), None)

    def missing(self, proposal: Proposal, otherwise: Party) -> Party:
        """A member that can approve, and has not yet."""
        able = [
            each
            for each in map(self.party, ACTORS)
            if each.index in set(self.two.state.seats) - set(proposal.approvals)
            and self.two.standing(PartyIndex(each.index)).status is PartyStatus.ACTIVE
        ]
        return able[0] if able else otherwise

    def wish(self, kind: str, of: Party) -> Wish:
        world, account = self.world, self.two.account(of)
        index = PartyIndex(of.index)
        match kind:
            case "recover":
                terms = (index, self.two.fresh_account(), "lost")
                return Wish(world.parties, "recover", terms, subject=index)
            case "suspend":
                # each gives another reason, and decides the same
                why = f"because of {len(self.two.state.proposals)}"
                return Wish(world.parties, "changeStatus", (index, PartyStatus.SUSPENDED, why))
            case "add":
                return Wish(world.council, "addSeat", (index,))
            case "remove":
                return Wish(world.council, "removeSeat", (index,))
            case _:
                return Wish(world.authority, "grantRole", (0, account, 0), allowed=False)

    def party(self, name: str) -> Party:
        party: Party = getattr(self.world, name)
        return party


def test_domain_and_contract_answer_every_act_alike(world: Consortium) -> None:
    class InThisWorld(CouncilsUnderTwoRules):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(
        InThisWorld,
        settings=settings(
            max_examples=25 * TIMES,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
