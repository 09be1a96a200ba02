"""Whom clients of the public web trust, read once for all of a process: it takes longer than a
whole request."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def public_roots() -> ssl.SSLContext:
    """The authorities whose certificates the public web shows."""
    return httpx.create_ssl_context(trust_env=False)


def roots_for(url: str) -> ssl.SSLContext:
    """What a client of this one address needs. With plain HTTP that is nobody: were it ever led to
    a TLS server, it would believe none."""
    if url.lower().startswith("https:"):
        return public_roots()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
