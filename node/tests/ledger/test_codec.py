"""The contracts' language, both ways; nothing that their ABI can say is without a meaning."""

from __future__ import annotations

from dataclasses import fields

import pytest
from eth_abi.abi import encode
from eth_utils.abi import function_abi_to_4byte_selector
from eth_utils.crypto import keccak

from tidan_contracts import load_artifact
from tidan_node.domain import events as happened
from tidan_node.domain import title_problems
from tidan_node.domain.parties import PartyNotActive, PartyStatus, Role, RoleMissing
from tidan_node.domain.record_problems import ContractRefused, NotAuthorised
from tidan_node.domain.titles import Offered, TitleKind, TitleStatus
from tidan_node.ledger.abi import CONTRACTS, AbiEntry, Value
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import (
    FOLLOWED,
    SILENT,
    decode_event,
    decode_result,
    decode_revert,
    encode_call,
    encode_creation,
)
from tidan_node.ledger.event_types import EVENT_TYPES, EventUnreadable, plain_values, typed_event
from tidan_node.ledger.refusals import REFUSALS
from tidan_node.problems import InvalidInput, Problem

_ID = "0x" + "1d" * 32
_ROOT = "0x" + "2e" * 32


def _entries(contract: str, kind: str) -> list[AbiEntry]:
    return [entry for entry in load_artifact(contract).abi if entry["type"] == kind]


def _topic(entry: AbiEntry) -> str:
    types = ",".join(each["type"] for each in entry["inputs"])
    return "0x" + keccak(text=f"{entry['name']}({types})").hex()


def _sample(parameter: AbiEntry) -> Value:
    """A value that the parameter can have."""
    match parameter["type"]:
        case "bytes32":
            return b"\x07" * 32
        case "bytes4":
            return b"\x07" * 4
        case "bytes":
            return b"\x01\x02"
        case "string":
            return "text"
        case "address":
            return "0x" + "ab" * 20
        case _:
            return 1


def _log(entry: AbiEntry, values: dict[str, Value]) -> tuple[list[str], str]:
    """Topics and data as the EVM makes them of these values."""
    topics = [_topic(entry)]
    rest: list[AbiEntry] = []
    for each in entry["inputs"]:
        if each["indexed"]:
            topics.append("0x" + encode([each["type"]], [values[each["name"]]]).hex())
        else:
            rest.append(each)
    data = encode([each["type"] for each in rest], [values[each["name"]] for each in rest])
    return topics, "0x" + data.hex()


def _of(contract: str, name: str) -> AbiEntry:
    return next(entry for entry in load_artifact(contract).abi if entry.get("name") == name)


_EVENTS = [
    pytest.param(contract, entry, id=f"{contract}.{entry['name']}")
    for contract in FOLLOWED
    for entry in _entries(contract, "event")
    if entry["name"] not in SILENT
]
_ERRORS = [
    pytest.param(entry, id=f"{contract}.{entry['name']}")
    for contract in CONTRACTS
    for entry in _entries(contract, "error")
]


class TestEvents:
    @pytest.mark.parametrize(("contract", "entry"), _EVENTS)
    def test_every_event_of_the_contracts_is_read(self, contract: str, entry: AbiEntry) -> None:
        values = {each["name"]: _sample(each) for each in entry["inputs"]}
        event = decode_event(contract, *_log(entry, values))
        assert event is not None
        assert type(event).__name__ == entry["name"]
        assert len(fields(event)) == len(entry["inputs"])

    def test_every_event_of_the_domain_is_told_by_a_contract(self) -> None:
        told = {entry["name"] for name in FOLLOWED for entry in _entries(name, "event")}
        assert told == set(EVENT_TYPES) | SILENT

    def test_its_values_are_what_the_domain_declares(self) -> None:
        entry = _of("TitleRegistry", "TitleIssued")
        values = {
            "id": b"\x01" * 32,
            "issuer": 3,
            "series": b"\x02" * 32,
            "contentRoot": b"\x03" * 32,
            "possessor": 4,
            "titleholder": 5,
            "kind": 1,
            "schema": 6,
            "version": 7,
        }
        event = decode_event("TitleRegistry", *_log(entry, values))
        assert isinstance(event, happened.TitleIssued)
        assert event.id == "0x" + "01" * 32
        assert event.content_root == "0x" + "03" * 32
        assert event.kind is TitleKind.ORDER
        assert (event.issuer, event.possessor, event.titleholder) == (3, 4, 5)

    def test_flags_and_accounts_and_bytes_are_read_as_such(self) -> None:
        offered = decode_event(
            "TitleRegistry",
            *_log(
                _of("TitleRegistry", "TitleOffered"),
                {"id": b"\1" * 32, "seq": 2, "sender": 1, "recipient": 2, "what": 3, "deadline": 9},
            ),
        )
        assert isinstance(offered, happened.TitleOffered)
        assert offered.what == Offered.POSSESSION | Offered.TITLE
        added = decode_event(
            "PartyRegistry",
            *_log(_of("PartyRegistry", "AccountAdded"), {"party": 1, "account": "0x" + "AB" * 20}),
        )
        assert added == happened.AccountAdded(1, "0x" + "ab" * 20)  # type: ignore[arg-type]  # names
        changed = decode_event(
            "PartyRegistry",
            *_log(
                _of("PartyRegistry", "ProfileChanged"),
                {"party": 1, "profileHash": b"\5" * 32, "profile": b"\x00\xff"},
            ),
        )
        assert isinstance(changed, happened.ProfileChanged)
        assert changed.profile == b"\x00\xff"
        assert changed.profile_hash == "0x" + "05" * 32

    def test_an_event_that_changes_no_record_is_passed_over(self) -> None:
        entry = _of("PartyRegistry", "AuthorityUpdated")
        log = _log(entry, {"authority": "0x" + "ab" * 20})
        assert decode_event("PartyRegistry", *log) is None

    def test_an_unknown_event_is_a_problem(self) -> None:
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", ["0x" + "99" * 32], "0x")

    def test_an_event_of_another_contract_is_a_problem(self) -> None:
        entry = _of("TrailAnchor", "TrailAnchored")
        values = {each["name"]: _sample(each) for each in entry["inputs"]}
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", *_log(entry, values))

    def test_an_event_without_a_name_is_a_problem(self) -> None:
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", [], "0x")

    def test_an_event_cut_short_is_a_problem(self) -> None:
        entry = _of("TitleRegistry", "OfferWithdrawn")
        topics, data = _log(entry, {"id": b"\1" * 32, "seq": 2, "by": 1})
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", topics, data[:-2])
        with pytest.raises(EventUnreadable):
            decode_event("TitleRegistry", topics[:1], data)

    @pytest.mark.parametrize(
        ("contract", "name", "member", "value"),
        [
            ("TitleRegistry", "TitleIssued", "kind", 4),
            ("TitleRegistry", "SurrenderRequested", "pending", 9),
            ("TitleRegistry", "TitleOffered", "what", 4),
            ("PartyRegistry", "StatusChanged", "status", 4),
            ("PartyRegistry", "RolesChanged", "roles", 256),
        ],
    )
    def test_a_value_that_the_node_has_no_word_for_is_a_problem(
        self, contract: str, name: str, member: str, value: int
    ) -> None:
        entry = _of(contract, name)
        values = {each["name"]: _sample(each) for each in entry["inputs"]} | {member: value}
        with pytest.raises(EventUnreadable):
            decode_event(contract, *_log(entry, values))

    def test_text_that_is_no_utf8_does_not_stop_the_node(self) -> None:
        entry = _of("PartyRegistry", "StatusChanged")
        topics, _ = _log(entry, {"party": 1, "status": 2, "reason": ""})
        data = encode(["uint8", "bytes"], [2, b"bad \xff text"])
        event = decode_event("PartyRegistry", topics, "0x" + data.hex())
        assert event == happened.StatusChanged(
            1,  # type: ignore[arg-type]  # a party's index
            PartyStatus.SUSPENDED,
            "bad \N{REPLACEMENT CHARACTER} text",
        )

    @pytest.mark.parametrize(("contract", "entry"), _EVENTS)
    def test_an_event_survives_its_way_through_json(self, contract: str, entry: AbiEntry) -> None:
        values = {each["name"]: _sample(each) for each in entry["inputs"]}
        event = decode_event(contract, *_log(entry, values))
        assert event is not None
        assert typed_event(entry["name"], plain_values(event)) == event


class TestReverts:
    @pytest.mark.parametrize("entry", _ERRORS)
    def test_every_error_of_the_contracts_has_its_problem(self, entry: AbiEntry) -> None:
        refusal = REFUSALS.get(entry["name"])
        assert refusal is not None, f"{entry['name']} has no Problem"
        types = [each["type"] for each in entry["inputs"]]
        selector = keccak(text=f"{entry['name']}({','.join(types)})")[:4]
        data = selector + encode(types, [_sample(each) for each in entry["inputs"]])
        problem = decode_revert(data)
        assert type(problem) is refusal.kind
        assert problem.status < 500
        assert "{" not in problem.detail

    def test_every_word_is_for_an_error_that_exists(self) -> None:
        errors = {entry["name"] for name in CONTRACTS for entry in _entries(name, "error")}
        assert set(REFUSALS) == errors

    def test_a_stale_act_is_told_where_the_record_is(self) -> None:
        selector = keccak(text="StaleSeq(bytes32,uint32,uint32)")[:4]
        data = selector + encode(["bytes32", "uint32", "uint32"], [b"\1" * 32, 3, 5])
        problem = decode_revert(data)
        assert isinstance(problem, title_problems.StaleSeq)
        assert problem.field == "expectedSeq"
        assert problem.extra == {"actualSeq": 5}
        assert problem.detail == "the record is at seq 5, the request expects 3"

    def test_states_and_roles_are_told_by_name(self) -> None:
        not_live = keccak(text="TitleNotLive(bytes32,uint8)")[:4]
        told = decode_revert(not_live + encode(["bytes32", "uint8"], [b"\1" * 32, 4]))
        assert told.detail == "the title is DELIVERED"
        missing = keccak(text="RoleMissing(uint32,uint16)")[:4]
        role = decode_revert(missing + encode(["uint32", "uint16"], [7, Role.CARRIER]))
        assert isinstance(role, RoleMissing)
        assert role.detail == "party 7 does not have the role CARRIER"

    def test_a_stranger_to_the_authority_is_not_authorised(self) -> None:
        selector = keccak(text="AccessManagedUnauthorized(address)")[:4]
        problem = decode_revert(selector + encode(["address"], ["0x" + "ab" * 20]))
        assert isinstance(problem, NotAuthorised)
        assert "0x" + "ab" * 20 in problem.detail

    def test_a_panic_is_told_with_its_code(self) -> None:
        data = keccak(text="Panic(uint256)")[:4] + encode(["uint256"], [0x11])
        problem = decode_revert(data)
        assert isinstance(problem, ContractRefused)
        assert "0x11" in problem.detail

    def test_a_reason_is_told_as_it_is(self) -> None:
        data = keccak(text="Error(string)")[:4] + encode(["string"], ["not today"])
        problem = decode_revert(data)
        assert isinstance(problem, ContractRefused)
        assert problem.detail == "not today"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x01",
            b"\x01\x02\x03\x04",
            keccak(text="Error(string)")[:4],
            keccak(text="Panic(uint256)")[:4] + b"\x01",
            keccak(text="PartyNotActive(uint32)")[:4] + b"\xff" * 31,
            keccak(text="TitleNotLive(bytes32,uint8)")[:4] + b"\x00" * 63 + b"\x63",
        ],
    )
    def test_what_nobody_understands_is_still_a_refusal(self, data: bytes) -> None:
        assert isinstance(decode_revert(data), ContractRefused)

    def test_every_kind_of_problem_has_a_name_of_its_own(self) -> None:
        kinds: set[type[Problem]] = {refusal.kind for refusal in REFUSALS.values()}
        assert len({kind.slug for kind in kinds}) == len(kinds)
        assert PartyNotActive in kinds


class TestCalls:
    def test_a_call_is_its_selector_and_its_arguments(self) -> None:
        data = encode_call(Call("TitleRegistry", "offer", (_ID, 1, 2, 3, 99)))
        entry = _of("TitleRegistry", "offer")
        arguments = encode(
            ["bytes32", "uint32", "uint32", "uint8", "uint40"], [b"\x1d" * 32, 1, 2, 3, 99]
        )
        assert data == function_abi_to_4byte_selector(entry) + arguments  # type: ignore[arg-type]  # JSON

    def test_a_struct_is_a_tuple(self) -> None:
        issuance = (_ID, _ID, _ROOT, 2, 3, int(TitleKind.ORDER), 1, 1)
        data = encode_call(Call("TitleRegistry", "issue", (issuance,)))
        members = "(bytes32,bytes32,bytes32,uint32,uint32,uint8,uint16,uint16)"
        assert data[:4] == keccak(text=f"issue({members})")[:4]
        assert data[4:36] == b"\x1d" * 32
        assert len(data) == 4 + 8 * 32

    def test_enums_of_the_domain_can_stand_for_their_numbers(self) -> None:
        issuance = (_ID, _ID, _ROOT, 2, 3, TitleKind.ORDER, 1, 1)
        plain = (*issuance[:5], 1, *issuance[6:])
        assert encode_call(Call("TitleRegistry", "issue", (issuance,))) == encode_call(
            Call("TitleRegistry", "issue", (plain,))
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
        values = (1, 2, 3, 0, 4, int(TitleStatus.LIVE), 1, 0, 0, 1, 1)
        types = "(uint32,uint32,uint32,uint32,uint32,uint8,uint8,uint8,uint40,uint16,uint16)"
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
        data = encode_creation("PartyRegistry", authority)
        code = load_artifact("PartyRegistry").bytecode
        assert data == code + encode(["address"], [authority])
