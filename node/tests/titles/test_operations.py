"""Every intention becomes a call that the contract has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.story import hex_of
from tidan_node.domain.identifiers import ContentRoot, PartyIndex, SeriesId, TitleId
from tidan_node.domain.titles import Issuance, TitleKind
from tidan_node.ledger.abi import signatures
from tidan_node.ledger.codec import encode_call
from tidan_node.titles.operations import HANDLERS, ISSUE, ISSUE_FROM_PAPER, issue_intent

TITLE = TitleId(hex_of("title"))
ISSUANCE = Issuance(
    title_id=TITLE,
    series=SeriesId(hex_of("series")),
    content_root=ContentRoot(hex_of("root")),
    possessor=PartyIndex(2),
    titleholder=PartyIndex(3),
    kind=TitleKind.ORDER,
    schema=1,
    version=1,
)
STATED = issue_intent(ISSUANCE, TITLE, hex_of("series"))
INTENT: dict[str, Any] = {
    "id": TITLE,
    "expectedSeq": 4,
    "recipient": 3,
    "what": 3,
    "deadline": 1_800_000_000,
    "reason": 1,
    "kind": 3,
    "pledgee": hex_of("bank"),
    "gateway": hex_of("gateway", size=20),
    "transfer": hex_of("transfer"),
    "successor": STATED,
    "successors": [STATED, STATED],
    "issuances": [STATED],
    "ids": [TITLE, hex_of("other")],
    "expectedSeqs": [4, 5],
    "call": TITLE,
    "signer": hex_of("signer", size=20),
    "validUntil": 1_800_000_000,
    "signature": "0x" + "1b" * 65,
}


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: str(handler.kind))
def test_an_intention_that_was_kept_as_json_becomes_a_call_of_the_contract(handler: Any) -> None:
    issue = STATED | {"withdrawal": hex_of("withdrawal")}
    intent = issue if handler.kind in (ISSUE, ISSUE_FROM_PAPER) else INTENT
    call = handler.call(json.loads(json.dumps(intent)))

    data = encode_call(call)

    assert bytes.fromhex(TITLE[2:]) in data
    assert call.contract == "TitleRegistry"


def test_every_act_of_a_party_has_its_handler() -> None:
    of_gateways = {"exportTitle", "returnTitle", "importTitle"}
    acts = {each.name for each in signatures("TitleRegistry", "function")}
    acts -= {"paperDelay"} | of_gateways

    assert {handler.function for handler in HANDLERS} == {
        name for name in acts if not name.endswith(("Of", "OfSeries"))
    }


def test_no_two_kinds_are_alike() -> None:
    assert len({handler.kind for handler in HANDLERS}) == len(HANDLERS)
    assert len({handler.function for handler in HANDLERS}) == len(HANDLERS)
