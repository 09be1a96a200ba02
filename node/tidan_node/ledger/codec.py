"""The contracts' language, both ways: calls and results, logs and events, reverts and Problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from eth_abi.exceptions import DecodingError, EncodingError

from tidan_contracts import load_artifact
from tidan_node.domain.events import ChainEvent, Event, Origin
from tidan_node.domain.identifiers import Address, BlockHash, TxHash, to_hex
from tidan_node.domain.record_problems import ContractRefused
from tidan_node.ledger.abi import (
    CODEC,
    CONTRACTS,
    Signature,
    Value,
    canonical,
    encode,
    signatures,
)
from tidan_node.ledger.answers import Log
from tidan_node.ledger.calls import Call
from tidan_node.ledger.event_decoders import EventDecoder, decoder_of
from tidan_node.ledger.event_types import EventUnreadable
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.refusal import in_words
from tidan_node.ledger.refusals import REFUSALS
from tidan_node.problems import InvalidInput, Problem

SILENT: Final = frozenset({"AuthorityUpdated"})
"""Events that change no record: PartyRegistry names its authority when it is deployed."""

FOLLOWED: Final = tuple(name for name in CONTRACTS if name != "Authority")
"""The contracts whose events are the records."""

_FUNCTIONS: Final = {
    (contract, each.name): each
    for contract in CONTRACTS
    for each in signatures(contract, "function")
}
_SELECTORS: Final = {(contract, each.selector): each for (contract, _), each in _FUNCTIONS.items()}
_EVENTS: Final[Mapping[str, Mapping[str, EventDecoder | None]]] = {
    contract: {
        to_hex(each.hash): None if each.name in SILENT else decoder_of(each)
        for each in signatures(contract, "event")
    }
    for contract in FOLLOWED
}
_NONE: Final[Mapping[str, EventDecoder | None]] = {}
_ERRORS: Final = {
    each.selector: each for contract in CONTRACTS for each in signatures(contract, "error")
}

_PANIC: Final = bytes.fromhex("4e487b71")
_REASON: Final = bytes.fromhex("08c379a0")


class Codec:
    """The contracts of one manifest: their addresses tell whose words a log's are."""

    def __init__(self, manifest: Manifest) -> None:
        self._chain_id = manifest.chain_id
        self._contracts: Mapping[str, str] = {manifest.address_of(name): name for name in FOLLOWED}

    @property
    def followed(self) -> list[Address]:
        """The addresses whose logs are the records' events."""
        return [Address(each) for each in self._contracts]

    def event(self, log: Log, block_time: int) -> ChainEvent | None:
        """The event of a log, or None where it changes no record."""
        contract = log.address.lower()
        event = decode_event(self._contracts.get(contract, ""), log.topics, log.data)
        if event is None:
            return None
        origin = Origin(
            self._chain_id,
            Address(contract),
            int(log.block_number, 16),
            BlockHash(log.block_hash),
            block_time,
            TxHash(log.transaction_hash),
            int(log.log_index, 16),
        )
        return ChainEvent(event, origin)


def decode_event(contract: str, topics: Sequence[str], data: str) -> Event | None:
    """The event with these topics and data, told by a contract of this name."""
    try:
        decoder = _EVENTS.get(contract, _NONE)[topics[0].lower()]
    except (IndexError, KeyError) as error:
        called = contract or "an unknown contract"
        raise EventUnreadable(f"{called} has no event {topics[:1]}") from error
    return None if decoder is None else decoder.decode(topics, data)


def encode_call(call: Call) -> bytes:
    """The data of a transaction that makes this call."""
    signature = _function(call)
    try:
        return signature.selector + encode([each.type for each in signature.inputs], call.args)
    except (EncodingError, ValueError) as error:
        raise InvalidInput(f"{call.contract}.{call.function}: {error}") from error


def decode_call(contract: str, data: bytes) -> Call | None:
    """The call that this data makes of a contract; None where it makes none that the node knows."""
    signature = _SELECTORS.get((contract, data[:4]))
    if signature is None:
        return None
    try:
        arguments = signature.decode(data[4:])
    except (DecodingError, ValueError):
        return None
    return Call(contract, signature.name, tuple(arguments.values()))


def encode_creation(contract: str, *arguments: object) -> bytes:
    """The data of a transaction that creates this contract."""
    artifact = load_artifact(contract)
    inputs = next((each["inputs"] for each in artifact.abi if each["type"] == "constructor"), ())
    return artifact.bytecode + encode([canonical(each) for each in inputs], arguments)


def decode_result(call: Call, data: bytes) -> tuple[Value, ...]:
    """What a view returned, one value for each of its outputs; a struct is a tuple."""
    outputs = _function(call).outputs
    try:
        values = CODEC.decode([each.type for each in outputs], data)
    except DecodingError as error:
        raise ContractRefused(
            f"{call.contract}.{call.function} answers with what its ABI does not say"
        ) from error
    return tuple(each.plain(value) for each, value in zip(outputs, values, strict=True))


def decode_revert(data: bytes) -> Problem:
    """The Problem of the same meaning as this revert."""
    selector, arguments = data[:4], data[4:]
    try:
        if selector in _ERRORS:
            return _refusal(_ERRORS[selector], arguments)
        if selector == _PANIC:
            (code,) = CODEC.decode(["uint256"], arguments)
            return ContractRefused(f"the contract panicked with code 0x{code:02x}")
        if selector == _REASON:
            (reason,) = CODEC.decode(["string"], arguments)
            return ContractRefused(reason)
    except (DecodingError, ValueError):
        pass  # what does not decode is told as it came
    if not data:
        return ContractRefused("the contract refused without a word")
    return ContractRefused(f"the contract refused with {to_hex(data)}")


def _refusal(signature: Signature, data: bytes) -> Problem:
    values = signature.decode(data)
    words = {each.name: in_words(each, values[each.name]) for each in signature.inputs}
    return REFUSALS[signature.name].problem(words)


def _function(call: Call) -> Signature:
    signature = _FUNCTIONS.get((call.contract, call.function))
    if signature is None:
        raise LookupError(f"{call.contract} has no function {call.function}")
    return signature
