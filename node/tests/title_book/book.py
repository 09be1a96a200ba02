"""All titles of one registry, by the specification alone, with the history of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.title_book.members import Members
from tidan_node.domain.history import FIRST_HEAD, Act, next_head
from tidan_node.domain.identifiers import (
    Address,
    ContentRoot,
    Head,
    PartyIndex,
    SeriesId,
    TitleId,
    to_hex,
)
from tidan_node.domain.parties import Standing
from tidan_node.domain.proofs.record_ids import series_id_of, title_id_of
from tidan_node.domain.record_problems import EmptyValue
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.domain.titles import Issuance, Title, TitleAct, TitleKind
from tidan_node.domain.titles.terms import terms_of

Stated = tuple[bytes, bytes, bytes, int]
"""An issuance as the ABI has it."""

NO_DETAIL = bytes(32)


@dataclass(frozen=True)
class Call:
    """A function of the contract, and its arguments."""

    function: str
    arguments: tuple[Any, ...]  # of the ABI's types


@dataclass(frozen=True)
class Scene:
    """Through which account an act comes, and when (seconds, chain time)."""

    account: Address
    now: int


@dataclass(frozen=True)
class Kept:
    """A title with what the registry keeps beside it, and its history."""

    title: Title
    issuance: Issuance
    head: Head
    acts: tuple[Act, ...]


class TitleBook:
    """What an act asks of the registry, and how it is written down."""

    def __init__(self, members: Members) -> None:
        self.members = members
        self.kept: dict[TitleId, Kept] = {}
        self.current: dict[SeriesId, TitleId] = {}
        self.touched: list[TitleId] = []

    def caller(self, scene: Scene) -> Standing:
        return self.members.caller(scene.account)

    def title(self, id_: bytes) -> Title:
        kept = self.kept.get(TitleId(to_hex(id_)))
        if kept is None:
            raise TitleUnknown(f"there is no title {to_hex(id_)}", field="title")
        return kept.title

    def stated(self, issuer: PartyIndex, stated: Stated) -> Issuance:
        """The issuance under the ids that the registry derives."""
        number, series, root, word = stated
        for value, name in ((number, "id"), (series, "series"), (root, "contentRoot")):
            if not any(value):
                raise EmptyValue("is zero", field=name)
        terms = terms_of(word)
        return Issuance(
            title_id=title_id_of(issuer, to_hex(number)),
            series=series_id_of(issuer, to_hex(series)),
            content_root=ContentRoot(to_hex(root)),
            possessor=PartyIndex(terms["possessor"]),
            titleholder=PartyIndex(terms["titleholder"]),
            kind=TitleKind(terms["kind"]),
            schema=terms["schema"],
            version=terms["version"],
            rulebook=terms["rulebook"],
        )

    def successor_of(self, title: Title) -> PartyIndex:
        return self.members.standing(title.issuer).successor

    def done(
        self,
        scene: Scene,
        after: Title,
        act: TitleAct,
        actor: PartyIndex,
        detail: bytes = NO_DETAIL,
    ) -> None:
        """The title after an act, and the act in its history."""
        kept = self.kept[after.title_id]
        self._write(after, kept.issuance, Act(act, after.seq, actor, scene.now, detail))

    def begun(
        self,
        scene: Scene,
        after: Title,
        issuance: Issuance,
        act: TitleAct,
        detail: bytes,
        *,
        actor: PartyIndex | None = None,
    ) -> None:
        """A title that begins, or comes back."""
        by = after.issuer if actor is None else actor
        self.current[issuance.series] = after.title_id
        self._write(after, issuance, Act(act, after.seq, by, scene.now, detail))

    def _write(self, after: Title, issuance: Issuance, act: Act) -> None:
        before = self.kept.get(after.title_id)
        kept = Kept(after, issuance, FIRST_HEAD, ()) if before is None else before
        self.kept[after.title_id] = replace(
            kept,
            title=after,
            issuance=issuance,
            head=next_head(kept.head, act),
            acts=(*kept.acts, act),
        )
        self.touched.append(after.title_id)
