"""What acts on invoices and on policies have in common: the request, and the next step after a
refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal

from tidan_cli.client import NodeClient
from tidan_cli.failures import Answered
from tidan_cli.following import Asked, Sequel
from tidan_cli.identifiers import whole_id

Paper = Literal["invoice", "policy"]

COLLECTIONS: Final[dict[Paper, str]] = {"invoice": "invoices", "policy": "policies"}
_NEXT: Final = {
    "package-missing": "its content must be here first: `tidan parcel list` shows what has come,"
    " `tidan {paper} receive FILE` takes in a file",
    "wrong-status": "`tidan {paper} history {id}` tells what has happened to it",
    "stale-seq": "look at it again: `tidan {paper} show {id}`",
    "already-linked": "`tidan invoice show {id}` lists its titles",
    "title-unknown": "`tidan title list` shows the titles that the node knows",
    "not-the-buyer": "`tidan invoice show {id}` names its buyer, who alone may do this",
    "not-the-seller": "`tidan invoice show {id}` names its seller, who alone may do this",
    "not-the-insurer": "`tidan policy show {id}` names its insurer, who alone may do this",
    "not-the-insured": "`tidan policy show {id}` names its insured, who alone may do this",
    "endorsement-refused": "`tidan policy issue` makes another policy",
}


def act_on(
    paper: Paper,
    typed: str,
    path: str,
    body: Mapping[str, object],
    done: Callable[[str], str],
    *,
    sequel: Callable[[str], Sequel] | None = None,
) -> Callable[[NodeClient, str | None], Asked]:
    """Asks for one act on the record that was typed; what is None is not sent."""

    def ask(client: NodeClient, idempotency_key: str | None) -> Asked:
        id_ = whole_id(client, COLLECTIONS[paper], typed)
        present = {name: value for name, value in body.items() if value is not None}
        accepted = client.post(
            f"/v1/{COLLECTIONS[paper]}/{id_}/{path}", present, idempotency_key=idempotency_key
        )
        return Asked(accepted, done(id_), None if sequel is None else sequel(id_))

    return ask


@contextmanager
def teaching(paper: Paper, typed: str) -> Iterator[None]:
    """A refusal of the node says what to do next."""
    try:
        yield
    except Answered as refusal:
        slug = str(refusal.document().get("type", "")).rsplit("/", 1)[-1]
        step = _NEXT.get(slug)
        if step is not None:
            refusal.next_step = step.format(paper=paper, id=typed)
        raise
