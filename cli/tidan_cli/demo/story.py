"""The story itself: who does what with a title, its invoices and its policy, one act at a time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import BANK, BUYER, CARRIER, INSURER, SHIPPER, Member
from tidan_cli.demo.dossier import Dossier
from tidan_cli.demo.falsehoods import require_named
from tidan_cli.demo.holders import holders, pledges
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
        """Issued, given to the bank as security, sold to the buyer, and taken in.

        A bank that finds papers false which are known to be will not have the title."""
        self._acts.timeline.heading(f"{bill.reference}, a bill of lading of kind {bill.kind}")
        title = self._issue(bill)
        invoices = [self._register(each, title) for each in self._dossier.invoices_of(bill)]
        secure = self._pledge if bill.can_be_pledged else self._hand_over
        check = secure(title, bill, invoices)
        if not self._dossier.falsehoods:
            self._deliver(title)
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
            "pledges": pledges(history["acts"]),
            "acts": history["acts"],
        }

    def _pledge(self, title: str, bill: Bill, invoices: list[str]) -> Document:
        """The shipper keeps the title and sells it; it goes nowhere without the bank, which lets
        it go once the buyer has paid."""
        self._acts.change(
            SHIPPER,
            "pledges the title to the bank",
            *("title", "pledge", title, "--to", BANK.identifier),
        )
        self._acts.arrives(SHIPPER, BANK, title, "the bill of lading")
        self._show(invoices)
        if self._dossier.falsehoods:
            return self._found_false(title, bill, "declines the pledge", "decline-pledge")
        self._assign(bill)
        check = self._check(title, bill)
        accepts = "accepts the pledge: the title is its security"
        self._acts.change(BANK, accepts, "title", "accept-pledge", title)
        self._offer(title, SHIPPER, BUYER, "of the goods")
        self._acts.refused(BUYER, "tries to accept without the bank", "title", "accept", title)
        self._acts.change(BANK, "consents to the offer", "title", "consent", title)
        self._accept(title, BUYER, "control is its own, the pledge stays")
        self._settle(invoices)
        self._acts.change(
            BANK, "is paid, and releases the pledge", "title", "release-pledge", title
        )
        return check

    def _hand_over(self, title: str, bill: Bill, invoices: list[str]) -> Document:
        """A title that the shipper cannot pledge, since it is the buyer's: the bank itself holds
        it until the buyer has paid."""
        self._offer(title, SHIPPER, BANK, "as security")
        self._show(invoices)
        if self._dossier.falsehoods:
            return self._found_false(title, bill, "declines the title", "decline")
        self._accept(title, BANK, "holds the title as security")
        self._acts.refused(
            SHIPPER,
            "tries to sell it once more",
            *("title", "offer", title, "--to", BUYER.identifier),
        )
        self._assign(bill)
        check = self._check(title, bill)
        self._offer(title, BANK, BUYER, "who has paid")
        self._accept(title, BUYER, "control is its own now")
        self._settle(invoices)
        return check

    def _found_false(self, title: str, bill: Bill, words: str, act: str) -> Document:
        check = self._check(title, bill)
        require_named(check, self._dossier.falsehoods)
        self._acts.change(BANK, words, "title", act, title)
        return check

    def _show(self, invoices: list[str]) -> None:
        for invoice in invoices:
            self._acts.shows(SHIPPER, BANK, ("invoice", invoice), "its invoice")

    def _settle(self, invoices: list[str]) -> None:
        for invoice in invoices:
            self._acts.change(SHIPPER, "settles the invoice", "invoice", "settle", invoice)

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
        """Offered is all that the giver has: of a bill to order, possession and title."""
        self._acts.change(
            giver,
            f"offers the title to the {taker.key} {purpose}",
            *("title", "offer", title, "--to", taker.identifier),
        )
        self._acts.arrives(giver, taker, title, "the bill of lading")

    def _accept(self, title: str, taker: Member, words: str) -> None:
        self._acts.change(taker, f"accepts: {words}", "title", "accept", title)

    def _assign(self, bill: Bill) -> None:
        """A policy has one loss payee; of several titles the first that it covers brings it."""
        if self._policy is None or self._assigned or not self._dossier.policy_covers(bill):
            return
        self._assigned = True
        self._acts.change(
            SHIPPER,
            "assigns the policy to the bank",
            *("policy", "assign", self._policy, "--to", BANK.identifier),
        )
        self._acts.arrives(SHIPPER, BANK, self._policy, "the policy")

    def _check(self, title: str, bill: Bill) -> Document:
        papers = self._papers_for(bill)
        with self._acts.timeline.step(BANK.part, "checks the trade against its papers") as note:
            outcome = self._acts.command(
                note,
                BANK,
                *("check", "trade", title, "--papers", papers),
                expected=_CHECKED,
            )
            counts = outcome.answer["counts"]
            told = f"{counts['pass']} rules pass, {counts['finding']} find something"
            note.what = f"checks the trade: {told}"
        return outcome.answer

    def _deliver(self, title: str) -> None:
        """The title goes back against the cargo."""
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
