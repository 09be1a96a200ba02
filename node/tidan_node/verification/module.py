"""What `app.py` plugs in; a check changes nothing on the chain."""

from __future__ import annotations

from typing import Final

from tidan_node.verification.endpoints import router

ROUTERS: Final = (router,)
