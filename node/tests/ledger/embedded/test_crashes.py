"""Killed anywhere, the chain comes back: block for block, and every answer is kept."""

from __future__ import annotations

import threading
from pathlib import Path
from random import Random

import pytest

from tests.ledger.embedded.chains import ChainProcess, chain_process
from tests.ledger.embedded.waiting import wait_until_ended
from tests.ledger.embedded.workload import Workload
from tests.sampling import TIMES
from tidan_node.ledger.embedded import journal, mining, snapshots

pytestmark = pytest.mark.system

MOMENTS = [
    journal.WRITTEN,
    journal.DURABLE,
    mining.FORWARDED,
    mining.MINED,
    snapshots.HALF_WRITTEN,
    snapshots.KEPT,
]


@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_chain_that_crashes_at_a_named_moment_loses_and_doubles_nothing(
    tmp_path: Path, moment: str, nth: int
) -> None:
    work = Workload(Random(nth))
    with chain_process(tmp_path, crash_at=f"{moment}:{nth}", snapshot_every=3) as chain:
        rounds = 0
        while work.send_some(chain.client) and work.look(chain.client):
            rounds += 1
            assert rounds < 100, f"{moment} is never reached"
        assert chain.finish() == 137
        wait_until_ended(chain.pinned_anvil())
    with chain_process(tmp_path, snapshot_every=3) as chain:
        work.assert_all_is_there(chain.client)
        assert work.send_again(chain.client)
        assert work.send_some(chain.client)
        assert work.look(chain.client)
        work.assert_all_is_there(chain.client)
        chain.stop()
    with chain_process(tmp_path) as chain:
        work.assert_all_is_there(chain.client)


@pytest.mark.parametrize("moment", [mining.FORWARDED, mining.MINED])
def test_a_chain_that_crashes_again_while_it_replays_still_comes_back(
    tmp_path: Path, moment: str
) -> None:
    work = Workload(Random(7))
    with chain_process(tmp_path) as chain:
        for _ in range(5):
            assert work.send_some(chain.client)
            assert work.look(chain.client)
        chain.kill()
    for nth in (1, 4):
        with chain_process(tmp_path, crash_at=f"{moment}:{nth}") as chain:
            assert chain.process.returncode == 137
    with chain_process(tmp_path) as chain:
        work.assert_all_is_there(chain.client)


def kill_anvil(chain: ChainProcess) -> None:
    chain.kill_anvil()


def kill_proxy(chain: ChainProcess) -> None:
    chain.process.kill()


def kill_both(chain: ChainProcess) -> None:
    chain.process.kill()
    chain.kill_anvil()


@pytest.mark.parametrize("seed", range(1, 2 * TIMES + 1))
def test_a_chain_killed_at_any_time_under_load_comes_back_hash_for_hash(
    tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    work = Workload(chance)
    for kill in (kill_proxy, kill_anvil, kill_both) * 2:
        with chain_process(tmp_path, snapshot_every=4) as chain:
            work.assert_all_is_there(chain.client)
            blow = threading.Timer(chance.uniform(0, 0.15), kill, [chain])
            blow.start()
            for _ in range(chance.randint(5, 40)):
                if not (work.send_some(chain.client) and work.look(chain.client)):
                    break
            blow.join()
            if kill is kill_anvil:
                assert work.send_again(chain.client), "the proxy brings anvil back by itself"
                work.assert_all_is_there(chain.client)
                chain.kill()
            else:
                chain.finish()
    with chain_process(tmp_path) as chain:
        assert work.send_again(chain.client)
        work.assert_all_is_there(chain.client)
        assert chain.client.call("tidan_status")["setAside"] == []
        assert chain.client.height() > 10


def test_anvil_dies_with_a_killed_proxy(tmp_path: Path) -> None:
    with chain_process(tmp_path) as chain:
        anvil = chain.anvil
        chain.kill()
        wait_until_ended(anvil)


def test_reads_during_a_rebuild_wait_and_never_see_a_shorter_chain(tmp_path: Path) -> None:
    work = Workload(Random(3))
    with chain_process(tmp_path) as chain:
        for _ in range(30):
            assert work.send_some(chain.client)
        height = chain.client.height()
        anvil = chain.anvil
        chain.kill_anvil()
        wait_until_ended(anvil)
        assert [chain.client.height() for _ in range(20)] == [height] * 20
