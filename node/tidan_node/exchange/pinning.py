"""Connections to other nodes: to whoever holds the key of a certificate in the party's profile.

The certificate that is shown must be one of these, byte for byte, and in its time: no authority is
asked, and none of the system's is trusted. A party that pins none is reached on this very machine.
"""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import Collection
from typing import Any, Final

import httpx

from tidan_node.domain.loopback import is_loopback
from tidan_node.domain.tls_certificates import Der
from tidan_node.exchange.problems import (
    CertificateNotInTime,
    CertificateNotPinned,
    TlsRequired,
)
from tidan_node.problems import Problem

_EXTENSION: Final = "tidan.pinned"
_MOST_LINES: Final = 256
_LIMITS: Final = httpx.Limits(max_connections=8, max_keepalive_connections=1, keepalive_expiry=4.0)
"""A node hangs up after five seconds of silence: whoever hangs up first loses no request."""
_NOT_YET_VALID, _EXPIRED = 9, 10
"""X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED"""

Pins = tuple[Der, ...]


def pinned(certificates: Collection[Der]) -> dict[str, Any]:  # Any: as httpx types extensions
    """The `extensions` of a request to a party whose profile has these certificates."""
    return {_EXTENSION: tuple(certificates)}


class PinnedTransport(httpx.AsyncBaseTransport):
    """Keeps a line for each set of certificates, so that no party gets to use another's."""

    def __init__(self) -> None:
        self._lines: OrderedDict[Pins, httpx.AsyncHTTPTransport] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        pins: Pins = request.extensions.get(_EXTENSION, ())
        _require_tls(request.url, pins)
        line = await self._line(pins)
        try:
            return await line.handle_async_request(request)
        except httpx.ConnectError as error:
            refusal = _refusal(error)
            if refusal is None:
                raise
            raise refusal from error

    async def aclose(self) -> None:
        while self._lines:
            await self._lines.popitem()[1].aclose()

    async def _line(self, pins: Pins) -> httpx.AsyncHTTPTransport:
        line = self._lines.pop(pins, None)
        if line is None:
            context = pinned_context(pins)
            line = httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=_LIMITS)
        self._lines[pins] = line
        if len(self._lines) > _MOST_LINES:
            # whoever has waited longest for an answer tries again
            await self._lines.popitem(last=False)[1].aclose()
        return line


def pinned_context(pins: Pins) -> ssl.SSLContext:
    """TLS with whoever shows one of these certificates; with nobody, where there is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # whose certificate it is the chain says, and not a name in it
    context.check_hostname = False
    # what is pinned is believed for itself, also where somebody has issued it
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.sslobject_class = _showing_one_of(frozenset(pins))
    if pins:
        try:
            context.load_verify_locations(cadata=b"".join(pins))
        except (ssl.SSLError, ValueError) as error:
            raise CertificateNotPinned("the profile's certificates cannot be read") from error
    return context


def _showing_one_of(pins: frozenset[Der]) -> type[ssl.SSLObject]:
    class Pinned(ssl.SSLObject):
        """A pinned certificate may be an authority's: what it has issued is not pinned."""

        def do_handshake(self) -> None:
            super().do_handshake()
            if self.getpeercert(binary_form=True) not in pins:
                raise ssl.SSLCertVerificationError(1, "the certificate is not pinned")

    return Pinned


def _require_tls(url: httpx.URL, pins: Pins) -> None:
    if pins and url.scheme != "https":
        raise TlsRequired("its profile pins a certificate, and its address is not https")
    if not pins and not (url.scheme == "http" and is_loopback(url.host)):
        raise TlsRequired("its profile pins no certificate, so nobody could tell who answers")


def _refusal(error: httpx.ConnectError) -> Problem | None:
    """What the certificate was refused for, if it was that."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__  # the pool of httpx clears the former
    if cause is None:
        return None
    if getattr(cause, "verify_code", None) in (_NOT_YET_VALID, _EXPIRED):
        return CertificateNotInTime("the certificate that it shows has ended, or not begun")
    return CertificateNotPinned("the certificate that it shows is not one of its profile")
