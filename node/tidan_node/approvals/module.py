"""What `app.py` plugs in, beside `KeptRequests` for the edge."""

from __future__ import annotations

from typing import Final

from tidan_node.approvals.endpoints import router, rules

ROUTERS: Final = (router, rules)
