"""A proposal on the screen, and the step that it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.text import Text

from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import Answered
from tidan_cli.following import Asked, Sequel
from tidan_cli.output import facts, printable, table
from tidan_cli.spans import span_in_words

PROPOSALS: Final = "/v1/council/proposals"
JUST_ADVANCED: Final = (
    "; where you have just done so, run this again in a moment: the node reads that block first"
)
_NEXT: Final = {
    "not-seated": "`tidan council show` names the members, who alone propose and approve",
    "council-not-founded": "whoever deployed the contracts enrols parties itself until"
    " `tidan council found`",
    "approvals-missing": "a member that has not approved it runs `tidan council approve {number}`",
    "not-approved": "`tidan council show {number}` names who has approved it",
    "too-early": "`tidan council show {number}` says from when on; only the clock of the embedded"
    " chain can be put forward (`tidan chain advance 24h`)" + JUST_ADVANCED,
    "already-proposed": "approve that one: `tidan council list`, `tidan council approve`",
    "already-decided": "`tidan council show {number}` names the one that did it; what is wanted"
    " again a member proposes anew: `tidan council propose`",
    "proposal-lapsed": "a member proposes it anew: `tidan council propose`",
    "not-the-subject": "`tidan council show {number}` names the party that may object",
    "rotation-open": "`tidan party rotate-key --complete` ends it, or --cancel",
    "account-taken": "`tidan party list` shows who is enrolled; accounts are never used again, so"
    " a party brings one that was in nobody's use",
}
_PASSED_BY: Final = (
    "account-taken",
    "code-taken",
    "party-status-refused",
    "party-revoked",
    "party-not-revoked",
    "successor-unfit",
    "already-seated",
    "seat-unknown",
    "seat-count-unfit",
    "anchor-unknown",
    "anchor-withdrawn",
    "recognition-expired",
)
"""Why a registry can refuse what was approved."""

EXECUTION_STEPS: Final = dict.fromkeys(
    _PASSED_BY,
    "things have changed since it was proposed: let it lapse, and propose what is still wanted anew"
    " (`tidan council propose`)",
)


def proposing(body: Mapping[str, object], done: str) -> Callable[[NodeClient, str | None], Asked]:
    """Asks for a proposal; what is None is not sent. Once it is there, its number is told."""

    def ask(client: NodeClient, key: str | None) -> Asked:
        present = {name: value for name, value in body.items() if value is not None}
        accepted = client.post(PROPOSALS, present, idempotency_key=key)
        return Asked(accepted, f"proposed: {done}", _made_by(accepted["operation"]["id"]))

    return ask


def acting_on(
    number: int, act: str, done: str, body: Mapping[str, object] | None = None
) -> Callable[[NodeClient, str | None], Asked]:
    """Asks for an act on a proposal, and then tells how it stands."""

    def ask(client: NodeClient, key: str | None) -> Asked:
        path = f"{PROPOSALS}/{number}/{act}"
        accepted = client.post(path, dict(body or {}), idempotency_key=key)
        return Asked(accepted, f"{done} proposal {number}", _as_it_stands(number))

    return ask


@contextmanager
def teaching(
    number: int | None = None, *, steps: Mapping[str, str] | None = None
) -> Iterator[None]:
    """A refusal of the node says what to do next; `steps` are those that are others here."""
    try:
        yield
    except Answered as refusal:
        slug = str(refusal.document().get("type", "")).rsplit("/", 1)[-1]
        step = (_NEXT | dict(steps or {})).get(slug)
        if step is not None:
            refusal.next_step = step.format(number="N" if number is None else number)
        raise


def next_step(proposal: Document) -> str:
    """How far it is, and who does what next."""
    number, status = proposal["number"], proposal["status"]
    counted, needed = proposal["approvalsCounted"], proposal["approvalsNeeded"]
    far = f"{counted} of {needed} approvals"
    if status == "EXECUTED":
        return f"executed {proposal['executedAt']}"
    if status == "SUPERSEDED":
        return (
            f"superseded: proposal {proposal['supersededBy']} has done the same; what is wanted"
            " again is proposed anew"
        )
    if status == "LAPSED":
        return f"lapsed {proposal['lapsesAt']}; it can only be proposed anew"
    if proposal["executableFrom"] is None or counted < needed:
        return f"{far}; next: a member runs `tidan council approve {number}`"
    return (
        f"{far}; executable from {proposal['executableFrom']} until {proposal['lapsesAt']}:"
        f" `tidan council execute {number}`"
    )


def objection_step(proposal: Document) -> str | None:
    """That the party concerned can still say no, while it can."""
    subject = proposal["subject"]
    if subject is None or proposal["objection"] or proposal["status"] not in ("OPEN", "APPROVED"):
        return None
    return f"{subject['name']} may say no: `tidan council object {proposal['number']} --reason …`"


def tell_proposal(console: Console, proposal: Document) -> None:
    approvals = ", ".join(
        each["party"]["name"] + ("" if each["counts"] else " (counts no more)")
        for each in proposal["approvals"]
    )
    objection = proposal["objection"]
    console.print(
        facts(
            (
                ("proposal", f"{proposal['number']}: {proposal['words']}"),
                ("reason", proposal["reason"]),
                ("status", proposal["status"]),
                ("proposed", f"{proposal['proposedAt']} by {proposal['proposer']['name']}"),
                ("approvals", approvals),
                (
                    "objection",
                    None if objection is None else f"{objection['at']}: {objection['reason']}",
                ),
                ("next", next_step(proposal)),
                ("objecting", objection_step(proposal)),
                *((_spaced(name), _said(value)) for name, value in proposal["details"].items()),
                ("fault", proposal["fault"]),
                ("as of", as_of_words(proposal["asOf"]) if "asOf" in proposal else None),
            )
        )
    )


def tell_proposals(console: Console, proposals: list[Document]) -> None:
    rows = ((each["number"], each["status"], each["words"], next_step(each)) for each in proposals)
    console.print(table(("no.", "status", "what", "next"), rows))


def tell_page(console: Console, page: Document) -> None:
    tell_proposals(console, page["items"])
    console.print(Text(f"  as of {as_of_words(page['asOf'])}", style="dim"))


def as_of_words(as_of: Document) -> str:
    """Which block it was true at, and when that was: a node also answers while its chain stands."""
    return f"block {as_of['block']}, {as_of['time']}"


def tell_council(console: Console, council: Document) -> None:
    if not council["founded"]:
        console.print(Text("The Council is not founded: who deployed the contracts decides alone."))
        console.print(Text("  tidan council found CARD… --chain-home DIR", style="dim"))
        return
    terms = council["terms"]
    seats = [
        each["party"]["name"]
        + f" ({each['party']['index']})"
        + ("" if each["status"] == "ACTIVE" else f", {each['status']}: does not count")
        for each in council["seats"]
    ]
    console.print(
        facts(
            (
                ("members", "; ".join(seats)),
                ("decide", f"{terms['threshold']} of {len(seats)}"),
                ("delay", span_in_words(terms["delay"])),
                ("objection window", span_in_words(terms["objectionWindow"])),
                ("founded", council["foundedAt"]),
                ("fault", council["fault"]),
                ("as of", as_of_words(council["asOf"])),
            )
        )
    )


def _made_by(operation: str) -> Sequel:
    def sequel(client: NodeClient, _: float) -> tuple[Document, str]:
        items = client.get(PROPOSALS, operation=operation)["items"]
        if not items:  # the chain has taken the block back meanwhile
            return {"proposal": None}, "see `tidan council list`"
        return _standing(items[0])

    return sequel


def _as_it_stands(number: int) -> Sequel:
    return lambda client, _: _standing(client.get(f"{PROPOSALS}/{number}"))


def _standing(proposal: Document) -> tuple[Document, str]:
    words = [f"proposal {proposal['number']}: {next_step(proposal)}", objection_step(proposal)]
    return {"proposal": proposal}, "; ".join(each for each in words if each)


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)


def _said(value: object) -> str | None:
    if isinstance(value, Mapping):
        return str(value.get("name", ", ".join(f"{k} {v}" for k, v in value.items())))
    if isinstance(value, list):
        return ", ".join(str(_said(each)) for each in value) or None
    return None if value is None else printable(str(value))
