"""Documents named on the command line: read once, and sent on as they are, digit for digit."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tidan_cli.failures import FileUnusable

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class JsonText:
    """A JSON object as text: parsed to know that it is one, never written anew."""

    text: bytes
    value: dict[str, object]

    def as_member(self, name: str, others: Mapping[str, object]) -> bytes:
        """A request body with this text under a name, and the other members that are there."""
        return body_of({name: self, **others})


def body_of(members: Mapping[str, object]) -> bytes:
    """A request body of the members that are there, its documents as they were written."""
    return _written({key: value for key, value in members.items() if value is not None})


def _written(value: object) -> bytes:
    match value:
        case JsonText():
            return value.text
        case dict():
            pairs = (json.dumps(key).encode() + b":" + _written(of) for key, of in value.items())
            return b"{" + b",".join(pairs) + b"}"
        case list():
            return b"[" + b",".join(map(_written, value)) + b"]"
        case _:
            return json.dumps(value).encode()


def file_bytes(path: Path) -> bytes:
    """A file's content; the refusal names the file and what is the matter with it.

    A pipe or a device is no file: reading it may never end."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileUnusable(f"{path} is not a regular file", field=str(path))
        return path.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}", field=str(path)) from error


def json_text(path: Path) -> JsonText:
    """A file that holds one JSON object."""
    text = file_bytes(path).removeprefix(_BYTE_ORDER_MARK)
    try:
        value = json.loads(text.decode(), parse_constant=_no_such_number)
    except UnicodeDecodeError as error:
        raise FileUnusable(f"{path} is not UTF-8 at byte {error.start}", field=str(path)) from error
    except json.JSONDecodeError as error:
        where = f"at line {error.lineno}, column {error.colno}"
        raise FileUnusable(
            f"{path} is not JSON: {error.msg.removesuffix(' at')} {where}", field=str(path)
        ) from error
    except (ValueError, RecursionError) as error:
        raise FileUnusable(f"{path} is not JSON: {error}", field=str(path)) from error
    if not isinstance(value, dict):
        raise FileUnusable(f"{path} must hold one JSON object", field=str(path))
    return JsonText(text.strip(), value)


def json_texts(paths: Sequence[Path]) -> list[JsonText]:
    """Several such files, each of them once."""
    for place, path in enumerate(paths):
        if path in paths[:place]:
            raise FileUnusable(f"{path} is named twice", field=str(path))
    return [json_text(each) for each in paths]


def text_file(path: Path) -> str:
    """A file of UTF-8 text, as it is."""
    try:
        return file_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileUnusable(f"{path} is not UTF-8 at byte {error.start}", field=str(path)) from error


def _no_such_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")
