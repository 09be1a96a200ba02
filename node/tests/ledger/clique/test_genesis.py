"""The first block of a Clique chain."""

from __future__ import annotations

import pytest

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.clique.genesis import confirmations, genesis, majority

SIGNERS = [Address("0x" + byte * 20) for byte in ("cc", "0a", "bb")]
FAUCET = Address("0x" + "fa" * 20)


def test_its_extra_data_names_the_signers_in_ascending_order() -> None:
    extra = bytes.fromhex(str(genesis(7, SIGNERS, FAUCET, 1)["extraData"])[2:])

    assert extra[:32] == bytes(32)
    assert extra[32:-65].hex() == "0a" * 20 + "bb" * 20 + "cc" * 20
    assert extra[-65:] == bytes(65)


def test_london_holds_from_it_on_without_a_base_fee() -> None:
    made = genesis(7, SIGNERS, FAUCET, 1)

    assert made["baseFeePerGas"] == "0x0"
    assert made["config"]["londonBlock"] == 0  # type: ignore[index]  # JSON
    assert list(made["alloc"]) == [FAUCET]  # type: ignore[call-overload]  # JSON


@pytest.mark.parametrize(("signers", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 4)])
def test_more_than_half_of_the_signers_must_run_and_have_sealed_upon_a_final_block(
    signers: int, needed: int
) -> None:
    assert (majority(signers), confirmations(signers)) == (needed, needed)
