"""What `app.py` plugs in."""

from __future__ import annotations

from typing import Final

from tidan_node.identity.endpoints import me, router

ROUTERS: Final = (router, me)
