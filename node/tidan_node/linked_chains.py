"""What is set about the chains that a node only reads, and what they share with its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

HOME_CHAIN: Final = "home"
"""What the node's own chain is called among the others."""

HTTP_URL: Final = r"^https?://\S+$"
WS_URL: Final = r"^wss?://\S+$"
SETTING: Final = "linked_chains"


class LinkedChain(BaseModel):
    """Another chain that the node reads, and where it keeps what it reads there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    manifest: Path
    """The contracts of that consortium and their chain; its finality depth holds."""
    chain_url: str = Field(pattern=HTTP_URL)
    chain_ws_url: str | None = Field(default=None, pattern=WS_URL)
    database_url: str = ""
    """Empty: a SQLite file in the home, named after the chain."""

    @property
    def heads_url(self) -> str:
        """Where to hear of its blocks."""
        return heads_url(self.chain_url, self.chain_ws_url)

    def in_home(self, home: Path) -> LinkedChain:
        """With its paths taken from the home, and a database."""
        file = home / f"chain-{self.name}.db"
        url = self.database_url or f"sqlite+aiosqlite:///{file}"
        return self.model_copy(update={"manifest": home / self.manifest, "database_url": url})


def heads_url(chain_url: str, chain_ws_url: str | None) -> str:
    """Where a chain's node tells of new blocks; where that is left out, at the usual place."""
    return chain_ws_url or "ws" + chain_url.removeprefix("http")


def require_async(url: str) -> str:
    """The URL of a database whose driver is installed and async, or ValueError."""
    from sqlalchemy import make_url  # noqa: PLC0415  heavy, and commands read settings too
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        driver = make_url(url).get_dialect().is_async
    except (ArgumentError, ImportError, ValueError):
        raise ValueError("must be a SQLAlchemy URL of a driver that is installed") from None
    if not driver:
        raise ValueError("must be of an async driver, as sqlite+aiosqlite, postgresql+asyncpg")
    return url


def clashes(linked: Sequence[LinkedChain], home_database: str) -> dict[str, str]:
    """Where these chains are in each other's way, or in that of the node's own; by field."""
    wrong: dict[str, str] = {}
    if not linked:
        return wrong
    names, places = {HOME_CHAIN: "the node's own"}, _places(linked, home_database)
    for number, chain in enumerate(linked):
        field = f"{SETTING}.{number}"
        if chain.name in names:
            wrong[f"{field}.name"] = f"{chain.name} is the name of {names[chain.name]} already"
        names.setdefault(chain.name, f"{field}")
        try:
            require_async(chain.database_url)
        except ValueError as error:
            wrong[f"{field}.database_url"] = str(error)
            continue
        place = places[number + 1]
        if place[0] == _FILE and places[0][0] != _FILE:
            wrong[f"{field}.database_url"] = (
                "set it: the node's own database is on a server, where several processes may run"
                " the node, and so must be that of each linked chain"
            )
        elif place in places[: number + 1]:
            wrong[f"{field}.database_url"] = "each chain needs a database of its own"
    return wrong


_FILE: Final = "file"
Place = tuple[object, ...]


def _places(linked: Sequence[LinkedChain], home_database: str) -> list[Place]:
    """Where each database is, the home's first, however its URL is written."""
    return [_place(url) for url in (home_database, *(each.database_url for each in linked))]


def _place(url: str) -> Place:
    from sqlalchemy import make_url  # noqa: PLC0415  as above
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        parts = make_url(url)
    except ArgumentError:
        return (url,)
    if parts.get_backend_name() == "sqlite":
        return _FILE, Path(parts.database or "").resolve()
    query: Mapping[str, object] = parts.query
    return parts.host, parts.port, parts.database, query.get("host"), query.get("port")
