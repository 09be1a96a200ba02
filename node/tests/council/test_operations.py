"""Every intention becomes a call that the contract has."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.story import hex_of
from tidan_node.council.operations import HANDLERS
from tidan_node.ledger.codec import encode_call

INTENT: dict[str, Any] = {
    "target": hex_of("registry", size=20),
    "call": "0x01020304",
    "reason": "because",
    "proposal": 7,
    "added": hex_of("added", size=20),
    "removed": hex_of("removed", size=20),
    "party": 3,
    "gateway": hex_of("gateway", size=20),
}


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda handler: str(handler.kind))
def test_an_intention_that_was_kept_as_json_becomes_a_call_of_the_contract(handler: Any) -> None:
    call = handler.call(json.loads(json.dumps(INTENT)))
    assert len(encode_call(call)) >= 4
    assert call.contract in ("Council", "PartyRegistry", "GatewayRegistry")


def test_no_two_kinds_are_alike() -> None:
    assert len({handler.kind for handler in HANDLERS}) == len(HANDLERS)
    assert len({handler.function for handler in HANDLERS}) == len(HANDLERS)
