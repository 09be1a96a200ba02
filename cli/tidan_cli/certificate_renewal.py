"""A new certificate for a node: pinned beside the old one, then shown, then pinned alone.

Each step shows in the home or on the chain, so a run that was interrupted is gone on with.
"""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tidan_cli.addresses import reached_at, url_of
from tidan_cli.client import Document, NodeClient
from tidan_cli.failures import CertificateNotShown
from tidan_cli.patience import Patience
from tidan_cli.private_files import sync_folder, write_private
from tidan_cli.profile_change import change_profile, own_party
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.tls_certificates import (
    Der,
    certificate_texts,
    fingerprint,
    valid_until,
)
from tidan_node.exchange.own_certificate import certificate_in, new_tls_file
from tidan_node.ledger import keystore
from tidan_node.settings import Settings
from tidan_node.web.shapes import as_utc

_NEXT: Final = "tls-next.pem"
_PAUSE: Final = 0.2
_PATIENCE: Final = 5.0


@dataclass(frozen=True, slots=True)
class Renewal:
    """The home of a node that runs, and the way to ask it."""

    settings: Settings
    client: NodeClient
    timeout: float
    checkpoints: Checkpoints

    def run(self) -> Document:
        """Renew the certificate, or end what a former run has begun."""
        file, following = self.settings.tls_file, self.settings.tls_file.with_name(_NEXT)
        if not file.is_file():
            self._make(file)
            raise CertificateNotShown(
                f"{file} is made; start the node anew, then repeat the command"
            )
        shown = certificate_in(file)
        pinned = own_party(self.client)["tlsCertificates"]
        if pinned == certificate_texts([shown]) and not following.is_file():
            self._make(following)
            self.checkpoints.reached("renewal.made")
        if following.is_file():
            self._pin(shown, certificate_in(following))
            self.checkpoints.reached("renewal.both-pinned")
            following.replace(file)
            sync_folder(file.parent)
            self.checkpoints.reached("renewal.taken-over")
        certificate = certificate_in(file)
        self._await_shown(certificate)
        self._pin(certificate)
        return {
            "certificate": fingerprint(certificate),
            "ends": as_utc(valid_until(certificate)),
            "nodeUrl": self._node_url(),
        }

    def _make(self, file: Path) -> None:
        settings = self.settings
        secret = keystore.open(settings.exchange_keystore, settings.password())
        host = urlsplit(self._node_url()).hostname or settings.host
        content, _ = new_tls_file(secret, [host], datetime.now(UTC))
        write_private(file, content, replace=False)

    def _node_url(self) -> str:
        """Where other nodes come; a node of a former version had no https of its own."""
        told = str(own_party(self.client)["nodeUrl"])
        return told if told.startswith("https:") else url_of("https", *self._address())

    def _address(self) -> tuple[str, int]:
        host, port = self.settings.exchange_address
        return reached_at(host), port

    def _pin(self, *certificates: Der) -> None:
        """Other nodes trust these, once they have read it on the chain."""
        wanted = certificate_texts(certificates)
        if own_party(self.client)["tlsCertificates"] == wanted:
            return
        members: Document = {"tlsCertificates": wanted, "nodeUrl": self._node_url()}
        change_profile(self.client, members, self.timeout)

    def _await_shown(self, certificate: Der) -> None:
        """The node looks every second whether its file is another."""
        host, port = self._address()
        patience = Patience(time.monotonic() + self.timeout, pause=_PAUSE, longest=_PAUSE)
        while _shown_at(host, port) != certificate:
            if not patience.rested():
                raise CertificateNotShown(
                    f"{host}:{port} does not show it; start the node anew, then repeat the command"
                )


def _shown_at(host: str, port: int) -> Der | None:
    try:
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((host, port), timeout=_PATIENCE))
    except (OSError, ValueError):
        return None
