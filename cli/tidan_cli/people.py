"""The people of a party: which of them is meant, and whether enough are left who approve."""

from __future__ import annotations

import re
from typing import Final

from tidan_cli.client import NodeClient
from tidan_cli.failures import Answered, IdentifierAmbiguous, UsageProblem
from tidan_cli.output import Terminal

_WHOLE: Final = re.compile(r"[0-9a-f]{16}")
_ME: Final = "me"


def whole_user(client: NodeClient, typed: str, *, field: str = "USER") -> str:
    """The id of the one person that is meant, by its id, how that begins, or the exact name."""
    begins = typed.rstrip("…")
    known = client.listed("/v1/users")["items"]
    named = [each["id"] for each in known if each["name"] == typed]
    found = named or [each["id"] for each in known if begins and each["id"].startswith(begins)]
    if len(found) > 1:
        raise IdentifierAmbiguous(f"{len(found)} users are meant: {', '.join(found[:5])}")
    if not found:
        raise UsageProblem("nobody is meant by this; `tidan user list` shows them", field=field)
    return str(found[0])


def key_owner(client: NodeClient, typed: str) -> str:
    """Whose key is to be made: oneself, who need not be able to list people, or as above."""
    if typed == _ME or _WHOLE.fullmatch(typed):
        return typed
    return whole_user(client, typed, field="--user")


def warn_of_no_approvers(client: NodeClient, terminal: Terminal) -> None:
    """Said at once where fewer are left who approve than the rules need: what is asked for from
    then on, to enable somebody again too, would wait for nobody."""
    try:
        rules = client.get("/v1/approval-rules")
    except Answered:  # the change is done; the key may not cover the look
        return
    strictest = max((each["approvers"] for each in rules["items"]), default=0)
    if rules["able"] < strictest:
        terminal.note(
            f"{rules['able']} can approve now, and the rules need {strictest}: what needs more than"
            " there are cannot be done, and nobody is enabled or made a CHECKER by that;"
            " `tidan approval reset` on the node's machine drops the rules"
        )
