"""Signed reports: the node signs what an audit found; whoever has the chain can check who did."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from tidan_cli.audit_export import replacing
from tidan_cli.auditing import AuditedPlace, require_scope, run
from tidan_cli.client import NodeClient
from tidan_cli.documents import text_file
from tidan_cli.failures import FileUnusable, ReportNotGenuine
from tidan_node.audit.members import Members
from tidan_node.audit.reports import LARGEST, ReportMalformed, signer_of, verified
from tidan_node.domain.events import ProfileChanged
from tidan_node.domain.exchange_keys import StatementRefused
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.profiles import ProfileMalformed, read_profile
from tidan_node.ledger.record_chain import LedgerChain

Document = dict[str, Any]  # Any: JSON
_SCOPE: Final = "reports:sign"
_ROOM: Final = LARGEST - 10_000
"""Beside the report, its signer and the time are signed."""
_LONGEST_LISTS: Final = (1_000, 300, 100, 30, 10, 3, 1, 0)
_LONGEST_TEXT: Final = 1_000
_LARGEST_EXACT: Final = 2**53 - 1


class ReportFile:
    """Where the signed report goes. Whether the node can sign, and the file be written, is found
    out before the audit, which may be long."""

    def __init__(self, path: Path | None, client: NodeClient) -> None:
        self._path = path
        self._client = client
        self._files = ExitStack()
        self._stream: IO[str] | None = None

    def __enter__(self) -> ReportFile:
        if self._path is not None:
            require_scope(self._client, _SCOPE, "--report")
            self._stream = self._files.enter_context(replacing(self._path))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.__exit__(kind, error, trace)

    def sign(self, answer: Document) -> Document | None:
        """Have the answer signed and written; None where no report was asked for. Where that fails
        there is no file."""
        if self._stream is None:
            return None
        with self._files:
            body = {"report": fitting(exact(answer))}
            signed = self._client.ask("/v1/audit/reports", body)["report"]
            self._stream.write(signed + "\n")
        return {"file": str(self._path), "signedBy": signer_of(signed)}


def verify_report(place: AuditedPlace, path: Path) -> Document:
    """Who signed the report and what it says, or ReportNotGenuine. Only the chain is asked."""
    jws = text_file(path).strip()
    try:
        signer = signer_of(jws)
    except ReportMalformed as malformed:
        raise FileUnusable(f"{path}: {malformed.detail}", field=str(path)) from malformed
    return run(place, lambda chain: _verified(chain, place, jws, signer))


async def _verified(
    chain: LedgerChain, place: AuditedPlace, jws: str, signer: PartyIndex
) -> Document:
    as_of = await chain.head()
    members = Members(await chain.events_about([str(signer)], as_of))
    party = members.states.get(signer)
    if party is None:
        raise ReportNotGenuine(f"its signer, party {signer}, is not on this chain", rule="signer")
    keys = _signing_keys(members, signer)
    try:
        statement, which = verified(jws, keys)
    except (StatementRefused, ReportMalformed) as refused:
        rule = refused.extra.get("rule", "form")
        raise ReportNotGenuine(f"{party.name}: {refused.detail}", rule=rule) from refused
    if statement.chain_id != place.manifest.chain_id:
        raise ReportNotGenuine(f"it is of chain {statement.chain_id}", rule="chain")
    current = party.profile.signing_key if party.profile else None
    return {
        "signer": {"index": int(signer), "name": party.name, "status": party.status.name},
        "signedAt": statement.signed_at,
        "keyReplaced": keys[which] != current,
        "asOf": {"block": as_of.number, "hash": as_of.hash},
        "report": dict(statement.report),
    }


def _signing_keys(members: Members, signer: PartyIndex) -> list[dict[str, str]]:
    """Every signing key that the party's profile has had, the newest first."""
    keys: list[dict[str, str]] = []
    for happened in reversed(members.events.get(signer, [])):
        if not isinstance(happened.event, ProfileChanged):
            continue
        try:
            key = read_profile(happened.event.profile).signing_key
        except ProfileMalformed:
            continue
        if key is not None and key not in keys:
            keys.append(key)
    return keys


def fitting(report: Document) -> Document:
    """The report as large as one may be: of longer lists the beginning, with how many were left
    out, and of longer texts likewise. Verdict, counts and the hash of all lines stay."""
    shortened: Document = report
    for most in _LONGEST_LISTS:
        if len(json.dumps(shortened)) <= _ROOM:
            break
        shortened = _shortened(report, most)
    return shortened


def _shortened(value: Any, most: int) -> Any:  # Any: JSON, in and out
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return f"{value[:_LONGEST_TEXT]}… ({len(value)} characters)"
    if isinstance(value, list):
        return [_shortened(each, most) for each in value[:most]]
    if not isinstance(value, dict):
        return value
    found = {name: _shortened(each, most) for name, each in value.items()}
    for name, each in value.items():
        if isinstance(each, list) and len(each) > most:
            omitted = f"{name}Omitted"
            found[omitted] = value.get(omitted, 0) + len(each) - most
    return found


def exact(value: Any) -> Any:  # Any: JSON, in and out
    """The same as JSON of one meaning: numbers that a double would change become text."""
    if isinstance(value, dict):
        return {str(name): exact(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [exact(each) for each in value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) > _LARGEST_EXACT):
        return str(value)
    return value
