"""The specification of titles and the contract are the same, whatever anybody tries.

Every act goes to both, direct or signed by one and sent by another, at the same second: they refuse
for the same reason, or tell the same events and keep the same titles and histories.
"""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from chaincode_tests.consortium import DAY, PAPER_DELAY, Consortium
from chaincode_tests.two_registers import ENROLLED, NAMED, Turn, TwoRegisters
from tests.sampling import TIMES
from tidan_node.domain.parties import Role

ACTS = 24  # at once: what Hypothesis itself costs is paid per rule
BYTES = 12  # of chance for each act
STEPS = 10_000 * (1 if TIMES == 1 else 4 * TIMES)
"""A soak of 25 times takes a million."""
EXAMPLES = 45  # of some 220 steps each; as often as it takes

GOING = ("other_carrier", "buyer", "carrying_bank")
SUCCEEDING = ("other_carrier", "other_bank", "carrying_bank")
SETTLED = 5 * ACTS  # before that a story has hardly a title that a turn could matter to
TURNS: tuple[tuple[Turn | None, ...], ...] = (
    (
        None,
        ("carrier", "other_carrier", 2 * PAPER_DELAY),
        ("carrier", "carrying_bank", 2 * PAPER_DELAY),
        ("carrier", "other_carrier", DAY),
        ("carrying_bank", "other_carrier", DAY),
    ),
    (
        None,
        ("bank", "carrying_bank", Role.TRADER),
        ("bank", "carrying_bank", Role.CARRIER),
        ("bank", "other_bank", DAY),
    ),
    (None, ("buyer", "other_bank", DAY), ("shipper", "other_bank", DAY)),
)
"""One of each comes in a story: who is revoked, who shall succeed it, what becomes of that."""

numbers = st.binary(min_size=ACTS * BYTES, max_size=ACTS * BYTES)
anybody = st.sampled_from((*NAMED, *ENROLLED))


class TitlesUnderTwoRules(RuleBasedStateMachine):
    """Two registers, one on a chain, one in Python."""

    taken = 0

    def __init__(self, world: Consortium) -> None:
        super().__init__()
        self.chain = world.chain
        self.snapshot = world.chain.snapshot()
        self.two = TwoRegisters(world)
        self.turns: list[Turn] = []

    def teardown(self) -> None:
        type(self).taken += self.two.steps.total()
        self.chain.revert_to(self.snapshot)

    @initialize(turns=st.tuples(*map(st.sampled_from, TURNS)))
    def plan_turns(self, turns: tuple[Turn | None, ...]) -> None:
        """What comes once it matters: one is revoked, and its successor does not last either."""
        self.turns = [turn for turn in turns if turn is not None]

    @rule(several=numbers)
    def act(self, several: bytes) -> None:
        self._take_a_turn()
        for place in range(0, len(several), BYTES):
            number = int.from_bytes(several[place : place + BYTES], "big")
            if number:
                self.two.attempt(number)
        self.two.assert_alike()

    @rule(several=numbers)
    def act_more(self, several: bytes) -> None:
        self.act(several)

    @rule(several=numbers)
    def act_most(self, several: bytes) -> None:
        self.act(several)

    @rule(name=anybody)
    def suspend_one_or_end_its_suspension(self, name: str) -> None:
        self.two.suspend_or_restore(name)

    @rule(
        name=st.sampled_from(("carrier", "bank", "carrier", "bank", *GOING)),
        successor=st.sampled_from((*SUCCEEDING, None)),
        chance=st.integers(0, 7),
    )
    def revoke_or_name_a_successor(self, name: str, successor: str | None, chance: int) -> None:
        """Rarely: whoever is revoked is so for the rest of the story."""
        if chance > 5:
            self.two.revoke(name, successor)
        elif chance > 3 and successor is not None:
            self.two.name_successor(name, successor)

    @rule(roles=st.sampled_from((Role.BANK, Role.TRADER, Role.BANK | Role.CARRIER)))
    def change_the_roles_of_a_bank(self, roles: Role) -> None:
        self.two.change_roles("other_bank", roles)

    @rule(place=st.integers(0, 1), admitting=st.sampled_from(("carrier", "other_carrier", None)))
    def recognise_or_admit_a_gateway_or_end_that(self, place: int, admitting: str | None) -> None:
        gateway = self.two.gateways[place]
        if admitting is None:
            self.two.change_gateway(gateway)
        else:
            self.two.change_admission(admitting, gateway)

    def _take_a_turn(self) -> None:
        if self.two.steps.total() < SETTLED:
            return
        for turn in self.turns:
            if self.two.matters(turn[0]):
                self.turns.remove(turn)
                self.two.revoke(*turn)
                return


def test_specification_and_contract_answer_every_act_alike(world: Consortium) -> None:
    class InThisWorld(TitlesUnderTwoRules):
        def __init__(self) -> None:
            super().__init__(world)

    while InThisWorld.taken < STEPS:
        run_state_machine_as_test(
            InThisWorld,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
