"""One value, one sequence of bytes: strict reading of JSON, NFC, RFC 8785."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from decimal import Decimal
from typing import Final, NoReturn

import rfc8785

from tidan_node.domain.proofs.problems import JsonMalformed

Scalar = str | int | float | bool | None
JsonValue = Scalar | list["JsonValue"] | dict[str, "JsonValue"]

DEPTH_LIMIT: Final = 64
LARGEST_INTEGER: Final = 2**53 - 1
_NUMBER_LENGTH_LIMIT: Final = 64
_EXACT_DIGITS: Final = 16
_UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")
_STRUCTURE: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
"""A string as a whole, so that brackets in it do not count, even one without an end, so that the
search never turns back; or a bracket."""


def read_json(raw: bytes) -> JsonValue:
    """The value that `raw` states, with text in NFC; refuses whatever two readers could read in two
    ways (RFC 7493): repeated names, numbers that a double cannot hold, broken Unicode."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise JsonMalformed("begins with a byte order mark; JSON has none (RFC 8259 §8.1)")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonMalformed(f"is not UTF-8 at byte {error.start}") from error
    _refuse_deep_nesting(text)
    try:
        value: JsonValue = json.loads(
            text,
            object_pairs_hook=_object_of_distinct_names,
            parse_int=number_of,
            parse_float=number_of,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise JsonMalformed(
            f"is not JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    return _normal_form(value, path="")


def canonical_bytes(value: JsonValue) -> bytes:
    """RFC 8785 over the value, which is taken to be in NFC (`read_json` and `nfc` make it so)."""
    return rfc8785.dumps(value)


def number_of(text: str) -> int | float:
    """The number that `text` states; refuses one that a double would change (RFC 7493 §2.2)."""
    if len(text) > _NUMBER_LENGTH_LIMIT:
        raise JsonMalformed(f"has a number of {len(text)} characters, more than anybody means")
    if len(text) < _EXACT_DIGITS and text.isdecimal():
        return int(text)
    try:
        exact, number = Decimal(text), float(text)
    except ArithmeticError as error:  # an exponent that no Decimal has
        raise JsonMalformed("has a number with an exponent that no double has") from error
    if not math.isfinite(number) or Decimal(repr(number)) != exact:
        raise JsonMalformed(f"has the number {text}, which a double cannot hold exactly")
    if number.is_integer() and abs(number) <= LARGEST_INTEGER:
        return int(number)
    return number


def nfc(text: str, path: str = "") -> str:
    """`text` in normalisation form C; refuses half surrogates and NUL, which storage would lose."""
    if _UNSTORABLE.search(text):
        raise JsonMalformed("has text with NUL or half a surrogate pair", field=path)
    return unicodedata.normalize("NFC", text)


def is_nfc(text: str) -> bool:
    """Whether `nfc` would leave the text as it is."""
    try:
        return nfc(text) == text
    except JsonMalformed:
        return False


def pointer_to(path: str, name: str | int) -> str:
    """The JSON pointer (RFC 6901) of the member `name` of the value at `path`."""
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _refuse_deep_nesting(text: str) -> None:
    """Found before parsing: where a library has raised Python's recursion limit, as some do, the
    parser would run out of stack and take the process with it."""
    depth = 0
    for token in _STRUCTURE.finditer(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        if depth > DEPTH_LIMIT:
            raise JsonMalformed(f"is nested deeper than {DEPTH_LIMIT} levels")


def _normal_form(value: JsonValue, path: str) -> JsonValue:
    if isinstance(value, str):
        return nfc(value, path)
    if isinstance(value, dict):
        return {
            nfc(name, path): _normal_form(member, pointer_to(path, name))
            for name, member in value.items()
        }
    if isinstance(value, list):
        return [_normal_form(item, pointer_to(path, place)) for place, item in enumerate(value)]
    return value


def _object_of_distinct_names(members: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    result: dict[str, JsonValue] = {}
    for name, value in members:
        normal = name if name.isascii() else unicodedata.normalize("NFC", name)
        if normal in result:
            raise JsonMalformed(f"has the name {name!r} twice in one object")
        result[normal] = value
    return result


def _refuse_constant(constant: str) -> NoReturn:
    raise JsonMalformed(f"has {constant}, which is not a JSON number")
