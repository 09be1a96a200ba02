"""What to do next on the command line after a node has refused an act on a record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tidan_cli.failures import Answered

if TYPE_CHECKING:
    from tidan_node.domain.packages import RecordKind  # heavy, and only a name here

_NEXT: Final = {
    "package-missing": "its content must be here first: `tidan parcel list` shows what has come,"
    " `tidan {paper} receive FILE` takes in a file",
    "wrong-status": "`tidan {paper} history {id}` tells what has happened to it",
    "stale-seq": "look at it again: `tidan {paper} show {id}`",
    "title-not-live": "`tidan title show {id}` tells how it stands",
    "no-open-offer": "`tidan title history {id}` tells what became of the offer",
    "offer-already-open": "`tidan title withdraw {id}` takes the open offer back",
    "deadline-in-the-past": "give a later --until; a span, as 7d, counts from the chain's time",
    "offer-expired": "`tidan title show {id}` tells when; its possessor can offer it anew",
    "not-the-offeree": "`tidan title show {id}` names to whom it is on offer",
    "not-the-possessor": "`tidan title show {id}` names its possessor, who alone may do this",
    "not-the-titleholder": "`tidan title show {id}` names its titleholder; what you hold alone"
    " goes with --possession-only",
    "not-the-issuer": "`tidan title show {id}` names its carrier, who alone may do this",
    "kind-needs-titleholder": "--titleholder PARTY says to whom it is made out;"
    " `tidan party list` shows the parties",
    "blank-has-no-titleholder": "leave --titleholder out; --possessor PARTY says who holds it",
    "already-linked": "`tidan invoice show {id}` lists its titles",
    "pledged": "`tidan title show {id}` names its pledgee, who can release it",
    "not-pledged": "`tidan title history {id}` tells what became of the pledge",
    "no-pledge-proposed": "`tidan title history {id}` tells what became of the proposal",
    "not-the-pledgee": "`tidan title show {id}` names its pledgee, who alone may do this",
    "pledgee-unfit": "`tidan party list` shows the banks that are active",
    "consent-missing": "the bank that it is pledged to runs `tidan title consent {id}`",
    "offer-enforced": "`tidan title show {id}` names its pledgee, who alone ends this offer",
    "endorsement-unfit": "`tidan title show {id}` tells its kind; to endorse it to somebody is"
    " `tidan title offer {id} --to PARTY`",
    "no-surrender-pending": "`tidan title show {id}` tells how it stands; only what was surrendered"
    " for it is answered so",
    "holders-differ": "`tidan title show {id}` names them; only an offer that is accepted changes"
    " them",
    "carrier-not-revoked": "`tidan title surrender {id}`: its carrier is there to answer",
    "carrier-has-successor": "`tidan title surrender {id}`: the successor answers it",
    "gateway-unknown": "`tidan council gateways` lists those that are recognised",
    "history-differs": "`tidan audit chain` says what differs; `tidan node reindex` reads the chain"
    " anew",
    "title-unknown": "`tidan title list` shows the titles that the node knows",
    "not-the-buyer": "`tidan invoice show {id}` names its buyer, who alone may do this",
    "not-the-seller": "`tidan invoice show {id}` names its seller, who alone may do this",
    "not-the-insurer": "`tidan policy show {id}` names its insurer, who alone may do this",
    "not-the-insured": "`tidan policy show {id}` names its insured, who alone may do this",
    "endorsement-refused": "`tidan policy issue` makes another policy",
}


@contextmanager
def teaching(kind: RecordKind, typed: str) -> Iterator[None]:
    """A refusal of the node says what to do next."""
    try:
        yield
    except Answered as refusal:
        step = _NEXT.get(refusal.answered)
        if step is not None:
            refusal.next_step = step.format(paper=kind, id=typed)
        raise
