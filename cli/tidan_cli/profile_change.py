"""A step of a renewal: the profile says something else, and the chain has it before the next."""

from __future__ import annotations

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import AwaitsApproval, StillPending, UsageProblem
from tidan_cli.following import ENDED, await_end

_REPEAT = "repeat the command: it goes on where it was"


def own_party(client: NodeClient) -> Document:
    """The party of the node, as the node reads the chain."""
    party: Document | None = client.get("/v1/me")["party"]
    if party is None:
        raise UsageProblem("the node's party is not enrolled yet", field="--home")
    return party


def change_profile(client: NodeClient, members: Document, timeout: float) -> None:
    """Have these members changed, and wait until the chain has them. What takes longer, or waits
    for others of the party, is raised: the command is to be repeated then."""
    try:
        accepted = client.post("/v1/profile", members)
    except AwaitsApproval as waits:
        waits.next_step = f"{waits.next_step}; once it is done, {_REPEAT}"
        raise
    operation = await_end(client, accepted["operation"], timeout)
    if operation["status"] not in ENDED:
        raise StillPending(
            f"operation {operation['id']} is {operation['status']}; once it has ended, {_REPEAT}",
            operation=operation["id"],
        )
