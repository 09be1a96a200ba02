"""What `app.py` plugs in."""

from __future__ import annotations

from typing import Final

from tidan_node.council.endpoints import platforms, router
from tidan_node.council.gateway_endpoints import router as gateways
from tidan_node.council.operations import HANDLERS
from tidan_node.council.rotation_endpoints import router as rotations

ROUTERS: Final = (router, platforms, gateways, rotations)
OPERATIONS: Final = HANDLERS
