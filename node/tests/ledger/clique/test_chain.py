"""Real validators: started, killed in every way, found as they were."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.geth import geth_or_skip
from tidan_node.domain.identifiers import Address
from tidan_node.ledger.clique import chain, faucet
from tidan_node.ledger.clique.genesis import FAUCET_WEI
from tidan_node.ledger.clique.home import Home
from tidan_node.ledger.clique.problems import (
    FaucetEmpty,
    PortsForLife,
    ValidatorsDiffer,
    ValidatorUnknown,
)
from tidan_node.ledger.embedded.problems import ChainIdDiffers, ChainNotRunning
from tidan_node.problems import Problem

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A chain of three validators, two of which must run."""
    geth_or_skip()
    home = tmp_path_factory.mktemp("chain")
    try:
        chain.start(home, chain.Wanted(validators=3))
        yield home
    finally:
        chain.stop(home)


@pytest.fixture
def running(home: Path) -> Path:
    """The same chain, all of whose validators run, whatever a test before has done to them."""
    chain.start(home, chain.Wanted())
    return home


def asked(home: Path, method: str, *params: object) -> Any:  # Any: JSON
    """What the first validator answers on the port that it has for everybody."""
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
    return httpx.post(Home(home).plan.validators[0].url, json=request, trust_env=False).json()


def wait_until(true: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + 60
    while not true():
        assert time.monotonic() < give_up_at, f"waited in vain: {what}"
        threading.Event().wait(0.05)


def kill(home: Path, *numbers: int) -> None:
    """`kill -9`, and wait until they are gone."""
    for number in numbers:
        os.kill(chain.status_of_validator(home, number)["pid"], signal.SIGKILL)
    for number in numbers:
        wait_until(
            lambda n=number: chain.status_of_validator(home, n)["pid"] is None, f"{number} is dead"
        )


class TestStart:
    def test_each_validator_has_all_others_as_peers_and_makes_blocks(self, running: Path) -> None:
        status = chain.status(running)

        assert (status["running"], status["needed"]) == (3, 2)
        assert [each["peers"] for each in status["validators"]] == [2, 2, 2]
        assert status["height"] > 0

    def test_a_second_start_finds_all_of_them_running(self, running: Path) -> None:
        before = [each["pid"] for each in chain.status(running)["validators"]]
        assert chain.start(running, chain.Wanted()).ran_already
        assert [each["pid"] for each in chain.status(running)["validators"]] == before

    @pytest.mark.parametrize(
        ("wanted", "kind", "field"),
        [
            (chain.Wanted(chain_id=5), ChainIdDiffers, "--chain-id"),
            (chain.Wanted(validators=4), ValidatorsDiffer, "--validators"),
            (chain.Wanted(port=1), PortsForLife, "--port"),
        ],
    )
    def test_what_is_for_a_chains_life_cannot_be_asked_for_anew(
        self, home: Path, wanted: chain.Wanted, kind: type[Problem], field: str
    ) -> None:
        with pytest.raises(kind) as refused:
            chain.start(home, wanted)
        assert refused.value.field == field


class TestOneValidator:
    def test_without_one_of_three_the_chain_goes_on_and_it_catches_up_when_it_is_back(
        self, running: Path
    ) -> None:
        assert chain.stop_validator(running, 3)
        alone = chain.status(running)["height"]
        wait_until(lambda: chain.status(running)["height"] > alone + 1, "two blocks without it")

        assert chain.start_validator(running, 3)

        wait_until(
            lambda: (chain.status_of_validator(running, 3)["height"] or 0) > alone, "it caught up"
        )

    def test_stopping_and_starting_twice_says_that_there_was_nothing_to_do(
        self, running: Path
    ) -> None:
        assert not chain.start_validator(running, 2)
        assert chain.stop_validator(running, 2)
        assert not chain.stop_validator(running, 2)

    @pytest.mark.parametrize("number", [0, 4])
    def test_one_that_the_chain_does_not_have_is_refused(self, home: Path, number: int) -> None:
        with pytest.raises(ValidatorUnknown, match="from 1 to 3"):
            chain.status_of_validator(home, number)


class TestKilled:
    def test_without_two_of_three_the_chain_halts_until_one_is_back(self, running: Path) -> None:
        kill(running, 2, 3)
        # What the last one sealed before it had to wait for another may still come.
        wait_until(lambda: chain.status(running)["secondsSinceBlock"] > 3, "it stands still")
        halted = chain.status(running)
        assert (halted["running"], halted["needed"]) == (1, 2)

        chain.start_validator(running, 2)

        wait_until(lambda: chain.status(running)["height"] > halted["height"], "it goes on")

    def test_killed_all_at_once_it_comes_back_with_every_block(self, running: Path) -> None:
        height = chain.status(running)["height"]
        block = asked(running, "eth_getBlockByNumber", hex(height - 2), False)["result"]
        kill(running, 1, 2, 3)
        with pytest.raises(ChainNotRunning):
            chain.status(running)

        chain.start(running, chain.Wanted())

        again = asked(running, "eth_getBlockByNumber", hex(height - 2), False)["result"]
        assert again["hash"] == block["hash"]
        assert chain.status(running)["height"] >= height


class TestFund:
    def test_an_account_is_given_what_it_lacks_and_no_more_when_asked_again(
        self, running: Path
    ) -> None:
        account = Address("0x" + "ab" * 20)
        assert faucet.fund(running, account, 500) == 500
        assert faucet.fund(running, account, 700) == 700
        assert faucet.fund(running, account, 700) == 700
        assert faucet.fund(running, account, 10) == 700

    def test_a_payment_at_one_wei_for_gas_leaves_the_base_fee_at_none(self, running: Path) -> None:
        faucet.fund(running, Address("0x" + "cd" * 20), 1)
        assert (
            asked(running, "eth_getBlockByNumber", "latest", False)["result"]["baseFeePerGas"]
            == "0x0"
        )

    def test_more_than_there_is_is_refused(self, running: Path) -> None:
        with pytest.raises(FaucetEmpty) as refused:
            faucet.fund(running, Address("0x" + "ef" * 20), FAUCET_WEI)
        assert refused.value.field == "WEI"


@pytest.mark.parametrize(
    "method",
    ["admin_peers", "debug_setHead", "personal_listAccounts", "miner_stop", "clique_discard"],
)
def test_what_is_the_operators_is_not_offered_to_everybody(running: Path, method: str) -> None:
    assert asked(running, method)["error"]["code"] == -32601


def test_a_home_without_a_chain_has_none_that_could_be_stopped_or_reached(tmp_path: Path) -> None:
    assert not chain.stop(tmp_path)
    assert chain.running_url(tmp_path) is None
