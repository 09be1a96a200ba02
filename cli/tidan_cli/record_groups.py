"""The groups of commands about titles, invoices and policies: what they have in common, named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from tidan_cli.options import example

if TYPE_CHECKING:
    from tidan_node.domain.packages import RecordKind  # heavy, and only a name here


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """One group, and how its help speaks of its records."""

    app: typer.Typer
    kind: RecordKind
    argument: Any  # Any: typer's annotation of the argument that names a record
    one: str
    """As in "a title"."""
    sample: str
    """The first digits of an id, as examples have it."""
    file: str
    """What examples call a package of it."""

    def add(self, name: str, command: Callable[..., None], meaning: str, words: str = "") -> None:
        """Add a command whose parameter `record`, where it has one, is a record of this kind."""
        if "record" in command.__annotations__:
            command.__annotations__["record"] = self.argument
        command.__doc__ = meaning
        line = f"tidan {self.kind} {name} {words or self.sample}"
        self.app.command(name, epilog=example(line))(command)
