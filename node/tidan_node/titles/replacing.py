"""What a carrier puts in the place of titles that were surrendered to be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, SeriesId, TitleId, title_id
from tidan_node.domain.parties import Standing
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.reasons import AmendmentReason
from tidan_node.domain.title_problems import (
    CountUnfit,
    HoldersDiffer,
    SeriesAlreadyUsed,
    SeriesDiffers,
    StaleSeq,
)
from tidan_node.domain.titles import Title, TitleKind, replacements, terms
from tidan_node.domain.titles.issues import require_own_series, require_unused
from tidan_node.domain.titles.replacements import Replacement
from tidan_node.exchange.new_records import undertake
from tidan_node.operations.new_records import NewRecords
from tidan_node.people.caller import Caller
from tidan_node.titles import operations as kinds
from tidan_node.titles.act_schemas import CombinationRequest, ReplacementRequest, SplitRequest
from tidan_node.titles.acting import Acting, Scene
from tidan_node.titles.drafting import (
    Brought,
    Doubt,
    Draft,
    doubts,
    drafts_of,
    fresh_secrets,
    placed,
)
from tidan_node.titles.issuing import taken
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction


@dataclass(frozen=True, slots=True)
class _Successor:
    """A title in place of others: what the node keeps of it, and what the rules ask about it."""

    draft: Draft
    by: Replacement
    warnings: Sequence[Doubt]

    @property
    def intent(self) -> dict[str, object]:
        return self.draft.intent(self.by.issuance)

    @property
    def claim(self) -> str:
        """What it uses up: a series that is new, else its own id."""
        return self.draft.series_id if self.by.in_series is None else self.draft.title_id


class Replacing:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(
        self,
        transaction: Transaction,
        node: NodeState,
        caller: Caller,
        *,
        hidden_by: Iterator[bytes] | None = None,
    ) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller
        self._hidden_by = hidden_by or fresh_secrets()

    async def amend(self, origin: TitleId, wanted: ReplacementRequest) -> Brought:
        """The same bill with other terms: its number, and a sub-reference never used before."""
        await self.look_first([origin], terms.Replaced.AMENDMENT)
        _, (draft,) = await drafts_of([wanted.document], self._node, self._hidden_by)
        acting = await self._acting()
        scene = await acting.scene(origin)
        seq = wanted.expected_seq or scene.title.seq
        _require_its_number(draft, scene)
        successor = await _succeeding(acting, scene.title, draft, wanted.titleholder)
        replacements.amend(scene.title, successor.by, caller=scene.own, expected_seq=seq)
        intent = _of_one(scene, seq, wanted.reason) | {"successor": successor.intent}
        return await self._undertake(acting, kinds.AMEND, scene, [successor], intent)

    async def switch(self, origin: TitleId, wanted: ReplacementRequest) -> Brought:
        """Another bill for the same cargo, of another number."""
        await self.look_first([origin], terms.Replaced.SWITCH)
        _, (draft,) = await drafts_of([wanted.document], self._node, self._hidden_by)
        acting = await self._acting()
        scene = await acting.scene(origin)
        seq = wanted.expected_seq or scene.title.seq
        successor = await _succeeding(acting, scene.title, draft, wanted.titleholder)
        replacements.switch_bill(
            scene.title,
            successor.by,
            caller=scene.own,
            expected_seq=seq,
            successor=(await acting.carrier(scene.title)).successor,
        )
        intent = _of_one(scene, seq, wanted.reason) | {"successor": successor.intent}
        return await self._undertake(acting, kinds.SWITCH_BILL, scene, [successor], intent)

    async def split(self, origin: TitleId, wanted: SplitRequest) -> Brought:
        """One bill becomes several."""
        await self.look_first([origin], terms.Replaced.SPLIT)
        _, drafts = await drafts_of(
            wanted.documents, self._node, self._hidden_by, listed="documents"
        )
        acting = await self._acting()
        scene = await acting.scene(origin)
        seq = wanted.expected_seq or scene.title.seq
        parts = await _parts(acting, scene.title, drafts)
        replacements.split(
            scene.title,
            [part.by for part in parts],
            caller=scene.own,
            expected_seq=seq,
            successor=(await acting.carrier(scene.title)).successor,
        )
        of_one = _of_one(scene, seq, wanted.reason)
        intent = of_one | {"successors": [part.intent for part in parts]}
        return await self._undertake(acting, kinds.SPLIT, scene, parts, intent)

    async def combine(self, wanted: CombinationRequest) -> Brought:
        """Several bills become one."""
        origins = [title_id(each, "titles") for each in wanted.titles]
        await self.look_first(origins, terms.Replaced.COMBINATION, listed="titles")
        _, (draft,) = await drafts_of([wanted.document], self._node, self._hidden_by)
        acting = await self._acting()
        scenes = [await acting.scene(origin) for origin in origins]
        titles = [scene.title for scene in scenes]
        seqs = wanted.expected_seqs or [title.seq for title in titles]
        _require_seqs(titles, seqs)
        successor = await _succeeding(acting, titles[0], draft, None)
        replacements.combine(
            titles,
            seqs,
            successor.by,
            caller=scenes[0].own,
            successors=[(await acting.carrier(title)).successor for title in titles],
        )
        intent = {
            "ids": [title.title_id for title in titles],
            "expectedSeqs": list(seqs),
            "successor": successor.intent,
            "reason": int(AmendmentReason[wanted.reason]),
        }
        return await self._undertake(acting, kinds.COMBINE, scenes[0], [successor], intent)

    async def look_first(
        self, origins: Sequence[TitleId], how: terms.Replaced, *, listed: str | None = None
    ) -> None:
        """Who may not replace these titles hears of it before documents are read for it."""
        async with self._node.database.reading() as connection:
            acting = Acting(connection, self._node, self._caller)
            for place, origin in enumerate(origins):
                with placed(listed, place):
                    scene = await acting.scene(origin)
                    carrier = await acting.carrier(scene.title)
                    alone = how is terms.Replaced.AMENDMENT
                    replacements.void(
                        scene.title,
                        how,
                        caller=scene.own,
                        expected_seq=scene.title.seq,
                        successor=NO_PARTY if alone else carrier.successor,
                    )

    async def _acting(self) -> Acting:
        return Acting(await self._transaction.begin(), self._node, self._caller)

    async def _undertake(
        self,
        acting: Acting,
        kind: str,
        scene: Scene,
        successors: Sequence[_Successor],
        intent: Mapping[str, object],
    ) -> Brought:
        ids = {each.claim: each.draft.title_id for each in successors}
        records = NewRecords(
            kind=kind,
            target=scene.title.title_id,
            claims=tuple(ids),
            intent=intent,
            contents=tuple(each.draft.content() for each in successors),
        )
        operation = await undertake(
            acting.connection,
            self._node,
            records,
            caller=self._caller,
            party=scene.own.party,
            recipients=[each.by.issuance.possessor for each in successors],
            taken=lambda name, holder: taken(name, ids[name], holder),
        )
        warnings = [doubt for each in successors for doubt in each.warnings]
        return Brought(operation, [each.draft for each in successors], warnings)


async def _parts(acting: Acting, origin: Title, drafts: Sequence[Draft]) -> list[_Successor]:
    """The parts of a split. What is wrong with one of them is said of that one."""
    parts: list[_Successor] = []
    series: set[SeriesId] = set()
    for place, draft in enumerate(drafts):
        with placed("documents", place):
            if draft.series_id in series:
                raise SeriesAlreadyUsed("another document here has this number", field="series")
            part = await _succeeding(acting, origin, draft, None, among=("documents", place))
            require_unused(id_taken=part.by.id_taken)
            require_own_series(free=part.by.in_series in (None, origin.title_id))
        series.add(draft.series_id)
        parts.append(part)
    return parts


async def _succeeding(
    acting: Acting,
    origin: Title,
    draft: Draft,
    consignee: str | None,
    *,
    among: tuple[str, int] | None = None,
) -> _Successor:
    """The draft with the holders of its origin, or with the consignee that it names anew."""
    records = acting.records
    titleholder: PartyState | None = None
    if consignee is not None:
        titleholder = (await records.party_by_identifier(consignee, "titleholder")).state
    elif origin.titleholder != NO_PARTY:
        titleholder = (await records.party_by_index(origin.titleholder)).state
    named: PartyIndex = NO_PARTY if titleholder is None else titleholder.index
    there = await records.title_of_series(draft.series_id)
    standing: Standing | None = None if titleholder is None else titleholder.standing
    by = Replacement(
        issuance=draft.issuance(_kind(origin, draft), origin.possessor, named),
        id_taken=await records.has_title(draft.title_id),
        in_series=None if there is None else there.state.title.title_id,
        titleholder=standing,
    )
    warnings = await doubts(
        *(records, draft, titleholder),
        begins=False,
        field=None if consignee is None else "titleholder",
        among=among,
    )
    return _Successor(draft, by, warnings)


def _kind(origin: Title, draft: Draft) -> TitleKind:
    """A title goes on as it was endorsed, whatever its document was made as: only a straight bill
    and one to order do not become each other."""
    of_document, straight = draft.document.kind, TitleKind.STRAIGHT
    if (of_document is straight) is not (origin.kind is straight):
        raise HoldersDiffer(
            "a straight bill and one to order do not take each other's place", field="/isToOrder"
        )
    return origin.kind


def _require_its_number(draft: Draft, scene: Scene) -> None:
    if draft.series_id != scene.state.series:
        raise SeriesDiffers(
            "an amended bill has the number of the one that it takes the place of",
            field="/transportDocumentReference",
        )


def _require_seqs(titles: Sequence[Title], seqs: Sequence[int]) -> None:
    """Each title has its seq, and one that has moved on is named."""
    if len(seqs) != len(titles):
        raise CountUnfit(
            f"one for each of the {len(titles)} titles, not {len(seqs)}", field="expectedSeqs"
        )
    for place, (title, seq) in enumerate(zip(titles, seqs, strict=True)):
        try:
            title.require_seq(seq)
        except StaleSeq as stale:
            stale.field = f"expectedSeqs.{place}"
            raise


def _of_one(scene: Scene, seq: int, reason: str) -> dict[str, object]:
    return {
        "id": scene.title.title_id,
        "expectedSeq": seq,
        "reason": int(AmendmentReason[reason]),
    }
