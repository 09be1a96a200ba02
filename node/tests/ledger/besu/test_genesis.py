"""The first block of a QBFT chain."""

from __future__ import annotations

import pytest

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.besu.genesis import extra_data, faults_tolerated, genesis, read_extra_data

# Block 21 of a GoQuorum 24.4.1 network of four validators; its seals are cut to one.
RECORDED_VALIDATORS = (
    "0x76a90ef8562be1bba6edfba3fa3ae90141abe699",
    "0x7a9f73e667c1d1f13d96142137daebf538ec5d9d",
    "0xa42ab25d118cef7ec55b4e63125888feb9bbc760",
    "0xf206e16967729b052eddb4ee3dd02d55f53c0aea",
)
RECORDED = (
    "0xf8bea0d883010a03846765746888676f312e32362e38856c696e757800000000000000"
    "f8549476a90ef8562be1bba6edfba3fa3ae90141abe699947a9f73e667c1d1f13d96142137daebf538ec5d9d"
    "94a42ab25d118cef7ec55b4e63125888feb9bbc76094f206e16967729b052eddb4ee3dd02d55f53c0aea"
    "c080f843b8416e9fb5273a92879f2aca67d09d5dba8d43f1cf576c60a8ecc5b1d4f209dc4e2b7c45f44fd8659f"
    "98b6f0c4979253fcf5955e93a377545608e17c97076fcdcaff01"
)


def test_the_validators_of_a_recorded_header_are_read() -> None:
    assert read_extra_data(RECORDED).validators == RECORDED_VALIDATORS


def test_it_is_besus_own_form() -> None:
    # The example of Besu's page on QBFT, whose validators stand in ascending order here.
    validators = [
        Address("0x3923390ad55e90c237593b3b0e401f3b08a03185"),
        Address("0x64a702e6263b7297a96638cac6ae65e6541f4169"),
        Address("0x8aefdb9a738c9f433e5b6b212a6d62f6370c2f69"),
        Address("0xc7eeb9a4e00ce683cf93039b212648e01c6c6b78"),
    ]
    assert extra_data(validators) == (
        "0xf87aa00000000000000000000000000000000000000000000000000000000000000000f854"
        "943923390ad55e90c237593b3b0e401f3b08a031859464a702e6263b7297a96638cac6ae65e6541f4169"
        "948aefdb9a738c9f433e5b6b212a6d62f6370c2f6994c7eeb9a4e00ce683cf93039b212648e01c6c6b78"
        "c080c0"
    )


def test_what_was_written_is_read_back_in_ascending_order() -> None:
    read = read_extra_data(extra_data([Address(each) for each in reversed(RECORDED_VALIDATORS)]))
    assert (read.validators, read.round, read.vanity) == (RECORDED_VALIDATORS, 0, bytes(32))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0x", "no RLP"),
        ("0xc0", "five parts"),
        ("0xc5c0c0c0c0c0", "five parts"),
        ("0xc58080c080c0", "five parts"),
        ("0xc580c0c080c0", "32 bytes"),
        ("0xe7a0" + "00" * 32 + "c28001c080c0", "20 bytes"),
    ],
)
def test_what_is_not_of_this_form_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_extra_data(text)


def test_gas_costs_nothing_from_the_first_block_on() -> None:
    made = genesis(5, [Address(each) for each in RECORDED_VALIDATORS], 2)
    config = made["config"]
    assert isinstance(config, dict)
    assert (config["londonBlock"], config["zeroBaseFee"], made["baseFeePerGas"]) == (0, True, "0x0")
    assert config["qbft"]["blockperiodseconds"] == 2
    assert config["qbft"]["requesttimeoutseconds"] > config["qbft"]["blockperiodseconds"]


def test_all_else_is_as_besus_pages_on_qbft_and_on_free_gas_have_it() -> None:
    made = genesis(5, [Address(each) for each in RECORDED_VALIDATORS], 2)
    assert made.pop("extraData") == extra_data([Address(each) for each in RECORDED_VALIDATORS])
    assert made == {
        "config": {
            "chainId": 5,
            "berlinBlock": 0,
            "londonBlock": 0,
            "zeroBaseFee": True,
            "qbft": {"blockperiodseconds": 2, "epochlength": 30_000, "requesttimeoutseconds": 4},
        },
        "nonce": "0x0",
        "timestamp": "0x0",
        "gasLimit": "0x1fffffffffffff",
        "baseFeePerGas": "0x0",
        "difficulty": "0x1",
        "mixHash": "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365",
        "coinbase": "0x0000000000000000000000000000000000000000",
        "alloc": {},
    }


@pytest.mark.parametrize(("validators", "may_fail"), [(1, 0), (3, 0), (4, 1), (6, 1), (7, 2)])
def test_more_than_two_thirds_must_be_well(validators: int, may_fail: int) -> None:
    assert faults_tolerated(validators) == may_fail
