"""Who is to look again when something has happened, in whichever process of the node it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from sqlalchemy import URL

from tidan_node.storage.processes import peers_of
from tidan_node.web.news import News

_COMMITTED: Final = "committed"
_READ: Final = "read"


class WakeUps:
    """What the workers and the streams of all processes of a node are woken by."""

    def __init__(self, url: URL, news: News, *, at_work: Callable[[], bool]) -> None:
        self._news = news
        self._at_work = at_work
        self.peers = peers_of(url, words=(_COMMITTED, _READ), heard=self._hear)
        self.workers: Sequence[Callable[[], None]] = ()
        """Those who look after what requests commit; they run in one process alone."""

    def read(self) -> None:
        """A block was read, or an alarm raised: everybody's streams have something to tell."""
        self._news.tell()
        self.peers.tell(_READ)

    def committed(self) -> None:
        """A request was committed, for the workers here or elsewhere."""
        self._wake()
        if not self._at_work():
            self.peers.tell(_COMMITTED)

    def _hear(self, word: str) -> None:
        if word == _READ:
            self._news.tell()
        else:
            self._wake()

    def _wake(self) -> None:
        for wake in self.workers:
            wake()
