"""`history --proven`: the node holds a history against the chain, and its heads are computed again
here, from the acts that the answer has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import HistoryNotProven
from tidan_cli.identifiers import COLLECTIONS, whole_id
from tidan_cli.output import counted, printable
from tidan_cli.teaching import teaching

if TYPE_CHECKING:
    from tidan_node.domain.history import Act  # heavy, and only a name here
    from tidan_node.domain.packages import RecordKind  # as above

ToBeProven = Annotated[
    bool,
    typer.Option(
        "--proven",
        help="Have the node hold it against the chain, and compute the heads again here. Where"
        " anything differs, nothing is shown but the first act that does.",
    ),
]


def history_of(client: NodeClient, kind: RecordKind, typed: str, *, proven: bool) -> Document:
    """The history that the node answers with; where it is to be proven, the proof is checked."""
    collection = COLLECTIONS[kind]
    whole = whole_id(client, collection, typed)
    with teaching(kind, typed):
        answer = client.get(f"/v1/{collection}/{whole}/history", proof="true" if proven else None)
    if proven:
        _require_proof(kind, whole, answer)
    return answer


def tell_proof(console: Console, answer: Document) -> None:
    """What proves the history, where it was to be proven."""
    proof = answer.get("proof")
    if proof:
        words = f"proven against head {proof['head']} at block {proof['block']}: "
        words += f"{counted(proof['seq'], 'act')}, none missing"
        console.print(Text("✓ ", style="green") + Text(printable(words)))


def _require_proof(kind: RecordKind, record: str, answer: Document) -> None:
    """An answer is anybody's JSON: what is missing in it, or of another kind, proves nothing."""
    from tidan_node.domain.history import FIRST_HEAD, next_head  # noqa: PLC0415  heavy

    if not answer.get("proof"):
        raise HistoryNotProven("the node's answer has no proof with it", field="proof")
    try:
        proof, head = answer["proof"], FIRST_HEAD
        pairs = zip(answer["acts"], proof["acts"], strict=True)
        for seq, (shown, hashed) in enumerate(pairs, start=1):
            before, act = head, _act(kind, hashed)
            head = next_head(head, act)
            links = (hashed["headBefore"], hashed["head"], act.seq)
            if links != (before, head, seq) or _told(shown) != _said(act, head):
                raise HistoryNotProven(f"act {seq} does not lead to the head after it", seq=seq)
        ends = (answer[kind], answer["head"], proof["head"], proof["seq"])
        if ends != (record, head, head, len(answer["acts"])):
            raise HistoryNotProven(f"the acts lead to the head {head}, not to the one in the proof")
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise HistoryNotProven("what the node answers is no proof", field="proof") from error


def _act(kind: RecordKind, hashed: Mapping[str, Any]) -> Act:  # Any: JSON
    from tidan_node.domain.history import Act, InvoiceAct, PolicyAct  # noqa: PLC0415  heavy
    from tidan_node.domain.identifiers import PartyIndex, to_bytes  # noqa: PLC0415  as above
    from tidan_node.domain.titles import TitleAct  # noqa: PLC0415  as above

    kinds: dict[str, type[TitleAct | InvoiceAct | PolicyAct]]
    kinds = {"title": TitleAct, "invoice": InvoiceAct, "policy": PolicyAct}
    detail = to_bytes(hashed["detail"])
    if len(detail) != 32:
        raise ValueError("a detail is a word")
    actor = PartyIndex(hashed["actor"])
    return Act(kinds[kind](hashed["act"]), hashed["seq"], actor, hashed["time"], detail)


def _told(shown: Mapping[str, Any]) -> tuple[object, ...]:  # Any: JSON
    """What the history shows of an act, as far as the head has it."""
    by = 0 if shown["by"] is None else shown["by"]["index"]
    return shown["seq"], shown["act"], by, shown["at"], shown["head"]


def _said(act: Act, head: str) -> tuple[object, ...]:
    from tidan_node.domain.chain_time import moment  # noqa: PLC0415  heavy

    return act.seq, act.kind.name, act.actor, moment(act.time), head
