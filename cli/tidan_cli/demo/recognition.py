"""The chapter of recognition: a user of a second platform acts in the name of its party."""

from __future__ import annotations

from typing import Any, Final

from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import CARRIER, REGULATOR, SHIPPER, Chamber
from tidan_cli.demo.commands import Outcome, tidan
from tidan_cli.demo.deciding import Council
from tidan_cli.demo.decisions import close_decisions
from tidan_cli.demo.dossier import Dossier, own_dossier
from tidan_cli.demo.other_platform import CODE, OtherPlatform
from tidan_cli.demo.performance import Chapter
from tidan_cli.demo.regulator import audit
from tidan_cli.exits import ExitCode

Document = dict[str, Any]  # Any: what a command answers, as JSON

CAST: Final = (CARRIER, SHIPPER, REGULATOR)
ACTS: Final = ("documents:read", "operations:read", "records:read", "titles:act")
_USER: Final = "A user"


class Recognition:
    """The shipper's people work on another platform, and have no key of the shipper's node."""

    def __init__(self, acts: Acts, dossier: Dossier) -> None:
        self._acts = acts
        self._council = Council(acts)
        self._bill = dossier.bills[0]
        self._platform = OtherPlatform(acts.stage.folder / "other-platform")

    def tell(self) -> Document:
        title = self._offered_title()
        self._recognise()
        session = self._sign_in()
        self._acts.timeline.heading("It acts in the name of the shipper")
        with self._acts.timeline.step(_USER, "reads the bill of lading") as note:
            shown = self._as_user("title", "show", title)
            note.command = shown.command
            note.what = f"reads the bill of lading {shown.answer['number']}"
        with self._acts.timeline.step(_USER, "accepts the title for the shipper") as note:
            accepted = self._as_user("title", "accept", title)
            note.command = accepted.command
            note.on_chain(accepted.answer["operation"])
            if note.block is not None:
                self._acts.stage.everyone_has_seen(note.block)
        self._refused("tries to see who else is a user", "user", "list")
        self._withdraw()
        held = self._acts.read(CARRIER, "title", "show", title)
        return {
            "title": title,
            "possessor": held["possessor"]["name"],
            "session": session,
            "council": self._acts.read(CARRIER, "council", "show"),
            "proposals": self._acts.read(CARRIER, "council", "list")["items"],
            "audit": audit(self._acts, [title]),
        }

    def _offered_title(self) -> str:
        self._acts.timeline.heading("A title is offered to the shipper")
        outcome = self._acts.change(
            CARRIER,
            "issues an e-B/L made out to the shipper, and holds it",
            *("title", "issue", self._bill.path, "--possessor", CARRIER.identifier),
            *("--titleholder", SHIPPER.identifier),
        )
        title = str(outcome.answer["title"])
        self._acts.change(
            CARRIER,
            "offers the title to the shipper",
            *("title", "offer", title, "--to", SHIPPER.identifier),
        )
        self._acts.arrives(CARRIER, SHIPPER, title, "the bill of lading")
        return title

    def _recognise(self) -> None:
        self._acts.timeline.heading("The Council recognises another platform")
        with self._acts.timeline.step(CODE, "certifies a user of the shipper") as note:
            self._platform.open_for(SHIPPER)
            note.what = "certifies a user of the shipper, by its own authority"
        self._sign_in_refused("tries to sign in before")
        number = self._council.propose(
            CARRIER,
            f"proposes to recognise {CODE} for traders",
            *("platform", "recognise", CODE, "--certificate", self._platform.authority),
            *("--role", "TRADER", *(word for act in ACTS for word in ("--act", act))),
            *("--expires", "52w", "--reason", "mutual recognition is agreed"),
        )
        self._decide(number, f"recognises {CODE}, as decided")

    def _decide(self, number: int, done: str) -> None:
        words = f"approves proposal {number}"
        self._council.decide(number, approvers=(REGULATOR,), words=words)
        self._council.wait()
        self._council.execute(CARRIER, done, number)

    def _sign_in(self) -> Document:
        with self._acts.timeline.step(SHIPPER.part, "puts the user into its directory") as note:
            known = tidan("platform", "subject", "--certificate", self._platform.certificate)
            self._acts.command(
                note,
                SHIPPER,
                *("user", "add", "A maker", "--platform", CODE, "--role", "MAKER"),
                *("--subject", known.answer["subject"]),
            )
        with self._acts.timeline.step(_USER, "signs in at the shipper's node") as note:
            outcome = self._try_to_sign_in()
            note.command = outcome.command
            note.what = "signs in at the shipper's node, by its own certificate"
        session = outcome.answer
        return {name: session[name] for name in ("id", "via", "scopes", "expiresAt")}

    def _withdraw(self) -> None:
        self._acts.timeline.heading("The recognition is withdrawn")
        platforms = self._acts.read(CARRIER, "platform", "list")["items"]
        number = self._council.propose(
            CARRIER,
            f"proposes to recognise {CODE} no more",
            *("platform", "revoke", platforms[0]["anchor"], "--reason", "the agreement has ended"),
        )
        self._decide(number, "withdraws the recognition, as decided")
        self._refused("reads on with its session", "title", "list")
        self._sign_in_refused("tries to sign in again")

    def _try_to_sign_in(self, expected: ExitCode = ExitCode.DONE) -> Outcome:
        party = self._acts.read(SHIPPER, "party", "show", SHIPPER.identifier)["index"]
        chain = self._acts.stage.chain_id()
        platform = self._platform
        return self._as_user(
            *("platform", "sign-in", "--platform", CODE, "--party", f"tidan:{chain}:{party}"),
            *("--certificate", str(platform.certificate), "--key", str(platform.key)),
            *("--crl", str(platform.revocations)),
            expected=expected,
        )

    def _sign_in_refused(self, words: str) -> None:
        with self._acts.timeline.step(_USER, words) as note:
            outcome = self._try_to_sign_in(ExitCode.REFUSED)
            note.command, note.refusal = outcome.command, outcome.slug
            note.what = f"{words}: refused ({outcome.slug})"

    def _refused(self, words: str, *command: str) -> None:
        with self._acts.timeline.step(_USER, words) as note:
            outcome = self._as_user(*command, expected=ExitCode.REFUSED)
            note.command, note.refusal = outcome.command, outcome.slug
            note.what = f"{words}: refused ({outcome.slug})"

    def _as_user(self, *words: str, expected: ExitCode = ExitCode.DONE) -> Outcome:
        """A command at the shipper's node, with nothing of its home: the session alone counts."""
        stage = self._acts.stage
        node = ("--node", stage.url_of(SHIPPER))
        return tidan(*words, *node, expected=expected, settings=self._platform.folder)


def recognition() -> Chapter:
    """The chapter, with the demo's own bill of lading."""
    dossier = own_dossier()
    return Chapter(
        name="recognition",
        cast=CAST,
        chamber=Chamber(CAST, threshold=2),
        tell=lambda acts: Recognition(acts, dossier).tell(),
        close=close_decisions,
        codes=dossier.codes,
    )
