"""`tidan`: the groups of commands, and the one place where a command's failure becomes its end."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from typing import Annotated

import typer
from typer.main import get_group

from tidan_cli import (
    approval,
    audit,
    chain,
    chain_validator,
    check,
    council,
    credential,
    deploy,
    invoice,
    invoice_acts,
    key,
    network,
    node,
    node_accounts,
    node_backup,
    node_status,
    operation,
    operation_batch,
    package,
    parcel,
    party,
    platform,
    policy,
    policy_acts,
    search,
    sharing,
    title,
    title_acts,
    title_alarms,
    title_crossings,
    title_issues,
    title_paper,
    title_pledges,
    title_replacements,
    title_signed_acts,
    user,
    watching,
    webhook,
)
from tidan_cli.collecting import collect_seldom
from tidan_cli.demo import command as demo
from tidan_cli.exits import MEANINGS, ExitCode, exit_code_of
from tidan_cli.failures import UsageProblem
from tidan_cli.options import TitleArgument
from tidan_cli.output import ReaderGone, Terminal, write_json
from tidan_cli.record_groups import RecordGroup
from tidan_node import __version__
from tidan_node.problems import Problem

HELP = (
    "Electronic bills of lading, invoices and cargo policies on a consortium's ledger.\n\n"
    "`tidan demo` shows the whole story on this machine. `--json` on any command prints one JSON"
    " document on standard output, and nothing else; a problem goes to standard error."
)
EXITS = "Exit codes:\n\n" + "\n".join(
    f"- {code.value}: {words}" for code, words in MEANINGS.items()
)

app = typer.Typer(
    name="tidan",
    help=HELP,
    epilog=EXITS,
    add_completion=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def tidan(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    as_json: Annotated[bool, typer.Option("--json", hidden=True)] = False,
) -> None:
    """Options that stand before a command."""
    if version:
        if as_json:
            write_json({"version": __version__})
        else:
            typer.echo(f"tidan {__version__}")
        raise typer.Exit
    if as_json:
        raise UsageProblem("--json goes after the command that it is for", field="--json")
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(int(ExitCode.USAGE))


deploy.register(chain.app)
chain_validator.register(chain.app)
titles = RecordGroup(title.app, "title", TitleArgument, "a title", "3f2a91c0", "bl.tidan")
package.register(titles)
sharing.register(titles, sharing.BEFORE_AN_OFFER)
title_issues.register(titles)
title_acts.register(titles)
title_pledges.register(titles)
title_replacements.register(titles)
title_paper.register(titles)
title_crossings.register(titles)
title_signed_acts.register(titles)
node_accounts.register(node.app)
node_backup.register(node.app)
node_status.register(node.app)
operation_batch.register(operation.app)
watching.register(title.app)
title_alarms.register(title.app)
invoice_acts.register(invoice.app)
policy_acts.register(policy.app)
for name, group in {
    "chain": chain.app,
    "network": network.app,
    "node": node.app,
    "party": party.app,
    "council": council.app,
    "platform": platform.app,
    "credential": credential.app,
    "title": title.app,
    "invoice": invoice.app,
    "policy": policy.app,
    "parcel": parcel.app,
    "operation": operation.app,
    "webhook": webhook.app,
    "approval": approval.app,
    "user": user.app,
    "key": key.app,
    "audit": audit.app,
    "check": check.app,
    "demo": demo.app,
}.items():
    app.add_typer(group, name=name)
search.register(app)


@cache
def _commands() -> typer.core.TyperGroup:
    return get_group(app)


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and give its exit code; expected failures are told in words."""
    terminal = Terminal(as_json="--json" in arguments)
    try:
        code = _commands().main(args=list(arguments), prog_name="tidan", standalone_mode=False)
    except Problem as problem:
        terminal.problem(problem)
        return exit_code_of(problem)
    except typer.TyperException as error:
        return _tell_usage(terminal, error)
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except ReaderGone:
        # What is still in the buffer must not be tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    except Exception as error:
        return _tell_fault(terminal, error)
    return int(code or 0)


def main() -> None:
    """The entry point of the installed command."""
    collect_seldom()
    sys.exit(int(run(sys.argv[1:])))


def _tell_usage(terminal: Terminal, error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "tidan"
    message = error.format_message().replace("Value error, ", "")  # a word of a library
    if not message:  # a group without a command has printed its help
        return ExitCode.USAGE
    terminal.problem(UsageProblem(f"{message} (see `{command} --help`)"))
    return ExitCode.USAGE


def _tell_fault(terminal: Terminal, error: Exception) -> int:
    if os.environ.get("TIDAN_TRACE"):
        traceback.print_exception(error)
    detail = f"{type(error).__name__}: {error}; TIDAN_TRACE=1 shows where"
    terminal.problem(Problem(detail))
    return ExitCode.FAULT


if __name__ == "__main__":
    main()
