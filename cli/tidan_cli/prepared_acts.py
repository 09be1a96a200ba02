"""An act to be signed elsewhere, from what is typed: ids by their first digits, times as spans."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from tidan_cli.client import NodeClient
from tidan_cli.deadlines import chain_deadline
from tidan_cli.documents import JsonText
from tidan_cli.failures import UsageProblem
from tidan_cli.identifiers import whole_id

_TO = {"offer": "recipient", "enforcePledge": "recipient", "proposePledge": "pledgee"}
_BY_NAME = {"recipient", "pledgee", "possessor", "titleholder"}
_OF_DOCUMENTS = {"id": "title", "ids": "titles"}
_REASONS = {
    "amend": "CORRECTION",
    "split": "SPLIT",
    "combine": "COMBINATION",
    "switchBill": "SWITCH",
}
_REPLACED = {"amend": "id", "split": "id", "switchBill": "id", "combine": "ids"}
_SEVERAL = {"split": "documents", "issueBatch": "titles"}


def function_named(act: str) -> str:
    """The contract's name of an act, which may be typed like a command."""
    return re.sub("-([a-z])", lambda found: found[1].upper(), act)


def request_of(
    client: NodeClient,
    act: str,
    typed: Sequence[str],
    documents: Sequence[JsonText],
    others: Mapping[str, str],
) -> dict[str, object]:
    """The body: arguments by their names or, where documents are given, that of the direct act with
    its `others`: holders, and the hash of a withdrawal."""
    stated: dict[str, object] = {}
    for each in typed:
        name, is_given, value = each.partition("=")
        if not (name and is_given):
            raise UsageProblem(f"{each!r} is not NAME=VALUE", field="NAME=VALUE")
        name = _usual(act, name)
        stated[name] = _value(client, name, value)
    if not documents:
        if others:
            raise UsageProblem("this goes with --document", field=f"--{min(others)}")
        return {"act": act, "arguments": stated}
    members = {_OF_DOCUMENTS.get(name, name): value for name, value in stated.items()}
    replaced = _REPLACED.get(act)
    if replaced is not None and _OF_DOCUMENTS[replaced] not in members:
        raise UsageProblem(f"{replaced}=TITLE says what is replaced", field=replaced)
    if act in _REASONS:
        members = {"reason": _REASONS[act]} | members
    return {"act": act} | members | _with(act, documents, others)


def _usual(act: str, name: str) -> str:
    """As the direct commands have it: `to` is who gets it, `until` its deadline; the `kind` of an
    endorsement is what the contract endorses a title to."""
    if name == "until":
        return "deadline"
    if (act, name) == ("endorse", "kind"):
        return "to"
    return _TO.get(act, name) if name == "to" else name


def _value(client: NodeClient, name: str, text: str) -> object:
    match name:
        case "id" | "title":
            return whole_id(client, "titles", text)
        case "ids" | "titles":
            return [whole_id(client, "titles", each) for each in text.split(",")]
        case "deadline" if not text.isdigit():
            return chain_deadline(client, text, option=name)
        case "what" if not text.isdigit():
            return text.split(",")
    return text if name in _BY_NAME else _json_or_text(text)


def _json_or_text(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # a hash, or the name of a reason
        return text


def _with(act: str, documents: Sequence[JsonText], others: Mapping[str, str]) -> dict[str, object]:
    several = _SEVERAL.get(act)
    if several == "titles":
        return {several: [{"document": each, **others} for each in documents]}
    if several is not None:
        return {several: list(documents), **others}
    if len(documents) > 1:
        raise UsageProblem(f"{act} is of one document", field="--document")
    return {"document": documents[0], **others}
