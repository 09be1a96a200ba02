"""The chapter of recovery: of five members two lose their keys, and a third is nearly robbed."""

from __future__ import annotations

from typing import Any, Final

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, REGULATOR, Chamber, Member
from tidan_cli.demo.deciding import Council
from tidan_cli.demo.decisions import close_decisions
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.regulator import audit
from tidan_cli.exits import ExitCode
from tidan_cli.failures import StepFailed

Document = dict[str, Any]  # Any: what a command answers, as JSON

CAST: Final = (CARRIER, BANK, INSURER, BUYER, REGULATOR)
LOST: Final = (CARRIER, INSURER)
_KEY: Final = "account.json"


class Recovery:
    """The bank is the villain of the piece; the buyer has lost nothing."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts
        self._council = Council(acts)

    def tell(self) -> Document:
        seized = self._seize()
        self._acts.timeline.heading("Two of the five lose their keys")
        added = {member: self._lose(member) for member in LOST}
        self._acts.timeline.heading("The three others give them new accounts")
        numbers = [self._recover(member, added[member]) for member in LOST]
        self._council.wait()
        for member, number in zip(LOST, numbers, strict=True):
            words = f"gives the {member.key} its new account"
            self._council.execute(BUYER, words, number)
        self._council.refused(BANK, "tries to take the buyer's accounts", seized)
        self._acts.timeline.heading("The two act again")
        for member in LOST:
            self._return(member)
        suspended = self._suspend()
        return {
            "council": self._read("council", "show"),
            "proposals": self._read("council", "list")["items"],
            "accounts": {member.key: account for member, account in added.items()},
            "recoveries": numbers,
            "seizure": seized,
            "suspension": suspended,
            "audit": audit(self._acts, []),
        }

    def _seize(self) -> int:
        """Three of five suffice to recover a party that is gone, and not one that is there."""
        self._acts.timeline.heading("A recovery that nobody asked for")
        number = self._propose_recovery(
            BANK, BUYER, self._account_made_by(BANK), "the buyer is said to have lost its key"
        )
        self._council.decide(
            number, approvers=(CARRIER, REGULATOR), words=f"believes it, and approves {number}"
        )
        objected = self._council.object_to(
            BUYER, "objects: its key is not lost", number, "we have our key, and act with it"
        )
        if (objected["approvalsCounted"], objected["approvalsNeeded"]) != (3, 4):
            raise StepFailed("the objection did not raise the approvals that are needed to four")
        return number

    def _lose(self, member: Member) -> str:
        """Its node has no key to start with any more. It makes another, which nobody knows yet."""
        with self._acts.timeline.step(member.part, "loses the key of its account") as note:
            self._acts.stage.stop_node(member)
            (self._acts.stage.home_of(member) / _KEY).unlink()
            note.what = "loses the key of its account, and with it its node"
        self._acts.refused(
            member, "starts its node without", "node", "serve", expected=ExitCode.USAGE
        )
        return self._account_made_by(member)

    def _account_made_by(self, member: Member) -> str:
        with self._acts.timeline.step(member.part, "makes a new account") as note:
            outcome = self._acts.command(note, member, "party", "rotate-key", "--prepare")
        return str(outcome.answer["account"])

    def _recover(self, member: Member, added: str) -> int:
        number = self._propose_recovery(BUYER, member, added, "its key is lost, as it told us all")
        self._council.decide(
            number, approvers=(BANK, REGULATOR), words=f"approves proposal {number}"
        )
        return number

    def _propose_recovery(self, proposer: Member, lost: Member, added: str, reason: str) -> int:
        return self._council.propose(
            proposer,
            f"proposes another account for the {lost.key}",
            *("party", "recover", lost.identifier, "--added", added, "--reason", reason),
        )

    def _return(self, member: Member) -> None:
        with self._acts.timeline.step(member.part, "starts its node again") as note:
            self._acts.command(note, member, "party", "rotate-key", "--adopt")
            self._acts.stage.start_node(member)
            self._acts.stage.await_ready(member)
            note.what = "starts its node again, with the new key"

    def _suspend(self) -> int:
        """What the two do first, each by its new account."""
        carrier, insurer = LOST
        number = self._council.propose(
            insurer,
            "proposes to suspend the bank",
            *(
                "party",
                "suspend",
                BANK.identifier,
                "--reason",
                "it reached for the buyer's account",
            ),
        )
        self._council.decide(
            number, approvers=(carrier, BUYER), words=f"approves proposal {number}"
        )
        self._council.wait()
        self._council.execute(carrier, "suspends the bank, as decided", number)
        return number

    def _read(self, *words: str) -> Document:
        return self._acts.read(BUYER, *words)


RECOVERY: Final = Chapter(
    name="recovery",
    cast=CAST,
    chamber=Chamber(CAST, threshold=3),
    tell=lambda acts: Recovery(acts).tell(),
    close=close_decisions,
    codes={},
)
