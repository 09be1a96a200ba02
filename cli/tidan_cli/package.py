"""`tidan title package|receive`: what a title's next holder needs, as a file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, connected
from tidan_cli.documents import file_bytes
from tidan_cli.failures import FileUnusable
from tidan_cli.identifiers import whole_id
from tidan_cli.options import AsJson, Home, IdempotencyKey, Node, TitleArgument, example
from tidan_cli.output import Terminal, facts
from tidan_cli.private_files import write_private

MEDIA_TYPE = "application/vnd.tidan.package+json"


def register(app: typer.Typer) -> None:
    """Add these commands to the group of titles."""
    app.command("package", epilog=example("tidan title package 3f2a91c0 -o bl.tidan"))(package)
    app.command("receive", epilog=example("tidan title receive bl.tidan"))(receive)


def package(
    title: TitleArgument,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write; TITLE.tidan when left out."
        ),
    ] = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the package of a title: document, salts and numbering proof, for its next holder.

    It holds the document in clear: give it to nobody else."""
    with connected(node, home) as client:
        whole = whole_id(client, "titles", title)
        content = client.content(f"/v1/titles/{whole}/package")
    path = output or Path(f"{whole[2:14]}.tidan")
    try:
        write_private(path, content)
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}", field="--output") from error
    answer = {
        "title": whole,
        "file": str(path.absolute()),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    Terminal(as_json=as_json).answer(answer, lambda console: _written(console, answer))


def receive(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The package as it came to you.")],
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take in a package: the node checks it against the chain, and refuses what does not match."""
    content = file_bytes(file)
    with connected(node, home) as client:
        answer = client.post_raw(
            "/v1/packages", content, media_type=MEDIA_TYPE, idempotency_key=idempotency_key
        )
    Terminal(as_json=as_json).answer(answer, lambda console: _received(console, answer))


def _written(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text(f"wrote {answer['file']}"))
    console.print(
        facts(
            (("title", answer["title"]), ("bytes", answer["bytes"]), ("sha256", answer["sha256"]))
        )
    )


def _received(console: Console, answer: Document) -> None:
    console.print(Text("✓ ", style="green") + Text("the package is what the chain says it is"))
    console.print(
        facts(
            (
                ("title", answer["title"]),
                ("content root", answer["root"]),
                ("numbering", answer["numbering"]),
            )
        )
    )
