"""A real OpenID provider on loopback, and somebody with a browser who signs in there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tidan_node.ledger.embedded.processes import dying_with_parent

FOLDER: Final = Path(__file__).parent / "people" / "oidc_provider"
REDIRECT: Final = "http://127.0.0.1:4711/callback"
_OLDEST_NODE: Final = 20
_MOST_REDIRECTS: Final = 10


@dataclass(frozen=True)
class RunningProvider:
    """The provider as people see it."""

    issuer: str

    async def signs_in(self, authorization_url: str, who: str) -> dict[str, str]:
        """Somebody follows the URL, signs in as this person, and is sent back: with what?"""
        sent_to = await self.sends_back(authorization_url, who)
        query = parse_qs(urlsplit(sent_to).query, strict_parsing=True)
        return {name: value for name, (value,) in query.items()}

    async def sends_back(self, authorization_url: str, who: str) -> str:
        """Where somebody is sent who follows the URL and signs in as this person."""
        url = f"{authorization_url}&login_hint={who}"
        async with httpx.AsyncClient(trust_env=False) as browser:
            for _ in range(_MOST_REDIRECTS):
                answer = await browser.get(url)
                assert answer.is_redirect, (answer.status_code, answer.text)
                url = str(httpx.URL(url).join(answer.headers["location"]))
                if not url.startswith(self.issuer):
                    return url
        raise AssertionError("the provider sends its guest in circles")

    async def changes_its_keys(self) -> None:
        """From now on it signs with others, and publishes those alone."""
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.post(f"{self.issuer}/rotate")).status_code == 204


def _node_or_skip() -> str:
    # where the system has none, that of requirements/node.lock stands beside Python
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        pytest.skip("Node.js is not installed: no OpenID provider to sign in with")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.match(r"v(\d+)\.", version)
    if match is None or int(match[1]) < _OLDEST_NODE:
        pytest.skip(f"Node.js {version.strip()} is too old for the OpenID provider")
    if not (FOLDER / "node_modules").is_dir():
        pytest.skip(f"the OpenID provider is not installed: npm ci in {FOLDER.name}/")
    return node


@contextmanager
def running_provider() -> Iterator[RunningProvider]:
    """The provider as a process of its own, on a port that was free."""
    with subprocess.Popen(
        [_node_or_skip(), "server.mjs"],
        cwd=FOLDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=dying_with_parent(),  # noqa: PLW1509  # no thread runs yet
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith('{"issuer"'):
                break
        else:
            raise AssertionError(f"the OpenID provider did not start: {''.join(said)}")
        # What it says from now on is of no interest, but must not fill the pipe.
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        try:
            yield RunningProvider(json.loads(said[-1])["issuer"])
        finally:
            process.kill()
            drain.join()
