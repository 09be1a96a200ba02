"""The node's rules of a title and the contract's are the same, whatever parties try."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chaincode_tests.consortium import Consortium
from chaincode_tests.trade import HOUR
from chaincode_tests.two_rules import NOBODY, UNKNOWN, TwoRules
from tests.sampling import TIMES
from tidan_node.domain.history import TitleAct, offer_detail, transfer_detail, word
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, to_bytes
from tidan_node.domain.parties import PartyStatus, Standing
from tidan_node.domain.titles import Offer, Offered, Title, TitleKind, TitleStatus

ACTORS = ("carrier", "other_carrier", "shipper", "buyer", "bank")
REASON = 255


@dataclass(frozen=True)
class PlainAct:
    """An act with no terms of its own: whose it is, and what the domain makes of it."""

    number: TitleAct
    call: tuple[str, *tuple[int, ...]]
    whose: Callable[[Title], PartyIndex]
    ruled: Callable[[Title, Standing, int, int, PartyIndex], Title]
    detail: Callable[[Title], bytes] = lambda _: bytes(32)


def _possessor(title: Title) -> PartyIndex:
    return title.possessor


def _issuer(title: Title) -> PartyIndex:
    return title.issuer


def _offeree(title: Title) -> PartyIndex:
    return title.offer.recipient if title.offer else NO_PARTY


WITHDRAW = PlainAct(
    TitleAct.WITHDRAW,
    ("withdraw",),
    _possessor,
    lambda title, caller, seq, *_: title.withdraw(caller=caller, expected_seq=seq),
)
ACCEPT = PlainAct(
    TitleAct.ACCEPT,
    ("accept",),
    _offeree,
    lambda title, caller, seq, now, _: title.accept(caller=caller, expected_seq=seq, now=now),
    lambda after: transfer_detail(after.possessor, after.titleholder),
)
DECLINE = PlainAct(
    TitleAct.DECLINE,
    ("decline",),
    _offeree,
    lambda title, caller, seq, *_: title.decline(caller=caller, expected_seq=seq),
)
SURRENDER = PlainAct(
    TitleAct.SURRENDER_FOR_DELIVERY,
    ("surrenderForDelivery",),
    _possessor,
    lambda title, caller, seq, now, _: title.surrender_for_delivery(
        caller=caller, expected_seq=seq, now=now
    ),
)
TAKE_IN = PlainAct(
    TitleAct.ACCEPT_SURRENDER,
    ("acceptSurrender",),
    _issuer,
    lambda title, caller, seq, _, successor: title.accept_surrender(
        caller=caller, expected_seq=seq, successor=successor
    ),
)
GIVE_BACK = PlainAct(
    TitleAct.REJECT_SURRENDER,
    ("rejectSurrender", REASON),
    _issuer,
    lambda title, caller, seq, _, successor: title.reject_surrender(
        caller=caller, expected_seq=seq, successor=successor
    ),
    lambda _: word(REASON),
)

# None stands for an offer, which has terms
ANY = (None, WITHDRAW, ACCEPT, DECLINE, SURRENDER, TAKE_IN, GIVE_BACK)
OF_A_LIVE_TITLE = (None, None, None, SURRENDER)
OF_AN_OFFERED_TITLE = (ACCEPT, ACCEPT, DECLINE, WITHDRAW)
OF_A_SURRENDERED_TITLE = (GIVE_BACK, GIVE_BACK, GIVE_BACK, TAKE_IN)


@dataclass(frozen=True)
class Attempt:
    """One act: aimed (possible, and by whose it is) or anyhow."""

    aimed: bool
    title: int
    turn: int
    actor: str
    stale: int
    wait: int
    recipient: str
    what: int
    lasting: int

    def act_on(self, title: Title) -> PlainAct | None:
        acts: tuple[PlainAct | None, ...] = ANY
        if self.aimed and title.status is TitleStatus.LIVE:
            acts = OF_AN_OFFERED_TITLE if title.offer else OF_A_LIVE_TITLE
        elif self.aimed and title.status is TitleStatus.PENDING_DELIVERY:
            acts = OF_A_SURRENDERED_TITLE
        return acts[self.turn % len(acts)]

    def terms_for(self, title: Title) -> tuple[Offered, int]:
        """What is offered, and for how many seconds."""
        if not self.aimed:
            return Offered(self.what), self.lasting
        passes = title.kind is TitleKind.ORDER and title.titleholder == title.possessor
        return Offered(self.what % 3 + 1 if passes else Offered.POSSESSION), 2 * HOUR


# acts at random are rarely possible, and only those that are possible lead on to others
attempts = st.builds(
    Attempt,
    aimed=st.sampled_from((True, True, True, False)),
    title=st.integers(0, 2),
    turn=st.integers(0, 27),
    actor=st.sampled_from(ACTORS),
    stale=st.sampled_from((0, 0, 0, -1, 1)),
    wait=st.sampled_from((1, 60, HOUR - 1, HOUR, 2 * HOUR)),
    recipient=st.sampled_from((*ACTORS, UNKNOWN)),
    what=st.sampled_from((3, 1, 2, 0, 4)),
    lasting=st.sampled_from((2 * HOUR, HOUR, 1, 0, -1)),
)
actors = st.sampled_from(ACTORS)
names = st.sampled_from(("first", "second", "third"))


class TitlesUnderTwoRules(RuleBasedStateMachine):
    """Every act goes to the domain and to the chain, and both answer the same."""

    def __init__(self, world: Consortium) -> None:
        super().__init__()
        self.world = world
        self.snapshot = world.chain.snapshot()
        self.two = TwoRules(world)

    def teardown(self) -> None:
        self.world.chain.revert_to(self.snapshot)

    @initialize(kind=st.sampled_from(TitleKind))
    def begin_with_two_titles(self, kind: TitleKind) -> None:
        for name, of_kind in (("first", kind), ("second", TitleKind.ORDER)):
            holder = NOBODY if of_kind is TitleKind.BLANK else "shipper"
            issuance = self.two.issuance(name, name, "shipper", holder, of_kind)
            self.two.issue("carrier", issuance, 1)

    @rule(
        actor=st.sampled_from(("carrier", "carrier", *ACTORS)),
        names=st.tuples(names, names),
        possessor=actors,
        titleholder=st.sampled_from((*ACTORS, NOBODY, UNKNOWN)),
        kind=st.sampled_from(TitleKind),
    )
    def issue(
        self,
        *,
        actor: str,
        names: tuple[str, str],
        possessor: str,
        titleholder: str,
        kind: TitleKind,
    ) -> None:
        issuance = self.two.issuance(*names, possessor, titleholder, kind)
        self.two.issue(actor, issuance, 1)

    @rule(several=st.lists(attempts, min_size=1, max_size=8))
    def act(self, several: list[Attempt]) -> None:
        for attempt in several:
            titles = self.two.titles
            title = titles[attempt.title % len(titles)]
            act = attempt.act_on(title)
            if act is None:
                self.offer(title, attempt)
            else:
                self.plain_act(title, attempt, act)

    @rule(actor=actors)
    def suspend_one_or_end_its_suspension(self, actor: str) -> None:
        self.two.suspend_or_restore(actor, ACTORS)

    @precondition(
        lambda self: (
            any(title.status is TitleStatus.PENDING_DELIVERY for title in self.two.titles)
            and self.two.standing("carrier").status is PartyStatus.ACTIVE
            and self.two.standing("other_carrier").status is PartyStatus.ACTIVE
        )
    )
    @rule()
    def revoke_the_carrier_and_name_the_other_its_successor(self) -> None:
        self.world.revoke(self.world.carrier, self.world.other_carrier.index)

    @invariant()
    def domain_and_chain_are_alike(self) -> None:
        self.two.assert_alike()

    def plain_act(self, title: Title, attempt: Attempt, act: PlainAct) -> None:
        seq, successor = self.seq(attempt, title), self.two.standing_of(title.issuer).successor
        whose = act.whose(title)
        if whose == title.issuer and successor != NO_PARTY:
            whose = successor
        actor = self.by_whom(attempt, whose)
        self.two.both(
            title.title_id,
            actor,
            wait=attempt.wait,
            ruled=lambda now: act.ruled(title, self.two.standing(actor), seq, now, successor),
            call=(act.call[0], to_bytes(title.title_id), seq, *act.call[1:]),
            told=lambda after: (act.number, act.detail(after)),
        )

    def offer(self, title: Title, attempt: Attempt) -> None:
        actor, seq = self.by_whom(attempt, title.possessor), self.seq(attempt, title)
        what, lasting = attempt.terms_for(title)
        deadline = self.world.chain.now + attempt.wait + lasting
        terms = Offer(self.two.index(attempt.recipient), what, deadline)
        self.two.both(
            title.title_id,
            actor,
            wait=attempt.wait,
            ruled=lambda now: title.make_offer(
                terms,
                caller=self.two.standing(actor),
                recipient=self.two.standing(attempt.recipient),
                expected_seq=seq,
                now=now,
            ),
            call=("offer", to_bytes(title.title_id), seq, terms.recipient, terms.what, deadline),
            told=lambda _: (TitleAct.OFFER, offer_detail(terms)),
        )

    def by_whom(self, attempt: Attempt, whose: PartyIndex) -> str:
        named = {self.two.index(actor): actor for actor in ACTORS}
        return named.get(whose, attempt.actor) if attempt.aimed else attempt.actor

    def seq(self, attempt: Attempt, title: Title) -> int:
        return title.seq if attempt.aimed else title.seq + attempt.stale


def test_domain_and_contract_answer_every_act_alike(world: Consortium) -> None:
    class InThisWorld(TitlesUnderTwoRules):
        def __init__(self) -> None:
            super().__init__(world)

    run_state_machine_as_test(
        InThisWorld,
        settings=settings(
            max_examples=40 * TIMES,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
