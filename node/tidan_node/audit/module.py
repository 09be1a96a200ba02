"""What `app.py` plugs in; the sealer is given an `AnchorByOperation`."""

from __future__ import annotations

from typing import Final

from tidan_node.audit.endpoints import audit_router, router
from tidan_node.audit.operations import HANDLERS

ROUTERS: Final = (router, audit_router)
OPERATIONS: Final = HANDLERS
