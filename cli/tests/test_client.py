"""What a node that is missing, broken or no node at all does to a command."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from tidan_cli.client import NodeClient
from tidan_cli.failures import NodeUnreachable
from tidan_cli.following import await_end
from tidan_cli.node_choice import NodeAccess


@pytest.fixture
def nobody() -> str:
    """The URL of a port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


class TestUnreachable:
    def test_a_node_that_does_not_listen_is_exit_code_3(self, tidan: Any, nobody: str) -> None:
        ended = tidan("title", "list", "--node", nobody, "--json")

        assert ended.code == 3
        assert ended.problem["type"] == "/v1/problems/node-unreachable"
        assert nobody in ended.problem["detail"]

    def test_a_change_that_was_cut_off_can_be_repeated_under_its_key(
        self, tidan: Any, nobody: str, told: Any
    ) -> None:
        ended = tidan("title", "surrender", told.title_id, "--node", nobody, "--json")

        assert ended.code == 3
        key = ended.problem["idempotencyKey"]
        assert f"--idempotency-key {key}" in ended.problem["detail"]

    @pytest.mark.parametrize("url", ["http://[::1", "not a url", "ftp://127.0.0.1", "http://"])
    def test_what_is_no_url_is_told_as_such(self, tidan: Any, url: str) -> None:
        ended = tidan("title", "list", "--node", url, "--json")

        assert ended.code == 2
        assert ended.problem["field"] == "--node"
        assert url in ended.problem["detail"]

    def test_a_node_that_comes_back_while_it_is_waited_for_is_found_again(self, told: Any) -> None:
        answers = iter([httpx.ConnectError("down"), told.operation("succeeded")])

        def handle(request: httpx.Request) -> httpx.Response:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return httpx.Response(200, json=answer)

        client = NodeClient(NodeAccess("http://node", None), transport=httpx.MockTransport(handle))

        ended = await_end(client, told.operation("pending"), timeout=5)

        assert ended["status"] == "succeeded"

    def test_a_node_that_stays_away_ends_the_waiting(self, told: Any) -> None:
        def handle(request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("down")

        client = NodeClient(NodeAccess("http://node", None), transport=httpx.MockTransport(handle))

        with pytest.raises(NodeUnreachable):
            await_end(client, told.operation("pending"), timeout=0.05)


class TestNotANode:
    @pytest.mark.parametrize("body", [b"<html>", b"[1]", b'{"error": 1}'])
    def test_an_error_that_is_no_problem_is_not_taken_for_one(
        self, node: Any, tidan: Any, body: bytes
    ) -> None:
        node.answer("GET", "/v1/titles?limit=50", body, status=500)

        ended = tidan("title", "list", "--json")

        assert ended.code == 1
        assert ended.problem["type"] == "/v1/problems/not-a-node"

    def test_an_answer_that_is_no_json_object_is_refused(self, node: Any, tidan: Any) -> None:
        node.answer("GET", "/v1/titles?limit=50", b"hello")

        assert tidan("title", "list", "--json").problem["type"].endswith("not-a-node")


class TestChoice:
    def test_without_a_choice_it_says_how_to_choose(
        self, tidan: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("TIDAN_NODE_URL", "TIDAN_NODE_HOME"):
            monkeypatch.delenv(name, raising=False)

        ended = tidan("title", "list")

        assert ended.code == 2
        assert "--home" in ended.err
        assert "TIDAN_NODE_URL" in ended.err

    def test_a_home_named_on_the_line_is_stronger_than_the_environment(
        self, node: Any, tidan: Any, told: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TIDAN_NODE_URL", "http://127.0.0.1:1")
        access = {"url": node.url, "apiKey": "tidan_home_key"}
        (tmp_path / "client.json").write_text(json.dumps(access))
        node.answer("GET", "/v1/titles?limit=50", told.page())

        assert tidan("title", "list", "--home", tmp_path).code == 0
        assert node.asked[0].headers["Authorization"] == "Bearer tidan_home_key"

    def test_a_key_that_the_node_does_not_know_may_be_that_of_another_node(
        self, node: Any, tidan: Any, tmp_path: Path
    ) -> None:
        access = {"url": node.url, "apiKey": "tidan_home_key"}
        (tmp_path / "client.json").write_text(json.dumps(access))
        node.refuse("GET", "/v1/titles?limit=50", "not-authenticated", 401, detail="no such key")

        by_home = tidan("title", "list", "--home", tmp_path)
        by_url = tidan("title", "list")

        assert by_home.code == by_url.code == 1
        hint = f"next: another node may be answering at {node.url}: is the node of {tmp_path}"
        assert hint in by_home.err
        assert "another node" not in by_url.err

    @pytest.mark.parametrize("content", [None, "{", '{"url": 1}', "[]"])
    def test_a_home_without_a_usable_client_file_is_named(
        self, tidan: Any, tmp_path: Path, content: str | None
    ) -> None:
        if content is not None:
            (tmp_path / "client.json").write_text(content)

        ended = tidan("title", "list", "--home", tmp_path, "--json")

        assert ended.code == 2
        assert ended.problem["type"] == "/v1/problems/client-file-unusable"
        assert str(tmp_path / "client.json") in ended.problem["detail"]
