"""Papers of the node and of the caller together, and what the chain says of the recorded ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tidan_node.domain.chain_time import moment
from tidan_node.domain.documents.recorded import READERS, content_root
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.party_fold import PartyState
from tidan_node.domain.titles.pledges import bank_of
from tidan_node.problems import Problem
from tidan_node.storage.contents import StoredContent
from tidan_node.verification.facts.chain import (
    CHAIN,
    NOBODY,
    ChainFacts,
    Holder,
    OtherThanRecorded,
    RecordedContent,
    RecordStanding,
    TitleStanding,
)
from tidan_node.verification.facts.papers import Bill
from tidan_node.verification.facts.recognition import (
    GivenPaper,
    ReadPaper,
    read_papers,
    same_document,
)
from tidan_node.verification.facts.said import PaperParty, Said, is_party, normal_number
from tidan_node.verification.held import HeldRecord, HeldTrade
from tidan_node.verification.report import TradeReport, check_read

UNREADABLE: Final = "none, for it cannot be read"
_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class _Recorded:
    record: HeldRecord
    paper: ReadPaper


def check_held(
    given: Sequence[GivenPaper],
    held: HeldTrade,
    *,
    expected: PartyIndex | None,
    asking: PartyIndex | None,
) -> TradeReport:
    """The check over both. A paper that says what a record says is that record; one that has its
    number and says something else is a finding, and the rules are asked of the record."""
    read = list(read_papers(given))
    contents = dict(zip((paper.name for paper in given), given, strict=True))
    recorded: list[_Recorded] = []
    others: list[OtherThanRecorded] = []
    bill: Bill | None = None
    for record in held.records:
        if record.content is None:
            continue
        mine = read_papers([_paper(record, record.content)])[0]
        same = [
            paper
            for paper in read
            if same_document(contents[paper.name].content, record.content.document)
        ]
        different = [paper for paper in read if paper not in same and _is_same_number(paper, mine)]
        others += [_other(paper, mine, record) for paper in different]
        read = [paper for paper in read if paper not in different]
        if record.kind == "title":
            bill = next(iter((*same, mine)[0].facts.bills), None)
        if not same:
            recorded.append(_Recorded(record, mine))
    read += [each.paper for each in recorded]
    return check_read(
        tuple(read), _facts(held, tuple(others), _standing(held, expected, asking, bill))
    )


def root_of(content: StoredContent) -> str:
    """The content root, computed anew from the document and its secret."""
    try:
        document = READERS[content.kind](content.document)
        return content_root(
            document, content.schema, secret=content.secret, version=content.version
        )
    except Problem:
        return UNREADABLE


def _paper(record: HeldRecord, content: StoredContent) -> GivenPaper:
    return GivenPaper(f"{record.kind} {record.record_id[:_DIGITS]}", content.document)


def _is_same_number(paper: ReadPaper, mine: ReadPaper) -> bool:
    """Whether a paper goes by the number, and the issuer, of a recorded one."""
    for one, other in zip(paper.facts.bills, mine.facts.bills, strict=False):
        return normal_number(one.number.value) == normal_number(other.number.value)
    for bill, mine_bill in zip(paper.facts.invoices, mine.facts.invoices, strict=False):
        same = normal_number(bill.number.value) == normal_number(mine_bill.number.value)
        return same and is_party(bill.seller, mine_bill.seller)
    for policy, mine_policy in zip(paper.facts.policies, mine.facts.policies, strict=False):
        return normal_number(policy.number.value) == normal_number(mine_policy.number.value)
    return False


def _other(paper: ReadPaper, mine: ReadPaper, record: HeldRecord) -> OtherThanRecorded:
    return OtherThanRecorded(
        paper=Said("other content", paper.name, ""),
        record=Said(record.content_root, mine.name, "/contentRoot"),
    )


def _facts(
    held: HeldTrade, others: tuple[OtherThanRecorded, ...], title: TitleStanding | None
) -> ChainFacts:
    return ChainFacts(
        title=title,
        records=tuple(
            RecordStanding(
                record.kind,
                Said(record.status, CHAIN, f"/{record.kind}/{record.record_id}/status"),
                record.in_force,
            )
            for record in held.records
            if record.kind != "title"
        ),
        contents=tuple(
            RecordedContent(
                record.kind,
                Said(record.content_root, CHAIN, f"/{record.kind}/{record.record_id}/contentRoot"),
                None if record.content is None else root_of(record.content),
            )
            for record in held.records
        ),
        others=others,
    )


def _standing(
    held: HeldTrade, expected: PartyIndex | None, asking: PartyIndex | None, bill: Bill | None
) -> TitleStanding | None:
    title = held.title
    if title is None:
        return None

    def holder(party: PartyIndex) -> Holder:
        if party == NO_PARTY:
            return NOBODY
        return Holder(int(party), held.names.get(party, f"party {party}"))

    def pledgee() -> Holder:
        if title.pledgee is None:
            return NOBODY
        bank = bank_of(title.pledgee)
        return Holder(0, title.pledgee) if bank == NO_PARTY else holder(bank)

    place, proposed = f"/title/{title.title_id}", title.proposed_until
    return TitleStanding(
        title_id=title.title_id,
        status=Said(title.status.name, CHAIN, f"{place}/status"),
        possessor=Said(holder(title.possessor), CHAIN, f"{place}/possessor"),
        expected=None if expected is None else holder(expected),
        issued_to=Said(_as_party(title.issued_to), CHAIN, f"{place}/issuedTo"),
        bill=bill,
        pledgee=Said(pledgee(), CHAIN, f"{place}/{'pledge' if proposed is None else 'proposal'}"),
        proposed_until=None if proposed is None else moment(proposed),
        asking=None if asking is None else holder(asking),
    )


def _as_party(state: PartyState | None) -> PaperParty:
    """What the party says of itself, and the codes that are registered as its own."""
    if state is None:
        return PaperParty(None, frozenset())
    stated = () if state.profile is None else state.profile.identifiers
    names = (*(str(each) for each in stated), *(key.code for key in state.numbering_keys))
    return PaperParty(state.name, frozenset(names))
