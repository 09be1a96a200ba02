"""anvil as a process: found where it was put, gone with its owner."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tidan_node.ledger.embedded import anvil as anvil_module
from tidan_node.ledger.embedded.anvil import AnvilStarter, ChainRules, find_anvil
from tidan_node.ledger.embedded.problems import AnvilMissing, AnvilUnusable
from tidan_node.ledger.embedded.processes import identity_of

RULES = ChainRules(1337, 1_700_000_000, 100_000_000)


@pytest.fixture
def no_modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(anvil_module, "_REPOSITORY_MODULES", tmp_path / "none")


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


def platform_package() -> str:
    """The name of this platform's package, as the repository's own anvil has it."""
    return find_anvil({}).parents[1].name


class TestFindAnvil:
    def test_the_environment_comes_first(self, tmp_path: Path) -> None:
        named = executable(tmp_path / "mine")
        assert find_anvil({"TIDAN_ANVIL": str(named)}) == named

    def test_a_wrong_name_in_the_environment_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(AnvilMissing, match=r"TIDAN_ANVIL names .*nowhere"):
            find_anvil({"TIDAN_ANVIL": str(tmp_path / "nowhere")})

    def test_the_repository_comes_before_the_path(self, tmp_path: Path) -> None:
        executable(tmp_path / "bin" / "anvil")
        found = find_anvil({"PATH": str(tmp_path / "bin")})
        assert "node_modules" in found.parts

    @pytest.mark.usefixtures("no_modules")
    def test_the_path_comes_last(self, tmp_path: Path) -> None:
        on_path = executable(tmp_path / "bin" / "anvil")
        assert find_anvil({"PATH": str(tmp_path / "bin")}) == on_path

    def test_behind_the_script_of_npm_the_binary_is_found(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        package = platform_package()
        monkeypatch.setattr(anvil_module, "_REPOSITORY_MODULES", tmp_path / "none")
        modules = tmp_path / "lib" / "node_modules" / "@foundry-rs"
        script = executable(modules / "anvil" / "bin.mjs")
        binary = executable(modules / package / "bin" / "anvil")
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "anvil").symlink_to(script)
        assert find_anvil({"PATH": str(tmp_path / "bin")}) == binary

    @pytest.mark.usefixtures("no_modules")
    def test_without_any_the_ways_to_have_one_are_told(self, tmp_path: Path) -> None:
        with pytest.raises(AnvilMissing) as missing:
            find_anvil({"PATH": str(tmp_path)})
        assert "npm ci" in missing.value.detail
        assert "npm install -g @foundry-rs/anvil@1.7.1" in missing.value.detail
        assert "TIDAN_ANVIL" in missing.value.detail


class TestAnvilStarter:
    async def test_what_it_starts_answers_and_ends(self, tmp_path: Path) -> None:
        starter = AnvilStarter(find_anvil(os.environ), tmp_path, tmp_path / "log")
        anvil = await starter.start(RULES)
        try:
            assert await anvil.rpc.call("eth_chainId") == "0x539"
        finally:
            await anvil.end()
        assert identity_of(anvil.pid) is None

    async def test_a_program_that_is_no_anvil_is_told(self, tmp_path: Path) -> None:
        starter = AnvilStarter(executable(tmp_path / "no-anvil"), tmp_path, tmp_path / "log")
        with pytest.raises(AnvilUnusable, match="did not start"):
            await starter.start(RULES)

    async def test_an_anvil_left_over_is_ended_at_the_next_start(self, tmp_path: Path) -> None:
        starter = AnvilStarter(find_anvil(os.environ), tmp_path, tmp_path / "log")
        anvil = await starter.start(RULES)
        try:
            starter.end_left_over()
            await anvil.ended()
        finally:
            await anvil.end()
        assert not (tmp_path / "anvil.json").exists()

    def test_a_stranger_with_the_pid_of_a_former_anvil_is_left_alone(self, tmp_path: Path) -> None:
        starter = AnvilStarter(find_anvil(os.environ), tmp_path, tmp_path / "log")
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
            pin = {"pid": other.pid, "identity": "another boot/1"}
            (tmp_path / "anvil.json").write_text(json.dumps(pin))
            starter.end_left_over()
            assert identity_of(other.pid) is not None
            other.communicate(b"\n")
        assert other.returncode == 0

    @pytest.mark.parametrize("content", ["", "{", "{}", '{"pid": "x", "identity": 1}', "[]"])
    def test_an_unreadable_note_of_a_former_anvil_is_forgotten(
        self, tmp_path: Path, content: str
    ) -> None:
        (tmp_path / "anvil.json").write_text(content)
        AnvilStarter(find_anvil(os.environ), tmp_path, tmp_path / "log").end_left_over()
        assert not (tmp_path / "anvil.json").exists()
