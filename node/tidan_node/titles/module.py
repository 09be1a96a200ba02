"""What `app.py` plugs in."""

from __future__ import annotations

from typing import Final

from tidan_node.titles.endpoints import router
from tidan_node.titles.operations import HANDLERS

ROUTERS: Final = (router,)
OPERATIONS: Final = HANDLERS
