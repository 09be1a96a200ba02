"""`tidan chain deploy` and `tidan party enrol` on an embedded chain."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.party_card import PartyCard
from tidan_node.domain.identifiers import Address, IssuerCode
from tidan_node.domain.parties import Role
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.ledger.embedded import supervisor

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A chain that runs, with nothing on it yet."""
    home = tmp_path_factory.mktemp("chain")
    supervisor.start(home)
    yield home
    supervisor.stop(home)


@pytest.fixture
def deployed(tidan: Any, home: Path) -> Any:  # Any: JSON
    ended = tidan("chain", "deploy", "--home", home, "--json")
    assert ended.code == 0, ended.err
    return ended.answer


def card(folder: Path, account: int, key: int, code: str) -> Path:
    """The card of a party that has this account, and this numbering key for this code."""
    path = folder / f"card-{account}-{key}.json"
    made = PartyCard(
        profile=Profile(f"Party {account}", (), "http://127.0.0.1:1", (code,)),
        roles=Role.CARRIER,
        account=Address(f"0x{account:040x}"),
        numbering_keys={IssuerCode(code): NumberingKey(key.to_bytes(32, "big")).public_key},
    )
    path.write_bytes(made.to_json())
    return path


class TestDeploy:
    def test_the_manifest_names_every_contract(self, deployed: Any, home: Path) -> None:
        manifest = json.loads((home / "manifest.json").read_text())

        assert deployed["manifest"] == str(home / "manifest.json")
        assert deployed["contracts"] == {
            name: contract["address"] for name, contract in manifest["contracts"].items()
        }
        of_members = {"PartyRegistry", "PlatformRegistry", "GatewayRegistry", "Council", "BankGate"}
        assert of_members | {"TitleRegistry", "TrailAnchor"} <= set(deployed["contracts"])

    def test_one_member_decides_after_a_day_unless_something_else_is_said(
        self, deployed: Any
    ) -> None:
        day = 24 * 3600
        decided = {"threshold": 1, "delay": day, "objectionWindow": day}
        assert deployed["terms"] == decided | {"paperDelay": 30 * day}

    def test_the_terms_of_the_council_can_be_chosen_once(
        self, tidan: Any, home: Path, tmp_path: Path
    ) -> None:
        url = supervisor.status(home)["url"]
        command = ("chain", "deploy", "--home", tmp_path, "--chain", url, "--threshold", "3")

        waits = ("--delay", "2d", "--objection-window", "90m", "--paper-delay", "5d")
        ended = tidan(*command, *waits, "--json")
        again = tidan(*command)

        day = 24 * 3600
        terms = {"threshold": 3, "delay": 2 * day, "objectionWindow": 90 * 60}
        assert ended.answer["terms"] == terms | {"paperDelay": 5 * day}
        assert again.code == 0
        assert "120 h after its carrier's revocation" in again.out
        assert "by 3 of the Council's members, after 48 h; 1 h 30 min to object" in again.out

    def test_other_terms_than_those_deployed_are_refused_by_name(
        self, tidan: Any, deployed: Any, home: Path
    ) -> None:
        before = (home / "manifest.json").read_bytes()
        command = ("chain", "deploy", "--home", home, "--threshold", "2", "--delay", "48h")

        ended = tidan(*command, "--objection-window", "24h", "--json")

        assert (ended.code, ended.out) == (1, "")
        assert ended.problem["type"] == "/v1/problems/deployed-with-other-terms"
        assert ended.problem["field"] == "--threshold"
        assert "--threshold is 1, not 2; --delay is 24 h, not 48 h" in ended.problem["detail"]
        assert "--objection-window" not in ended.problem["detail"]
        assert (home / "manifest.json").read_bytes() == before

    def test_a_wait_whose_unit_was_forgotten_is_refused(self, tidan: Any, tmp_path: Path) -> None:
        ended = tidan("chain", "deploy", "--home", tmp_path / "none", "--delay", "23", "--json")

        assert (ended.code, ended.problem["field"]) == (2, "--delay")
        assert "such as 23h" in ended.problem["detail"]

    @pytest.mark.parametrize("delay", ["91d", "9999999999w"])
    def test_a_wait_longer_than_ninety_days_is_refused(
        self, tidan: Any, home: Path, tmp_path: Path, delay: str
    ) -> None:
        url = supervisor.status(home)["url"]

        ended = tidan(
            "chain", "deploy", "--home", tmp_path, "--chain", url, "--delay", delay, "--json"
        )

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/wait-unfit"
        assert not (tmp_path / "manifest.json").exists()

    def test_the_authoritys_key_is_its_owners_alone(self, deployed: Any, home: Path) -> None:
        for name in ("authority.json", "authority.password"):
            assert stat.S_IMODE((home / name).stat().st_mode) == 0o600

    def test_a_second_run_changes_nothing_and_says_so(
        self, tidan: Any, deployed: Any, home: Path
    ) -> None:
        before = (home / "manifest.json").read_bytes()

        again = tidan("chain", "deploy", "--home", home)

        assert again.code == 0
        assert "deployed already" in again.out
        assert (home / "manifest.json").read_bytes() == before

    def test_the_manifest_of_another_chain_is_not_written_over(
        self, tidan: Any, deployed: Any, home: Path, tmp_path: Path
    ) -> None:
        manifest = json.loads((home / "manifest.json").read_text())
        manifest["genesisHash"] = "0x" + "11" * 32
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        url = supervisor.status(home)["url"]

        ended = tidan("chain", "deploy", "--home", tmp_path, "--chain", url, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/deployed-elsewhere"
        assert json.loads((tmp_path / "manifest.json").read_text()) == manifest

    def test_a_run_that_was_cut_off_is_finished_with_the_same_key(
        self, tidan: Any, deployed: Any, home: Path, tmp_path: Path
    ) -> None:
        for name in ("authority.json", "authority.password"):
            (tmp_path / name).write_bytes((home / name).read_bytes())
        key = (tmp_path / "authority.json").read_bytes()
        url = supervisor.status(home)["url"]

        ended = tidan("chain", "deploy", "--home", tmp_path, "--chain", url, "--json")

        assert ended.answer["deployed"] is True
        assert (tmp_path / "authority.json").read_bytes() == key

    def test_without_a_chain_it_is_exit_code_3(self, tidan: Any, tmp_path: Path) -> None:
        ended = tidan("chain", "deploy", "--home", tmp_path / "none", "--json")

        assert ended.code == 3
        assert "tidan chain up" in ended.problem["detail"]
        assert not (tmp_path / "none").exists()


class TestEnrol:
    def test_a_party_is_enrolled_once_and_its_codes_registered(
        self, tidan: Any, deployed: Any, home: Path, tmp_path: Path
    ) -> None:
        path = card(tmp_path, 0xA1, 11, "SMDG:AAA")

        first = tidan("party", "enrol", path, "--chain-home", home, "--json").answer
        again = tidan("party", "enrol", path, "--chain-home", home, "--json").answer

        assert first["enrolled"] is True
        assert first["registered"] == ["SMDG:AAA"]
        assert again["party"] == first["party"]
        assert (again["enrolled"], again["registered"]) == (False, [])
        assert "was enrolled already" in tidan("party", "enrol", path, "--chain-home", home).out

    def test_a_code_keeps_its_first_key_for_ever(
        self, tidan: Any, deployed: Any, home: Path, tmp_path: Path
    ) -> None:
        tidan("party", "enrol", card(tmp_path, 0xB1, 21, "SMDG:BBB"), "--chain-home", home)

        thief = card(tmp_path, 0xB2, 22, "SMDG:BBB")
        ended = tidan("party", "enrol", thief, "--chain-home", home, "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/code-taken"
        assert "SMDG:BBB" in ended.problem["detail"]

    def test_who_is_refused_is_not_enrolled(
        self, tidan: Any, deployed: Any, home: Path, tmp_path: Path
    ) -> None:
        enrol = ("party", "enrol", "--chain-home", home, "--json")
        first = tidan(*enrol, card(tmp_path, 0xE1, 51, "SMDG:EEE")).answer["party"]["index"]
        assert tidan(*enrol, card(tmp_path, 0xE2, 52, "SMDG:EEE")).code == 1

        next_one = tidan(*enrol, card(tmp_path, 0xE3, 53, "SMDG:EEF")).answer["party"]["index"]

        assert next_one == first + 1

    def test_only_who_has_the_authoritys_key_enrols(
        self, tidan: Any, deployed: Any, home: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "manifest.json").write_bytes((home / "manifest.json").read_bytes())
        path = card(tmp_path, 0xC1, 31, "SMDG:CCC")

        ended = tidan("party", "enrol", path, "--chain-home", tmp_path, "--json")

        assert ended.code == 2
        assert ended.problem["type"] == "/v1/problems/authority-missing"

    def test_before_the_deployment_nobody_is_enrolled(self, tidan: Any, tmp_path: Path) -> None:
        path = card(tmp_path, 0xD1, 41, "SMDG:DDD")

        ended = tidan("party", "enrol", path, "--chain-home", tmp_path, "--json")

        assert ended.problem["type"] == "/v1/problems/authority-missing"
