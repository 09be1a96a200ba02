"""What the paths of all acts on a title share: the title, the body, and what refuses any act."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Body, Depends, Path

from tidan_node.domain import title_problems as refused
from tidan_node.domain.identifiers import TitleId, title_id
from tidan_node.domain.parties import NotEnrolled, PartyNotActive
from tidan_node.records.problems import NothingIndexed
from tidan_node.titles.act_schemas import ActRequest


async def _title(title: Annotated[str, Path(description="The title's id.")]) -> TitleId:
    return title_id(title)


Id = Annotated[TitleId, Depends(_title)]
Act = Annotated[ActRequest, Body()]
NO_MORE: Final = ActRequest()

ACT: Final = (
    refused.TitleUnknown,
    refused.StaleSeq,
    NotEnrolled,
    PartyNotActive,
    NothingIndexed,
)
ENTITLED: Final = (
    refused.TitleNotLive,
    refused.NotThePossessor,
    refused.NotTheTitleholder,
    refused.OfferAlreadyOpen,
    refused.Pledged,
)
CARRIER: Final = (refused.NoSurrenderPending, refused.NotTheIssuer)
