"""Ids as people type them: whole, by their first digits, or by the number of the document."""

from __future__ import annotations

import re

from tidan_cli.client import NodeClient
from tidan_cli.failures import Answered, IdentifierAmbiguous, IdentifierTooShort

COLLECTIONS = {"title": "titles", "invoice": "invoices", "policy": "policies"}
"""Where the API has the records of each kind."""

FEWEST_DIGITS = 8
_WHOLE = 64
_HEX = re.compile(r"[0-9a-f]+")
_NUMBERS = {
    "titles": ("title", "bill-of-lading"),
    "invoices": ("invoice", "invoice"),
    "policies": ("policy", "policy"),
}
"""What a record of each collection is called by its issuer, as the search names it."""
_LONGEST_NUMBER = 200


def whole_id(client: NodeClient, collection: str, typed: str) -> str:
    """The one id of this collection (titles, invoices, policies) that is meant.

    Ids are looked for first. A number is that of a document that the node holds.
    """
    typed = typed.strip()
    digits = typed.lower().removeprefix("0x").rstrip("…")
    may_be_id = bool(_HEX.fullmatch(digits)) and FEWEST_DIGITS <= len(digits) <= _WHOLE
    may_be_number = not typed.lower().startswith("0x") and 0 < len(typed) <= _LONGEST_NUMBER
    if may_be_id and len(digits) == _WHOLE:
        return "0x" + digits
    found = _beginning(client, collection, digits) if may_be_id else []
    if not found and may_be_number:
        found = _numbered(client, collection, typed, only_guess=may_be_id)
    elif not may_be_id:
        raise IdentifierTooShort(
            f"{typed!r}: give the id, or its first {FEWEST_DIGITS} or more hexadecimal digits",
            field=collection,
        )
    if len(found) > 1:
        raise IdentifierAmbiguous(
            f"{len(found)} {collection} are meant by it: {', '.join(found[:5])}",
            field=collection,
        )
    if not found:
        raise _not_found(client, collection, digits if may_be_id else None)
    return found[0]


def _beginning(client: NodeClient, collection: str, digits: str) -> list[str]:
    known = client.listed(f"/v1/{collection}")["items"]
    return sorted(item["id"] for item in known if item["id"].startswith("0x" + digits))


def _numbered(client: NodeClient, collection: str, typed: str, *, only_guess: bool) -> list[str]:
    """The records on the chain whose documents, held by this node, have this number."""
    kind, scheme = _NUMBERS[collection]
    wanted = {"text": typed, "kind": kind, "scheme": scheme, "whole": True}
    try:
        items = client.ask("/v1/search", wanted)["items"]
    except Answered:
        if only_guess:  # it looked like an id: whoever may not search is told of ids
            return []
        raise
    return sorted({item["record"] for item in items if item["current"]})


def _not_found(client: NodeClient, collection: str, digits: str | None) -> Answered:
    known = f"none of the {collection} that the node knows"
    begins = "" if digits is None else f" begins with {digits}, and none"
    return Answered(
        {
            "type": "/v1/problems/not-found",
            "title": "There is nothing by this name",
            "status": 404,
            "detail": f"{known}{begins} has this number in a document that the node holds",
            "field": collection,
        },
        page=f"{client.url}/v1/problems/not-found",
    )
