"""What `app.py` plugs in."""

from __future__ import annotations

from typing import Final

from tidan_node.identity.credential_endpoints import router as credentials
from tidan_node.identity.endpoints import me, router
from tidan_node.identity.well_known import lists
from tidan_node.identity.well_known import router as well_known

ROUTERS: Final = (router, me, credentials, well_known, lists)
