"""Ids as people type them: whole, or the first digits of one that the node knows."""

from __future__ import annotations

import re

from tidan_cli.client import NodeClient
from tidan_cli.failures import Answered, IdentifierAmbiguous, IdentifierTooShort

FEWEST_DIGITS = 8
_WHOLE = 64
_HEX = re.compile(r"[0-9a-f]+")


def whole_id(client: NodeClient, collection: str, typed: str) -> str:
    """The one id of this collection (titles, invoices, policies) that begins as typed."""
    digits = typed.strip().lower().removeprefix("0x").rstrip("…")
    if not _HEX.fullmatch(digits) or not FEWEST_DIGITS <= len(digits) <= _WHOLE:
        raise IdentifierTooShort(
            f"{typed!r}: give the id, or its first {FEWEST_DIGITS} or more hexadecimal digits",
            field=collection,
        )
    if len(digits) == _WHOLE:
        return "0x" + digits
    known = client.listed(f"/v1/{collection}")["items"]
    found = sorted(item["id"] for item in known if item["id"].startswith("0x" + digits))
    if len(found) > 1:
        raise IdentifierAmbiguous(
            f"{len(found)} {collection} begin with {digits}: {', '.join(found[:5])}",
            field=collection,
        )
    if not found:
        raise Answered(
            {
                "type": "/v1/problems/not-found",
                "title": "There is nothing by this name",
                "status": 404,
                "detail": f"none of the {collection} that the node knows begins with {digits}",
                "field": collection,
            },
            page=f"{client.url}/v1/problems/not-found",
        )
    return str(found[0])
