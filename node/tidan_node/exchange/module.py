"""What `app.py` plugs in."""

from __future__ import annotations

from typing import Final

from tidan_node.exchange import endpoints, own_profile, parcel_endpoints, profile_endpoints

ROUTERS: Final = (endpoints.router, parcel_endpoints.router, profile_endpoints.router)
OPERATIONS: Final = own_profile.HANDLERS
