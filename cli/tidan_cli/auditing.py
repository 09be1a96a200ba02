"""What an audit needs: the chain, read without the node, and the node's own answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tidan_cli.client import NodeClient
from tidan_cli.documents import file_bytes
from tidan_cli.failures import Answered, typed_at
from tidan_cli.node_choice import chosen_home
from tidan_cli.node_settings import settings_of
from tidan_node.audit.chain import LedgerChain
from tidan_node.audit.titles import NodeAnswer, audit_title
from tidan_node.domain.identifiers import title_id
from tidan_node.domain.steps import Step
from tidan_node.domain.title_fold import TitleState
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc

Document = dict[str, Any]  # Any: what a command answers, as JSON


@dataclass(frozen=True, slots=True)
class AuditedPlace:
    """Which chain is believed, and which contracts on it are the consortium's."""

    chain_url: str
    manifest: Manifest

    @classmethod
    def chosen(cls, chain: str | None, manifest: Path | None, home: Path | None) -> AuditedPlace:
        """What was named, and the rest from the node's home."""
        if chain is None or manifest is None:
            settings = settings_of(chosen_home(home))
            chain, manifest = chain or settings.chain_url, manifest or settings.manifest
        with typed_at("--manifest"):
            return cls(chain, Manifest.from_json(file_bytes(manifest)))


def audit_of_title(place: AuditedPlace, client: NodeClient, whole_id: str) -> Document:
    """The audit, with the history as the chain alone tells it."""
    return asyncio.run(_audit(place, _answer_of(client, whole_id), whole_id))


async def _audit(place: AuditedPlace, answer: NodeAnswer, whole_id: str) -> Document:
    rpc = Rpc(place.chain_url)
    try:
        gateway = Gateway(rpc, place.manifest)
        await gateway.check_chain()
        audited = await audit_title(LedgerChain(rpc, gateway), title_id(whole_id), answer)
    finally:
        await rpc.close()
    return {**audited.document(), "history": _history(audited.steps)}


def _answer_of(client: NodeClient, whole_id: str) -> NodeAnswer:
    """What the node says; that it knows no such title is an answer, too."""
    try:
        title = client.get(f"/v1/titles/{whole_id}")
        return NodeAnswer(title, client.get(f"/v1/titles/{whole_id}/history"))
    except Answered as problem:
        if problem.document().get("status") != 404:
            raise
    return NodeAnswer(None, None, client.get("/v1/titles", limit=1)["asOf"])


def _history(steps: Sequence[Step[TitleState]]) -> list[Document]:
    return [
        {
            "seq": step.act.seq,
            "act": step.act.kind.name,
            "by": int(step.act.actor),
            "at": _moment(step.act.time),
            "block": step.origin.block_number,
            "txHash": step.origin.tx_hash,
            "head": step.after.head,
        }
        for step in steps
    ]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
