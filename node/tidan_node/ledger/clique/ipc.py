"""JSON-RPC over a validator's Unix socket: the door for its operator, never on the network."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any, Final

from tidan_node.ledger.clique.problems import HomeTooDeep, ValidatorRefused, ValidatorSilent

_LONGEST_PATH: Final = 100
"""Of a Unix socket's path; macOS takes 103 bytes, Linux 107."""

_PATIENCE: Final = 10.0


def check_depth(path: Path) -> None:
    """A socket whose path is too long cannot be made: better told before anything else is."""
    over = len(bytes(path)) - _LONGEST_PATH
    if over > 0:
        raise HomeTooDeep(
            f"{path} is {over} bytes too long for a socket's name; choose a home with a shorter"
            " path",
            field="--home",
        )


def ask(path: Path, method: str, *params: object, patience: float = _PATIENCE) -> Any:
    """The result of one method; Any: JSON, as the method words it."""
    return ask_all(path, [(method, params)], patience=patience)[0]


def ask_all(
    path: Path, calls: list[tuple[str, tuple[object, ...]]], *, patience: float = _PATIENCE
) -> list[Any]:  # Any: as above
    """The results of several methods, asked at once, in their order."""
    asked = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
        for number, (method, params) in enumerate(calls)
    ]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(patience)
            line.connect(str(path))
            line.sendall(json.dumps(asked).encode() + b"\n")
            with line.makefile("rb") as answered:
                answers = json.loads(answered.readline())
        by_id = {answer["id"]: answer for answer in answers}
        return [_result(by_id[number]) for number in range(len(asked))]
    except OSError as error:
        raise ValidatorSilent(f"{path}: {error.strerror or error}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise ValidatorSilent(f"{path} answers something else than was asked for") from error


def _result(answer: dict[str, Any]) -> Any:  # Any: as above
    if "error" in answer:
        raise ValidatorRefused(str(answer["error"]["message"]))
    return answer["result"]
