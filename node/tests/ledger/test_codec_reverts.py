"""Every typed error of the contracts, as the Problem of the same meaning."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tests.ledger.abi_samples import entries_of, sample
from tidan_node.domain import title_problems
from tidan_node.domain.parties import PartyNotActive, Role, RoleMissing
from tidan_node.domain.record_problems import ContractRefused, NotAuthorised
from tidan_node.ledger.abi import CONTRACTS, AbiEntry
from tidan_node.ledger.codec import (
    decode_revert,
)
from tidan_node.ledger.refusals import REFUSALS
from tidan_node.problems import Problem

_ERRORS = [
    pytest.param(entry, id=f"{contract}.{entry['name']}")
    for contract in CONTRACTS
    for entry in entries_of(contract, "error")
]


class TestReverts:
    @pytest.mark.parametrize("entry", _ERRORS)
    def test_every_error_of_the_contracts_has_its_problem(self, entry: AbiEntry) -> None:
        refusal = REFUSALS.get(entry["name"])
        assert refusal is not None, f"{entry['name']} has no Problem"
        types = [each["type"] for each in entry["inputs"]]
        selector = keccak(text=f"{entry['name']}({','.join(types)})")[:4]
        data = selector + encode(types, [sample(each) for each in entry["inputs"]])
        problem = decode_revert(data)
        assert type(problem) is refusal.kind
        assert problem.status < 500
        assert "{" not in problem.detail

    def test_every_word_is_for_an_error_that_exists(self) -> None:
        errors = {entry["name"] for name in CONTRACTS for entry in entries_of(name, "error")}
        assert set(REFUSALS) == errors

    def test_a_stale_act_is_told_which_record_it_is_and_where(self) -> None:
        record = "0x" + "01" * 32
        selector = keccak(text="StaleSeq(bytes32,uint32,uint32)")[:4]
        data = selector + encode(["bytes32", "uint32", "uint32"], [b"\1" * 32, 3, 5])
        problem = decode_revert(data)
        assert isinstance(problem, title_problems.StaleSeq)
        assert problem.field == "expectedSeq"
        assert problem.extra == {"actualSeq": 5, "record": record}
        assert problem.detail == f"record {record} is at seq 5, the request expects 3"

    def test_times_are_told_to_people_as_dates_and_to_programs_as_numbers(self) -> None:
        too_early = keccak(text="RotationTooEarly(uint32,uint64)")[:4]
        told = decode_revert(too_early + encode(["uint32", "uint64"], [7, 1_795_438_939]))
        assert told.detail == "the rotation can be completed from 2026-11-23T13:02:19Z"
        assert told.extra == {"completableFrom": 1_795_438_939}

    def test_an_end_as_paper_that_is_too_early_says_from_when_on_it_is_possible(self) -> None:
        too_early = keccak(text="PaperTooEarly(bytes32,uint64)")[:4]
        told = decode_revert(too_early + encode(["bytes32", "uint64"], [b"\1" * 32, 1_795_438_939]))
        assert told.detail == (
            "before 2026-11-23T13:02:19Z a successor of the carrier may still be named"
        )
        assert told.extra == {"possibleFrom": 1_795_438_939}

    def test_states_and_roles_are_told_by_name(self) -> None:
        not_live = keccak(text="TitleNotLive(bytes32,uint8)")[:4]
        told = decode_revert(not_live + encode(["bytes32", "uint8"], [b"\1" * 32, 4]))
        assert told.detail == "the title is DELIVERED"
        missing = keccak(text="RoleMissing(uint32,uint16)")[:4]
        role = decode_revert(missing + encode(["uint32", "uint16"], [7, Role.CARRIER]))
        assert isinstance(role, RoleMissing)
        assert role.detail == "party 7 does not have the role CARRIER"

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            ("NotTheIssuer(bytes32,uint32)", "party 4 did not issue title {}"),
            ("NoSurrenderPending(bytes32,uint8)", "title {} is DELIVERED"),
            ("SurrenderedForAnother(bytes32,uint8)", "title {} was surrendered for COMBINATION"),
            ("OriginalsDiffer(bytes32)", "title {} has another carrier"),
        ],
    )
    def test_of_several_titles_the_one_at_fault_is_named(self, error: str, words: str) -> None:
        title = "0x" + "01" * 32
        types = error.partition("(")[2].rstrip(")").split(",")
        data = encode(types, [b"\1" * 32, 4][: len(types)])
        told = decode_revert(keccak(text=error)[:4] + data)
        assert words.format(title) in told.detail
        assert told.extra["record"] == title

    def test_a_bank_is_told_by_its_number_as_a_party(self) -> None:
        unfit = keccak(text="PledgeeUnfit(bytes32)")[:4]
        bank = decode_revert(unfit + encode(["bytes32"], [b"\0" * 31 + b"\4"]))
        unnamed = decode_revert(unfit + encode(["bytes32"], [b"\7" * 32]))
        assert bank.detail == "party 4 can take and enforce no pledge"
        assert unnamed.detail == f"pledgee 0x{'07' * 32} can take and enforce no pledge"

    def test_whose_pledge_it_is_not_is_told_without_an_account(self) -> None:
        another = keccak(text="NotThePledgee(bytes32,address)")[:4]
        data = encode(["bytes32", "address"], [b"\1" * 32, "0x" + "ab" * 20])
        told = decode_revert(another + data)
        assert "to another bank" in told.detail
        assert "ab" * 20 not in told.detail

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
