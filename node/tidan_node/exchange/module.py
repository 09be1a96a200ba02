"""What `app.py` plugs in."""

from __future__ import annotations

from typing import Final

from tidan_node.exchange import endpoints, parcel_endpoints

ROUTERS: Final = (endpoints.router, parcel_endpoints.router)
