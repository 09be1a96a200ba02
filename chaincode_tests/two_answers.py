"""Asks the node's domain and a contract about the same act at the same second."""

from collections.abc import Callable
from typing import Generic, TypeVar

from chaincode_tests.consortium import Consortium, Party
from chaincode_tests.contract import Contract, Outcome, Reverted
from tidan_node.domain.history import FIRST_HEAD, Act, InvoiceAct, PolicyAct, next_head
from tidan_node.domain.identifiers import NO_PARTY, Head, PartyIndex, to_bytes, to_hex
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.titles import TitleAct
from tidan_node.ledger.refusals import REFUSALS
from tidan_node.problems import Problem

NOBODY, UNKNOWN = "nobody", "unknown"
UNKNOWN_PARTY = PartyIndex(99)

Record = TypeVar("Record")
# a function of the contract and its arguments
Call = tuple[str, *tuple[object, ...]]
# what an act adds to the history
Told = tuple[TitleAct | InvoiceAct | PolicyAct, bytes]


class TwoAnswers(Generic[Record]):
    """The records as the domain has them, beside those of one registry."""

    def __init__(self, world: Consortium, registry: Contract) -> None:
        self.world = world
        self.registry = registry
        self.records: dict[str, Record] = {}
        self._heads: dict[str, Head] = {}
        self._seqs: dict[str, int] = {}

    def both(
        self,
        record_id: str,
        actor: str,
        *,
        wait: int = 1,
        ruled: Callable[[int], Record],
        call: Call,
        told: Callable[[Record], Told],
    ) -> bool:
        """Asks domain and chain, which answer alike; true if both did it."""
        now = self.world.chain.now + wait
        answer = _answer(lambda: ruled(now))
        self.world.chain.next_block_at(now)
        outcome = self._transact(actor, call)
        if isinstance(answer, Problem) or isinstance(outcome, Reverted):
            assert isinstance(answer, Problem), f"only the contract refuses: {outcome}"
            assert isinstance(outcome, Reverted), f"only the domain refuses: {answer!r}"
            assert type(answer) is REFUSALS[outcome.error].kind
            return False
        act, detail = told(answer)
        seq = self._seqs.get(record_id, 0) + 1
        done = Act(act, seq, self.index(actor), outcome.time, detail)
        self._seqs[record_id] = seq
        self._heads[record_id] = next_head(self._heads.get(record_id, FIRST_HEAD), done)
        self.records[record_id] = answer
        return True

    def assert_same_head(self, record_id: str) -> None:
        """The chain has the history that the domain has seen."""
        head = self.registry.call("headOf", to_bytes(record_id))
        assert to_hex(head) == self._heads[record_id]

    def party(self, actor: str) -> Party:
        party: Party = getattr(self.world, actor)
        return party

    def index(self, actor: str) -> PartyIndex:
        if actor in {NOBODY, UNKNOWN}:
            return NO_PARTY if actor == NOBODY else UNKNOWN_PARTY
        return PartyIndex(self.party(actor).index)

    def standing(self, actor: str) -> Standing:
        return self.standing_of(self.index(actor))

    def standing_of(self, party: PartyIndex) -> Standing:
        roles, status = self.world.parties.call("standingOf", party)
        successor = PartyIndex(self.world.parties.call("successorOf", party))
        return Standing(party, Role(roles), PartyStatus(status), successor)

    def suspend_or_restore(self, actor: str, among: tuple[str, ...]) -> None:
        """Never more than one at a time: where one is suspended, it is restored. Who is revoked is
        left alone."""
        for one in among:
            if self.standing(one).status is PartyStatus.SUSPENDED:
                self.world.set_status(self.party(one), PartyStatus.ACTIVE)
                return
        if self.standing(actor).status is PartyStatus.ACTIVE:
            self.world.set_status(self.party(actor), PartyStatus.SUSPENDED)

    def _transact(self, actor: str, call: Call) -> Outcome | Reverted:
        try:
            return self.registry.transact(self.party(actor).account, *call)
        except Reverted as refusal:
            return refusal


def _answer(rule_of_domain: Callable[[], Record]) -> Record | Problem:
    try:
        return rule_of_domain()
    except Problem as problem:
        return problem
