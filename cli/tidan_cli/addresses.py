"""Where something listens, as others write it."""

from __future__ import annotations

from typing import Final

_LOOPBACK_OF: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  they name every address


def reached_at(listening: str) -> str:
    """Where this machine reaches what listens at an address, which may be every one."""
    return _LOOPBACK_OF.get(listening, listening)


def url_of(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
