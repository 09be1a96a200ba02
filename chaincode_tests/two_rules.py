"""Lets the node's domain and the contract decide on the same act at the same second."""

from collections.abc import Callable

from chaincode_tests.consortium import Consortium, Party
from chaincode_tests.contract import Outcome, Reverted
from chaincode_tests.trade import digest
from tidan_node.domain.history import FIRST_HEAD, Act, TitleAct, issue_detail, next_head
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ContentRoot,
    Head,
    PartyIndex,
    SeriesId,
    TitleId,
    to_bytes,
    to_hex,
)
from tidan_node.domain.parties import PartyStatus, Role, Standing
from tidan_node.domain.titles import Issuance, Title, TitleKind
from tidan_node.problems import Problem

NOBODY, UNKNOWN = "nobody", "unknown"
UNKNOWN_PARTY = PartyIndex(99)

# a function of the contract and its arguments
Call = tuple[str, *tuple[object, ...]]
# what an act adds to the history, seen from the title after it
Told = Callable[[Title], tuple[TitleAct, bytes]]


class TwoRules:
    """The titles as the domain has them, beside those of the chain."""

    def __init__(self, world: Consortium) -> None:
        self.world = world
        self.titles: dict[TitleId, Title] = {}
        self._heads: dict[TitleId, Head] = {}
        self._series: set[SeriesId] = set()

    def issuance(
        self, name: str, series: str, possessor: str, titleholder: str, kind: TitleKind
    ) -> Issuance:
        return Issuance(
            title_id=TitleId(to_hex(digest(name))),
            series=SeriesId(to_hex(digest(f"{series} series"))),
            content_root=ContentRoot(to_hex(digest(f"{name} content"))),
            possessor=self.index(possessor),
            titleholder=self.index(titleholder),
            kind=kind,
            schema=1,
            version=1,
        )

    def issue(self, actor: str, issuance: Issuance, wait: int) -> None:
        def ruled(_: int) -> Title:
            named = issuance.titleholder != NO_PARTY
            return Title.issue(
                issuance,
                carrier=self.standing(actor),
                possessor=self.standing_of(issuance.possessor),
                titleholder=self.standing_of(issuance.titleholder) if named else None,
                id_taken=issuance.title_id in self.titles,
                series_taken=issuance.series in self._series,
            )

        arguments = (
            to_bytes(issuance.title_id),
            to_bytes(issuance.series),
            to_bytes(issuance.content_root),
            issuance.possessor,
            issuance.titleholder,
            issuance.kind,
            issuance.schema,
            issuance.version,
        )
        told = (TitleAct.ISSUE, issue_detail(issuance))
        if self.both(actor, wait, ruled, ("issue", arguments), lambda _: told):
            self._series.add(issuance.series)

    def both(
        self,
        actor: str,
        wait: int,
        ruled: Callable[[int], Title],
        call: Call,
        told: Told,
    ) -> bool:
        """Asks domain and chain, which answer alike; true if both did it."""
        now = self.world.chain.now + wait
        answer = _answer(lambda: ruled(now))
        self.world.chain.next_block_at(now)
        outcome = self._transact(actor, call)
        if isinstance(answer, Problem) or isinstance(outcome, Reverted):
            refusal = outcome.error if isinstance(outcome, Reverted) else "no refusal"
            assert type(answer).__name__ == refusal
            return False
        act, detail = told(answer)
        done = Act(act, answer.seq, self.index(actor), outcome.time, detail)
        head = self._heads.get(answer.title_id, FIRST_HEAD)
        self._heads[answer.title_id] = next_head(head, done)
        self.titles[answer.title_id] = answer
        return True

    def assert_alike(self) -> None:
        """The chain shows what the domain says, and the same history."""
        for title_id, title in self.titles.items():
            offer = title.offer
            assert self.world.titles.call("titleOf", to_bytes(title_id)) == {
                "issuer": title.issuer,
                "possessor": title.possessor,
                "titleholder": title.titleholder,
                "offeree": offer.recipient if offer else NO_PARTY,
                "seq": title.seq,
                "status": title.status,
                "kind": title.kind,
                "offered": offer.what if offer else 0,
                "deadline": offer.deadline if offer else 0,
                "schema": 1,
                "version": 1,
            }
            head = self.world.titles.call("headOf", to_bytes(title_id))
            assert to_hex(head) == self._heads[title_id]

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
        return Standing(party, Role(roles), PartyStatus(status))

    def _transact(self, actor: str, call: Call) -> Outcome | Reverted:
        try:
            return self.world.titles.transact(self.party(actor).account, *call)
        except Reverted as refusal:
            return refusal


def _answer(rule_of_domain: Callable[[], Title]) -> Title | Problem:
    try:
        return rule_of_domain()
    except Problem as problem:
        return problem
