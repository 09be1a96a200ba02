"""What `app.py` plugs in."""

from __future__ import annotations

from typing import Final

from tidan_node.recognition.endpoints import router

ROUTERS: Final = (router,)
