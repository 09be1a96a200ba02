"""`tidan title amend|split|combine|switch`: a carrier puts other titles in the place of those that
were surrendered for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tidan_cli.client import Document, NodeClient
from tidan_cli.documents import body_of, json_text, json_texts
from tidan_cli.failures import UsageProblem
from tidan_cli.following import Asked, Errand
from tidan_cli.identifiers import whole_id
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    ExpectedSeq,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    TitleArgument,
    Wait,
    example,
)
from tidan_cli.output import short
from tidan_cli.record_groups import RecordGroup
from tidan_cli.teaching import teaching
from tidan_cli.title_sequels import after_several


class AmendmentReason(StrEnum):
    """Why a title is surrendered for amendment, and replaced."""

    CORRECTION = "CORRECTION"
    CHANGE_OF_DESTINATION = "CHANGE_OF_DESTINATION"
    SPLIT = "SPLIT"
    COMBINATION = "COMBINATION"
    SWITCH = "SWITCH"
    TO_PAPER = "TO_PAPER"
    OTHER = "OTHER"


DocumentArgument = Annotated[
    Path, typer.Argument(metavar="DOCUMENT", help="The new transport document (JSON, DCSA).")
]
Consignee = Annotated[
    str | None,
    typer.Option(
        "--titleholder",
        metavar="PARTY",
        help="Another consignee of a straight bill that its consignee does not hold yet.",
    ),
]
Why = Annotated[
    AmendmentReason,
    typer.Option("--reason", case_sensitive=False, help="Why; it stands on the chain."),
]


def register(group: RecordGroup) -> None:
    """Add these commands to the group of titles."""
    group.app.command("amend", epilog=example("tidan title amend 3f2a91c0 corrected.json"))(amend)
    group.app.command("split", epilog=example("tidan title split 3f2a91c0 one.json two.json"))(
        split
    )
    group.app.command(
        "combine", epilog=example("tidan title combine 3f2a91c0 77ab02de --into whole.json")
    )(combine)
    group.app.command("switch", epilog=example("tidan title switch 3f2a91c0 switched.json"))(switch)


def amend(
    title: TitleArgument,
    document: DocumentArgument,
    *,
    titleholder: Consignee = None,
    reason: Why = AmendmentReason.CORRECTION,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Replace a title that was surrendered for it by the amended one, as who has issued it.

    For a correction, another destination or other reasons; the successor of a revoked carrier does
    not amend. The document has the same number, and a transportDocumentSubReference never used
    before. Old and new change places in one act; possessor and kind stay, and without
    --titleholder the titleholder. The new title's package goes to its possessor by itself."""
    body = {
        "document": json_text(document),
        "titleholder": titleholder,
        "reason": reason.value,
        "expectedSeq": expected_seq,
    }
    _run(
        Errand(node, home, as_json, wait, timeout, idempotency_key),
        title,
        _replacing(title, "amendments", body, "amended"),
    )


def split(
    title: TitleArgument,
    documents: Annotated[
        list[Path],
        typer.Argument(metavar="DOCUMENT…", help="2 to 50 transport documents (JSON, DCSA)."),
    ],
    *,
    reason: Why = AmendmentReason.SPLIT,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Replace a title that was surrendered for it by several, each for a part of the cargo.

    Each document has a number of its own; one of them may keep the old number under another
    sub-reference. That the parts are the whole is the carrier's statement."""
    body = {
        "documents": json_texts(documents),
        "reason": reason.value,
        "expectedSeq": expected_seq,
    }
    _run(
        Errand(node, home, as_json, wait, timeout, idempotency_key),
        title,
        _replacing(title, "splits", body, "split"),
        {"documents": [str(each) for each in documents]},
    )


def combine(
    titles: Annotated[
        list[str],
        typer.Argument(metavar="TITLE…", help="2 to 50 titles: ids, first digits or B/L numbers."),
    ],
    *,
    into: Annotated[
        Path, typer.Option(metavar="DOCUMENT", help="The new transport document (JSON, DCSA).")
    ],
    reason: Why = AmendmentReason.COMBINATION,
    expected_seqs: Annotated[
        list[int] | None,
        typer.Option(
            "--expected-seq",
            metavar="N",
            min=1,
            help="Act only if the titles have had exactly so many acts: once for each, in order.",
        ),
    ] = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Replace several titles that were surrendered for it by one, as their carrier.

    They have the same possessor, titleholder and kind, and the new one has these too."""
    if expected_seqs and len(expected_seqs) != len(titles):
        raise UsageProblem("give --expected-seq once for each title", field="--expected-seq")
    document = json_text(into)

    def ask(client: NodeClient, key: str) -> Asked:
        ids = [whole_id(client, "titles", each) for each in titles]
        for place, each in enumerate(ids):
            if each in ids[:place]:
                raise UsageProblem(f"{titles[place]} is named twice", field="TITLE")
        body = {
            "titles": ids,
            "expectedSeqs": expected_seqs or None,
            "document": document,
            "reason": reason.value,
        }
        accepted = client.post_raw("/v1/title-combinations", body_of(body), idempotency_key=key)
        return _asked(accepted, f"combined {', '.join(map(short, ids))}")

    _run(
        Errand(node, home, as_json, wait, timeout, idempotency_key),
        titles[0],
        ask,
        {"titles": titles, "expectedSeqs": titles},
    )


def switch(
    title: TitleArgument,
    document: DocumentArgument,
    *,
    titleholder: Consignee = None,
    reason: Why = AmendmentReason.SWITCH,
    expected_seq: ExpectedSeq = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Replace a title that was surrendered for it by a bill of another number (switch B/L)."""
    body = {
        "document": json_text(document),
        "titleholder": titleholder,
        "reason": reason.value,
        "expectedSeq": expected_seq,
    }
    _run(
        Errand(node, home, as_json, wait, timeout, idempotency_key),
        title,
        _replacing(title, "switches", body, "switched"),
        act="switch",
    )


def _run(
    errand: Errand,
    title: str,
    ask: Callable[[NodeClient, str], Asked],
    lists: Mapping[str, Sequence[str]] | None = None,
    *,
    act: str = "",
) -> None:
    with teaching("title", title, lists, act=act):
        errand.run(ask)


def _replacing(
    title: str, path: str, body: Mapping[str, object], done: str
) -> Callable[[NodeClient, str], Asked]:
    def ask(client: NodeClient, key: str) -> Asked:
        id_ = whole_id(client, "titles", title)
        accepted = client.post_raw(f"/v1/titles/{id_}/{path}", body_of(body), idempotency_key=key)
        return _asked(accepted, f"{done} {short(id_)}")

    return ask


def _asked(accepted: Document, done: str) -> Asked:
    successors: list[str] = accepted["titles"]
    return Asked(accepted, f"{done}: now {', '.join(successors)}", after_several(successors))
