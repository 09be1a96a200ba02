"""The chain as its owner starts, finds and stops it."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.ledger.embedded.waiting import wait_until_ended
from tidan_node.ledger.embedded import supervisor
from tidan_node.ledger.embedded.home import ChainHome
from tidan_node.ledger.embedded.problems import (
    AnvilMissing,
    ChainDidNotStart,
    ChainHomeUnusable,
    ChainIdDiffers,
    ChainNotRunning,
    ChainRefused,
    PortTaken,
)

pytestmark = pytest.mark.system


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "chain"
    yield home
    supervisor.stop(home)


class TestStart:
    def test_a_started_chain_answers_and_a_second_start_finds_it(self, home: Path) -> None:
        first = supervisor.start(home)
        assert not first.ran_already
        assert supervisor.call(home, "eth_chainId") == "0x539"
        second = supervisor.start(home)
        assert second.ran_already
        assert second.chain == first.chain == supervisor.running(home)

    def test_two_starts_at_once_bring_up_one_chain(self, home: Path) -> None:
        with ThreadPoolExecutor(4) as threads:
            started = list(threads.map(lambda _: supervisor.start(home), range(4)))
        assert len({one.chain for one in started}) == 1
        assert [one.ran_already for one in started].count(False) == 1

    def test_it_outlives_whoever_started_it_in_a_session_of_its_own(self, home: Path) -> None:
        chain = supervisor.start(home).chain
        assert os.getsid(chain.pid) == chain.pid

    def test_the_port_stays_the_same_so_that_nodes_find_it_again(self, home: Path) -> None:
        url = supervisor.start(home).chain.url
        supervisor.stop(home)
        assert supervisor.start(home).chain.url == url

    def test_a_taken_port_is_left_to_its_owner_unless_it_was_asked_for(self, home: Path) -> None:
        chain = supervisor.start(home).chain
        supervisor.stop(home)
        with socket.socket() as owner:
            owner.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            owner.bind(("127.0.0.1", chain.port))
            owner.listen()
            with pytest.raises(PortTaken) as taken:
                supervisor.start(home, port=chain.port)
            assert taken.value.field == "--port"
            assert supervisor.start(home).chain.port != chain.port

    def test_another_chain_id_is_refused_whether_it_runs_or_not(self, home: Path) -> None:
        assert supervisor.start(home, chain_id=88).chain.chain_id == 88
        with pytest.raises(ChainIdDiffers):
            supervisor.start(home, chain_id=89)
        supervisor.stop(home)
        with pytest.raises(ChainIdDiffers):
            supervisor.start(home, chain_id=89)

    def test_a_missing_anvil_is_told_with_the_ways_to_have_one(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_ANVIL", str(home / "nowhere"))
        with pytest.raises(AnvilMissing, match="TIDAN_ANVIL"):
            supervisor.start(home)
        monkeypatch.delenv("TIDAN_ANVIL")
        assert not supervisor.start(home).ran_already

    def test_a_process_that_ends_without_a_word_is_told_with_its_log(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        silent = tmp_path / "python"
        silent.write_text("#!/bin/sh\necho what went wrong >&2\nexit 3\n")
        silent.chmod(0o755)
        monkeypatch.setattr("sys.executable", str(silent))
        with pytest.raises(ChainDidNotStart, match="what went wrong"):
            supervisor.start(home)

    def test_a_home_that_cannot_be_written_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(ChainHomeUnusable):
            supervisor.start(tmp_path / "file")

    def test_after_a_kill_it_starts_again_with_the_same_chain(self, home: Path) -> None:
        chain = supervisor.start(home).chain
        supervisor.call(home, "tidan_setBalance", "0x" + "ab" * 20, 5)
        before = supervisor.status(home)
        os.kill(chain.pid, signal.SIGKILL)
        wait_until_ended(chain.pid)
        assert supervisor.running(home) is None
        again = supervisor.start(home)
        assert not again.ran_already
        after = supervisor.status(home)
        assert (after["height"], after["hash"]) == (before["height"], before["hash"])


class TestStop:
    def test_a_stopped_chain_is_gone_and_stopping_it_again_does_nothing(self, home: Path) -> None:
        chain = supervisor.start(home).chain
        anvil = supervisor.status(home)["anvilPid"]
        assert supervisor.stop(home)
        wait_until_ended(chain.pid)
        wait_until_ended(anvil)
        assert not supervisor.stop(home)
        assert supervisor.running(home) is None

    def test_a_home_that_is_not_there_has_nothing_to_stop(self, tmp_path: Path) -> None:
        assert not supervisor.stop(tmp_path / "nowhere")


class TestAsking:
    def test_the_status_tells_what_there_is(self, home: Path) -> None:
        chain = supervisor.start(home).chain
        status = supervisor.status(home)
        assert status["url"] == chain.url
        assert status["pid"] == chain.pid
        assert status["home"] == str(home)
        assert status["height"] == 0
        assert status["hash"] == status["genesisHash"] == ChainHome(home).genesis_hash
        assert status["setAside"] == []

    def test_a_chain_that_does_not_run_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ChainNotRunning, match="tidan chain up"):
            supervisor.status(tmp_path)

    def test_a_refusal_is_told_in_its_words(self, home: Path) -> None:
        supervisor.start(home)
        with pytest.raises(ChainRefused, match="evm_mine is not served"):
            supervisor.call(home, "evm_mine")
