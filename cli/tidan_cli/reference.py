"""`docs/cli.md`, written from the commands themselves: `python -m tidan_cli.reference`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from typer.main import get_command

from tidan_cli import failures
from tidan_cli.exits import MEANINGS
from tidan_cli.main import app
from tidan_node.problems import Problem

_HEAD = """# The command line

<!-- Written by `python -m tidan_cli.reference`; a test compares it with the commands. -->

`tidan COMMAND --help` says the same on the screen.

**Programs** add `--json`: standard output then holds exactly one JSON document, the answer, and
nothing else. Whenever the exit code is not 0, standard error holds one JSON document, a problem
(RFC 9457); only where Ctrl-C came before anything was sent (130) it holds nothing. An answer and a
problem come together where the exit code is 4 (the pending operation), 5 (the audit), 6 or 7 (the
check of a trade), and where an audit's report could not be signed.

**Which node:** `--home DIR` (a home made by `tidan node init`, which holds the URL and a key), or
`--node URL` with the key in `TIDAN_API_KEY`; without either, `TIDAN_NODE_URL` with
`TIDAN_API_KEY`, then `TIDAN_NODE_HOME`.

**Ids** may be shortened to their first 8 or more hexadecimal digits, where only one record begins
so. In place of an id stands the number of the document (of the B/L, the invoice, the policy), where
the node holds it and the key may read it. A **PARTY** is its number on the chain, an identifier
(`LEI:…`), a code (`SMDG:…`) or its exact name. `tidan title watch --json` goes on, and so prints
one JSON document a line.

**Changes** wait until the operation has ended on the chain. Each request carries an idempotency
key: repeat a command that was cut off with the `--idempotency-key` that it told you, and it is
carried out once.
"""


def reference() -> str:
    """The whole page."""
    parts = [_HEAD, _exit_codes()]
    for words, command in commands():
        parts.append(_section(words, command))
    parts.append(_problems())
    return "\n".join(parts)


def commands(
    group: Any = None, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that lead to it. (Any: typer keeps these classes to itself.)"""
    group = get_command(app) if group is None else group
    for name, command in group.commands.items():
        path = (*words, name)
        if not hasattr(command, "commands"):
            yield path, command
            continue
        if command.invoke_without_command:
            yield path, command
        yield from commands(command, path)


def _exit_codes() -> str:
    rows = "\n".join(f"| {code.value} | {words} |" for code, words in MEANINGS.items())
    return f"## Exit codes\n\n| code | means |\n|---|---|\n{rows}\n"


def _section(words: tuple[str, ...], command: Any) -> str:  # Any: as above
    usage = " ".join(["tidan", *words, *(_usage(each) for each in _arguments(command))])
    text = cleandoc(command.help or "")
    example = (command.epilog or "").removeprefix("Example: ").replace("  ·  ", "\n")
    rows = "\n".join(_row(each) for each in command.params if not getattr(each, "hidden", False))
    return (
        f"## tidan {' '.join(words)}\n\n{text}\n\n```console\n{example}\n```\n\n"
        f"`{usage} [OPTIONS]`\n\n| | |\n|---|---|\n{rows}\n"
    )


def _arguments(command: Any) -> list[Any]:  # Any: as above
    return [each for each in command.params if each.param_type_name == "argument"]


def _usage(argument: Any) -> str:  # Any: as above
    name = argument.metavar or argument.name.upper()
    return str(name if argument.required else f"[{name}]")


def _row(parameter: Any) -> str:  # Any: as above
    if parameter.param_type_name == "argument":
        names = f"`{parameter.metavar or parameter.name.upper()}`"
    else:
        flags = ", ".join([*parameter.opts, *parameter.secondary_opts])
        metavar = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
        names = f"`{flags}{metavar}`"
    note = " Required." if parameter.required else ""
    if isinstance(parameter.default, int | float | str) and not parameter.is_flag:
        note = f" Default: {parameter.default}."
    return f"| {names} | {parameter.help or ''}{note} |"


def _problems() -> str:
    """The problems that the command line itself can tell; a node's are on the node."""
    kinds = [
        kind
        for kind in vars(failures).values()
        if isinstance(kind, type) and issubclass(kind, Problem) and "slug" in vars(kind)
    ]
    rows = "\n".join(
        f"| `{kind.slug}` | {kind.title} |" for kind in sorted(kinds, key=lambda kind: kind.slug)
    )
    return (
        "## Problems of the command line itself\n\n"
        "A node's problems have their pages on the node (`/v1/problems`).\n\n"
        f"| type | means |\n|---|---|\n{rows}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(reference())
