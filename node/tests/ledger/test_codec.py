"""The contracts' language, both ways; nothing that their ABI can say is without a meaning."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from eth_abi.abi import encode
from eth_utils.abi import function_abi_to_4byte_selector
from eth_utils.crypto import keccak

from tests.ledger.abi_samples import entries_of, entry_of, log_of, sample
from tidan_contracts import load_artifact
from tidan_node.domain import events as happened
from tidan_node.domain import title_events
from tidan_node.domain.parties import PartyStatus
from tidan_node.domain.record_problems import ContractRefused
from tidan_node.domain.titles import Offered, TitleKind, TitleStatus
from tidan_node.domain.titles.terms import packed
from tidan_node.ledger.abi import AbiEntry
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import (
    FOLLOWED,
    SILENT,
    decode_event,
    decode_result,
    encode_call,
    encode_creation,
)
from tidan_node.ledger.event_types import EVENT_TYPES, EventUnreadable, json_of, typed_event
from tidan_node.problems import InvalidInput

_ID = "0x" + "1d" * 32
_ROOT = "0x" + "2e" * 32


_EVENTS = [
    pytest.param(contract, entry, id=f"{contract}.{entry['name']}")
    for contract in FOLLOWED
    for entry in entries_of(contract, "event")
    if entry["name"] not in SILENT
]


class TestEvents:
    @pytest.mark.parametrize(("contract", "entry"), _EVENTS)
    def test_every_event_of_the_contracts_is_read(self, contract: str, entry: AbiEntry) -> None:
        values = {each["name"]: sample(each) for each in entry["inputs"]}
        event = decode_event(contract, *log_of(entry, values))
        assert event is not None
        assert type(event).__name__ == entry["name"]
        in_one_word = 5 if "terms" in values else 0
        assert len(fields(event)) == len(entry["inputs"]) + in_one_word

    def test_every_event_of_the_domain_is_told_by_a_contract(self) -> None:
        told = {entry["name"] for name in FOLLOWED for entry in entries_of(name, "event")}
        assert told == set(EVENT_TYPES) | SILENT

    def test_its_values_are_what_the_domain_declares(self) -> None:
        entry = entry_of("TitleRegistry", "TitleIssued")
        values = {
            "id": b"\x01" * 32,
            "issuer": 3,
            "series": b"\x02" * 32,
            "contentRoot": b"\x03" * 32,
            "terms": packed(4, 5, TitleKind.ORDER, 6, 7, 8),
        }
        event = decode_event("TitleRegistry", *log_of(entry, values))
        assert isinstance(event, title_events.TitleIssued)
        assert event.id == "0x" + "01" * 32
        assert event.content_root == "0x" + "03" * 32
        assert event.kind is TitleKind.ORDER
        assert (event.issuer, event.possessor, event.titleholder) == (3, 4, 5)

    def test_flags_and_accounts_and_bytes_are_read_as_such(self) -> None:
        offered = decode_event(
            "TitleRegistry",
            *log_of(
                entry_of("TitleRegistry", "TitleOffered"),
                {"id": b"\1" * 32, "seq": 2, "sender": 1, "recipient": 2, "what": 3, "deadline": 9},
            ),
        )
        assert isinstance(offered, title_events.TitleOffered)
        assert offered.what == Offered.POSSESSION | Offered.TITLE
        added = decode_event(
            "PartyRegistry",
            *log_of(
                entry_of("PartyRegistry", "AccountAdded"), {"party": 1, "account": "0x" + "AB" * 20}
            ),
        )
        assert added == happened.AccountAdded(1, "0x" + "ab" * 20)  # type: ignore[arg-type]  # names
        changed = decode_event(
            "PartyRegistry",
            *log_of(
                entry_of("PartyRegistry", "ProfileChanged"),
                {"party": 1, "profileHash": b"\5" * 32, "profile": b"\x00\xff"},
            ),
        )
        assert isinstance(changed, happened.ProfileChanged)
        assert changed.profile == b"\x00\xff"
        assert changed.profile_hash == "0x" + "05" * 32

    def test_an_event_that_changes_no_record_is_passed_over(self) -> None:
        entry = entry_of("PartyRegistry", "AuthorityUpdated")
        log = log_of(entry, {"authority": "0x" + "ab" * 20})
        assert decode_event("PartyRegistry", *log) is None

    def test_an_unknown_event_is_a_problem(self) -> None:
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", ["0x" + "99" * 32], "0x")

    def test_an_event_of_another_contract_is_a_problem(self) -> None:
        entry = entry_of("TrailAnchor", "TrailAnchored")
        values = {each["name"]: sample(each) for each in entry["inputs"]}
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", *log_of(entry, values))

    def test_an_event_without_a_name_is_a_problem(self) -> None:
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", [], "0x")

    def test_an_event_cut_short_is_a_problem(self) -> None:
        entry = entry_of("TitleRegistry", "OfferWithdrawn")
        topics, data = log_of(entry, {"id": b"\1" * 32, "seq": 2, "by": 1})
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", topics, data[:-2])
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", topics[:1], data)

    @pytest.mark.parametrize(
        ("contract", "name", "member", "value"),
        [
            ("TitleRegistry", "TitleIssued", "terms", packed(1, 1, 4, 1, 1, 1)),
            ("TitleRegistry", "TitleIssued", "terms", 1 << 112),
            ("TitleRegistry", "TitleEndorsed", "kind", 4),
            ("TitleRegistry", "SurrenderRequested", "pending", 9),
            ("TitleRegistry", "TitleOffered", "what", 8),
            ("PartyRegistry", "StatusChanged", "status", 4),
            ("PartyRegistry", "RolesChanged", "roles", 256),
        ],
    )
    def test_a_value_that_the_node_has_no_word_for_is_a_problem(
        self, contract: str, name: str, member: str, value: int
    ) -> None:
        entry = entry_of(contract, name)
        values = {each["name"]: sample(each) for each in entry["inputs"]} | {member: value}
        with pytest.raises(EventUnreadable):
            decode_event(contract, *log_of(entry, values))

    def test_text_that_is_no_utf8_does_not_stop_the_node(self) -> None:
        entry = entry_of("PartyRegistry", "StatusChanged")
        topics, _ = log_of(entry, {"party": 1, "status": 2, "reason": ""})
        data = encode(["uint8", "bytes"], [2, b"bad \xff text"])
        event = decode_event("PartyRegistry", topics, "0x" + data.hex())
        assert event == happened.StatusChanged(
            1,  # type: ignore[arg-type]  # a party's index
            PartyStatus.SUSPENDED,
            "bad \N{REPLACEMENT CHARACTER} text",
        )

    @pytest.mark.parametrize(("contract", "entry"), _EVENTS)
    def test_an_event_survives_its_way_through_json(self, contract: str, entry: AbiEntry) -> None:
        values = {each["name"]: sample(each) for each in entry["inputs"]}
        event = decode_event(contract, *log_of(entry, values))
        assert event is not None
        assert typed_event(entry["name"], json.loads(json_of(event))) == event


class TestCalls:
    def test_a_call_is_its_selector_and_its_arguments(self) -> None:
        data = encode_call(Call("TitleRegistry", "offer", (_ID, 1, 2, 3, 99)))
        entry = entry_of("TitleRegistry", "offer")
        arguments = encode(
            ["bytes32", "uint32", "uint32", "uint8", "uint40"], [b"\x1d" * 32, 1, 2, 3, 99]
        )
        assert data == function_abi_to_4byte_selector(entry) + arguments  # type: ignore[arg-type]  # JSON

    def test_a_struct_is_a_tuple(self) -> None:
        issuance = (_ID, _ID, _ROOT, packed(2, 3, TitleKind.ORDER, 1, 1, 0))
        data = encode_call(Call("TitleRegistry", "issue", (issuance,)))
        members = "(bytes32,bytes32,bytes32,uint256)"
        assert data[:4] == keccak(text=f"issue({members})")[:4]
        assert data[4:36] == b"\x1d" * 32
        assert len(data) == 4 + 4 * 32

    def test_enums_of_the_domain_can_stand_for_their_numbers(self) -> None:
        assert encode_call(Call("TitleRegistry", "endorse", (_ID, 1, TitleKind.BLANK))) == (
            encode_call(Call("TitleRegistry", "endorse", (_ID, 1, 3)))
        )

    @pytest.mark.parametrize(
        "arguments",
        [(), (_ID,), (_ID, -1), (_ID, 2**32), ("0x12", 1), ("zz", 1), (None, 1), (_ID, "1")],
    )
    def test_arguments_that_do_not_fit_are_refused(self, arguments: tuple[object, ...]) -> None:
        with pytest.raises(InvalidInput):
            encode_call(Call("TitleRegistry", "accept", arguments))

    def test_a_function_that_does_not_exist_is_a_fault_of_the_program(self) -> None:
        with pytest.raises(LookupError, match="TitleRegistry has no function steal"):
            encode_call(Call("TitleRegistry", "steal"))

    def test_a_struct_that_a_view_returns_is_a_tuple(self) -> None:
        values = (1, 2, 3, 0, 4, int(TitleStatus.LIVE), 1, True, 0, 0, 1, 1, 2)
        types = (
            "(uint32,uint32,uint32,uint32,uint32,uint8,uint8,bool,uint8,uint40,uint16,uint16,uint8)"
        )
        data = encode([types], [values])
        assert decode_result(Call("TitleRegistry", "titleOf", (_ID,)), data) == (values,)

    def test_words_come_back_as_hex(self) -> None:
        answer = decode_result(Call("TitleRegistry", "headOf", (_ID,)), b"\x2e" * 32)
        assert answer == (_ROOT,)

    def test_an_answer_that_does_not_fit_is_a_problem(self) -> None:
        with pytest.raises(ContractRefused):
            decode_result(Call("TitleRegistry", "headOf", (_ID,)), b"")

    def test_a_creation_is_the_code_and_what_the_constructor_takes(self) -> None:
        authority = "0x" + "ab" * 20
        data = encode_creation("PlatformRegistry", authority)
        code = load_artifact("PlatformRegistry").bytecode
        assert data == code + encode(["address"], [authority])
