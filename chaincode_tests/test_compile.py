"""The toolchain: the shim that speaks as solc, and the command that keeps artifacts honest."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tidan_contracts import compile as toolchain

GOOD = """// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
contract Bell { uint256 public rung; function ring() external { rung += 1; } }
"""
LOUDER = GOOD.replace("rung += 1", "rung += 2")
CARELESS = GOOD.replace("rung += 1;", "uint256 unused = 3; rung += 1;")
BROKEN = GOOD.replace("rung += 1;", "rang += 1;")
PIPE = 65_536


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one contract, Bell, and the project's own compiler."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "Bell.sol").write_text(GOOD)
    (tmp_path / "node_modules").symlink_to(toolchain.CONTRACTS / "node_modules")
    monkeypatch.setattr(toolchain, "CONTRACTS", tmp_path)
    monkeypatch.setattr(toolchain, "SHIPPED", tmp_path / "artifacts")
    monkeypatch.setattr(toolchain, "FOR_TESTS", tmp_path / "none")
    monkeypatch.setattr(toolchain, "FOLDERS", {"src": tmp_path / "artifacts"})
    return tmp_path


class TestCommand:
    def test_the_committed_artifacts_are_those_of_the_sources(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert toolchain.main(["--check"]) == 0, capsys.readouterr().err

    def test_check_names_what_differs_and_changes_nothing(
        self, checkout: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert toolchain.main([]) == 0
        written = (checkout / "artifacts" / "Bell.json").read_text()
        (checkout / "src" / "Bell.sol").write_text(LOUDER)
        (checkout / "artifacts" / "Gong.json").write_text("{}")

        assert toolchain.main(["--check"]) == 1

        said = capsys.readouterr().err
        assert "artifacts/Bell.json differs from the sources" in said
        assert "artifacts/Gong.json has no source" in said
        assert (checkout / "artifacts" / "Bell.json").read_text() == written

    def test_a_comment_changes_no_artifact(self, checkout: Path) -> None:
        assert toolchain.main([]) == 0
        (checkout / "src" / "Bell.sol").write_text(GOOD + "// a comment\n")
        assert toolchain.main(["--check"]) == 0

    def test_a_missing_artifact_is_named(
        self, checkout: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert toolchain.main(["--check"]) == 1
        assert "artifacts/Bell.json is missing" in capsys.readouterr().err

    def test_artifacts_without_a_source_are_removed(self, checkout: Path) -> None:
        (checkout / "artifacts").mkdir()
        (checkout / "artifacts" / "Gong.json").write_text("{}")
        assert toolchain.main([]) == 0
        assert [path.name for path in (checkout / "artifacts").iterdir()] == ["Bell.json"]

    @pytest.mark.parametrize(
        ("source", "said"), [(CARELESS, "Unused local variable"), (BROKEN, "Undeclared identifier")]
    )
    def test_errors_and_warnings_of_the_compiler_stop_it(
        self, checkout: Path, capsys: pytest.CaptureFixture[str], source: str, said: str
    ) -> None:
        (checkout / "src" / "Bell.sol").write_text(source)
        assert toolchain.main([]) == 1
        assert said in capsys.readouterr().err
        assert not (checkout / "artifacts").exists()


class TestMissingToolchain:
    def test_without_node_it_says_so_in_one_line(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert toolchain.main(["--check"]) == 1
        assert capsys.readouterr().err.splitlines() == [
            "Node.js is not on the PATH: install Node.js 20 or later"
        ]

    def test_without_npm_packages_it_says_so_in_one_line(
        self, checkout: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (checkout / "node_modules").unlink()
        assert toolchain.main(["--check"]) == 1
        assert capsys.readouterr().err.splitlines() == [
            f"npm package solc is missing: run `npm ci` in {checkout}"
        ]

    def test_without_sources_it_says_so_in_one_line(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(toolchain, "SHIM", tmp_path / "solc-shim.js")
        assert toolchain.main([]) == 1
        assert capsys.readouterr().err.splitlines() == [
            "The sources are not here: compile in a checkout of the project"
        ]


class TestShim:
    def test_it_says_its_version_as_solc_does(self) -> None:
        said = subprocess.run(
            [toolchain.SHIM, "--version"], capture_output=True, text=True, check=True
        ).stdout
        assert said.startswith("solc, the solidity compiler commandline interface\n")
        assert re.search(r"^Version: 0\.8\.37\+commit\.[0-9a-f]{8}", said, re.MULTILINE)

    def test_it_writes_all_of_a_large_output_into_a_pipe_that_is_read_late(self) -> None:
        sources = sorted((toolchain.CONTRACTS / "src").rglob("*.sol"))
        names = [path.relative_to(toolchain.CONTRACTS).as_posix() for path in sources]
        request = {
            "language": "Solidity",
            "sources": {
                name: {"content": path.read_text()}
                for name, path in zip(names, sources, strict=True)
            },
            "settings": toolchain.SETTINGS | {"outputSelection": {"*": {"": ["ast"]}}},
        }
        command = [str(toolchain.SHIM), "--standard-json", "--base-path", str(toolchain.CONTRACTS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(request).encode())
            process.stdin.close()
            pipe = process.stdout.fileno()
            chunks = list(iter(lambda: os.read(pipe, 1_000), b""))
        output = b"".join(chunks)
        assert len(output) > 4 * PIPE
        assert set(names) <= set(json.loads(output)["sources"])

    def test_it_reads_nothing_outside_of_the_allowed_directories(self, tmp_path: Path) -> None:
        (tmp_path / "project").mkdir()
        secret = tmp_path / "Secret.sol"
        secret.write_text(GOOD)
        request = {
            "language": "Solidity",
            "sources": {"A.sol": {"content": f'import "{secret}";'}},
            "settings": {},
        }
        command = [str(toolchain.SHIM), "--standard-json", "--base-path", str(tmp_path / "project")]
        output = subprocess.run(
            command, input=json.dumps(request), capture_output=True, text=True, check=True
        ).stdout
        assert "File outside of the allowed directories" in output

    def test_without_code_it_answers_with_the_same_tree_and_empty_code(self) -> None:
        answers = []
        for code in ("none", ""):
            request = {
                "language": "Solidity",
                "sources": {"Bell.sol": {"content": GOOD}},
                "settings": {
                    "outputSelection": {"*": {"": ["ast"], "*": ["abi", "evm.bytecode.object"]}}
                },
            }
            said = subprocess.run(
                [toolchain.SHIM, "--standard-json"],
                env=os.environ | {"SOLC_SHIM_CODE": code},
                input=json.dumps(request),
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            answers.append(json.loads(said))
        codeless, whole = answers
        assert codeless["sources"] == whole["sources"]
        bells = [answer["contracts"]["Bell.sol"]["Bell"] for answer in answers]
        assert bells[0]["abi"] == bells[1]["abi"]
        assert bells[0]["evm"]["bytecode"]["object"] == ""
        assert bells[0]["evm"]["methodIdentifiers"]
        assert bells[1]["evm"]["bytecode"]["object"] != ""

    def test_it_explains_itself_when_asked_for_something_else(self) -> None:
        asked = subprocess.run(
            [toolchain.SHIM, "--bin", "A.sol"], capture_output=True, text=True, check=False
        )
        assert asked.returncode == 1
        assert asked.stderr.startswith("Usage: solc-shim.js")
