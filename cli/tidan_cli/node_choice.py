"""Which node a command talks to, and with which key: options first, then the environment."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tidan_cli.failures import ClientFileUnusable, NodeNotChosen
from tidan_cli.kept_sessions import kept_token

CLIENT_FILE = "client.json"
NODE_URL = "TIDAN_NODE_URL"
NODE_HOME = "TIDAN_NODE_HOME"
API_KEY = "TIDAN_API_KEY"


@dataclass(frozen=True, slots=True)
class NodeAccess:
    """Where a node listens and the key that it knows the caller by."""

    url: str
    api_key: str | None
    home: Path | None = None
    """The home whose client file says so: the node that answers should be the one of this home."""


def chosen_home(home: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The node home that is meant; commands that work on its files need one."""
    if home is not None:
        return home
    if environment.get(NODE_HOME):
        return Path(environment[NODE_HOME])
    raise NodeNotChosen("name a node home with --home DIR or TIDAN_NODE_HOME", field="--home")


def home_asked(
    url: str | None, home: Path | None, environment: Mapping[str, str] = os.environ
) -> Path | None:
    """The home whose node `chosen_node` chooses; None where a URL chooses it."""
    if url is not None or (home is None and environment.get(NODE_URL)):
        return None
    named = environment.get(NODE_HOME)
    return home or (Path(named) if named else None)


def chosen_node(
    url: str | None, home: Path | None, environment: Mapping[str, str] = os.environ
) -> NodeAccess:
    """`--node`, else `--home`, else TIDAN_NODE_URL, else TIDAN_NODE_HOME.

    Where no key goes with a URL, whoever has signed in to that node calls."""
    key = environment.get(API_KEY)
    if url is not None:
        known = read_client_file(home).api_key if home else None
        return NodeAccess(url, key or known or kept_token(url, environment))
    if home is not None:
        return read_client_file(home)
    if environment.get(NODE_URL):
        named = environment[NODE_URL]
        return NodeAccess(named, key or kept_token(named, environment))
    if environment.get(NODE_HOME):
        return read_client_file(Path(environment[NODE_HOME]))
    raise NodeNotChosen(
        "name a node home with --home DIR (or TIDAN_NODE_HOME), or a node with --node URL"
        " (or TIDAN_NODE_URL) and its key in TIDAN_API_KEY, or after `tidan user login`;"
        " `tidan node init` makes a home",
        field="--home",
    )


def read_client_file(home: Path) -> NodeAccess:
    """What `tidan node init` left in the home for the command line."""
    path = home / CLIENT_FILE
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return NodeAccess(str(known["url"]), str(known["apiKey"]), home)
    except FileNotFoundError as error:
        raise ClientFileUnusable(
            f"{path} does not exist; is {home} a node home?", field="--home"
        ) from error
    except OSError as error:
        raise ClientFileUnusable(f"{path}: {error.strerror}", field="--home") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ClientFileUnusable(
            f"{path} must be a JSON object with url and apiKey", field="--home"
        ) from error


def client_file(access: NodeAccess) -> bytes:
    """The client file's content; it holds a key, so only its owner may read it."""
    return json.dumps({"url": access.url, "apiKey": access.api_key}, indent=2).encode() + b"\n"
