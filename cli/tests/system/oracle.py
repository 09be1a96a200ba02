"""Who was told what, held against the chain and the node's SQL: each once, and none in doubt.

The chain is asked by plain JSON-RPC and SQL by plain reading: what a node says of itself is no
evidence here.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
from sqlalchemy import Table, select

from tests.system.consortium import Member, wait_until
from tidan_node.indexer.tables import chain_events, checkpoints
from tidan_node.ledger import keystore
from tidan_node.ledger.codec import FOLLOWED
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.signer import LocalSigner
from tidan_node.operations.operation import OPEN, AttemptState, OperationStatus
from tidan_node.operations.repository import UNFINISHED
from tidan_node.operations.tables import attempts, operations
from tidan_node.settings import Settings
from tidan_node.storage.database import Database
from tidan_node.web.tables import answers

Json = dict[str, Any]  # Any: JSON
Row = Mapping[str, Any]  # Any: what the columns hold

_BATCH: Final = 100
_ACCEPTED: Final = 202


@dataclass(frozen=True)
class OnChain:
    """All that the chain itself has: by transaction, who sent it, and what its contracts told."""

    senders: Mapping[str, tuple[str, int]]
    """Account and nonce of every transaction."""
    told: Mapping[str, Sequence[Json]]
    """The logs of those that had an effect."""
    head: int

    @property
    def places(self) -> set[tuple[str, int]]:
        return {
            (each["blockHash"], int(each["logIndex"], 16))
            for logs in self.told.values()
            for each in logs
        }


@dataclass(frozen=True)
class InSql:
    """What the node has written down."""

    operations: Mapping[str, Row]
    attempts: Sequence[Row]
    events: Sequence[Row]
    answers: Sequence[Row]
    cursor: tuple[int, str]
    """The last block that was read, and its hash."""

    @property
    def has_unfinished(self) -> bool:
        return any(each["status"] in UNFINISHED for each in self.operations.values())

    @property
    def has_open(self) -> bool:
        return any(each["state"] in OPEN for each in self.attempts)


class Oracle:
    """What must hold of one node and its chain once all faults are over."""

    def __init__(self, node: Member, chain_url: str) -> None:
        self._node = node
        self._chain_url = chain_url
        settings = Settings.load(node.home)
        self._database_url = settings.database_url
        self._manifest = Manifest.from_json(settings.manifest.read_bytes())
        password = settings.password()
        keys = [keystore.open(settings.account_keystore, password)]
        keys += keystore.open_all(settings.lanes, password)
        self._accounts = {LocalSigner(each).address for each in keys}
        self._forgotten: set[str] = set()

    def forget(self, transactions: Collection[str]) -> None:
        """Transactions of operations that a restored database cannot know."""
        self._forgotten |= set(transactions)

    def require(self, accepted: Mapping[str, str], *, never: Sequence[str] = ()) -> None:
        """Each of the accepted requests, by its idempotency key, is the operation that its answer
        named, and is on the chain once or told undone. Keys in `never` did nothing."""
        wait_until(self._is_settled, "every operation has ended, and the node has read the chain")
        chain, sql = self.on_chain(), self.in_sql()
        _require_answers(sql, accepted, never)
        _require_ends(sql)
        for operation in sql.operations.values():
            _require_once(operation, sql, chain)
        self._require_no_stranger(sql, chain)
        _require_view(sql, chain)

    def on_chain(self) -> OnChain:
        head = int(self._ask([("eth_blockNumber", [])])[0], 16)
        wanted: list[tuple[str, list[object]]] = [
            ("eth_getBlockByNumber", [hex(number), True]) for number in range(head + 1)
        ]
        senders = {
            sent["hash"]: (sent["from"].lower(), int(sent["nonce"], 16))
            for block in self._ask(wanted)
            for sent in block["transactions"]
        }
        places = [self._manifest.address_of(name) for name in FOLLOWED]
        query = {"fromBlock": hex(0), "toBlock": hex(head), "address": places}
        told: dict[str, list[Json]] = {}
        for log in self._ask([("eth_getLogs", [query])])[0]:
            told.setdefault(log["transactionHash"], []).append(log)
        return OnChain(senders, told, head)

    def in_sql(self) -> InSql:
        return asyncio.run(self._read())

    def _is_settled(self) -> bool:
        sql = self.in_sql()
        if sql.has_unfinished or sql.has_open:
            return False
        number, its_hash = sql.cursor
        head, block = self._ask(
            [("eth_blockNumber", []), ("eth_getBlockByNumber", [hex(number), False])]
        )
        is_read = number >= int(head, 16) - self._manifest.finality_depth
        return is_read and block is not None and block["hash"] == its_hash

    async def _read(self) -> InSql:
        database = Database(self._database_url)
        try:
            async with database.reading() as connection:

                async def rows(table: Table) -> list[Row]:
                    found = await connection.execute(select(table))
                    return [dict(row) for row in found.mappings()]

                return InSql(
                    {row["id"]: row for row in await rows(operations)},
                    await rows(attempts),
                    await rows(chain_events),
                    await rows(answers),
                    max((row["number"], row["hash"]) for row in await rows(checkpoints)),
                )
        finally:
            await database.close()

    def _ask(self, questions: Sequence[tuple[str, list[Any]]]) -> list[Any]:  # Any: JSON
        results: list[Any] = []
        for start in range(0, len(questions), _BATCH):
            bodies = [
                {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
                for number, (method, params) in enumerate(questions[start : start + _BATCH])
            ]
            told = httpx.post(self._chain_url, json=bodies, timeout=60).json()
            by_id = {each["id"]: each["result"] for each in told}
            results += [by_id[number] for number in range(len(bodies))]
        return results

    def _require_no_stranger(self, sql: InSql, chain: OnChain) -> None:
        """Whatever the node's accounts have done on the chain, an operation asked for."""
        known = {each["tx_hash"] for each in sql.attempts}
        own = {tx for tx, (sender, _) in chain.senders.items() if sender in self._accounts}
        strangers = (own & set(chain.told)) - known - self._forgotten
        assert not strangers, f"acts that no operation of the node asked for: {strangers}"


def _require_answers(sql: InSql, accepted: Mapping[str, str], never: Sequence[str]) -> None:
    kept = {each["key"]: each for each in sql.answers}
    for key, operation in accepted.items():
        assert operation in sql.operations, f"{operation} was accepted, and is nowhere"
        assert key in kept, f"the answer of {operation} was not kept"
        assert kept[key]["status"] == _ACCEPTED
        assert json.loads(kept[key]["body"])["operation"]["id"] == operation
    assert len(set(accepted.values())) == len(accepted), "two requests were one operation"
    assert not set(never) & set(kept), "what was refused did something"


def _require_ends(sql: InSql) -> None:
    for each in sql.operations.values():
        assert each["status"] not in UNFINISHED, f"{each['id']} is in doubt"
        told = each["problem"] is not None
        succeeded = each["status"] == OperationStatus.SUCCEEDED
        assert told is not succeeded, f"{each['id']} does not say what became of it"
    open_still = [each["tx_hash"] for each in sql.attempts if each["state"] in OPEN]
    assert not open_still, f"these may still take effect: {open_still}"


def _require_once(operation: Row, sql: InSql, chain: OnChain) -> None:
    """It had one effect where it succeeded, and none where it did not."""
    name = operation["id"]
    own = [each for each in sql.attempts if each["operation_id"] == name]
    effects = [each["tx_hash"] for each in own if each["tx_hash"] in chain.told]
    if operation["status"] != OperationStatus.SUCCEEDED:
        assert not effects, f"{name} is told {operation['status']}, and took effect"
        return
    assert len(effects) == 1, f"{name} took effect {len(effects)} times"
    assert operation["result"]["txHash"] == effects[0]
    included = [each["tx_hash"] for each in own if each["state"] == AttemptState.INCLUDED]
    assert effects[0] in included
    for each in own:
        if each["tx_hash"] in chain.senders:
            assert chain.senders[each["tx_hash"]] == (each["account"], each["nonce"])


def _require_view(sql: InSql, chain: OnChain) -> None:
    """Each event of the chain is one row, and each row is an event of the chain."""
    rows = Counter((each["block_hash"], each["log_index"]) for each in sql.events)
    doubled = [place for place, times in rows.items() if times > 1]
    assert not doubled, f"events read twice: {doubled}"
    assert set(rows) <= chain.places, "the node shows events that the chain has not got"
    read = {each["tx_hash"] for each in sql.events}
    unread = {each["tx_hash"] for each in sql.attempts if each["tx_hash"] in chain.told} - read
    assert not unread, f"acts of its own that the node does not show: {unread}"
