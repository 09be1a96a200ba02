"""Every event has a type of its own, and says what it says by the names of the API."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.story import hex_of
from tidan_node.domain import title_events
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.identifiers import Address, BlockHash, PartyIndex, TitleId, TxHash
from tidan_node.domain.titles import Offered
from tidan_node.problems import InvalidInput
from tidan_node.subscriptions.cloud_events import ALARM, TYPES, cloud_event, events_of_types

ORIGIN = Origin(
    chain_id=7,
    contract=Address(hex_of("contract", size=20)),
    block_number=12,
    block_hash=BlockHash(hex_of("block")),
    block_time=1_700_000_000,
    tx_hash=TxHash(hex_of("transaction")),
    log_index=3,
)


def test_every_event_has_a_type_of_its_own() -> None:
    assert set(TYPES) == {kind.__name__ for kind in get_args(Event)}
    assert len(set(TYPES.values())) == len(TYPES)
    assert TYPES["TitleOffered"] == "tidan.title.offered"
    assert TYPES["OfferWithdrawn"] == "tidan.title.offer-withdrawn"
    assert TYPES["NumberingKeyRegistered"] == "tidan.party.numbering-key-registered"
    assert TYPES["GatewayAdmitted"] == "tidan.gateway.admitted"
    assert TYPES["AdmissionWithdrawn"] == "tidan.gateway.admission-withdrawn"


def test_flags_and_choices_are_told_by_their_names() -> None:
    title = TitleId(hex_of("title"))
    what = Offered.POSSESSION | Offered.TITLE
    offered = title_events.TitleOffered(title, 2, PartyIndex(1), PartyIndex(2), what, 1_700_000_900)

    event = cloud_event(ChainEvent(offered, ORIGIN))

    assert event["id"] == f"7-{ORIGIN.block_hash}-3"
    assert event["data"] == {
        "id": title,
        "seq": 2,
        "sender": 1,
        "recipient": 2,
        "what": ["POSSESSION", "TITLE"],
        "deadline": 1_700_000_900,
        "block": 12,
        "blockHash": ORIGIN.block_hash,
        "transaction": ORIGIN.tx_hash,
    }


def test_the_beginning_of_a_type_names_all_that_go_on_from_it() -> None:
    assert events_of_types(["tidan.policy", "tidan.policy.issued"], "types") == (
        "PolicyIssued",
        "PolicyEndorsed",
        "PolicyAssigned",
        "PolicyCancelled",
    )
    with pytest.raises(InvalidInput):
        events_of_types(["tidan.pol"], "types")


def test_what_the_node_itself_has_to_say_is_a_type_as_well() -> None:
    asked = ["tidan.title.surrender-unanswered"]

    assert events_of_types(asked, "types") == (ALARM,)
    assert ALARM in events_of_types(["tidan.title"], "types")
    assert ALARM not in events_of_types(["tidan.title.surrendered"], "types")
