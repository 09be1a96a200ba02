"""Which way the processes of one node take turns on this database."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import URL

from tidan_node.storage.peers import Alone, Peers
from tidan_node.storage.postgres_peers import PostgresPeers


def peers_of(url: URL, *, words: Collection[str], heard: Callable[[str], None]) -> Peers:
    """Those beside this process, who may tell it these words."""
    if url.get_backend_name() == "postgresql":
        return PostgresPeers(url, words=words, heard=heard)
    return Alone()
