"""What acts on titles, invoices and policies have in common: the request, and the commands that
need nothing but the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.console import Console

from tidan_cli.client import Document, NodeClient, connected
from tidan_cli.deadlines import chain_deadline
from tidan_cli.documents import body_of
from tidan_cli.following import Asked, Errand, Sequel
from tidan_cli.identifiers import COLLECTIONS, whole_id
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    ExpectedSeq,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    Wait,
)
from tidan_cli.output import Terminal, short
from tidan_cli.proven_history import ToBeProven, history_of, tell_proof
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title import history_table

if TYPE_CHECKING:
    from tidan_node.domain.packages import RecordKind  # heavy, and only a name here


def act_on(
    kind: RecordKind,
    typed: str,
    path: str,
    body: Mapping[str, object],
    done: Callable[[str], str],
    *,
    until: str | None = None,
    sequel: Callable[[str], Sequel] | None = None,
) -> Callable[[NodeClient, str | None], Asked]:
    """Asks for one act on the record that was typed; what is None is not sent.

    `until`, as typed, goes as the deadline, on the chain's clock."""

    def ask(client: NodeClient, idempotency_key: str | None) -> Asked:
        collection = COLLECTIONS[kind]
        id_ = whole_id(client, collection, typed)
        ends = {} if until is None else {"deadline": chain_deadline(client, until)}
        accepted = client.post_raw(
            f"/v1/{collection}/{id_}/{path}",
            body_of({**body, **ends}),
            idempotency_key=idempotency_key,
        )
        return Asked(accepted, done(id_), None if sequel is None else sequel(id_))

    return ask


def add_plain_act(group: RecordGroup, name: str, path: str, done: str, meaning: str) -> None:
    """Add a command whose act needs nothing but the record."""

    def command(
        record: str,
        *,
        expected_seq: ExpectedSeq = None,
        wait: Wait = True,
        timeout: Timeout = DEFAULT_TIMEOUT,
        idempotency_key: IdempotencyKey = None,
        node: Node = None,
        home: Home = None,
        as_json: AsJson = False,
    ) -> None:
        body = {"expectedSeq": expected_seq}
        with teaching(group.kind, record, act=name):
            Errand(node, home, as_json, wait, timeout, idempotency_key).run(
                act_on(group.kind, record, path, body, lambda id_: f"{done} {short(id_)}")
            )

    group.add(name, command, meaning)


def add_history(group: RecordGroup, said: Callable[[Document], str]) -> None:
    """Add `history`; `said` puts the details of an act into words."""

    def history(
        record: str,
        *,
        proven: ToBeProven = False,
        node: Node = None,
        home: Home = None,
        as_json: AsJson = False,
    ) -> None:
        with connected(node, home) as client:
            answer = history_of(client, group.kind, record, proven=proven)

        def tell(console: Console) -> None:
            console.print(history_table(answer["acts"], said))
            tell_proof(console, answer)

        Terminal(as_json=as_json).answer(answer, tell)

    group.add(
        "history",
        history,
        f"Show every act on {group.one}: what, by whom, when, in which block and transaction.",
    )
