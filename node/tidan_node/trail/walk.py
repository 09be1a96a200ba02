"""The whole trail in SQL, verified page by page in the memory of one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tidan_node.trail.trail import Trail, TrailUnreadable
from tidan_node.trail.verification import BrokenLink, Fault, Verifier

_PAGE: Final = 500


async def verify_trail(trail: Trail, anchors: Mapping[int, str]) -> Verifier:
    """The verifier after it has taken in every sealed entry, and come to its verdict."""
    verifier = Verifier(anchors=anchors)
    limit = _PAGE
    while verifier.broken is None:
        after = verifier.last.seq
        try:
            page = await trail.sealed(limit=limit, after=after)
        except TrailUnreadable:
            if limit == 1:
                verifier.broken = BrokenLink(after + 1, None, Fault.ALTERED, "it cannot be read")
            limit = 1  # entry by entry, to find the one
            continue
        if not page:
            break
        verifier.take(page)
    verifier.finish()
    return verifier
