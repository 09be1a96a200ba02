"""An act prepared at a node, signed elsewhere, and sent by a node."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from tests.papers import transport_document
from tests.signing import signed
from tidan_node.domain.checkpoints import Checkpoints, NoCheckpoints
from tidan_node.domain.identifiers import to_bytes, to_hex
from tidan_node.ledger.codec import decode_call, encode_call
from tidan_node.titles.adopting import Adopting
from tidan_node.titles.preparing import signed_acts
from tidan_node.titles.tables import prepared_acts

ISSUE = {"document": transport_document(), "possessor": "Party 2 Ltd", "titleholder": "2"}


async def prepared(office: Any, act: str, **more: Any) -> dict[str, Any]:
    answer = await office.post("/v1/title-acts:prepare", {"act": act} | more)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def by_hand(office: Any, act: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """An act as the contract takes it, made without any node's judgement of it."""
    acts, until = signed_acts(office.app.state.node), office.consortium.story.now + 3600
    call = acts.call_of(act, arguments)
    return {
        "call": to_hex(encode_call(call)),
        "validUntil": datetime.fromtimestamp(until, UTC).isoformat(),
        "typedData": acts.typed_data(call, until),
    }


async def relayed(office: Any, act: dict[str, Any]) -> dict[str, Any]:
    answer = await office.post("/v1/title-acts:relay", signed(act))
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def sent_elsewhere(trade: Any, act: dict[str, Any]) -> None:
    """Another party's node sends it, and the chain takes it."""
    assert (await relayed(trade.buyer, act))["onlyRelayed"] is True
    await trade.buyer.carry_out()


async def taken_up(office: Any, checkpoints: Checkpoints | None = None) -> None:
    """A new worker, with nothing in its memory, looks once."""
    node = office.app.state.node
    await Adopting(replace(node, checkpoints=checkpoints or NoCheckpoints())).look()


async def surrendered(trade: Any, title: str) -> None:
    path, reason = f"/v1/titles/{title}/surrenders/amendment", {"reason": "OTHER"}
    assert (await trade.seller.post(path, reason)).status_code == 202
    await trade.seller.carry_out()


def stated_in(act: dict[str, Any]) -> tuple[Any, ...]:
    """The issuance that the call states, as the ABI takes it."""
    call = decode_call("TitleRegistry", to_bytes(act["call"]))
    assert call is not None
    (issuance,) = call.args
    number, series, root, terms = issuance
    return to_bytes(number), to_bytes(series), to_bytes(root), terms


async def kept(office: Any) -> list[str]:
    async with office.database.reading() as connection:
        return list(await connection.scalars(select(prepared_acts.c.act)))
