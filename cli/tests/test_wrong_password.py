"""A password that does not open the keystores is told in one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def _run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tidan_cli.main", *words],
        capture_output=True,
        check=False,
        text=True,
        env=os.environ | environment,
    )


def test_a_wrong_password_is_said_so_without_a_stack_trace(tmp_path: Path, manifest: Path) -> None:
    home = tmp_path / "carrier"
    made = _run(
        *("node", "init", "--home", str(home), "--name", "Paper Heron Demo Line"),
        *("--role", "CARRIER", "--identifier", "SMDG:TDZ", "--code", "SMDG:TDZ"),
        *("--manifest", str(manifest), "--chain", "http://127.0.0.1:8545", "--port", "9321"),
    )
    assert made.returncode == 0, made.stderr
    wrong = {"TIDAN_KEYSTORE_PASSWORD": "abracadabra", "TIDAN_PORT": "0"}

    told = _run("node", "serve", "--home", str(home), **wrong)
    as_json = _run("node", "serve", "--home", str(home), "--json", **wrong)

    for ended in (told, as_json):
        assert ended.returncode == 1
        assert ended.stdout == ""
        assert "Traceback" not in ended.stderr
        assert "abracadabra" not in ended.stderr
    problem = json.loads(as_json.stderr)
    assert problem["type"] == "/v1/problems/wrong-password"
    assert problem["detail"] in told.stderr.replace("\n", "")
    assert problem["detail"].count(". ") == 0
