"""A parcel comes in: opened, checked as if it had come by hand, kept once, and receipted."""

from __future__ import annotations

import asyncio
import math

from sqlalchemy.ext.asyncio import AsyncConnection

from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.parcels import (
    Envelope,
    Inside,
    ParcelMalformed,
    ParcelStatus,
    SealedParcel,
    read_parcel,
)
from tidan_node.exchange.arrivals import Arrival, Arrivals
from tidan_node.exchange.problems import (
    ParcelIdReused,
    ParcelMisdirected,
    RecordNotSeenYet,
    RefusedTooOften,
    SealBroken,
)
from tidan_node.exchange.receipts import Receipt, signed_anew
from tidan_node.exchange.sealing import open_sealed
from tidan_node.exchange.signatures import Signed, digest_of
from tidan_node.exchange.signers import REFUSED
from tidan_node.exchange.taking_in import (
    Accepted,
    Examined,
    NotSeenYet,
    Refused,
    TakenIn,
    examine,
    take_in,
)
from tidan_node.problems import Problem
from tidan_node.records.records import Records
from tidan_node.trail.trail import Trail
from tidan_node.web.own_party import own_party
from tidan_node.web.refusals import RecordedRefusal
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

RECEIVED = "parcel.received"


class Receiving:
    """Reads, opens and checks first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, signed: Signed) -> None:
        self._transaction = transaction
        self._node = node
        self._signed = signed

    async def receive(self, body: bytes) -> str:
        """The receipt: the one that this parcel had before, or a new one, kept in its commit."""
        digest = digest_of(body)
        try:
            parcel = await asyncio.to_thread(read_parcel, body)
        except ParcelMalformed as problem:
            raise await self._refused(problem, f"sha256:{digest}") from problem
        try:
            known = await self._known(parcel.envelope, digest)
            examined = None if known else await self._examined(parcel)
        except (ParcelMisdirected, ParcelIdReused, SealBroken) as problem:
            raise await self._refused(problem, parcel.envelope.parcel_id) from problem
        if examined is None:
            return str(known)
        if isinstance(examined.outcome, Refused):
            self._count_refusal()
        connection = await self._begin()
        return await self._kept(connection, parcel.envelope, digest, examined)

    async def _known(self, envelope: Envelope, digest: str) -> str | None:
        async with self._node.database.reading() as connection:
            own = await own_party(Records(connection), self._node)
            for rule, told, known in (
                ("from", envelope.sender, self._signed.party),
                ("to", envelope.recipient, own.index),
                ("chainId", envelope.chain_id, self._node.chain.chain_id),
            ):
                if told != known:
                    raise ParcelMisdirected(f"{rule} is {told}", field=rule, rule=rule)
            return await self._given(connection, envelope, digest)

    async def _given(
        self, connection: AsyncConnection, envelope: Envelope, digest: str
    ) -> str | None:
        """The receipt that this parcel had before."""
        known = await Arrivals(connection).receipt_of(envelope.sender, envelope.parcel_id, digest)
        return None if known is None else signed_anew(known, await self._keys(connection))

    async def _keys(self, connection: AsyncConnection) -> ExchangeKeys:
        """Those by which the sender believes a receipt, once it has read as far as this node."""
        own = await own_party(Records(connection), self._node)
        return self._node.exchange_keys.in_use(own.profile.signing_key if own.profile else None)

    async def _examined(self, parcel: SealedParcel) -> Examined:
        try:
            keys = self._node.exchange_keys.all()
            inside: Inside = await asyncio.to_thread(open_sealed, parcel, *keys)
        except ParcelMalformed as problem:
            # the sender sealed it so: it will be no better the next time
            return Examined(digest_of(parcel.envelope.canonical()), None, Refused(problem))
        examined = await examine(self._node, inside.package, kind=inside.kind)
        if isinstance(examined.outcome, NotSeenYet):
            raise RecordNotSeenYet("this node has not read so far on the chain yet")
        return examined

    async def _begin(self) -> AsyncConnection:
        connection = await self._transaction.begin()
        self._transaction.moment = "parcel.received"
        return connection

    async def _kept(
        self, connection: AsyncConnection, envelope: Envelope, digest: str, examined: Examined
    ) -> str:
        arrivals, now = Arrivals(connection), self._node.clock()
        # the same parcel may have been answered since it was looked for
        known = await self._given(connection, envelope, digest)
        if known is not None:
            return known
        actor = f"party:{envelope.sender}"
        outcome = await take_in(connection, examined, actor=actor, sender=envelope.sender)
        problem = outcome.problem if isinstance(outcome, Refused) else None
        rule = None if problem is None else _text(problem.extra.get("rule"))
        receipt = Receipt(
            envelope=envelope,
            digest=digest,
            outcome="received" if problem is None else "refused",
            problem=None if problem is None else problem.slug,
            rule=rule,
            at=now,
        )
        statement = receipt.sign(await self._keys(connection))
        await arrivals.add(
            Arrival(
                sender=envelope.sender,
                parcel_id=envelope.parcel_id,
                digest=digest,
                kind=outcome.kind,
                record_id=outcome.record,
                status=ParcelStatus.RECEIVED if problem is None else ParcelStatus.REFUSED,
                problem=receipt.problem,
                rule=rule,
                receipt=statement,
                created_at=now,
            )
        )
        await self._on_record(connection, actor, receipt, outcome)
        return statement

    async def _on_record(
        self, connection: AsyncConnection, actor: str, receipt: Receipt, outcome: TakenIn
    ) -> None:
        name, sender = receipt.envelope.parcel_id, int(receipt.envelope.sender)
        trail = Trail(connection)
        if isinstance(outcome, Accepted):
            detail: dict[str, object] = {"parcel": name, "from": sender, "kind": outcome.kind}
            await trail.append(actor, RECEIVED, outcome.record, detail)
        else:
            why = {"from": sender, "problem": receipt.problem, "rule": receipt.rule}
            await trail.append(actor, REFUSED, name, why)

    def _count_refusal(self) -> None:
        """Before anything of it is written. Beyond the sender's allowance nothing is."""
        now = self._node.clock()
        allowance = self._node.members.of(self._signed.party)
        if not allowance.grant(now):
            seconds = math.ceil(allowance.rest(now).total_seconds())
            raise RefusedTooOften(
                f"too much of party {self._signed.party} was refused", retryAfter=seconds
            )

    async def _refused(self, problem: Problem, subject: str) -> RecordedRefusal:
        self._count_refusal()
        connection = await self._transaction.begin()
        detail = {
            "from": int(self._signed.party),
            "problem": problem.slug,
            "rule": problem.extra.get("rule"),
        }
        actor = f"party:{self._signed.party}"
        await Trail(connection).append(actor, REFUSED, subject, detail)
        return RecordedRefusal(problem)


def _text(rule: object) -> str | None:
    return rule if isinstance(rule, str) else None
