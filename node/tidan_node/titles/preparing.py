"""What there is to sign for an act: the call, EIP-712's data and its hash, and the act in words.

An act that puts documents on record is done in full inside a savepoint that is taken back: every
rule has been asked then, and the very call is known. What it was made of is kept until nobody can
send it any more, so that whoever relays it finds it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from tidan_node.domain.identifiers import to_hex
from tidan_node.domain.title_problems import SignatureExpired
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.signed_acts import SignedActs
from tidan_node.people.caller import Caller
from tidan_node.problems import InvalidInput
from tidan_node.records.records import Records
from tidan_node.titles.act_arguments import Arguments
from tidan_node.titles.act_reading import in_words
from tidan_node.titles.act_schemas import WarningAnswer
from tidan_node.titles.drafting import Brought, fresh_secrets
from tidan_node.titles.foreseeing import Foreseeing
from tidan_node.titles.own_acts import FROM_DOCUMENTS, OwnActs, direct_call
from tidan_node.titles.relay_schemas import PreparedAct, PrepareRequest
from tidan_node.titles.repository import DraftedAct, PreparedActs
from tidan_node.trail.trail import Trail
from tidan_node.web.acting_time import acting_time
from tidan_node.web.own_party import own_party
from tidan_node.web.replaying import Nested
from tidan_node.web.shapes import moment_of
from tidan_node.web.state import NodeState
from tidan_node.web.transactions import Transaction

_PREPARE: Final = "title.prepare"
_USUAL_TIME: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=30)
"""So long documents are kept that have not been issued."""

Json = dict[str, Any]  # Any: a body, read by the act's own schema


def signed_acts(node: NodeState) -> SignedActs:
    """The acts of this chain's registry."""
    return SignedActs(node.chain.chain_id, node.chain.title_registry)


class Preparing:
    """Reads and computes first, and asks for the one writer of the database only then."""

    def __init__(self, transaction: Transaction, node: NodeState, caller: Caller) -> None:
        self._transaction = transaction
        self._node = node
        self._caller = caller
        self._acts = signed_acts(node)

    async def prepare(self, wanted: PrepareRequest) -> PreparedAct:
        """What is signed for this act on this chain, at this registry."""
        signature = self._acts.require(wanted.act)
        direct = wanted.direct()
        drafted = wanted.arguments is None and wanted.act in FROM_DOCUMENTS
        if direct and not drafted:
            raise InvalidInput(f"is no member of {wanted.act} here", field=min(direct))
        async with self._node.database.reading() as connection:
            records = Records(connection)
            now = await acting_time(records, self._node)
            arguments = {}
            if not drafted:
                stating = Arguments(signature, records, now)
                arguments = await stating.of(wanted.arguments or {})
        until = wanted.valid_until or moment_of(now) + _USUAL_TIME
        if until <= moment_of(now):
            raise SignatureExpired("it could not be sent any more", field="validUntil")
        if drafted:
            if until > moment_of(now) + LONGEST:
                why = f"documents are kept for {LONGEST.days} days at most"
                raise InvalidInput(why, field="validUntil")
            call, brought = await self._drafted(wanted.act, direct, until)
            return await self._told(call, until, brought)
        call = self._acts.act_in(encode_call(self._acts.call_of(wanted.act, arguments)))
        await Foreseeing(self._transaction, self._node, self._caller).require_possible(call)
        return await self._told(call, until)

    async def _told(
        self, call: Call, until: datetime, brought: Brought | None = None
    ) -> PreparedAct:
        seconds = int(until.timestamp())
        data = self._acts.typed_data(call, seconds)
        message: Any = data["message"]  # Any: as a wallet has it
        async with self._node.database.reading() as connection:
            says = await in_words(call.function, message, Records(connection))
        return PreparedAct(
            call=to_hex(encode_call(call)),
            valid_until=until,
            typed_data=data,
            digest=to_hex(self._acts.digest(call, seconds)),
            says=says,
            titles=[] if brought is None else [*brought.titles],
            warnings=[] if brought is None else WarningAnswer.all(brought.warnings),
        )

    async def _drafted(self, act: str, direct: Json, until: datetime) -> tuple[Call, Brought]:
        secrets = list(islice(fresh_secrets(), _documents_in(direct)))
        trial = Nested(self._transaction)
        doing = OwnActs(trial, self._node, self._caller)
        brought = await doing.from_documents(act, direct, iter(secrets))
        await trial.take_back()
        operation, first = brought.operation, brought.drafts[0]
        data = encode_call(direct_call(operation))
        call = self._acts.act_in(data)
        if call.function != act:
            raise InvalidInput(f"with this it is {call.function}", field="withdrawal")
        connection = await self._transaction.begin()
        request = _fixed(direct, operation.intent)
        kept = DraftedAct(act, request, b"".join(secrets))
        records = Records(connection)
        await PreparedActs(connection).keep(
            data,
            kept,
            (first.title_id, first.content_root),
            until=until,
            read_to=moment_of(await records.chain_time()),
        )
        own = await own_party(records, self._node)
        detail = {"act": act, "titles": len(brought.drafts)}
        await Trail(connection).append(
            self._caller.key_id, _PREPARE, operation.target, detail, party=own.index
        )
        return call, brought


def _documents_in(direct: Mapping[str, Any]) -> int:  # Any: JSON
    several = direct.get("documents")
    if several is None and "document" not in direct:
        several = direct.get("titles")
    return 1 if several is None else len(several)


def _fixed(direct: Json, intent: Mapping[str, Any]) -> Json:  # Any: JSON of an intent
    """The request with nothing in it that could come to mean something else until it is signed:
    parties by their numbers, and the seq that the act is for."""
    fixed = dict(direct)
    for name in ("expectedSeq", "expectedSeqs"):
        if name in intent:
            fixed[name] = intent[name]
    if "issuances" in intent:
        stated = zip(direct["titles"], intent["issuances"], strict=True)
        return fixed | {"titles": [each | _named(each, of) for each, of in stated]}
    return fixed | _named(direct, intent.get("successor", intent))


def _named(body: Mapping[str, Any], issuance: Mapping[str, Any]) -> dict[str, str]:  # Any: as above
    named = ("possessor", "titleholder")
    return {name: str(issuance[name]) for name in named if body.get(name) is not None}
