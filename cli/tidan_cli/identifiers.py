"""Ids as people type them: whole, by their first digits, or by the number of the document."""

from __future__ import annotations

import re

from tidan_cli.client import NodeClient
from tidan_cli.failures import Answered, IdentifierAmbiguous, IdentifierTooShort
from tidan_cli.near_numbers import near_numbers

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
_LOOK = {
    "titles": "`tidan title list --offered-to PARTY` shows what is on offer, by its id;"
    " `tidan parcel list` what packages have come; `tidan title receive FILE` takes in a file",
    "invoices": "`tidan invoice list` shows the invoices by their ids; `tidan parcel list` what"
    " packages have come; `tidan invoice receive FILE` takes in a file",
    "policies": "`tidan policy list` shows the policies by their ids; `tidan parcel list` what"
    " packages have come; `tidan policy receive FILE` takes in a file",
}
"""A number is known by the document alone: where one that is not here may be."""


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
        found = _present(client, found) if collection == "titles" else found
    elif not may_be_id:
        raise IdentifierTooShort(
            f"{typed!r}: give the id, or its first {FEWEST_DIGITS} or more hexadecimal digits",
            field=collection,
        )
    if len(found) > 1:
        raise IdentifierAmbiguous(
            f"{len(found)} {collection} are meant by it: {_told_apart(client, collection, found)}",
            field=collection,
        )
    if not found:
        raise _not_found(client, collection, typed, digits)
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


def _present(client: NodeClient, found: list[str]) -> list[str]:
    """Of several titles of one number, which an amendment or paper leaves, the present one."""
    if len(found) < 2:
        return found
    ended = ("VOIDED", "PAPER")
    present = [id_ for id_ in found if client.get(f"/v1/titles/{id_}")["status"] not in ended]
    return present or found


def _told_apart(client: NodeClient, collection: str, found: list[str]) -> str:
    """The first of them with what each is now, and since when it is on the chain."""
    told = []
    for id_ in found[:5]:
        try:
            status = client.get(f"/v1/{collection}/{id_}")["status"]
            first, *_ = client.get(f"/v1/{collection}/{id_}/history")["acts"]
        except Answered:  # the key may not cover the look
            told.append(id_)
        else:
            told.append(f"{id_} ({status}, of {first['at']})")
    return ", ".join(told)


def _not_found(client: NodeClient, collection: str, typed: str, digits: str) -> Answered:
    detail = f"none of the {collection} that the node knows"
    is_hex = bool(_HEX.fullmatch(digits))
    if is_hex and len(digits) >= FEWEST_DIGITS:
        detail += f" begins with {digits}, and none"
    detail += " has this number in a document that the node holds"
    if is_hex and len(digits) < FEWEST_DIGITS:
        detail += f"; as the beginning of an id it is too short: {FEWEST_DIGITS} digits or more"
    refusal = Answered(
        {
            "type": "/v1/problems/not-found",
            "title": "There is nothing by this name",
            "status": 404,
            "detail": detail,
            "field": collection,
        },
        page=f"{client.url}/v1/problems/not-found",
    )
    near = near_numbers(client, *_NUMBERS[collection], typed)
    meant = f"do you mean {' or '.join(near)}? " if near else ""
    refusal.next_step = meant + _LOOK[collection]
    return refusal
