"""`tidan title|invoice|policy package` and `receive`: what a record's next holder needs, as a
file. Nodes send each other the same package by themselves; a file is for a node that cannot be
reached."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, connected
from tidan_cli.documents import file_bytes
from tidan_cli.failures import Answered, FileExists, FileUnusable
from tidan_cli.identifiers import COLLECTIONS, whole_id
from tidan_cli.options import AsJson, Home, IdempotencyKey, Node
from tidan_cli.output import Terminal, facts
from tidan_cli.private_files import write_private
from tidan_cli.record_groups import RecordGroup

if TYPE_CHECKING:
    from tidan_node.domain.packages import RecordKind  # heavy, and only a name here

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; ID.tidan when left out."),
]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")]
PackageFile = Annotated[Path, typer.Argument(metavar="FILE", help="The package as it came to you.")]


def register(group: RecordGroup) -> None:
    """Add `package` and `receive` to a group."""

    def package(
        record: str,
        output: Output = None,
        *,
        force: Force = False,
        node: Node = None,
        home: Home = None,
        as_json: AsJson = False,
    ) -> None:
        write_package(
            group.kind, record, output, force=force, node=node, home=home, as_json=as_json
        )

    group.add(
        "package",
        package,
        f"Write the package of {group.one}: document, salts and proofs, for a party that is to hold"
        " it.\n\nIt holds the document in clear: give it to nobody else.",
        f"{group.sample} -o {group.file}",
    )

    def receive(
        file: PackageFile,
        idempotency_key: IdempotencyKey = None,
        node: Node = None,
        home: Home = None,
        as_json: AsJson = False,
    ) -> None:
        take_in(file, idempotency_key=idempotency_key, node=node, home=home, as_json=as_json)

    group.add(
        "receive",
        receive,
        "Take in a package: the node checks it against the chain, and refuses what does not match.",
        group.file,
    )


def write_package(
    kind: RecordKind,
    typed: str,
    output: Path | None,
    *,
    force: bool,
    node: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Ask the node for the package of this record and write it, for its owner's eyes alone."""
    collection = COLLECTIONS[kind]
    with connected(node, home) as client:
        whole = whole_id(client, collection, typed)
        path = output or Path(f"{whole[2:14]}.tidan")
        if not force and (path.exists() or path.is_symlink()):
            raise _taken(path)
        content = client.content(f"/v1/{collection}/{whole}/package")
    try:
        write_private(path, content, replace=force)
    except FileExistsError as error:
        raise _taken(path) from error
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}", field="--output") from error
    answer = {
        kind: whole,
        "file": str(path.absolute()),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    Terminal(as_json=as_json).answer(answer, lambda console: _written(console, kind, answer))


def take_in(
    file: Path,
    *,
    idempotency_key: str | None,
    node: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Hand a package file to the node, which finds out by itself what it is of."""
    from tidan_node.domain.packages import MEDIA_TYPE  # noqa: PLC0415  heavy

    content = file_bytes(file)
    with connected(node, home) as client:
        try:
            answer = client.post_raw(
                "/v1/packages", content, media_type=MEDIA_TYPE, idempotency_key=idempotency_key
            )
        except Answered as refusal:
            if refusal.answered != "package-malformed":
                raise
            raise FileUnusable(
                f"{file} is no package, as `tidan title package -o FILE` writes one:"
                f" {refusal.detail}",
                field=str(file),
            ) from refusal
    Terminal(as_json=as_json).answer(answer, lambda console: _received(console, answer))


def _taken(path: Path) -> FileExists:
    return FileExists(f"{path} is there already; --force writes over it", field="--output")


def _written(console: Console, kind: RecordKind, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"wrote {answer['file']}"))
    console.print(
        facts(((kind, answer[kind]), ("bytes", answer["bytes"]), ("sha256", answer["sha256"])))
    )


def _received(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text("the package is what the chain says it is"))
    console.print(
        facts(
            (
                (answer["kind"], answer["record"]),
                ("content root", answer["root"]),
                ("numbering", answer["numbering"]),
            )
        )
    )
