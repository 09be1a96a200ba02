"""A title as one row: what `TitleReader` gathers from several questions, for the many who ask."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import FromClause, true

from tidan_node.domain.identifiers import PartyIndex
from tidan_node.indexer.checkpoint import AT_CURSOR
from tidan_node.indexer.tables import blocks, checkpoints
from tidan_node.ledger.blocks import BlockRef
from tidan_node.people.caller import Caller, Scope
from tidan_node.records.chain_view import BLOCK_COLUMNS
from tidan_node.records.record_rows import title_state
from tidan_node.records.recorded import recorded_of
from tidan_node.records.tables import parties, titles
from tidan_node.storage.content_tables import contents
from tidan_node.titles.answering import answer_of
from tidan_node.titles.schemas import TitleAsOf
from tidan_node.web.accepted_terms import AcceptedTerms
from tidan_node.web.quick_reads import ASKED_FOR, QuickRead
from tidan_node.web.shapes import AsOf

_HOLDERS: Final = tuple(
    (column, parties.alias(column.name))
    for column in (titles.c.issuer, titles.c.possessor, titles.c.titleholder, titles.c.offeree)
)
_TITLE: Final = tuple(titles.c)
_NAMES: Final = tuple(column for _, party in _HOLDERS for column in (party.c.id, party.c.name))
_TERMS: Final = (_HOLDERS[0][1].c.rulebook, _HOLDERS[0][1].c.governing_law)


def _beside(keys: FromClause) -> FromClause:
    joined = keys.outerjoin(titles, titles.c.id == ASKED_FOR)
    for index, party in _HOLDERS:
        joined = joined.outerjoin(party, party.c.id == index)
    content = (contents.c.record_id == titles.c.id) & (
        contents.c.content_root == titles.c.content_root
    )
    joined = joined.outerjoin(contents, content)
    return joined.outerjoin(checkpoints, true()).outerjoin(blocks, AT_CURSOR)


def _shown(row: tuple[Any, ...], caller: Caller) -> TitleAsOf | None:
    """None where there is no title, or no block; and of one that names a bank, which stands in no
    column of its own."""
    title, rest = row[: len(_TITLE)], row[len(_TITLE) :]
    names, rest = rest[: len(_NAMES)], rest[len(_NAMES) :]
    rulebook, governing_law, numbering, *block = rest
    if title[0] is None or block[0] is None:
        return None
    recorded = recorded_of(title_state(title), title)
    if recorded.state.title.pledgee is not None or recorded.state.title.proposal is not None:
        return None
    as_of = BlockRef(*block)
    terms = None
    if rulebook is not None:
        terms = AcceptedTerms(rulebook=rulebook, governing_law=governing_law)
    return answer_of(
        TitleAsOf,
        recorded,
        {
            PartyIndex(index): name
            for index, name in zip(names[::2], names[1::2], strict=True)
            if name is not None
        },
        as_of.timestamp,
        terms=terms,
        number=None if numbering is None else numbering["number"],
        tells_number=Scope.DOCUMENTS_READ in caller.scopes,
        as_of=AsOf.of(as_of),
    )


TITLE: Final = QuickRead(
    (*_TITLE, *_NAMES, *_TERMS, contents.c.numbering, *BLOCK_COLUMNS), _beside, _shown
)
