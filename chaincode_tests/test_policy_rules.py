"""The node's rules of a policy and the contract's are the same, whatever parties try."""

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

from chaincode_tests.consortium import Consortium
from chaincode_tests.trade import HOUR, ZERO, digest
from chaincode_tests.two_answers import UNKNOWN, TwoAnswers
from tests.sampling import TIMES
from tidan_node.domain.history import PolicyAct, hashed_detail, word
from tidan_node.domain.identifiers import ContentRoot, PartyIndex, to_bytes, to_hex
from tidan_node.domain.policies import Policy, PolicyTerms
from tidan_node.domain.proofs.record_ids import record_id_of

ACTORS = ("insurer", "shipper", "buyer", "bank")
SCHEMA, VERSION = 3, 1


@dataclass(frozen=True)
class Attempt:
    """One act: aimed (by whose it is, and on what it has seen) or anyhow."""

    act: str
    aimed: bool
    policy: int
    actor: str
    stale: int
    moment: str
    root: bytes
    ahead: int
    loss_payee: str

    def wait(self, policy: Policy, now: int) -> int:
        """Until when it waits: at once, or around the end of cover where that is still ahead."""
        moments = {"last second": policy.expires - 1 - now, "end of cover": policy.expires - now}
        return max(1, moments.get(self.moment, 1))


attempts = st.builds(
    Attempt,
    act=st.sampled_from(("endorse", "endorse", "assign", "assign", "cancel")),
    aimed=st.sampled_from((True, True, False)),
    policy=st.integers(0, 3),
    actor=st.sampled_from(ACTORS),
    stale=st.sampled_from((0, 0, 0, -1, 1)),
    moment=st.sampled_from(("at once",) * 8 + ("last second", "end of cover")),
    root=st.sampled_from((digest("new content"), digest("newer content"), ZERO)),
    ahead=st.sampled_from((1, 1, 2, 0, -1)),
    loss_payee=st.sampled_from(("bank", *ACTORS, UNKNOWN)),
)
actors = st.sampled_from(ACTORS)


class PoliciesUnderTwoRules(RuleBasedStateMachine):
    """Every act goes to the domain and to the chain, and both answer the same."""

    def __init__(self, world: Consortium) -> None:
        super().__init__()
        self.world = world
        self.snapshot = world.chain.snapshot()
        self.two: TwoAnswers[Policy] = TwoAnswers(world, world.policies)

    def teardown(self) -> None:
        self.world.chain.revert_to(self.snapshot)

    @initialize()
    def begin_with_two_policies(self) -> None:
        self.issue(actor="insurer", name="first", insured="shipper", lasting=20 * HOUR)
        self.issue(actor="insurer", name="second", insured="buyer", lasting=HOUR)

    @rule(
        actor=st.sampled_from(("insurer", *ACTORS)),
        name=st.sampled_from(("first", "third", "fourth")),
        insured=st.sampled_from((*ACTORS, UNKNOWN)),
        lasting=st.sampled_from((10 * HOUR, HOUR, 1, 0, -1)),
    )
    def issue(self, *, actor: str, name: str, insured: str, lasting: int) -> None:
        number, root = digest(name), digest(f"{name} content")
        record_id = record_id_of(self.two.index(actor), to_hex(number))
        expires = self.world.chain.now + 1 + lasting
        terms = PolicyTerms(record_id, ContentRoot(to_hex(root)), expires, SCHEMA, VERSION)
        stated = (root, self.two.index(insured), expires, SCHEMA, VERSION)
        types = ["bytes32", "bytes32", "uint32", "uint40", "uint16", "uint16"]
        told = (PolicyAct.ISSUE, hashed_detail(types, [to_bytes(record_id), *stated]))
        self.two.both(
            terms.policy_id,
            actor,
            ruled=lambda now: Policy.issue(
                terms,
                insurer=self.two.standing(actor),
                insured=self.two.standing(insured),
                taken=terms.policy_id in self.two.records,
                now=now,
            ),
            call=("issue", number, *stated),
            told=lambda _: told,
        )

    @rule(several=st.lists(attempts, min_size=1, max_size=6))
    def act(self, several: list[Attempt]) -> None:
        for attempt in several:
            policies = list(self.two.records.values())
            policy = policies[attempt.policy % len(policies)]
            match attempt.act:
                case "endorse":
                    self.endorse(policy, attempt)
                case "assign":
                    self.assign(policy, attempt)
                case _:
                    self.cancel(policy, attempt)

    @rule(actor=actors)
    def suspend_one_or_end_its_suspension(self, actor: str) -> None:
        self.two.suspend_or_restore(actor, ACTORS)

    @invariant()
    def domain_and_chain_are_alike(self) -> None:
        for policy_id, policy in self.two.records.items():
            assert self.world.policies.call("policyOf", to_bytes(policy_id)) == {
                "insurer": policy.insurer,
                "insured": policy.insured,
                "lossPayee": policy.loss_payee,
                "seq": policy.seq,
                "status": policy.status,
                "expires": policy.expires,
                "schema": SCHEMA,
                "version": policy.version,
            }
            root = self.world.policies.call("contentRootOf", to_bytes(policy_id))
            assert to_hex(root) == policy.content_root
            self.two.assert_same_head(policy_id)

    def endorse(self, policy: Policy, attempt: Attempt) -> None:
        actor, seq = self.by_whom(attempt, policy.insurer), self.seq(attempt, policy)
        root, version = ContentRoot(to_hex(attempt.root)), policy.version + attempt.ahead
        detail = hashed_detail(["bytes32", "uint16"], [attempt.root, version])
        self.two.both(
            policy.policy_id,
            actor,
            wait=attempt.wait(policy, self.world.chain.now),
            ruled=lambda now: policy.endorse(
                root, version, caller=self.two.standing(actor), expected_seq=seq, now=now
            ),
            call=("endorse", to_bytes(policy.policy_id), seq, attempt.root, version),
            told=lambda _: (PolicyAct.ENDORSE, detail),
        )

    def assign(self, policy: Policy, attempt: Attempt) -> None:
        actor, seq = self.by_whom(attempt, policy.insured), self.seq(attempt, policy)
        payee = attempt.loss_payee
        self.two.both(
            policy.policy_id,
            actor,
            wait=attempt.wait(policy, self.world.chain.now),
            ruled=lambda now: policy.assign(
                caller=self.two.standing(actor),
                loss_payee=self.two.standing(payee),
                expected_seq=seq,
                now=now,
            ),
            call=("assign", to_bytes(policy.policy_id), seq, self.two.index(payee)),
            told=lambda after: (PolicyAct.ASSIGN, word(after.loss_payee)),
        )

    def cancel(self, policy: Policy, attempt: Attempt) -> None:
        actor, seq = self.by_whom(attempt, policy.insurer), self.seq(attempt, policy)
        self.two.both(
            policy.policy_id,
            actor,
            wait=attempt.wait(policy, self.world.chain.now),
            ruled=lambda now: policy.cancel(
                caller=self.two.standing(actor), expected_seq=seq, now=now
            ),
            call=("cancel", to_bytes(policy.policy_id), seq),
            told=lambda _: (PolicyAct.CANCEL, bytes(32)),
        )

    def by_whom(self, attempt: Attempt, whose: PartyIndex) -> str:
        named = {self.two.index(actor): actor for actor in ACTORS}
        return named[whose] if attempt.aimed else attempt.actor

    def seq(self, attempt: Attempt, policy: Policy) -> int:
        return policy.seq if attempt.aimed else policy.seq + attempt.stale


def test_domain_and_contract_answer_every_act_alike(world: Consortium) -> None:
    class InThisWorld(PoliciesUnderTwoRules):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(
        InThisWorld,
        settings=settings(
            max_examples=30 * TIMES,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
