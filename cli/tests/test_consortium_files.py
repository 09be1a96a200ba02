"""docker/: what can be said of image, compose file and network without a container engine."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.main import get_command

from tests.compose_schema import SCHEMA
from tidan_cli.main import app
from tidan_node.ledger.besu.network import MEMBERS, Wanted, generate
from tidan_node.ledger.besu.settings import HTTP_PORT, WS_PORT
from tidan_node.settings import PREFIX, Settings

Json = dict[str, Any]  # Any: YAML

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker" / "consortium" / "compose.yaml"
VALIDATORS = [f"validator-{number}" for number in range(1, 5)]
MEMBER_NODES = [f"member-{number}" for number in range(1, MEMBERS + 1)]


@pytest.fixture(scope="module")
def compose() -> Json:
    read: Json = yaml.safe_load(COMPOSE.read_text())
    return read


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the commands of docker/README.md make, with their default addresses."""
    out = tmp_path_factory.mktemp("consortium") / "network"
    generate(out, Wanted(4, 71_200, 2, "172.28.71.11"))
    return out


def services(compose: Json) -> dict[str, Json]:
    found: dict[str, Json] = compose["services"]
    return found


def address_of(service: Json) -> str:
    return str(service["networks"]["consortium"]["ipv4_address"])


class TestCompose:
    def test_it_is_of_the_form_of_a_compose_file(self, compose: Json) -> None:
        jsonschema.Draft202012Validator(SCHEMA).validate(compose)

    def test_there_are_four_validators_three_members_and_a_database(self, compose: Json) -> None:
        assert set(services(compose)) == {*VALIDATORS, *MEMBER_NODES, "postgres"}

    def test_no_two_have_an_address_or_a_published_port_in_common(self, compose: Json) -> None:
        addresses = [address_of(each) for each in services(compose).values()]
        ports = [port for each in services(compose).values() for port in each.get("ports", [])]
        assert len(set(addresses)) == len(addresses)
        assert len({port.rpartition(":")[0] for port in ports}) == len(ports)

    def test_every_published_port_is_for_this_machine_alone(self, compose: Json) -> None:
        ports = [port for each in services(compose).values() for port in each.get("ports", [])]
        assert ports
        assert all(port.startswith("127.0.0.1:") for port in ports)

    def test_nobody_is_root_or_can_become_more_than_it_is(self, compose: Json) -> None:
        for service in services(compose).values():
            assert re.fullmatch(r"\$\{TIDAN_UID:\?[^}]+\}:\$\{TIDAN_GID:\?\}", service["user"])
            assert service["cap_drop"] == ["ALL"]
            assert service["security_opt"] == ["no-new-privileges:true"]
            assert service["read_only"] is True

    def test_every_image_has_a_whole_version(self, compose: Json) -> None:
        for service in services(compose).values():
            assert re.search(r":[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?$",
                             service["image"])  # fmt: skip

    def test_besu_is_the_one_whose_options_were_looked_at(self, compose: Json) -> None:
        options = ROOT / "node" / "tests" / "ledger" / "besu" / "options.txt"
        (version,) = re.findall(r"Besu (\d+\.\d+\.\d+)", options.read_text())
        images = {services(compose)[name]["image"] for name in VALIDATORS}
        assert images == {f"hyperledger/besu:{version}"}
        assert services(compose)["postgres"]["image"].startswith("postgres:15.")

    def test_validators_are_told_by_their_settings_files_alone(self, compose: Json) -> None:
        for name in VALIDATORS:
            assert services(compose)[name]["command"] == ["--config-file=/validator/besu.toml"]
            assert "environment" not in services(compose)[name]

    def test_besu_may_run_the_native_code_that_it_unpacks(self, compose: Json) -> None:
        # A tmpfs is noexec where nothing else is said, and without its database it does not start.
        for name in VALIDATORS:
            (place,) = services(compose)[name]["tmpfs"]
            assert place.rpartition("/")[2] == "tmp:exec"

    def test_no_secret_stands_in_the_file(self, compose: Json) -> None:
        for service in services(compose).values():
            for name, value in service.get("environment", {}).items():
                told = name.endswith("_FILE") or name == "PGPASSFILE"
                assert told or not re.search("PASSWORD|SECRET|KEY", name)
                assert not re.search(r"//[^/@]*:[^/@]*@", value)

    def test_everything_that_works_for_others_has_a_health_check(self, compose: Json) -> None:
        # A member's is in its image.
        checked = {name for name, each in services(compose).items() if "healthcheck" in each}
        assert checked == {*VALIDATORS, "postgres"}
        for name in VALIDATORS:
            asked = services(compose)[name]["healthcheck"]["test"][-1]
            assert "/dev/tcp/127.0.0.1/8545" in asked
            assert "GET /readiness?minPeers=2 " in asked
            assert asked.endswith('| grep -q " 200 "')

    def test_the_database_is_well_once_every_members_is_there(self, compose: Json) -> None:
        postgres = services(compose)["postgres"]
        assert postgres["healthcheck"]["test"][:3] == ["CMD", "pg_isready", "--host=127.0.0.1"]
        (made,) = (each for each in postgres["volumes"] if "databases.sql" in each)
        assert made.split(":")[1:] == ["/docker-entrypoint-initdb.d/databases.sql", "ro"]
        for name in MEMBER_NODES:
            waits = services(compose)[name]["depends_on"]
            assert waits["postgres"] == {"condition": "service_healthy"}

    def test_the_database_asks_for_a_password(self, compose: Json) -> None:
        assert set(services(compose)["postgres"]["environment"]) == {
            *("POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "PGDATA")
        }

    def test_nothing_but_data_can_be_written(self, compose: Json) -> None:
        mounted = [each for one in services(compose).values() for each in one["volumes"]]
        files = [each for each in mounted if isinstance(each, str)]
        assert all(("/data/" in each) != each.endswith(":ro") for each in files)
        for bound in (each for each in mounted if not isinstance(each, str)):
            assert bound["source"] == "./network/authority/manifest.json"
            assert bound["read_only"] is True
            assert bound["bind"] == {"create_host_path": False}

    def test_every_secret_that_is_used_is_declared(self, compose: Json) -> None:
        used = {name for each in services(compose).values() for name in each.get("secrets", [])}
        assert used == set(compose["secrets"])

    def test_what_members_are_told_are_settings_of_a_node(self, compose: Json) -> None:
        for name in MEMBER_NODES:
            told = services(compose)[name]["environment"]
            ours = {each for each in told if each.startswith(PREFIX)}
            known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
            assert ours <= known | {"TIDAN_NODE_HOME"}
            assert set(told) - ours == {"PGPASSFILE"}

    def test_each_member_keeps_its_home_on_its_own_volume(self, compose: Json) -> None:
        for name in MEMBER_NODES:
            member = services(compose)[name]
            source, _, kept = member["volumes"][0].partition(":")
            assert source == f"./network/data/{name.replace('-', '')}"
            assert member["environment"]["TIDAN_NODE_HOME"].startswith(f"{kept}/")
            (port,) = member["ports"]
            assert port.rpartition(":")[2] == member["environment"]["TIDAN_PORT"]


class TestComposeAndNetwork:
    def test_each_validator_has_the_address_that_its_peers_know(
        self, compose: Json, network: Path
    ) -> None:
        for name in VALIDATORS:
            settings = tomllib.loads((network / name / "besu.toml").read_text())
            assert settings["p2p-host"] == address_of(services(compose)[name])
            subnet = compose["networks"]["consortium"]["ipam"]["config"][0]["subnet"]
            assert settings["net-restrict"] == [subnet]

    def test_every_file_that_is_mounted_is_one_that_is_made(
        self, compose: Json, network: Path
    ) -> None:
        sources = [
            volume.partition(":")[0]
            for each in services(compose).values()
            for volume in each["volumes"]
            if isinstance(volume, str)
        ]
        sources += [each["file"] for each in compose["secrets"].values()]
        for source in sources:
            assert (network.parent / source).exists(), source

    def test_each_validator_finds_what_its_settings_name(
        self, compose: Json, network: Path
    ) -> None:
        for name in VALIDATORS:
            mounted = dict(
                reversed(volume.split(":")[:2]) for volume in services(compose)[name]["volumes"]
            )
            settings = tomllib.loads((network / name / "besu.toml").read_text())
            for setting in ("genesis-file", "node-private-key-file", "static-nodes-file"):
                inside = settings[setting]
                place = next(each for each in mounted if inside.startswith(each))
                outside = network.parent / mounted[place] / inside.removeprefix(place).lstrip("/")
                assert outside.is_file(), setting
            assert mounted[settings["data-path"]] == f"./network/data/{name}"

    def test_no_two_validators_share_a_key_or_data(self, compose: Json) -> None:
        mounted = [
            volume.partition(":")[0]
            for name in VALIDATORS
            for volume in services(compose)[name]["volumes"]
            if "genesis" not in volume
        ]
        assert len(set(mounted)) == len(mounted)

    def test_each_member_has_a_database_and_a_validator_that_exist(
        self, compose: Json, network: Path
    ) -> None:
        databases = (network / "databases.sql").read_text()
        validators = {address_of(services(compose)[name]) for name in VALIDATORS}
        urls = set()
        for name in MEMBER_NODES:
            told = services(compose)[name]["environment"]
            url = told["TIDAN_DATABASE_URL"]
            urls.add(url)
            assert f"@{address_of(services(compose)['postgres'])}/" in url
            assert f"CREATE DATABASE {url.rpartition('/')[2]};" in databases
            host = told["TIDAN_CHAIN_URL"].split("/")[2].partition(":")[0]
            assert host in validators
            assert told["TIDAN_CHAIN_URL"] == f"http://{host}:{HTTP_PORT}"
            assert told["TIDAN_CHAIN_WS_URL"] == f"ws://{host}:{WS_PORT}"
        assert len(urls) == MEMBERS


def test_the_commands_of_its_page_can_be_typed() -> None:
    page = (ROOT / "docker" / "README.md").read_text(encoding="utf-8")
    blocks = "".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL)).replace("\\\n", " ")
    lines = [shlex.split(line, comments=True) for line in blocks.splitlines()]
    typed = [words[1:] for words in lines if words[:1] == ["tidan"]]
    typed += [words[words.index("member-1") + 1 :] for words in lines if "run" in words]
    assert len(typed) == 4
    for words in typed:
        command: Any = get_command(app)  # Any: a group has commands, a command has none
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        command.make_context(command.name, words)


class TestImage:
    def test_it_is_built_in_two_stages_of_one_pinned_version(self) -> None:
        bases = re.findall(r"^FROM (\S+)", self.text, re.MULTILINE)
        assert len(bases) == 2
        assert len(set(bases)) == 1
        assert re.fullmatch(r"python:3\.11\.[0-9]+-slim-bookworm(@sha256:[0-9a-f]{64})?", bases[0])

    def test_it_runs_as_a_user_of_its_own(self) -> None:
        (user,) = re.findall(r"^USER (\S+)", self.text, re.MULTILINE)
        assert user == "10001:10001"

    def test_only_what_was_compared_with_the_lock_is_installed(self) -> None:
        fetching = re.findall(r"pip (?:install|wheel|download)[^&\n]*", self.text)
        assert len(fetching) == 4
        assert all("--require-hashes" in each or "--no-index" in each for each in fetching)

    def test_no_key_can_come_into_it(self) -> None:
        ignored = (ROOT / ".dockerignore").read_text().splitlines()
        rules = [line for line in ignored if line and not line.startswith("#")]
        copied = re.findall(r"^COPY (?!--from)(.+) \S+$", self.text, re.MULTILINE)
        assert rules[0] == "*"
        allowed = {rule for rule in rules if rule.startswith("!")}
        assert allowed == {f"!{source}" for source in " ".join(copied).split()}
        assert not re.search(r"^(ENV|ARG).*(PASSWORD|SECRET|KEY)", self.text, re.MULTILINE)

    def test_it_can_use_postgresql_and_says_how_it_is(self) -> None:
        last = self.text.rpartition("FROM ")[2]
        assert re.findall(r"^COPY (.+)$", last, re.MULTILINE) == [
            "--from=build /opt/tidan /opt/tidan"
        ]
        assert re.search(r"^HEALTHCHECK (.*\\\n)? +CMD .*/health/live", last, re.MULTILINE)
        assert '"tidan[postgresql]"' in self.text

    @property
    def text(self) -> str:
        return (ROOT / "docker" / "Dockerfile").read_text()
