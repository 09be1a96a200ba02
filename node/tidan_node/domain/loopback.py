"""Addresses of this very machine: what is sent there goes over no line."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether this host, as it stands in a URL without brackets, is the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
