"""The chain's home: one chain, one owner."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tidan_node.ledger.embedded import home as home_module
from tidan_node.ledger.embedded.home import ChainHome, RunningChain
from tidan_node.ledger.embedded.problems import (
    AnvilUnusable,
    ChainHomeBusy,
    ChainHomeUnusable,
    ChainIdDiffers,
)
from tidan_node.ledger.embedded.processes import identity_of

FIRST_BLOCK = "0x" + "ab" * 32


@pytest.fixture
def home(tmp_path: Path) -> ChainHome:
    home = ChainHome(tmp_path / "chain")
    home.prepare()
    return home


class TestPrepare:
    def test_only_the_owner_can_look_into_it(self, home: ChainHome) -> None:
        assert home.path.stat().st_mode & 0o777 == 0o700

    def test_a_file_in_its_place_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        for path in (tmp_path / "file", tmp_path / "file" / "chain"):
            with pytest.raises(ChainHomeUnusable) as unusable:
                ChainHome(path).prepare()
            assert str(path) in unusable.value.detail
            assert unusable.value.field == "--home"


class TestLock:
    def test_a_second_owner_is_refused(
        self, home: ChainHome, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(home_module, "_LOCK_PATIENCE", 0)
        with home.locked():
            assert home.is_locked()
            with pytest.raises(ChainHomeBusy), home.locked():
                pass
        assert not home.is_locked()
        with home.locked():
            pass

    def test_a_home_that_is_not_there_is_not_locked(self, tmp_path: Path) -> None:
        assert not ChainHome(tmp_path / "nowhere").is_locked()


class TestRules:
    def test_a_new_chain_has_the_chain_id_that_was_asked_for(self, home: ChainHome) -> None:
        assert home.rules(None).chain_id == 1337
        assert home.rules(88).chain_id == 88

    def test_a_chain_keeps_its_rules(self, home: ChainHome) -> None:
        rules = home.rules(88)
        home.check_first_block(rules, FIRST_BLOCK)
        assert home.rules(None) == home.rules(88) == rules
        assert home.genesis_hash == FIRST_BLOCK

    def test_another_chain_id_is_refused(self, home: ChainHome) -> None:
        home.check_first_block(home.rules(88), FIRST_BLOCK)
        with pytest.raises(ChainIdDiffers) as differs:
            home.rules(89)
        assert differs.value.field == "--chain-id"

    def test_another_first_block_is_refused(self, home: ChainHome) -> None:
        rules = home.rules(None)
        home.check_first_block(rules, FIRST_BLOCK)
        home.check_first_block(rules, FIRST_BLOCK)
        with pytest.raises(AnvilUnusable):
            home.check_first_block(rules, "0x" + "cd" * 32)

    @pytest.mark.parametrize("content", ["", "{", "{}", '{"chainId": "x"}', "\x00"])
    def test_an_unreadable_file_is_told_and_not_replaced(
        self, home: ChainHome, content: str
    ) -> None:
        (home.path / "chain.json").write_text(content)
        with pytest.raises(ChainHomeUnusable, match=r"chain\.json"):
            home.rules(None)


class TestAnnounce:
    def test_what_was_announced_is_found(self, home: ChainHome) -> None:
        identity = identity_of(os.getpid())
        running = RunningChain("http://127.0.0.1:8545", os.getpid(), identity, 1337, "there")
        home.announce(running)
        assert home.announced() == running
        assert running.is_alive
        assert running.port == 8545

    def test_an_ended_process_is_not_alive(self, home: ChainHome) -> None:
        running = RunningChain("http://127.0.0.1:8545", os.getpid(), "another", 1337, "there")
        assert not running.is_alive

    @pytest.mark.parametrize("content", ["{}", "[]", '{"url": 1}'])
    def test_a_note_of_another_form_is_none(self, home: ChainHome, content: str) -> None:
        (home.path / "running.json").write_text(content)
        assert home.announced() is None


def test_what_was_set_aside_is_listed(home: ChainHome) -> None:
    names = ["set-aside-from-3-1.log", "snapshot-1-2.set-aside", "journal-000000000001.log"]
    for name in names:
        (home.path / name).write_text("")
    assert home.files_set_aside() == names[:2]
