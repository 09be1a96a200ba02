"""Asking a validator over its Unix socket."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tidan_node.ledger.clique.ipc import ask, ask_all, check_depth
from tidan_node.ledger.clique.problems import HomeTooDeep, ValidatorRefused, ValidatorSilent


@contextmanager
def answering(path: Path, answer: bytes) -> Iterator[list[object]]:
    """A validator that answers one request with these bytes; gives what it was asked."""
    asked: list[object] = []

    def serve() -> None:
        line, _ = listener.accept()
        with line, line.makefile("rb") as told:
            asked.extend(json.loads(told.readline()))
            line.sendall(answer)

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield asked
        thread.join()


def test_several_questions_are_answered_in_their_order(tmp_path: Path) -> None:
    answers = [{"id": 1, "result": "second"}, {"id": 0, "result": "first"}]
    with answering(tmp_path / "s", json.dumps(answers).encode() + b"\n") as asked:
        said = ask_all(tmp_path / "s", [("eth_one", ()), ("eth_two", ("0x1", True))])

    assert said == ["first", "second"]
    assert asked[1] == {"jsonrpc": "2.0", "id": 1, "method": "eth_two", "params": ["0x1", True]}


def test_a_refusal_is_told_in_the_validators_words(tmp_path: Path) -> None:
    answer = [{"id": 0, "error": {"code": -32000, "message": "nonce too low"}}]
    with (
        answering(tmp_path / "s", json.dumps(answer).encode() + b"\n"),
        pytest.raises(ValidatorRefused, match="nonce too low"),
    ):
        ask(tmp_path / "s", "eth_sendRawTransaction", "0x")


@pytest.mark.parametrize("answer", [b"", b"{}\n", b"[]\n", b"no JSON\n", b'[{"id": 0}]\n'])
def test_an_answer_that_is_none_counts_as_silence(tmp_path: Path, answer: bytes) -> None:
    with answering(tmp_path / "s", answer), pytest.raises(ValidatorSilent):
        ask(tmp_path / "s", "eth_blockNumber")


def test_a_validator_that_does_not_run_is_silent(tmp_path: Path) -> None:
    with pytest.raises(ValidatorSilent):
        ask(tmp_path / "nobody", "eth_blockNumber")


def test_a_path_that_no_socket_can_have_is_refused_before_anything_is_made() -> None:
    with pytest.raises(HomeTooDeep) as refused:
        check_depth(Path("/" + "x" * 100))
    assert refused.value.field == "--home"
    assert "1 bytes too long" in refused.value.detail
