"""Nothing of an answer can be changed without the audit naming it."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.audit.audited import CARRIER, Json, StoryChain, a_title, audit_title, chain_of, said_of
from tests.office import Consortium, opened
from tidan_node.audit.findings import Verdict
from tidan_node.audit.records import NodeAnswer
from tidan_node.domain.identifiers import TitleId
from tidan_node.domain.parties import Role

Change = Callable[[Json, Json], object]
Honest = tuple[StoryChain, TitleId, NodeAnswer]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Honest:
    """A chain, a title of it, and an honest node's answer; made once, since nobody changes it."""

    async def asked() -> Honest:
        consortium = Consortium(tmp_path_factory.mktemp("office"))
        for role in (Role.CARRIER, Role.TRADER, Role.TRADER, Role.BANK):
            consortium.enrol(role)
        async with opened(consortium, CARRIER) as office:
            title = await a_title(office)
            return chain_of(office), title, await said_of(office, title)

    return asyncio.run(asked())


def _swap(acts: list[Json]) -> None:
    acts[1], acts[2] = acts[2], acts[1]


CHANGES: list[tuple[str, Change]] = [
    ("possessor", lambda title, _: title["possessor"].update(index=4)),
    ("titleholder", lambda title, _: title.update(titleholder=None)),
    ("issuer", lambda title, _: title["issuer"].update(index=2)),
    ("status", lambda title, _: title.update(status="DELIVERED")),
    ("kind", lambda title, _: title.update(kind="BLANK")),
    ("seq", lambda title, _: title.update(seq=5)),
    ("seq", lambda title, _: title.update(seq="6")),
    ("seq", lambda title, _: title.update(seq=6.0)),
    ("head", lambda title, _: title.update(head="0x" + "00" * 32)),
    ("head", lambda title, _: title.pop("head")),
    ("contentRoot", lambda title, _: title.update(contentRoot="0x" + "11" * 32)),
    ("series", lambda title, _: title.update(series="0x" + "11" * 32)),
    ("schema", lambda title, _: title.update(schema=9)),
    ("version", lambda title, _: title.update(version=True)),
    ("id", lambda title, _: title.update(id="0x" + "11" * 32)),
    ("issuedAt", lambda title, _: title.update(issuedAt="2020-01-01T00:00:00Z")),
    ("changedAt", lambda title, _: title.update(changedAt="now")),
    ("offer.recipient", lambda title, _: title["offer"]["recipient"].update(index=3)),
    ("offer.what", lambda title, _: title["offer"].update(what=["possession", "title"])),
    ("offer.deadline", lambda title, _: title["offer"].update(deadline="2030-01-01T00:00:00Z")),
    ("offer.recipient", lambda title, _: title.update(offer=None)),
    ("asOf", lambda title, _: title.pop("asOf")),
    ("history.head", lambda _, history: history.update(head="0x" + "00" * 32)),
    ("history.title", lambda _, history: history.update(title="another")),
    ("history.acts[3]", lambda _, history: history["acts"].pop(2)),
    ("history.acts[1]", lambda _, history: history.update(acts=[])),
    ("history.acts[1]", lambda _, history: history.update(acts=None)),
    ("history.acts[6]", lambda _, history: history["acts"].pop()),
    ("history.acts[9]", lambda _, history: history["acts"].append({"seq": 9, "act": "OFFER"})),
    ("history.acts[0]", lambda _, history: history["acts"].append({"seq": [9]})),
    ("history.order", lambda _, history: _swap(history["acts"])),
    ("history.order", lambda _, history: history["acts"].append(history["acts"][1])),
    ("history.acts[3].by", lambda _, history: history["acts"][2]["by"].update(index=2)),
    ("history.acts[3].act", lambda _, history: history["acts"][2].update(act="DECLINE")),
    ("history.acts[3].at", lambda _, history: history["acts"][2].update(at=None)),
    ("history.acts[3].block", lambda _, history: history["acts"][2].update(block=1)),
    ("history.acts[3].blockHash", lambda _, history: history["acts"][2].update(blockHash="0x")),
    ("history.acts[3].txHash", lambda _, history: history["acts"][2].pop("txHash")),
    ("history.acts[3].head", lambda _, history: history["acts"][2].update(head="0x")),
    (
        "history.acts[3].details.possessor",
        lambda _, history: history["acts"][2]["details"]["possessor"].update(index=2),
    ),
    (
        "history.acts[5].details.reason",
        lambda _, history: history["acts"][4]["details"].update(reason="OTHER"),
    ),
    ("history.acts[1].details.kind", lambda _, history: history["acts"][0].pop("details")),
]


@pytest.mark.parametrize(("field", "change"), CHANGES)
async def test_whatever_a_node_says_otherwise_is_named(
    honest: Honest, field: str, change: Change
) -> None:
    chain, title, answer = honest
    said: Any = copy.deepcopy(answer)
    change(said.record, said.history)
    audit = await audit_title(chain, title, said)
    assert audit.verdict is Verdict.DIFFERENT
    assert field in [difference.field for difference in audit.differences]


async def test_an_answer_that_nobody_changed_has_no_difference(honest: Honest) -> None:
    assert (await audit_title(*honest)).verdict is Verdict.VERIFIED
