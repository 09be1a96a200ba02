"""Acts as files: JSON Lines and CSV, which appear whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol

from tidan_cli.failures import FileUnusable
from tidan_cli.private_files import PUBLIC

Line = Mapping[str, Any]  # Any: JSON
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  wide forms
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV Injection)."""
ACT_COLUMNS: Final = (
    *("kind", "record", "seq", "act", "by", "byName", "bank", "bankName"),
    *("at", "block", "blockHash", "txHash", "head", "details"),
)
ENTRY_COLUMNS: Final = (
    *("seq", "id", "at", "actor", "party", "act", "subject", "detail", "previous", "hash"),
)


class Sink(Protocol):
    """Takes lines in, one after another."""

    def __call__(self, line: Line) -> None: ...


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet carries out: what would begin a formula is quoted as text."""
    if value is None:
        return ""
    if isinstance(value, Mapping | list):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = str(value)
    return "'" + text if text.startswith(_FORMULA) else text


@contextmanager
def exported(
    jsonl: Path | None, table: Path | None, columns: Sequence[str] = ACT_COLUMNS
) -> Iterator[list[Sink]]:
    """Sinks for the files that were asked for. A file that cannot be written is told at once; what
    was there before stays until the new one is complete."""
    with ExitStack() as files:
        sinks: list[Sink] = []
        if jsonl is not None:
            sinks.append(_json_lines(files.enter_context(replacing(jsonl))))
        if table is not None:
            sinks.append(_csv_rows(files.enter_context(replacing(table)), columns))
        yield sinks


def _json_lines(stream: IO[str]) -> Sink:
    def take(line: Line) -> None:
        stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")

    return take


def _csv_rows(stream: IO[str], columns: Sequence[str]) -> Sink:
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")  # RFC 4180
    writer.writerow(columns)

    def take(line: Line) -> None:
        known = {**line, **_party(line, "by"), **_party(line, "bank")}
        writer.writerow([safe_cell(known.get(column)) for column in columns])

    return take


def _party(line: Line, member: str) -> Line:
    """A party in two cells: its number, and its name."""
    party = line.get(member)
    if not isinstance(party, Mapping):
        return {}
    return {member: party["index"], f"{member}Name": party["name"]}


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """A stream that becomes this file when the block ends well, and nothing when it does not."""
    try:
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}", field=str(path)) from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            os.fchmod(stream.fileno(), PUBLIC)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(beside).replace(path)
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}", field=str(path)) from error
    finally:
        Path(beside).unlink(missing_ok=True)
