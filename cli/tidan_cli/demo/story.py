"""The story itself: who does what with a title, its invoices and its policy, one act at a time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, SHIPPER, Member
from tidan_cli.demo.dossier import Dossier
from tidan_cli.demo.falsehoods import require_named
from tidan_cli.demo.holders import holders
from tidan_cli.demo.papers import Bill, InvoicePaper
from tidan_cli.exits import ExitCode
from tidan_cli.output import counted

Document = dict[str, Any]  # Any: the JSON that a command printed

_CHECKED = frozenset({ExitCode.DONE, ExitCode.FINDINGS, ExitCode.INCOMPLETE})


class Story:
    """Tells the story of one dossier, and keeps what came of it."""

    def __init__(self, acts: Acts, dossier: Dossier) -> None:
        self._acts = acts
        self._dossier = dossier
        self._policy: str | None = None
        self._assigned = False

    def tell(self) -> Document:
        """The policy, then the whole way of each title."""
        if self._dossier.policy is not None:
            self._acts.timeline.heading("The cargo is insured")
            self._policy = self._insure(self._dossier.policy.path)
        titles = [self._title(bill) for bill in self._dossier.bills]
        return {"policy": self._policy, "titles": titles}

    def _title(self, bill: Bill) -> Document:
        """Issued, given to the bank as security, passed on to the buyer, and taken in.

        A bank that finds papers false which are known to be declines the title instead."""
        self._acts.timeline.heading(f"{bill.reference}, a bill of lading of kind {bill.kind}")
        title = self._issue(bill)
        invoices = [self._register(each, title) for each in self._dossier.invoices_of(bill)]
        self._offer(title, SHIPPER, BANK, "as security")
        for invoice in invoices:
            self._acts.shows(SHIPPER, BANK, ("invoice", invoice), "its invoice")
        if self._dossier.falsehoods:
            check = self._check(title, bill, holder=SHIPPER)
            require_named(check, self._dossier.falsehoods)
            self._acts.change(BANK, "declines the title", "title", "decline", title)
        else:
            self._accept(title, BANK, "holds the title as security")
            self._acts.refused(
                SHIPPER,
                "tries to sell it once more",
                *("title", "offer", title, "--to", BUYER.identifier),
            )
            if self._dossier.policy_covers(bill):
                self._assign()
            check = self._check(title, bill, holder=BANK)
            self._deliver(title, invoices)
        history = self._history(title)
        return {
            "title": title,
            "number": bill.reference,
            "document": bill.path.name,
            "kind": bill.kind,
            "status": history["status"],
            "invoices": invoices,
            "check": check,
            "holders": holders(history["acts"]),
            "acts": history["acts"],
        }

    def _insure(self, policy: Path) -> str:
        outcome = self._acts.change(
            INSURER,
            "issues the cargo policy to the shipper",
            *("policy", "issue", policy, "--insured", SHIPPER.identifier),
        )
        policy_id = str(outcome.answer["policy"])
        self._acts.arrives(INSURER, SHIPPER, policy_id, "the policy")
        return policy_id

    def _issue(self, bill: Bill) -> str:
        holder = bill.titleholder
        made_out = () if holder is None else ("--titleholder", holder.identifier)
        outcome = self._acts.change(
            CARRIER,
            "issues the e-B/L to the shipper",
            *("title", "issue", bill.path, "--possessor", SHIPPER.identifier, *made_out),
        )
        title = str(outcome.answer["title"])
        self._acts.arrives(CARRIER, SHIPPER, title, "the bill of lading")
        return title

    def _register(self, invoice: InvoicePaper, title: str) -> str:
        outcome = self._acts.change(
            SHIPPER,
            "registers its invoice, linked to the title",
            *("invoice", "register", invoice.path, "--buyer", BUYER.identifier),
            *("--title", title),
        )
        invoice_id = str(outcome.answer["invoice"])
        self._acts.arrives(SHIPPER, BUYER, invoice_id, "the invoice")
        self._acts.change(BUYER, "accepts the invoice", "invoice", "accept", invoice_id)
        return invoice_id

    def _offer(self, title: str, giver: Member, taker: Member, purpose: str) -> None:
        """Offered is all that the giver has: of a bill to order, possession and title. A bank that
        had possession alone could hold the bill, and could not pass its title on."""
        self._acts.change(
            giver,
            f"offers the title to the {taker.key} {purpose}",
            *("title", "offer", title, "--to", taker.identifier),
        )
        self._acts.arrives(giver, taker, title, "the bill of lading")

    def _accept(self, title: str, taker: Member, words: str) -> None:
        self._acts.change(taker, f"accepts: {words}", "title", "accept", title)

    def _assign(self) -> None:
        """A policy has one loss payee; of several titles the first that it covers brings it."""
        if self._policy is None or self._assigned:
            return
        self._assigned = True
        self._acts.change(
            SHIPPER,
            "assigns the policy to the bank",
            *("policy", "assign", self._policy, "--to", BANK.identifier),
        )
        self._acts.arrives(SHIPPER, BANK, self._policy, "the policy")

    def _check(self, title: str, bill: Bill, *, holder: Member) -> Document:
        papers = self._papers_for(bill)
        with self._acts.timeline.step(BANK.part, "checks the trade against its papers") as note:
            outcome = self._acts.command(
                note,
                BANK,
                *("check", "trade", title, "--papers", papers, "--holder", holder.identifier),
                expected=_CHECKED,
            )
            counts = outcome.answer["counts"]
            told = f"{counts['pass']} rules pass, {counts['finding']} find something"
            note.what = f"checks the trade: {told}"
        return outcome.answer

    def _deliver(self, title: str, invoices: list[str]) -> None:
        """The buyer has paid: the title is its own, and goes back against the cargo."""
        self._offer(title, BANK, BUYER, "who has paid")
        self._accept(title, BUYER, "control is its own now")
        for invoice in invoices:
            self._acts.change(SHIPPER, "settles the invoice", "invoice", "settle", invoice)
        self._acts.change(BUYER, "surrenders the title for delivery", "title", "surrender", title)
        self._acts.change(
            CARRIER, "takes it in and releases the cargo", "title", "answer", title, "--accept"
        )

    def _history(self, title: str) -> Document:
        with self._acts.timeline.step(SHIPPER.part, "reads the history back") as note:
            outcome = self._acts.command(note, SHIPPER, "title", "history", title)
            acts = outcome.answer["acts"]
            shown = self._acts.command(note, SHIPPER, "title", "show", title)
            read = counted(len(acts), "act")
            note.what = f"reads back {read}; the title is {shown.answer['status']}"
        return {"acts": acts, "status": shown.answer["status"]}

    def _papers_for(self, bill: Bill) -> Path:
        """What the bank was given with this title: every paper but the bills of other titles."""
        others = {other.path for other in self._dossier.bills} - {bill.path}
        folder = self._acts.stage.folder / "papers" / bill.path.stem
        folder.mkdir(parents=True)
        for paper in self._dossier.papers:
            if paper not in others:
                shutil.copy(paper, folder / paper.name)
        return folder
