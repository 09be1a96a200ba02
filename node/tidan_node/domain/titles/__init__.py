"""The rules of a title (e-B/L): who may do what with it, and when. The contract keeps the same.

`terms` and `title` say what a title is; each other module holds a family of acts, as functions
that give the title after the act or say why not; `transitions` is the table of them all.
"""

from tidan_node.domain.titles.terms import (
    Issuance,
    Offer,
    Offered,
    Proposal,
    TitleAct,
    TitleKind,
    TitleStatus,
)
from tidan_node.domain.titles.title import Title

__all__ = [
    "Issuance",
    "Offer",
    "Offered",
    "Proposal",
    "Title",
    "TitleAct",
    "TitleKind",
    "TitleStatus",
]
