"""The files of a chain of validators."""

from __future__ import annotations

import json
import socket
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tidan_node.ledger.clique.home import Home, Member
from tidan_node.ledger.embedded.problems import ChainHomeUnusable, PortTaken


def made(path: Path, *, first_port: int | None = None, validators: int = 3) -> Home:
    """A chain whose validators have no first block yet: that is geth's part."""
    home = Home(path)
    with home.locked():
        home.make(77, validators, first_port, lambda member: None)
    return home


class TestMake:
    def test_the_plan_is_read_back(self, tmp_path: Path) -> None:
        plan = made(tmp_path).plan

        assert plan.chain_id == 77
        assert [member.number for member in plan.validators] == [1, 2, 3]
        accounts = {member.account for member in plan.validators}
        ports = {port for each in plan.validators for port in (each.port, each.peer_port)}
        assert (len(accounts), len(ports)) == (3, 6)

    def test_the_first_block_names_the_validators_as_its_signers(self, tmp_path: Path) -> None:
        home = made(tmp_path)
        extra = json.loads(home.genesis_file.read_text())["extraData"]
        for member in home.plan.validators:
            assert member.account[2:] in extra

    def test_each_validator_knows_all_others_and_is_reached_on_this_machine_alone(
        self, tmp_path: Path
    ) -> None:
        home = made(tmp_path)
        members = home.plan.validators
        for member in members:
            others = [each.enode for each in members if each is not member]
            peers = tomllib.loads(home.settings_of(member).read_text())["Node"]["P2P"]
            assert peers["StaticNodes"] == peers["TrustedNodes"] == others
            assert peers["ListenAddr"] == f"127.0.0.1:{member.peer_port}"

    def test_only_the_owner_can_read_keys_and_passwords(self, tmp_path: Path) -> None:
        made(tmp_path / "chain")
        secrets = [
            path
            for name in (
                "*.key",
                "validator-*/password",
                "validator-*/keystore/*",
                "*/geth/nodekey",
            )
            for path in (tmp_path / "chain").glob(name)
        ]
        assert len(secrets) == 1 + 3 * 3
        assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
        assert stat.S_IMODE((tmp_path / "chain").stat().st_mode) == 0o700

    def test_what_a_killed_start_left_behind_is_made_anew(self, tmp_path: Path) -> None:
        home = Home(tmp_path)

        def killed(member: Member) -> None:
            if member.number == 2:
                raise KeyboardInterrupt

        with home.locked(), pytest.raises(KeyboardInterrupt):
            home.make(77, 3, None, killed)
        assert not home.is_there
        accounts = {path.name for path in tmp_path.glob("validator-*/keystore/*")}

        after = made(tmp_path, validators=2)

        assert accounts.isdisjoint(member.account for member in after.plan.validators)
        assert len(list(tmp_path.glob("validator-*"))) == 2

    def test_ports_follow_the_first_one_that_was_asked_for(
        self, tmp_path: Path, free_row: Callable[[int], int]
    ) -> None:
        first = free_row(6)
        plan = made(tmp_path, first_port=first).plan
        assert [member.port for member in plan.validators] == [first, first + 1, first + 2]

    def test_a_port_that_somebody_has_is_named(self, tmp_path: Path) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            with pytest.raises(PortTaken, match=str(port)) as refused:
                made(tmp_path, first_port=port)
        assert refused.value.field == "--port"
        assert not Home(tmp_path).is_there


class TestPlan:
    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"chainId": 1, "validators": [{}]}'])
    def test_a_file_that_is_none_is_a_problem(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "clique.json").write_text(text)
        with pytest.raises(ChainHomeUnusable, match=r"clique\.json"):
            _ = Home(tmp_path).plan
