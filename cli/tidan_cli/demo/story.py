"""The story itself: who does what with a title, an invoice and a policy, one `tidan` at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tidan_cli.demo.cast import BUYER, CARRIER, INSURER, SHIPPER, Member
from tidan_cli.demo.commands import Outcome, tidan
from tidan_cli.demo.dossier import Bill, Dossier
from tidan_cli.demo.holders import holders
from tidan_cli.demo.stage import Stage
from tidan_cli.demo.timeline import Note, Timeline
from tidan_cli.exits import ExitCode

Document = dict[str, Any]  # Any: the JSON that a command printed


class Story:
    """Tells the story on a stage that is set, and keeps what came of it."""

    def __init__(self, stage: Stage, timeline: Timeline) -> None:
        self._stage = stage
        self._timeline = timeline

    def title(self, bill: Bill) -> Document:
        """A title's whole way: issued, handed on twice, surrendered, answered, and audited."""
        self._timeline.heading(f"{bill.number}, a bill of lading of kind {bill.kind}")
        title = self._issue(bill)
        self._hand_over(title, CARRIER, SHIPPER, lesson=True)
        self._hand_over(title, SHIPPER, BUYER)
        self._change(BUYER, "surrenders the title for delivery", "title", "surrender", title)
        self._change(
            CARRIER, "takes it in and releases the cargo", "title", "answer", title, "--accept"
        )
        history = self._history(title)
        return {
            "title": title,
            "number": bill.number,
            "document": bill.path.name,
            "kind": bill.kind,
            "status": history["status"],
            "holders": holders(history["acts"]),
            "acts": history["acts"],
            "audits": self._audits(title),
        }

    def papers(self, dossier: Dossier) -> Document:
        """The invoice by its seller and the policy by its insurer, where the dossier has them."""
        told: Document = {"invoice": None, "policy": None}
        if dossier.invoice is not None or dossier.policy is not None:
            self._timeline.heading("The cargo's other papers")
        if dossier.policy is not None:
            outcome = self._change(
                INSURER,
                "issues the cargo policy",
                *("policy", "issue", dossier.policy, "--insured", SHIPPER.identifier),
            )
            told["policy"] = outcome.answer["policy"]
        if dossier.invoice is not None:
            outcome = self._change(
                SHIPPER,
                "registers the commercial invoice",
                *("invoice", "register", dossier.invoice, "--buyer", BUYER.identifier),
            )
            told["invoice"] = outcome.answer["invoice"]
        return told

    def _issue(self, bill: Bill) -> str:
        holder = bill.titleholder
        made_out = () if holder is None else ("--titleholder", holder.identifier)
        outcome = self._change(CARRIER, "issues it", "title", "issue", bill.path, *made_out)
        return str(outcome.answer["title"])

    def _hand_over(self, title: str, giver: Member, taker: Member, *, lesson: bool = False) -> None:
        """Package, offer, acceptance: control moves in the last act, and only with the package."""
        package = self._stage.folder / "packages" / f"{title[2:14]}.{giver.key}.tidan"
        with self._timeline.step(giver.part, "writes the package for the next holder") as note:
            self._command(note, giver, "title", "package", title, "-o", package)
            note.what = "packs document, salts and numbering proof"
        self._change(
            giver,
            f"offers it to the {taker.key}",
            *("title", "offer", title, "--to", taker.identifier),
        )
        if lesson:
            self._refused_without_package(title, taker)
        with self._timeline.step(taker.part, "checks the package against the chain") as note:
            self._command(note, taker, "title", "receive", package)
            note.what = "receives the package: its root is the chain's"
        self._change(taker, "accepts: control is its own now", "title", "accept", title)

    def _refused_without_package(self, title: str, taker: Member) -> None:
        with self._timeline.step(taker.part, "tries to accept unseen") as note:
            outcome = self._command(
                note, taker, "title", "accept", title, expected=ExitCode.REFUSED
            )
            note.refusal = outcome.slug
            note.what = f"tries to accept unseen: refused ({outcome.slug})"

    def _history(self, title: str) -> Document:
        with self._timeline.step(BUYER.part, "reads the history back") as note:
            outcome = self._command(note, BUYER, "title", "history", title)
            shown = tidan("title", "show", title, "--home", self._stage.home_of(BUYER))
            acts = outcome.answer["acts"]
            note.what = f"reads back {len(acts)} acts; the title is {shown.answer['status']}"
        return {"acts": acts, "status": shown.answer["status"]}

    def _audits(self, title: str) -> list[Document]:
        """Every node's answer against the chain alone; the three are asked at once."""
        members = (CARRIER, SHIPPER, BUYER)
        with self._timeline.step("Everyone", "audits the title against the chain") as note:
            with ThreadPoolExecutor(len(members)) as pool:
                outcomes = list(
                    pool.map(
                        lambda member: tidan(
                            "audit", "title", title, "--home", self._stage.home_of(member)
                        ),
                        members,
                    )
                )
            note.command = outcomes[0].command
            note.what = f"{len(members)} audits: the nodes say what the chain says"
        return [
            {"node": member.key, **outcome.answer}
            for member, outcome in zip(members, outcomes, strict=True)
        ]

    def _change(self, member: Member, words: str, *arguments: str | Path) -> Outcome:
        """One act on the chain, and then every node has seen its block."""
        with self._timeline.step(member.part, words) as note:
            outcome = self._command(note, member, *arguments)
            note.on_chain(outcome.answer["operation"])
            if note.block is not None:
                self._stage.everyone_has_seen(note.block)
        return outcome

    def _command(
        self,
        note: Note,
        member: Member,
        *arguments: str | Path,
        expected: ExitCode = ExitCode.DONE,
    ) -> Outcome:
        outcome = tidan(*arguments, "--home", self._stage.home_of(member), expected=expected)
        note.command = outcome.command
        return outcome
