"""What each kind of audit asks, and how its answer is made up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from tidan_cli import audit_words as words
from tidan_cli.audit_errand import AuditErrand, Work
from tidan_cli.audit_export import ENTRY_COLUMNS
from tidan_cli.audit_reports import verify_report
from tidan_cli.audit_tally import Document, Tally
from tidan_cli.auditing import AskedNode, AuditedPlace, audited_party, audited_title, require_scope
from tidan_cli.client import NodeClient
from tidan_cli.failures import UsageProblem
from tidan_cli.output import Terminal
from tidan_node.audit import parties, records, trails, whole
from tidan_node.audit.acts import AuditedAct
from tidan_node.audit.findings import Audit
from tidan_node.audit.kinds import TITLE
from tidan_node.audit.parts import parts_of
from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex, TitleId
from tidan_node.domain.parties import PartyUnknown
from tidan_node.domain.title_problems import TitleUnknown
from tidan_node.ledger.record_chain import LedgerChain

_WHOLE_DAY = timedelta(days=1) - timedelta(seconds=1)


def of_title(errand: AuditErrand, typed: str) -> None:
    """`tidan audit title`."""

    def begin(place: AuditedPlace, client: NodeClient) -> tuple[Document, Work]:
        whole_id = TitleId(audited_title(place, client, typed))

        async def work(chain: LedgerChain, node: AskedNode, tally: Tally) -> Document:
            (audit,) = await records.audit_records(chain, node, TITLE, [whole_id])
            if not audit.acts and not audit.differences and audit.verdict.agrees:
                raise TitleUnknown(f"neither chain nor node has a title {whole_id}", field="title")
            tally.audited(audit)
            return {**audit.document(), "title": whole_id, "history": tally.acts}

        return {"audit": "title"}, work

    errand.run(begin, words.tell_title, keep_acts=True)


def of_chain(errand: AuditErrand) -> None:
    """`tidan audit chain`."""

    def begin(place: AuditedPlace, client: NodeClient) -> tuple[Document, Work]:
        require_scope(client, "trail:read", "--home")

        async def work(chain: LedgerChain, node: AskedNode, tally: Tally) -> Document:
            done = await whole.audit_chain(chain, node, tally, account=place.account)
            return _gone_through(done)

        return {"audit": "chain"}, work

    errand.run(begin, words.tell_many)


def of_trail(errand: AuditErrand) -> None:
    """`tidan audit trail`. Its lines are entries, so they go past the tally."""

    def begin(place: AuditedPlace, client: NodeClient) -> tuple[Document, Work]:
        require_scope(client, "trail:read", "--home")

        async def work(chain: LedgerChain, node: AskedNode, tally: Tally) -> Document:
            audited = await trails.audit_trail(
                chain,
                node,
                counted=lambda done, of: tally.counted("entries of the trail", done, of),
                entry=tally.line,
                account=place.account,
            )
            tally.audited(audited.audit)
            return {"asOf": _as_of(audited.audit), "trail": audited.document()}

        return {"audit": "trail"}, work

    errand.run(begin, words.tell_trail, columns=ENTRY_COLUMNS)


def of_party(errand: AuditErrand, typed: str) -> None:
    """`tidan audit party`."""
    meant: list[PartyIndex] = []

    def begin(place: AuditedPlace, client: NodeClient) -> tuple[Document, Work]:
        party = audited_party(client, typed)
        meant.append(party)

        async def work(chain: LedgerChain, node: AskedNode, tally: Tally) -> Document:
            members = await parties.members_of(chain, [party])
            if party not in members.states:
                raise PartyUnknown(f"the chain has no party {party}", field="party")
            if not parties.goes_by(members.states[party], typed):
                tally.audited(parties.named_otherwise(await chain.head(), members, party, typed))
            done = await whole.audit_party(chain, node, party, tally)
            return {
                "party": {"index": int(party), "name": members.states[party].name},
                "records": [
                    {
                        "kind": audit.kind,
                        "record": audit.record,
                        "parts": parts_of(party, audit.acts),
                        "verdict": str(audit.verdict),
                    }
                    for audit in tally.audits
                    if audit.kind not in ("party", "anchors", "name")
                ],
                "standings": parties.standings_of(members, party),
                "acts": tally.acts,
                **_gone_through(done),
            }

        return {"audit": "party"}, work

    errand.run(begin, words.tell_party, wanted=lambda act: _is_of(act, meant), keep_acts=True)


def _is_of(act: AuditedAct, meant: Collection[PartyIndex]) -> bool:
    """An act of one of these parties; that of a pledgee is its bank's."""
    if act.by == NO_PARTY:
        return act.details.get("bank") in meant
    return act.by in meant


def of_period(errand: AuditErrand, first: str, last: str) -> None:
    """`tidan audit period`."""
    begins = seconds_of(first, "--from")
    ends = seconds_of(last, "--to", whole_day=True)
    if ends < begins:
        raise UsageProblem("the period ends before it begins", field="--to")

    async def work(chain: LedgerChain, node: AskedNode, tally: Tally) -> Document:
        done = await whole.audit_period(chain, node, (begins, ends), tally)
        tally.acts.sort(key=lambda act: (act["block"], act["txHash"], act["seq"]))
        return {"acts": tally.acts, **_gone_through(done)}

    def within(act: AuditedAct) -> bool:
        return begins <= act.time <= ends

    subject = {"audit": "period", "period": {"from": moment(begins), "to": moment(ends)}}
    errand.run(
        lambda place, client: (subject, work), words.tell_period, wanted=within, keep_acts=True
    )


def of_report(
    file: Path, *, chain: str | None, manifest: Path | None, home: Path | None, as_json: bool
) -> None:
    """`tidan audit verify-report`."""
    answer = verify_report(AuditedPlace.chosen(chain, manifest, home), file)
    Terminal(as_json=as_json).answer(answer, lambda console: words.tell_report(console, answer))


def seconds_of(text: str, field: str, *, whole_day: bool = False) -> int:
    """A day (UTC) or a moment, in seconds; the last of a period is a day's last second."""
    try:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            found = datetime.fromisoformat(text)
        else:
            found = datetime.combine(day, time(), UTC) + (_WHOLE_DAY if whole_day else timedelta())
        if found.tzinfo is None:
            raise UsageProblem(f"{text}: a moment needs its zone, as in …T12:00Z", field=field)
        return max(0, int(found.timestamp()))
    except (ValueError, OverflowError) as error:
        raise UsageProblem(f"{text!r} is neither a day nor a moment", field=field) from error


def _gone_through(done: whole.Audited) -> Document:
    return {
        "asOf": {"block": done.as_of.number, "hash": done.as_of.hash},
        "events": done.events,
        **({} if done.blocks is None else {"blocks": done.blocks}),
        **({} if done.trail is None else {"trail": done.trail.document()}),
    }


def _as_of(audit: Audit) -> Document:
    return {"block": audit.as_of.number, "hash": audit.as_of.hash}
