"""New exchange keys for a node: made beside those in use, named by its profile, put in their place.

The node holds every keystore of its home, and signs by the keys that its profile names: so it can
read and be believed between any two steps, and a run that was killed is gone on with by the next.
"""

from __future__ import annotations

from dataclasses import dataclass

from tidan_cli.client import Document, NodeClient
from tidan_cli.private_files import sync_folder, write_private
from tidan_cli.profile_change import change_profile, own_party
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.exchange.exchange_keystores import former_of, next_of
from tidan_node.ledger import keystore
from tidan_node.settings import Settings


@dataclass(frozen=True, slots=True)
class ExchangeKeyRenewal:
    """The home of a node that runs, and the way to ask it."""

    settings: Settings
    client: NodeClient
    timeout: float
    checkpoints: Checkpoints

    def run(self) -> Document:
        """Renew the keys, or end what a former run has begun."""
        file, password = self.settings.exchange_keystore, self.settings.password()
        following, party = next_of(file), own_party(self.client)
        if not following.is_file():
            keystore.create(following, password, work=keystore.work_beside(file, password))
            self.checkpoints.reached("exchange-key.made")
        keys = ExchangeKeys.from_secret(keystore.open(following, password))
        if party["signingKey"] != keys.signing_jwk:
            change_profile(self.client, {"signingKey": keys.signing_jwk}, self.timeout)
        self.checkpoints.reached("exchange-key.named")
        former = former_of(file, ExchangeKeys.from_secret(keystore.open(file, password)))
        write_private(former, file.read_bytes())
        self.checkpoints.reached("exchange-key.former-kept")
        following.replace(file)
        sync_folder(file.parent)
        return {
            "signingKey": keys.signing_jwk,
            "encryptionKey": keys.encryption_jwk,
            "former": str(former),
            "certificatesDropped": bool(party["certificates"]),
        }
