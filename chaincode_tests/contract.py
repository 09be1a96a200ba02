"""A contract under test by its ABI: transactions with their events, calls, typed reverts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak

from chaincode_tests.chain import Chain, Receipt
from tidan_contracts import artifact_names, load_artifact
from tidan_contracts.artifact import Artifact, artifact_from_json
from tidan_contracts.compile import FOR_TESTS

# what eth-abi gives and takes: int, bytes, str, bool, and tuples of them
Value = Any
AbiEntry = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """A decoded log."""

    name: str
    fields: dict[str, Value]


class Reverted(Exception):
    """A transaction that the contract refused, by the typed error that it gave."""

    def __init__(self, error: str, arguments: tuple[Value, ...]) -> None:
        super().__init__(f"{error}{arguments}")
        self.error = error
        self.arguments = arguments


@dataclass(frozen=True)
class Outcome:
    """A transaction that succeeded."""

    receipt: Receipt
    events: list[Event]

    @property
    def event(self) -> Event:
        """The one event, of acts that have exactly one."""
        (only,) = self.events
        return only

    @property
    def gas(self) -> int:
        return self.receipt.gas_used

    @property
    def time(self) -> int:
        return self.receipt.block_time


class Contract:
    """A deployed contract."""

    def __init__(self, chain: Chain, artifact: Artifact, address: str) -> None:
        self._chain = chain
        self.abi = artifact.abi
        self.address = address
        self._functions = {entry["name"]: entry for entry in _of_type(artifact, "function")}

    def transact(self, sender: str, function: str, *arguments: Value) -> Outcome:
        """Acts in a block of its own, or raises what the contract says."""
        receipt = self._chain.send(sender, self.address, self.call_data(function, arguments))
        if not receipt.succeeded:
            raise _reverted(receipt.revert_data)
        return Outcome(receipt, [_event(log) for log in receipt.logs])

    def call(self, function: str, *arguments: Value) -> Value:
        """A view's answer: the value itself if it is one, a struct by the names of its fields."""
        answer = self._chain.call(self.address, self.call_data(function, arguments))
        return self._answer(function, answer)

    def call_many(self, several: Sequence[tuple[str, Value]]) -> list[Value]:
        """The answers of many views of one argument each, asked in one request."""
        data = [self.call_data(function, (argument,)) for function, argument in several]
        answers = self._chain.call_many(self.address, data)
        return [
            self._answer(function, answer)
            for (function, _), answer in zip(several, answers, strict=True)
        ]

    def _answer(self, function: str, answer: bytes) -> Value:
        outputs = self._functions[function]["outputs"]
        values = [
            _named(output, value)
            for output, value in zip(outputs, decode(_types(outputs), answer), strict=True)
        ]
        return values[0] if len(values) == 1 else tuple(values)

    def call_data(self, function: str, arguments: Sequence[Value]) -> bytes:
        """The data of a transaction that calls this function."""
        entry = self._functions[function]
        return selector(entry) + encode(_types(entry["inputs"]), arguments)


def deploy(chain: Chain, sender: str, name: str, *arguments: Value) -> Contract:
    """A contract of the shipped artifacts, newly deployed."""
    return deploy_artifact(chain, sender, load_artifact(name), *arguments)


def deploy_for_tests(chain: Chain, sender: str, name: str) -> Contract:
    """A contract that is there to test others, newly deployed."""
    text = (FOR_TESTS / f"{name}.json").read_text(encoding="utf-8")
    return deploy_artifact(chain, sender, artifact_from_json(name, text))


def deploy_artifact(chain: Chain, sender: str, artifact: Artifact, *arguments: Value) -> Contract:
    """A contract that was compiled, newly deployed."""
    parameters = [field for entry in _of_type(artifact, "constructor") for field in entry["inputs"]]
    data = artifact.bytecode + encode(_types(parameters), arguments)
    receipt = chain.send(sender, None, data)
    if not receipt.succeeded or receipt.contract is None:
        raise _reverted(receipt.revert_data)
    return Contract(chain, artifact, receipt.contract)


def _event(log: Mapping[str, Any]) -> Event:
    """What the contract told, or another one that it called."""
    topics = [bytes.fromhex(topic[2:]) for topic in log["topics"]]
    entry = _events()[topics[0]]
    indexed = [field for field in entry["inputs"] if field["indexed"]]
    in_data = [field for field in entry["inputs"] if not field["indexed"]]
    values = {
        field["name"]: decode([field["type"]], topic)[0]
        for field, topic in zip(indexed, topics[1:], strict=True)
    }
    decoded = decode(_types(in_data), bytes.fromhex(log["data"][2:]))
    values |= {field["name"]: value for field, value in zip(in_data, decoded, strict=True)}
    return Event(entry["name"], values)


def _reverted(data: bytes) -> Reverted:
    """What a contract says, or passes on from another one that it called."""
    entry = _errors().get(data[:4])
    if entry is None:
        return Reverted(f"0x{data.hex()}", ())
    return Reverted(entry["name"], tuple(decode(_types(entry["inputs"]), data[4:])))


@cache
def _errors() -> dict[bytes, AbiEntry]:
    return {
        selector(entry): entry
        for name in artifact_names()
        for entry in _of_type(load_artifact(name), "error")
    }


@cache
def _events() -> dict[bytes, AbiEntry]:
    return {
        bytes(keccak(text=signature(entry))): entry
        for name in artifact_names()
        for entry in _of_type(load_artifact(name), "event")
    }


def signature(entry: AbiEntry) -> str:
    return f"{entry['name']}({','.join(_types(entry['inputs']))})"


def selector(entry: AbiEntry) -> bytes:
    return keccak(text=signature(entry))[:4]


def _types(fields: Sequence[Any]) -> list[str]:
    return [collapse_if_tuple(field) for field in fields]


def _named(output: AbiEntry, value: Value) -> Value:
    if output["type"] != "tuple":
        return value
    names = [component["name"] for component in output["components"]]
    return dict(zip(names, value, strict=True))


def _of_type(artifact: Artifact, kind: str) -> list[AbiEntry]:
    return [entry for entry in artifact.abi if entry["type"] == kind]
