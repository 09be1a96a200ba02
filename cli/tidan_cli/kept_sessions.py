"""The sessions of whoever has signed in on this machine, one for each node, for their own eyes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tidan_cli.failures import FileUnusable
from tidan_cli.private_files import write_private

Kept = dict[str, dict[str, Any]]  # Any: JSON


def sessions_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where they are: among the settings of this machine's user (XDG)."""
    folder = environment.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
    return Path(folder) / "tidan" / "sessions.json"


def kept_token(url: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """The token for this node, if somebody is signed in there and it has not expired."""
    session = _read(sessions_file(environment)).get(_place(url))
    if session is None:
        return None
    try:
        good = datetime.now(UTC) < datetime.fromisoformat(session["expiresAt"])
        return str(session["token"]) if good else None
    except (KeyError, TypeError, ValueError):
        return None


def keep_session(
    url: str, session: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> Path:
    """Remember a session, in place of the one before."""
    file = sessions_file(environment)
    kept = _read(file) | {
        _place(url): {"token": session["token"], "expiresAt": session["expiresAt"]}
    }
    _write(file, kept)
    return file


def forget_session(url: str, environment: Mapping[str, str] = os.environ) -> None:
    """Remember it no longer."""
    file = sessions_file(environment)
    kept = _read(file)
    if kept.pop(_place(url), None) is not None:
        _write(file, kept)


def _place(url: str) -> str:
    return url.rstrip("/")


def _read(file: Path) -> Kept:
    """What is there; a file that cannot be read has nothing to offer."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {url: each for url, each in found.items() if isinstance(each, dict)}


def _write(file: Path, kept: Kept) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(file, json.dumps(kept, indent=2).encode() + b"\n")
    except OSError as error:
        raise FileUnusable(f"{file}: {error.strerror}") from error
