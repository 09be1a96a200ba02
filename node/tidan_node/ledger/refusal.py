"""One typed error of the contracts in words: which Problem it is, and at which field."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tidan_node.domain import parties, record_problems
from tidan_node.domain.chain_time import moment
from tidan_node.domain.platforms import AnchorKind
from tidan_node.domain.reasons import AmendmentReason, told_reason
from tidan_node.domain.titles import TitleKind, TitleStatus
from tidan_node.domain.titles.pledges import called
from tidan_node.ledger.abi import Parameter, Value
from tidan_node.problems import Problem

_ENUMS: Final[Mapping[str, type[enum.Enum]]] = {
    "enum TitleStatus": TitleStatus,
    "enum TitleKind": TitleKind,
    "enum PartyStatus": parties.PartyStatus,
    "enum AnchorKind": AnchorKind,
}
_MOMENTS: Final = frozenset(
    {
        *("completableFrom", "deadline", "executableFrom", "expiresAt", "lapsedAt"),
        *("possibleFrom", "validUntil"),
    }
)
"""Arguments in seconds, which people read as a time; programs are given the number."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of problem, its words with the error's arguments, and the field that is at fault."""

    kind: type[Problem]
    words: str
    at: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def problem(self, arguments: Mapping[str, Value]) -> Problem:
        members = {member: arguments[name] for member, name in self.extra.items()}
        told = {
            name: moment(value) if name in _MOMENTS and isinstance(value, int) else value
            for name, value in arguments.items()
        }
        return self.kind(self.words.format_map(told), field=self.at, **members)


def in_words(parameter: Parameter, value: Value) -> Value:
    """Numbers that stand for names become the names."""
    if parameter.declared in _ENUMS:
        return _ENUMS[parameter.declared](value).name
    if parameter.name in ("role", "roles"):
        return " or ".join(parties.role_names(parties.Role(value))) or value
    if parameter.name == "pledgee":
        return called(value)
    if parameter.name == "surrenderedFor":
        return told_reason(AmendmentReason, value)
    return value


def empty(words: str, at: str) -> Refusal:
    return Refusal(record_problems.EmptyValue, words, at)


def other(words: str) -> Refusal:
    return Refusal(record_problems.ContractRefused, words)
