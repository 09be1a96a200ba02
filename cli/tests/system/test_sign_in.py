"""Somebody signs in on the command line, with a real provider, at a node that is a process; and
has an agent act for it. The node starts without its chain, and nothing of this needs one."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.openid import RunningProvider, running_provider
from tests.system.consortium import free_port, wait_until
from tidan_cli.demo.commands import tidan_program
from tidan_node.domain.identifiers import Address, BlockHash
from tidan_node.ledger.codec import FOLLOWED
from tidan_node.ledger.manifest import Deployed, Manifest

pytestmark = pytest.mark.system

WORD = "0x" + "11" * 32
NOWHERE = "http://127.0.0.1:9"


class Desk:
    """The machine of a person, whose settings are in a folder of their own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        known = {name: value for name, value in os.environ.items() if "TIDAN" not in name}
        self.environment = known | {"XDG_CONFIG_HOME": str(folder / "settings")}

    def tidan(self, *words: str, status: int = 0, **environment: str) -> dict[str, Any]:
        """What a command answers, or the problem that it ends with."""
        ended = subprocess.run(
            [*tidan_program(), *words, "--json"],
            capture_output=True,
            check=False,
            text=True,
            env=self.environment | environment,
        )
        assert ended.returncode == status, ended.stderr
        answer: dict[str, Any] = json.loads(ended.stderr if status else ended.stdout)
        return answer

    def here(self, *words: str, status: int = 0, **environment: str) -> dict[str, Any]:
        return self.tidan(*words, "--node", self.url, status=status, **environment)

    def signs_in(self, provider: RunningProvider, who: str, *, status: int = 0) -> dict[str, Any]:
        """Run `tidan user login`, and be the browser that it waits for."""
        with subprocess.Popen(
            [*tidan_program(), "user", "login", "--node", self.url, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        ) as command:
            assert command.stderr is not None
            command.stderr.readline()
            shown = command.stderr.readline().strip()
            came_back = asyncio.run(provider.sends_back(shown, who))
            assert httpx.get(came_back, trust_env=False).status_code == 200
            out, err = command.communicate()
        assert command.returncode == status, err
        answer: dict[str, Any] = json.loads(err if status else out)
        return answer


@pytest.fixture(scope="module")
def provider() -> Iterator[RunningProvider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, provider: RunningProvider) -> Iterator[Path]:
    """A home, and its node as a process of its own."""
    folder = tmp_path_factory.mktemp("sign-in")
    manifest = folder / "manifest.json"
    deployed = Deployed(Address("0x" + "22" * 20), WORD)
    contracts = dict.fromkeys(("Authority", *FOLLOWED), deployed)
    manifest.write_text(Manifest(1337, BlockHash(WORD), 1, contracts).to_json())
    home = folder / "carrier"
    desk = Desk(folder, "")
    desk.tidan(
        *("node", "init", "--home", str(home), "--name", "Paper Heron Demo Line"),
        *("--role", "CARRIER", "--identifier", "SMDG:TDZ", "--manifest", str(manifest)),
        *("--chain", NOWHERE, "--port", str(free_port())),
    )
    settings = {
        "TIDAN_OIDC_ISSUER": provider.issuer,
        "TIDAN_OIDC_CLIENT_ID": "tidan-public",
        "TIDAN_EXCHANGE_PORT": "0",
    }
    url = json.loads((home / "client.json").read_text())["url"]
    with (home / "serve.log").open("wb") as log:
        node = subprocess.Popen(
            [*tidan_program(), "node", "serve", "--home", str(home)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=desk.environment | settings,
        )
    try:
        wait_until(lambda: _answers(node, url), "the node answers")
        yield home
    finally:
        node.terminate()
        node.wait(60)


@pytest.fixture
def desk(tmp_path: Path, home: Path) -> Desk:
    return Desk(tmp_path, json.loads((home / "client.json").read_text())["url"])


def test_a_person_signs_in_has_an_agent_and_signs_out(
    desk: Desk, home: Path, provider: RunningProvider
) -> None:
    subject = "ann-of-the-system-test"
    operator = ("--home", str(home))
    added = desk.tidan(*("user", "add", "Ann", "--subject", subject, "--role", "MAKER", *operator))

    session = desk.signs_in(provider, subject)
    assert session["user"] == {"id": added["id"], "name": "Ann"}
    assert desk.here("user", "show")["user"] == added["id"]
    robot = desk.here(
        *("key", "create", "robot", "--agent", "--scope", "operations:read", "--expires", "7d")
    )
    agent = {"TIDAN_API_KEY": robot["key"]}
    assert desk.here("operation", "list", **agent)["items"] == []
    assert desk.here("key", "list", status=1, **agent)["type"] == "/v1/problems/scope-missing"

    desk.here("user", "logout")
    assert desk.here("operation", "list", status=1)["type"] == "/v1/problems/not-authenticated"
    assert desk.here("operation", "list", **agent)["items"] == []
    desk.tidan("user", "disable", "Ann", *operator)
    refused = desk.here("operation", "list", status=1, **agent)
    assert refused["type"] == "/v1/problems/not-authenticated"

    log = (home / "serve.log").read_text()
    assert '"event": "request"' in log
    secrets = re.findall(r"[0-9a-f]{64}", json.dumps(robot))
    operators = json.loads((home / "client.json").read_text())["apiKey"]
    for text in (subject, operators, operators.rsplit("_", 1)[-1], robot["key"], *secrets):
        assert text not in log


def test_a_stranger_at_the_provider_is_nobody_here(desk: Desk, provider: RunningProvider) -> None:
    problem = desk.signs_in(provider, "somebody-else", status=1)
    assert problem["type"] == "/v1/problems/not-in-directory"


def _answers(node: subprocess.Popen[bytes], url: str) -> bool:
    assert node.poll() is None, "the node ended"
    try:
        return httpx.get(f"{url}/health/live", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
