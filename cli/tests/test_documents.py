"""Documents named on the command line: what is read as a file, and what is not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest


class TestFileBytes:
    @pytest.mark.timeout(20)
    @pytest.mark.parametrize(
        "command", [("title", "issue"), ("invoice", "register"), ("policy", "issue")]
    )
    def test_a_pipe_is_refused_and_not_waited_for(
        self, node: Any, tidan: Any, tmp_path: Path, command: tuple[str, str]
    ) -> None:
        pipe = tmp_path / "document"
        os.mkfifo(pipe)
        options = {"title": "--possessor", "invoice": "--buyer", "policy": "--insured"}

        ended = tidan(*command, pipe, options[command[0]], "2", "--json")

        assert ended.code == 2
        assert ended.problem["type"] == "/v1/problems/file-unusable"
        assert "not a regular file" in ended.problem["detail"]
        assert node.asked == []

    def test_a_folder_is_refused(self, tidan: Any, tmp_path: Path) -> None:
        ended = tidan("invoice", "register", tmp_path, "--buyer", "2", "--json")

        assert ended.code == 2
        assert ended.problem["field"] == str(tmp_path)

    @pytest.mark.timeout(20)
    def test_a_pipe_in_the_folder_of_the_demo_is_refused(self, tidan: Any, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "bill.json")

        ended = tidan("demo", "--documents", tmp_path, "--json")

        assert ended.code == 2
        assert ended.problem["field"] == "--documents"
