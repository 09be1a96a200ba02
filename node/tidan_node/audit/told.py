"""A node's answers, flattened to named values; and what they should be. Both sides are alike.

An answer is anybody's JSON: whatever of it is missing or of another kind reads as None, which no
value of the chain is unless nothing is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from tidan_node.audit.findings import Difference
from tidan_node.audit.node import Answer
from tidan_node.domain.chain_time import moment
from tidan_node.domain.identifiers import NO_PARTY, PartyIndex
from tidan_node.domain.steps import Step

Values = Mapping[str, object]
_MOMENTS: Final = ("at", "details.deadline", "details.expires")
_LISTS: Final = ("details.origins", "details.successors")


def act_values(step: Step[Any], details: Callable[[Step[Any]], Values]) -> Values:
    """What a record's history must say of one act. (Any: of the state only the head is asked.)"""
    return {
        "act": step.act.kind.name,
        "by": party_or_none(step.act.actor),
        "at": moment(step.act.time),
        "block": step.origin.block_number,
        "blockHash": step.origin.block_hash,
        "txHash": step.origin.tx_hash,
        "head": step.after.head,
        **{f"details.{name}": value for name, value in details(step).items()},
    }


def told_act(act: Answer, names: Values) -> Values:
    """What the node's history says of the same, under these names."""
    details = inner(act, "details")
    found: dict[str, object] = {}
    for name in names:
        place, _, member = name.partition(".")
        value = details.get(member) if place == "details" else act.get(name)
        if name in _MOMENTS:
            value = told_moment(value)
        elif name == "details.what":
            value = sorted_names(value)
        elif name in _LISTS:
            value = texts(value)
        elif isinstance(value, Mapping):
            value = value.get("index")
        found[name] = value
    return found


def differences(prefix: str, chain: Values, node: Values) -> Iterator[Difference]:
    """Every value that is not the same on both sides, by its type, too."""
    for name, value in chain.items():
        if type(value) is not type(node[name]) or value != node[name]:
            yield Difference(prefix + name, value, node[name])


def plain(answer: Answer, *names: str) -> Values:
    """Members as they are."""
    return {name: answer.get(name) for name in names}


def parties(answer: Answer, *names: str) -> Values:
    """Members that name a party: its number."""
    return {name: inner(answer, name).get("index") for name in names}


def party_or_none(party: PartyIndex) -> int | None:
    return None if party == NO_PARTY else int(party)


def told_moment(value: object) -> object:
    """A moment in the form of `moment`, however it was written; what is none stays as it is."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is None or found.tzinfo is None:
            return value
        return found.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return value


def inner(answer: Answer, name: str) -> Answer:
    value = answer.get(name)
    return value if isinstance(value, Mapping) else {}


def sorted_names(value: object) -> object:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(sorted(value))
    return value


def texts(value: object) -> object:
    """A list of texts, in its order."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    return value
