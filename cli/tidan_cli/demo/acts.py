"""What somebody does in the story: one real command, and one line of the timeline."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Any

from tidan_cli.client import NodeClient
from tidan_cli.demo.cast import Member
from tidan_cli.demo.commands import Outcome, tidan
from tidan_cli.demo.stage import Stage
from tidan_cli.demo.timeline import Note, Timeline
from tidan_cli.exits import ExitCode
from tidan_cli.failures import StepFailed

Document = dict[str, Any]  # Any: the JSON that a command printed

_ENDED = frozenset({"delivered", "received", "refused", "expired"})
_ARRIVED = frozenset({"delivered", "received"})


class Acts:
    """Carries out the story's acts on its stage, and writes each down."""

    def __init__(self, stage: Stage, timeline: Timeline) -> None:
        self.stage = stage
        self.timeline = timeline

    def change(self, member: Member, words: str, *arguments: str | Path) -> Outcome:
        """One act on the chain, and then every node has seen its block."""
        with self.timeline.step(member.part, words) as note:
            outcome = self.command(note, member, *arguments)
            # What registers an invoice may link it, too, in transactions of their own.
            links = outcome.answer.get("links", [])
            note.on_chain(links[-1]["operation"] if links else outcome.answer["operation"])
            if note.block is not None:
                self.stage.everyone_has_seen(note.block)
        return outcome

    def refused(
        self,
        member: Member,
        words: str,
        *arguments: str | Path,
        expected: ExitCode = ExitCode.REFUSED,
    ) -> None:
        """An act that the rules do not allow: the node says why, and nothing changes."""
        with self.timeline.step(member.part, words) as note:
            outcome = self.command(note, member, *arguments, expected=expected)
            note.refusal = outcome.slug
            note.what = f"{words}: refused ({outcome.slug})"

    def shows(self, giver: Member, taker: Member, record: tuple[str, str], what: str) -> None:
        """A record's package goes to whoever is to see it, beside those who get it anyway."""
        kind, record_id = record
        with self.timeline.step(giver.part, f"shows the {taker.key} {what}") as note:
            shared = self.command(note, giver, kind, "share", record_id, "--to", taker.identifier)
            if shared.answer["status"] not in _ARRIVED:
                raise StepFailed(f"{what} did not arrive: {shared.answer['problem']}")

    def arrives(self, giver: Member, taker: Member, record: str, what: str) -> None:
        """The package of a record has come to the next party's node, which checked and kept it."""

        waits = ["nothing was sent"]

        def has_ended(client: NodeClient) -> bool:
            items = client.listed("/v1/parcels", direction="out", record=record)["items"]
            sent = [each for each in items if each["party"]["name"] == taker.name]
            waits[:] = [
                str(each["problem"] or "not tried yet")
                for each in sent
                if each["status"] not in _ENDED
            ]
            return bool(sent) and not waits

        with self.timeline.step(taker.part, f"receives {what}") as note:
            try:
                self.stage.until(giver, has_ended, f"did not deliver {what}")
            except StepFailed as failed:
                told = ", ".join(waits) or "nothing was sent"
                raise StepFailed(f"{failed.detail} to the {taker.key}: {told}") from failed
            outcome = self.command(
                note, taker, "parcel", "list", "--direction", "in", "--record", record
            )
            parcel = outcome.answer["items"][0]
            if parcel["status"] not in _ARRIVED:
                raise StepFailed(f"the {taker.key} refused {what}: {parcel['problem']}")
            note.what = f"receives {what} from the {giver.key}'s node"

    def read(self, member: Member, *arguments: str | Path) -> Document:
        """What a member's node answers; no line of the timeline."""
        return tidan(*arguments, "--home", self.stage.home_of(member)).answer

    def command(
        self,
        note: Note,
        member: Member,
        *arguments: str | Path,
        expected: ExitCode | Container[int] = ExitCode.DONE,
    ) -> Outcome:
        """One command at a member's node."""
        outcome = tidan(*arguments, "--home", self.stage.home_of(member), expected=expected)
        note.command = outcome.command
        return outcome
