"""Which geth is taken, and what it is told."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tidan_node.ledger.clique import geth
from tidan_node.ledger.clique.geth import command, find_geth, require_sealing
from tidan_node.ledger.clique.home import Home
from tidan_node.ledger.clique.problems import GethMissing, GethUnusable


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


class TestFind:
    def test_the_one_that_is_named_comes_first(self, tmp_path: Path) -> None:
        mine = script(tmp_path / "mine", "")
        assert find_geth({"TIDAN_GETH": str(mine), "PATH": "/nowhere"}) == mine

    def test_one_that_is_named_and_cannot_be_run_is_a_problem(self) -> None:
        with pytest.raises(GethMissing, match="/nowhere/geth"):
            find_geth({"TIDAN_GETH": "/nowhere/geth"})

    def test_the_one_that_setup_has_built_comes_before_the_paths(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(geth.sys, "prefix", str(tmp_path))
        (tmp_path / "bin").mkdir()
        (tmp_path / "elsewhere").mkdir()
        script(tmp_path / "elsewhere" / "geth", "")
        path = {"PATH": str(tmp_path / "elsewhere")}
        assert find_geth(path) == tmp_path / "elsewhere" / "geth"
        built = script(tmp_path / "bin" / "geth", "")
        assert find_geth(path) == built

    def test_without_any_it_is_said_how_to_get_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(geth.sys, "prefix", str(tmp_path))
        with pytest.raises(GethMissing, match=r"make setup.*TIDAN_GETH"):
            find_geth({"PATH": str(tmp_path)})


class TestVersion:
    def test_a_series_without_clique_is_refused_by_its_version(self, tmp_path: Path) -> None:
        later = script(tmp_path / "geth", "printf 'Geth\\nVersion: 1.14.2-stable\\n'")
        with pytest.raises(GethUnusable, match=r"Version: 1\.14\.2-stable; version 1\.13\.15 is"):
            require_sealing(later)

    def test_one_that_fails_is_told_with_its_last_words(self, tmp_path: Path) -> None:
        broken = script(tmp_path / "geth", "echo 'no such thing' >&2; exit 3")
        with pytest.raises(GethUnusable, match="no such thing"):
            require_sealing(broken)

    def test_what_is_no_program_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "geth").write_bytes(b"\x00")
        (tmp_path / "geth").chmod(0o755)
        with pytest.raises(GethUnusable):
            require_sealing(tmp_path / "geth")


def test_a_validator_listens_on_the_loopback_alone_and_offers_nothing_of_its_operators(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path)
    home.make(77, 2, None, lambda member: None)
    words = command(Path("geth"), home, home.plan.validators[0])

    told = dict(pairwise(words))
    assert (told["--http.addr"], told["--ws.addr"]) == ("127.0.0.1", "127.0.0.1")
    assert told["--http.api"] == told["--ws.api"] == "eth,net,web3"
    assert told["--netrestrict"] == "127.0.0.0/8"
    assert "--nodiscover" in words
