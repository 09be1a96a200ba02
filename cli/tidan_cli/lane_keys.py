"""Keys of more accounts of a node: a file each in the folder of lanes of its home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tidan_cli.node_settings import settings_of, settings_wrong
from tidan_node.ledger import keystore
from tidan_node.ledger.signer import LocalSigner
from tidan_node.settings import SettingsRefused

Document = dict[str, Any]  # Any: what a command answers, as JSON


def new_lane(home: Path) -> Document:
    """Make a key that the home's password opens, in a file named after its account; and say what
    is to be done until it is used."""
    settings = settings_of(home)
    try:
        password = settings.password()
    except SettingsRefused as refused:
        raise settings_wrong(refused) from refused
    secret = keystore.new_secret()
    account = LocalSigner(secret).address
    file = settings.lanes / f"{account}.json"
    work = keystore.work_beside(settings.account_keystore, password)
    keystore.create(file, password, secret, work=work)
    return {
        "account": account,
        "file": str(file),
        "home": str(home),
        "next": [
            f"tidan party rotate-key --add {account} --home {home}",
            f"tidan party rotate-key --complete --home {home}   (once the window has passed)",
            f"tidan node serve --home {home}   (start the node again)",
        ],
    }
