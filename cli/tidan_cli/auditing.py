"""What an audit needs: the chain, read without the node, and the node's own answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from tidan_cli.client import NodeClient
from tidan_cli.documents import file_bytes
from tidan_cli.failures import Answered, IdentifierAmbiguous, UsageProblem, typed_at
from tidan_cli.identifiers import whole_id
from tidan_cli.node_choice import chosen_home, home_asked
from tidan_cli.node_settings import settings_of
from tidan_cli.party_card import CARD_FILE, read_party_card
from tidan_node.audit.node import Reply
from tidan_node.audit.survey import survey
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.record_chain import LedgerChain
from tidan_node.ledger.rpc import Rpc

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class AuditedPlace:
    """Which chain is believed, and which contracts on it are the consortium's."""

    chain_url: str
    manifest: Manifest
    account: str | None = None
    """The account of the node whose home was named; the chain says whose it is."""

    @classmethod
    def chosen(
        cls,
        chain: str | None,
        manifest: Path | None,
        home: Path | None,
        *,
        node: str | None = None,
    ) -> AuditedPlace:
        """What was named, and the rest from the node's home."""
        if chain is None or manifest is None:
            settings = settings_of(chosen_home(home))
            chain, manifest = chain or settings.chain_url, manifest or settings.manifest
        with typed_at("--manifest"):
            read = Manifest.from_json(file_bytes(manifest))
        return cls(chain, read, _account_of(home_asked(node, home)))


class AskedNode:
    """The node over its HTTP API. That it has nothing, or fails, is a reply for the audit to name;
    whatever else goes wrong ends the audit."""

    def __init__(self, client: NodeClient) -> None:
        self._client = client

    async def get(self, path: str, **query: str) -> Reply:
        try:
            return Reply(HTTPStatus.OK, self._client.get(path, **query))
        except Answered as problem:
            if not is_reply(problem):
                raise
            document = problem.document()
            return Reply(int(str(document["status"])), document)


def is_reply(problem: Answered) -> bool:
    """Whether a node that has nothing, or that fails, has worded this."""
    status = problem.document().get("status")
    return status == HTTPStatus.NOT_FOUND or has_failed(problem)


def has_failed(problem: Answered) -> bool:
    status = problem.document().get("status")
    return isinstance(status, int) and status >= HTTPStatus.INTERNAL_SERVER_ERROR


def run(place: AuditedPlace, work: Callable[[LedgerChain], Awaitable[Result]]) -> Result:
    """Carry out an audit against this chain, once it is known to be the one of the manifest."""

    async def connected() -> Result:
        rpc = Rpc(place.chain_url)
        try:
            gateway = Gateway(rpc, place.manifest)
            await gateway.check_chain()
            return await work(LedgerChain(rpc, gateway))
        finally:
            await rpc.close()

    return asyncio.run(connected())


def require_scope(client: NodeClient, scope: str, field: str) -> None:
    """Refuse at once what the node would refuse in the end. A node that cannot say who is calling
    is for the audit to name."""
    try:
        scopes = client.get("/v1/me")["key"]["scopes"]
    except Answered as problem:
        if not is_reply(problem):
            raise
        return
    if scope not in scopes:
        raise UsageProblem(f"the node's key lacks the scope {scope}", field=field)


def audited_title(place: AuditedPlace, client: NodeClient, typed: str) -> str:
    """The id that is meant. Where the node fails to list its titles, the chain knows them, too."""
    try:
        return whole_id(client, "titles", typed)
    except Answered as problem:
        if not has_failed(problem):
            raise
        return _on_the_chain(place, typed, problem)


def audited_party(client: NodeClient, typed: str) -> PartyIndex:
    """The number of the party that is meant. A number needs nobody's answer; what the node makes
    of anything else is held against the chain (`named_otherwise`)."""
    if typed.strip().isdecimal():
        return PartyIndex(int(typed))
    return PartyIndex(client.get(f"/v1/parties/{quote(typed, safe='')}")["index"])


def _account_of(home: Path | None) -> str | None:
    """The account on the party card in this home; None where there is no card to read."""
    try:
        return None if home is None else read_party_card((home / CARD_FILE).read_bytes()).account
    except (OSError, UsageProblem):
        return None


def _on_the_chain(place: AuditedPlace, typed: str, problem: Answered) -> str:
    digits = "0x" + typed.strip().lower().removeprefix("0x").rstrip("…")
    found = run(place, lambda chain: survey(chain, counted=lambda done, of: None))
    fitting = [each for each in found.records["title"] if each.startswith(digits)]
    if len(fitting) > 1:
        raise IdentifierAmbiguous(f"{len(fitting)} titles begin with {digits}", field="titles")
    if not fitting:
        raise problem
    return fitting[0]
