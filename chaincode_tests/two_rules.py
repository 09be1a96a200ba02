"""Lets the node's domain and TitleRegistry decide on the same act at the same second."""

from chaincode_tests.consortium import Consortium
from chaincode_tests.trade import digest
from chaincode_tests.two_answers import NOBODY, UNKNOWN, TwoAnswers
from tidan_node.domain.history import TitleAct, issue_detail
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ContentRoot,
    SeriesId,
    TitleId,
    to_bytes,
    to_hex,
)
from tidan_node.domain.titles import Issuance, Title, TitleKind

__all__ = ["NOBODY", "UNKNOWN", "TwoRules"]


class TwoRules(TwoAnswers[Title]):
    """The titles as the domain has them, beside those of the chain."""

    def __init__(self, world: Consortium) -> None:
        super().__init__(world, world.titles)
        self._series: set[SeriesId] = set()

    @property
    def titles(self) -> list[Title]:
        return list(self.records.values())

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
                id_taken=issuance.title_id in self.records,
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
        call = ("issue", arguments)
        if self.both(
            issuance.title_id, actor, wait=wait, ruled=ruled, call=call, told=lambda _: told
        ):
            self._series.add(issuance.series)

    def assert_alike(self) -> None:
        """The chain shows what the domain says, and the same history."""
        for title_id, title in self.records.items():
            offer = title.offer
            assert self.registry.call("titleOf", to_bytes(title_id)) == {
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
            self.assert_same_head(title_id)
