"""`tidan council propose KIND …`: what a member can propose, one command a kind.

`tidan party` has some of them where people look for them; platforms are beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

import typer

from tidan_cli.following import Errand
from tidan_cli.options import (
    DEFAULT_TIMEOUT,
    AsJson,
    Home,
    IdempotencyKey,
    Node,
    Timeout,
    Wait,
    example,
)
from tidan_cli.proposals import proposing, teaching

app = typer.Typer(
    no_args_is_help=True,
    help="Propose a decision to the Council, as a member; your party approves it with that.",
)

Party = Annotated[
    str, typer.Argument(metavar="PARTY", help="Its number, an identifier, a code or its name.")
]
Reason = Annotated[
    str,
    typer.Option("--reason", metavar="TEXT", help="Why; it stands on the chain for all to read."),
]
_SUCCEEDS: Final = (
    "Who answers for it from then on: an active party with all of the roles CARRIER and BANK that"
    " it has (CARRIER, where it has neither)."
)
RoleNames = Annotated[
    list[str], typer.Option("--role", metavar="ROLE", help="One role; repeat the option for more.")
]


def _of_party(kind: str, done: str, meaning: str) -> Callable[..., None]:
    """A command that needs nothing but the party and the reason."""

    def command(
        party: Party,
        *,
        reason: Reason,
        wait: Wait = True,
        timeout: Timeout = DEFAULT_TIMEOUT,
        idempotency_key: IdempotencyKey = None,
        node: Node = None,
        home: Home = None,
        as_json: AsJson = False,
    ) -> None:
        body = {"kind": kind, "party": party, "reason": reason}
        with teaching():
            Errand(node, home, as_json, wait, timeout, idempotency_key).run(
                proposing(body, done.format(party))
            )

    command.__doc__ = meaning
    return command


suspend = _of_party(
    "suspend", "suspend {}", "Propose that a party may only decline and surrender for a while."
)
reinstate = _of_party("reinstate", "reinstate {}", "Propose that a suspended party acts again.")
add_seat = _of_party(
    "add-seat", "give {} a seat in the Council", "Propose a member more in the Council."
)
remove_seat = _of_party(
    "remove-seat", "take the Council's seat from {}", "Propose a member less in the Council."
)


def revoke(
    party: Party,
    *,
    reason: Reason,
    successor: Annotated[str | None, typer.Option(metavar="PARTY", help=_SUCCEEDS)] = None,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose that a party is a member no more, for ever.

    Its successor answers the surrenders of its titles, and releases the pledges that it has."""
    body = {"kind": "revoke", "party": party, "successor": successor, "reason": reason}
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            proposing(body, f"revoke {party}")
        )


def name_successor(
    party: Party,
    *,
    successor: Annotated[str, typer.Option(metavar="PARTY", help=_SUCCEEDS)],
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose who answers for a revoked party: surrenders of its titles, pledges that it has."""
    body = {"kind": "name-successor", "party": party, "successor": successor, "reason": reason}
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            proposing(body, f"let {successor} answer the surrenders of {party}")
        )


def change_roles(
    party: Party,
    *,
    role: RoleNames,
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose all roles that a party has from then on."""
    roles = [each.upper() for each in role]
    body = {"kind": "change-roles", "party": party, "roles": roles, "reason": reason}
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            proposing(body, f"make {party} {' and '.join(roles)}")
        )


def register_code(
    party: Party,
    *,
    code: Annotated[str, typer.Option(metavar="LIST:CODE", help="The code, as SMDG:MSC.")],
    key: Annotated[
        str, typer.Option(metavar="HEX", help="Its numbering key: 0x and 33 bytes of hex.")
    ],
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose one code more for a party, with its key for ever."""
    body = {"kind": "register-code", "party": party, "code": code, "key": key, "reason": reason}
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            proposing(body, f"register {code} for {party}")
        )


def recover(
    party: Party,
    *,
    added: Annotated[
        str, typer.Option("--added", metavar="ADDRESS", help="The account that acts for it then.")
    ],
    reason: Reason,
    wait: Wait = True,
    timeout: Timeout = DEFAULT_TIMEOUT,
    idempotency_key: IdempotencyKey = None,
    node: Node = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Propose another account for a party that has lost its own: all others end.

    The party can object with any account that it still has; then all other members must approve.
    `tidan party rotate-key --prepare` makes the new account in the party's node home."""
    body = {"kind": "recover", "party": party, "added": added, "reason": reason}
    with teaching():
        Errand(node, home, as_json, wait, timeout, idempotency_key).run(
            proposing(body, f"end every account of {party}, and let {added} act for it")
        )


_KINDS: Final = (
    ("suspend", suspend, "7 --reason 'sanctions review'"),
    ("reinstate", reinstate, "7 --reason 'review closed'"),
    ("revoke", revoke, "7 --successor 3 --reason 'left the consortium'"),
    ("name-successor", name_successor, "7 --successor 3 --reason 'took over the line'"),
    ("change-roles", change_roles, "7 --role TRADER --reason 'no bank any more'"),
    ("register-code", register_code, "7 --code SMDG:ABC --key 0x02… --reason 'a second line'"),
    ("recover", recover, "7 --added 0x2b… --reason 'key lost'"),
    ("add-seat", add_seat, "7 --reason 'the insurers want a voice'"),
    ("remove-seat", remove_seat, "7 --reason 'left the consortium'"),
)
for _name, _command, _said in _KINDS:
    app.command(_name, epilog=example(f"tidan council propose {_name} {_said}"))(_command)


def register_party_commands(group: typer.Typer) -> None:
    """Add to `tidan party` what is proposed about parties."""
    for name, command, said in _KINDS:
        if name in ("suspend", "reinstate", "revoke", "recover"):
            group.command(name, epilog=example(f"tidan party {name} {said}"))(command)
