"""The Council's part in a story: proposals, approvals, and the clock that is put forward."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import Member

Document = dict[str, Any]  # Any: the JSON that a command printed

DELAY: Final = "24h"


class Council:
    """What members decide together, each act a line of the timeline."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    def propose(self, member: Member, words: str, *arguments: str | Path) -> int:
        """The number of what a member proposes, and approves with that."""
        outcome = self._acts.change(member, words, *arguments)
        return int(outcome.answer["proposal"]["number"])

    def approve(self, member: Member, words: str, number: int) -> Document:
        """The proposal once this member has approved it, too."""
        return self._proposal(member, words, "approve", str(number))

    def object_to(self, member: Member, words: str, number: int, reason: str) -> Document:
        """The proposal once the party that would lose its accounts has said no."""
        return self._proposal(member, words, "object", str(number), "--reason", reason)

    def refused(self, member: Member, words: str, number: int) -> None:
        """A member tries to carry out what does not stand."""
        self._acts.refused(member, words, "council", "execute", str(number))

    def execute(self, member: Member, words: str, number: int) -> Document:
        """The proposal once it is carried out."""
        return self._proposal(member, words, "execute", str(number))

    def wait(self) -> None:
        """The delay of the Council passes; only the embedded chain's clock can be put forward."""
        with self._acts.timeline.step("Chain", "its clock is put forward") as note:
            note.command = self._acts.stage.advance_clock(DELAY)
            note.what = f"{DELAY} pass: its clock is put forward"

    def enrol(self, newcomers: Sequence[Member], *, proposer: Member, approver: Member) -> None:
        """New members, each by a proposal of its own; all wait at the same time."""
        self._acts.timeline.heading("The Council lets the others in")
        numbers = {
            each: self.propose(
                proposer,
                f"proposes to enrol {each.name}",
                *("party", "enrol", self._acts.stage.card_of(each)),
            )
            for each in newcomers
        }
        for each, number in numbers.items():
            self.approve(approver, f"approves proposal {number}: {each.name}", number)
        self.wait()
        for each, number in numbers.items():
            self.execute(proposer, f"enrols {each.name}, as decided", number)

    def decide(self, number: int, *, approvers: Sequence[Member], words: str) -> Document:
        """The proposal once all of these have approved it, too."""
        proposals = [self.approve(each, words, number) for each in approvers]
        return proposals[-1]

    def _proposal(self, member: Member, words: str, act: str, *arguments: str) -> Document:
        outcome = self._acts.change(member, words, "council", act, *arguments)
        proposal: Document = outcome.answer["proposal"]
        return proposal
