"""The chain rebuilt from what is on disk, whole or not."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ledger.embedded.chains import BLOCK_HASH_RUNTIME, Account
from tests.ledger.embedded.senders import OpenChain, blocks, create_logger, read, submit, word
from tidan_node.ledger.embedded import recovery
from tidan_node.ledger.embedded.home import ChainHome
from tidan_node.ledger.embedded.problems import AnvilUnusable, ChainDamaged
from tidan_node.ledger.embedded.producer import Producer


async def grow(chain: Producer, account: Account, count: int) -> None:
    """One contract, then so many blocks that call it."""
    address = await create_logger(chain, account)
    for number in range(count):
        (answer,) = await submit(chain, account.signed(address, word(number)))
        assert answer.startswith("0x")


def rewrite(journal: Path, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Alter records with checksums that fit, as a disk never does, but another anvil might."""
    lines = [json.loads(line.split(b" ", 1)[1]) for line in journal.read_bytes().splitlines()]
    change(lines)
    texts = [json.dumps(line, separators=(",", ":")).encode() for line in lines]
    journal.write_bytes(b"".join(b"%08x %s\n" % (zlib.crc32(text), text) for text in texts))


def files(home: Path, pattern: str) -> list[Path]:
    return sorted(home.glob(pattern))


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


async def test_the_journal_alone_gives_every_block_again(open_chain: OpenChain) -> None:
    async with open_chain() as chain:
        await grow(chain, Account(1), 5)
        before = await blocks(chain)
    async with open_chain() as chain:
        assert chain.rebuilt.from_height == 0
        assert await blocks(chain) == before


async def test_a_snapshot_gives_blocks_receipts_and_logs_of_the_time_before_it(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    async with open_chain(stop=True) as chain:
        await grow(chain, Account(1), 5)
        before = await blocks(chain)
        logs = await read(chain, "eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})
    assert len(logs) == 5
    async with open_chain() as chain:
        assert chain.rebuilt.from_height == 6
        assert await blocks(chain) == before
        later = await read(chain, "eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest"})
        assert later == logs
    assert files(tmp_path, "loading-*") == []


async def test_contracts_see_the_same_block_hashes_after_a_snapshot(open_chain: OpenChain) -> None:
    account = Account(1)
    async with open_chain(stop=True) as chain:
        raw, address = account.creating(BLOCK_HASH_RUNTIME)
        await submit(chain, raw)
    async with open_chain() as chain:
        parent = chain.tip
        await submit(chain, account.signed(address))
        stored = await read(chain, "eth_getStorageAt", address, hex(parent.height + 1), "latest")
        assert stored == parent.block_hash
        before = await blocks(chain)
    async with open_chain() as chain:
        assert await blocks(chain) == before


async def test_a_damaged_snapshot_is_passed_over_for_the_older_one(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    async with open_chain(snapshot_every=3) as chain:
        await grow(chain, Account(1), 10)
        before = await blocks(chain)
        newest, older = chain.snapshots.newest_first()
    damage(newest.path)
    async with open_chain() as chain:
        assert chain.rebuilt.from_height == older.height
        assert chain.rebuilt.set_aside[0].name in ChainHome(tmp_path).files_set_aside()
        assert await blocks(chain) == before


async def test_a_snapshot_that_anvil_refuses_is_passed_over_too(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    async with open_chain(stop=True) as chain:
        await grow(chain, Account(1), 2)
        before = await blocks(chain)
    (kept,) = chain.snapshots.newest_first()
    snapshot = chain.snapshots.read(kept)
    shutil.rmtree(tmp_path / "other", ignore_errors=True)
    async with open_chain(tmp_path / "other", stop=True) as other:
        await grow(other, Account(2), 1)
    (foreign,) = other.snapshots.newest_first()
    object.__setattr__(snapshot, "state", other.snapshots.read(foreign).state)
    chain.snapshots.write(snapshot)
    async with open_chain() as again:
        assert again.rebuilt.from_height == 0
        assert await blocks(again) == before


async def test_with_no_snapshot_and_half_a_journal_it_refuses_to_begin_anew(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    async with open_chain(snapshot_every=2) as chain:
        await grow(chain, Account(1), 8)
        kept = chain.snapshots.newest_first()
    for one in kept:
        damage(one.path)
    for _ in range(2):
        with pytest.raises(ChainDamaged, match="restore the home from a copy"):
            async with open_chain():
                pass
    assert [one.path.exists() for one in kept] == [True, True]
    assert ChainHome(tmp_path).files_set_aside() == []


async def test_with_no_snapshot_and_no_journal_it_refuses_to_begin_anew(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    async with open_chain(stop=True) as chain:
        await grow(chain, Account(1), 2)
    damage(chain.snapshots.newest_first()[0].path)
    for journal in files(tmp_path, "journal-*.log"):
        journal.unlink()
    with pytest.raises(ChainDamaged):
        async with open_chain():
            pass


async def test_a_block_that_comes_out_differently_is_set_aside_with_all_after_it(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    account = Account(1)
    async with open_chain() as chain:
        await grow(chain, account, 5)
        before = await blocks(chain)

    def give_block_four_another_time(lines: list[dict[str, object]]) -> None:
        (intent,) = [line for line in lines if line.get("block") == 4]
        intent["timestamp"] = int(str(intent["timestamp"])) + 1

    (journal,) = files(tmp_path, "journal-*.log")
    size = journal.stat().st_size
    rewrite(journal, give_block_four_another_time)
    async with open_chain() as chain:
        assert await blocks(chain) == before[:4]
        (aside,) = ChainHome(tmp_path).files_set_aside()
        assert aside.startswith("set-aside-from-7-")
        kept = sum(path.stat().st_size for path in files(tmp_path, "journal-*.log"))
        assert kept + (tmp_path / aside).stat().st_size == size
        account.nonce = 3
        await submit(chain, account.signed("0x" + "22" * 20))
        healed = await blocks(chain)
    async with open_chain() as chain:
        assert await blocks(chain) == healed


async def test_cut_off_anywhere_the_journal_gives_the_blocks_before(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    async with open_chain() as chain:
        await grow(chain, Account(1), 3)
        before = await blocks(chain)
    (journal,) = files(tmp_path, "journal-*.log")
    content = journal.read_bytes()
    ends = [at + 1 for at, byte in enumerate(content) if byte == ord("\n")]
    near_the_ends = {end + step for end in ends for step in (-1, 0, 1)}
    for length in sorted({0, 1, len(content) // 2, *near_the_ends} - {len(content) + 1}):
        journal.write_bytes(content[:length])
        for later in set(files(tmp_path, "journal-*.log")) - {journal}:
            later.unlink()
        intents = content[:length].count(b"\n") + 1
        async with open_chain() as chain:
            assert await blocks(chain) == before[: intents // 2 + 1]
            assert ChainHome(tmp_path).files_set_aside() == []


async def test_a_snapshot_ahead_of_a_shortened_journal_is_the_truth(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    account = Account(1)
    async with open_chain(stop=True) as chain:
        await grow(chain, account, 4)
        before = await blocks(chain)
    (journal,) = files(tmp_path, "journal-*.log")
    journal.write_bytes(journal.read_bytes()[:300])
    async with open_chain() as chain:
        assert await blocks(chain) == before
        await submit(chain, account.signed("0x" + "22" * 20))
        longer = await blocks(chain)
    async with open_chain() as chain:
        assert await blocks(chain) == longer


async def test_a_block_in_another_order_is_replayed_once_more_one_by_one(
    open_chain: OpenChain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = [Account(1 + number) for number in range(8)]
    async with open_chain() as chain:
        address = await create_logger(chain, accounts[0])
        await submit(chain, *(accounts[at % 8].signed(address, word(at)) for at in range(200)))
        before = await blocks(chain)
    # So many at once are more than anvil 1.7.1 begins in their order.
    monkeypatch.setattr(recovery, "IN_ORDER", 200)
    async with open_chain() as chain:
        assert await blocks(chain) == before
        assert ChainHome(tmp_path).files_set_aside() == []


async def test_an_anvil_that_begins_otherwise_is_refused(
    open_chain: OpenChain, tmp_path: Path
) -> None:
    async with open_chain():
        pass
    rules = tmp_path / "chain.json"
    known = json.loads(rules.read_text())
    rules.write_text(json.dumps({**known, "genesisHash": "0x" + "00" * 32}))
    with pytest.raises(AnvilUnusable, match=r"use anvil 1\.7\.1"):
        async with open_chain():
            pass


async def test_balances_and_the_clock_come_back(open_chain: OpenChain) -> None:
    rich = "0x" + "ab" * 20
    for stop in (False, True):
        async with open_chain(stop=stop) as chain:
            await chain.set_balance(rich, 10**18)
            await chain.advance_time(3600)
            before, offset = await blocks(chain), chain.tip.offset
        async with open_chain() as chain:
            assert await blocks(chain) == before
            assert chain.tip.offset == offset
            assert int(await read(chain, "eth_getBalance", rich, "latest"), 16) == 10**18
