"""What to do next on the command line after a node has refused an act on a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
    "deadline-in-the-past": "give a later --until: a span, as 7d, counts from the chain's last"
    " block, and the chain's clock may have gone on since",
    "offer-expired": "`tidan title show {id}` tells when; its possessor can offer it anew",
    "not-the-offeree": "`tidan title show {id}` names to whom it is on offer",
    "not-the-possessor": "`tidan title show {id}` names its possessor, who alone may do this",
    "not-the-titleholder": "`tidan title show {id}` names its titleholder, who alone may do this;"
    " to hand it what you hold: `tidan title offer {id} --to PARTY --possession-only`",
    "not-the-issuer": "`tidan title show {id}` names its carrier, who alone may do this",
    "kind-needs-titleholder": "--titleholder PARTY says to whom it is made out;"
    " `tidan party list` shows the parties",
    "titleholder-differs": "--titleholder PARTY is to be whom the document names; `tidan party"
    " list` shows the members, `tidan party show PARTY` the codes of one",
    "blank-has-no-titleholder": "leave --titleholder out; --possessor PARTY says who holds it",
    "already-linked": "`tidan invoice show {id}` lists its titles",
    "pledged": "`tidan title show {id}` names its pledgee, who can release it",
    "not-pledged": "`tidan title history {id}` tells what became of the pledge",
    "no-pledge-proposed": "`tidan title history {id}` tells what became of the proposal",
    "not-the-pledgee": "`tidan title show {id}` names the bank that has the pledge, or that is to"
    " take it: have it done there; its possessor takes a proposal back by `tidan title withdraw"
    " {id}`",
    "pledgee-unfit": "`tidan party list` shows the banks that are active",
    "consent-missing": "the bank that it is pledged to runs `tidan title consent {id}`",
    "offer-enforced": "`tidan title show {id}` names its pledgee, who alone ends this offer",
    "endorsement-unfit": "`tidan title show {id}` tells its kind; to endorse it to somebody is"
    " `tidan title offer {id} --to PARTY`",
    "no-surrender-pending": "`tidan title show {id}` tells how it stands; only what was surrendered"
    " for it is answered so",
    "surrendered-for-another": "no act answers it: it goes back by `tidan title answer {id}"
    " --reject`, and its possessor surrenders it for what is meant",
    "already-issued": "`tidan title show NUMBER` tells how it stands; another bill has another"
    " number, or another transportDocumentSubReference",
    "series-already-used": "one title at a time has a B/L number: for a correction its possessor"
    " surrenders it, and you run `tidan title amend`; else give the document another number",
    "series-differs": "`tidan title amend` keeps the number under another"
    " transportDocumentSubReference; `tidan title switch {id}` takes a bill of another number",
    "kind-forbids-transfer": "what is yours to pass on is possession: `tidan title offer {id} --to"
    " PARTY --possession-only`",
    "kind-forbids-pledge": "only a title to order or in blank is pledged: `tidan title show {id}`"
    " tells its kind; possession alone goes to a bank by `tidan title offer {id} --to PARTY"
    " --possession-only`",
    "offer-to-self": "give another --to: `tidan party list` shows the parties, `tidan title show"
    " {id}` who holds it",
    "code-not-ours": "carrierCode in the document is to be a code of your own: `tidan party show`"
    " lists them",
    "document-malformed": "the field is a place in the document (a JSON pointer): mend it there",
    "not-enrolled": "`tidan party show` names the accounts of your party; another is added by"
    " `tidan party rotate-key --add ADDRESS`",
    "signature-expired": "have it prepared anew, with a later --valid-until, and signed",
    "signature-invalid": "sign what `tidan title prepare` printed, unchanged, with the key of"
    " --signer; v is 27 or 28",
    "originals-differ": "`tidan title show {id}` tells its carrier, holders and kind: combine it"
    " with titles that have the same",
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

_WAITS: Final = (
    "its carrier answers it (`tidan title answer {id}`); until then its possessor can take it back:"
    " `tidan title cancel-surrender {id}`"
)
_ENDED: Final = "no act follows on it: `tidan title history {id}` tells how it ended"
_SURRENDER: Final = "nobody has surrendered it: `tidan title surrender {id}`, by its possessor"
_ANSWER: Final = {
    "CORRECTION": "`tidan title amend {id}` answers it",
    "CHANGE_OF_DESTINATION": "`tidan title amend {id}` answers it",
    "SPLIT": "`tidan title split {id}` answers it",
    "COMBINATION": "`tidan title combine {id}` answers it, with the others",
    "SWITCH": "`tidan title switch {id}` answers it",
    "TO_PAPER": "`tidan title to-paper {id}` answers it",
}
"""By what a title was surrendered for."""
_BY_STATUS: Final = {
    ("title-not-live", "PENDING_DELIVERY"): _WAITS,
    ("title-not-live", "PENDING_AMENDMENT"): _WAITS,
    ("title-not-live", "DELIVERED"): _ENDED,
    ("title-not-live", "VOIDED"): "no act follows on it: `tidan title history {id}` names what took"
    " its place",
    ("title-not-live", "PAPER"): _ENDED,
    ("title-not-live", "EXPORTED"): "it lives elsewhere until its gateway brings it back:"
    " `tidan title history {id}`",
    ("no-surrender-pending", "LIVE"): _SURRENDER,
    ("no-surrender-pending", "PENDING_DELIVERY"): "it was surrendered for delivery: `tidan title"
    " answer {id}`; to have it replaced, its possessor takes that back (`tidan title"
    " cancel-surrender {id}`) and surrenders it --for-amendment",
    ("no-surrender-pending", "PENDING_AMENDMENT"): "it was surrendered for amendment: `tidan title"
    " amend|split|combine|switch|to-paper`, or `tidan title answer {id} --reject`",
    ("no-surrender-pending", "DELIVERED"): _ENDED,
    ("no-surrender-pending", "VOIDED"): _ENDED,
    ("no-surrender-pending", "PAPER"): _ENDED,
    **{
        ("surrendered-for-another", asked): f"{how}; or it goes back by `tidan title answer {{id}}"
        " --reject`, and its possessor surrenders it for what is meant"
        for asked, how in _ANSWER.items()
    },
}
"""The same where it is another step in each state of the title."""

_BY_ACT: Final = {
    ("no-open-offer", "accept"): "a pledge that is proposed to you is taken by `tidan title"
    " accept-pledge {id}`; `tidan title history {id}` tells what became of the offer",
    ("no-open-offer", "decline"): "a pledge that is proposed to you is refused by `tidan title"
    " decline-pledge {id}`; `tidan title history {id}` tells what became of the offer",
    ("not-the-titleholder", "offer"): "`tidan title show {id}` names its titleholder; what you hold"
    " alone goes with --possession-only",
    ("series-already-used", "switch"): "a switched bill has another number; `tidan title amend"
    " {id}` keeps it, under another transportDocumentSubReference",
    (
        "stale-seq",
        "relay",
    ): "it is signed for a state that is no more: `tidan title show {id}` tells"
    " how it stands; have it prepared anew, and signed",
    (
        "already-issued",
        "relay",
    ): "an act is done once: `tidan title show {id}` tells what came of it",
}
"""The same where one command has another step than the rest."""

_ONE_OF: Final = re.compile(r"(\w+)\.(\d+)")


@contextmanager
def teaching(
    kind: RecordKind,
    typed: str,
    lists: Mapping[str, Sequence[str]] | None = None,
    *,
    act: str = "",
) -> Iterator[None]:
    """A refusal of the node says what to do next. `lists` has, by the names of the request, what
    was typed for each of several: the one that the refusal is about is told as it was typed. `act`
    is the command, where it makes a difference."""
    try:
        yield
    except Answered as refusal:
        about = _about(refusal.field or "", lists or {})
        if about is not None:
            refusal.detail = f"{about}: {refusal.detail}"
        record = typed if about is None or (refusal.field or "").startswith("documents") else about
        if about is None and "titles" in (lists or {}):
            # of several the chain names the one
            record = str(refusal.document().get("record", typed))
        step = _step(refusal, act)
        if step is not None:
            refusal.next_step = step.format(paper=kind, id=record)
        raise


def _step(refusal: Answered, act: str) -> str | None:
    told = refusal.document()
    slug, status = refusal.answered, str(told.get("actualStatus") or told.get("surrenderedFor"))
    for_act = _BY_ACT.get((slug, act))
    return for_act or _BY_STATUS.get((slug, status)) or _NEXT.get(slug)


def _about(field: str, lists: Mapping[str, Sequence[str]]) -> str | None:
    found = _ONE_OF.match(field)
    if found is None:
        return None
    typed, place = lists.get(found[1], ()), int(found[2])
    return typed[place] if place < len(typed) else None
