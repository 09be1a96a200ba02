"""A new node home: keys, settings, database, a key for the command line; whole or not at all."""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tidan_cli.addresses import reached_at, url_of
from tidan_cli.failures import HomeUnusable, UsageProblem, typed_at
from tidan_cli.node_choice import CLIENT_FILE, NodeAccess, client_file
from tidan_cli.node_settings import settings_of
from tidan_cli.party_card import CARD_FILE, PartyCard
from tidan_cli.places import give_name, remove_left_over, require_free
from tidan_cli.private_files import write_private, write_whole
from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.domain.exchange_keys import ExchangeKeys
from tidan_node.domain.identifiers import IssuerCode
from tidan_node.domain.parties import Role
from tidan_node.domain.profiles import Identifier, Profile, read_profile
from tidan_node.domain.proofs.numbering import NumberingKey
from tidan_node.domain.registers import check_profile
from tidan_node.exchange.own_certificate import new_tls_file
from tidan_node.ledger import keystore
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.signer import LocalSigner
from tidan_node.people.api_keys import ApiKeys
from tidan_node.people.caller import EVERY_SCOPE
from tidan_node.settings import EXCHANGE_ABOVE, FILE, node_toml
from tidan_node.storage.database import Database
from tidan_node.storage.migrate import upgrade

_OPTIONS: Final = {
    "name": "--name",
    "identifiers": "--identifier",
    "codes": "--code",
    "nodeUrl": "--public-url",
}
_LARGEST_PORT: Final = 65535
_PASSWORD_FILE: Final = "keystore.password"  # noqa: S105  the name of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNode:
    """What is decided about a node before it exists."""

    name: str
    identifiers: tuple[str, ...]
    roles: Role
    codes: tuple[IssuerCode, ...]
    manifest: Manifest
    chain_url: str
    host: str
    port: int
    exchange_host: str | None
    exchange_port: int | None
    public_url: str | None
    database_url: str | None

    @property
    def local_url(self) -> str:
        """Where the command line of this machine finds the node."""
        return url_of("http", reached_at(self.host), self.port)

    @property
    def port_for_others(self) -> int:
        """Where it listens for other nodes."""
        port = self.exchange_port or self.port + EXCHANGE_ABOVE
        if port > _LARGEST_PORT or port == self.port:
            raise UsageProblem(
                f"{port} cannot be the port for other nodes", field="--exchange-port"
            )
        return port

    @property
    def node_url(self) -> str:
        """Where other nodes find it; unless it is told, on this very machine."""
        host = reached_at(self.exchange_host or self.host)
        usual = url_of("https", host, self.port_for_others)
        return usual if self.public_url is None else self.public_url

    @property
    def host_for_others(self) -> str:
        """The host that its certificate names."""
        try:
            parts = urlsplit(self.node_url)
            host = parts.hostname if parts.scheme == "https" else None
        except ValueError:
            host = None
        if not host:
            raise UsageProblem("it must be an https URL of a host", field="--public-url")
        return host


def make_home(home: Path, new: NewNode, checkpoints: Checkpoints) -> dict[str, Any]:  # Any: JSON
    """Make everything in a folder beside the home, then give it its name in one step.

    A crash before that leaves a folder that the next run removes: its keys were shown to nobody."""
    home = home.absolute()
    _profile(new)
    host = new.host_for_others
    beside = home.with_name(f".{home.name}.init-{os.getpid()}")
    try:
        require_free(home, "--home")
        home.parent.mkdir(parents=True, exist_ok=True)
        remove_left_over(home, "init")
        beside.mkdir(mode=0o700)
    except OSError as error:
        raise HomeUnusable(f"{home} cannot be made: {error.strerror}", field="--home") from error
    try:
        checkpoints.reached("init.folder")
        card = _fill(beside, new, host, checkpoints)
        checkpoints.reached("init.before-rename")
        give_name(beside, home, "--home")
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    checkpoints.reached("init.after-rename")
    return {
        "home": str(home),
        "card": str(home / CARD_FILE),
        "account": card.account,
        "codes": list(card.numbering_keys),
        "nodeUrl": card.profile.node_url,
    }


def _fill(folder: Path, new: NewNode, host: str, checkpoints: Checkpoints) -> PartyCard:
    """The files of the home; none of them names the folder, so that it can be renamed."""
    password, work = keystore.new_password(), keystore.FOR_RANDOM_PASSWORD
    write_private(folder / _PASSWORD_FILE, password.encode() + b"\n")
    settings: dict[str, str | int] = {
        "host": new.host,
        "port": new.port,
        "exchange_port": new.port_for_others,
        "chain_url": new.chain_url,
        "keystore_password_file": _PASSWORD_FILE,
    }
    if new.exchange_host is not None:
        settings["exchange_host"] = new.exchange_host
    if new.database_url is not None:
        settings["database_url"] = new.database_url
    write_private(folder / FILE, node_toml(settings).encode())
    write_whole(folder / "manifest.json", new.manifest.to_json().encode())
    known = settings_of(folder)
    account = LocalSigner(keystore.create(known.account_keystore, password, work=work))
    numbering = NumberingKey(keystore.create(known.numbering_keystore, password, work=work))
    exchange_secret = keystore.create(known.exchange_keystore, password, work=work)
    tls_file, certificate = new_tls_file(exchange_secret, [host], datetime.now(UTC))
    write_private(known.tls_file, tls_file)
    checkpoints.reached("init.keys")
    key = asyncio.run(_database_with_key(known.database_url))
    write_private(folder / CLIENT_FILE, client_file(NodeAccess(new.local_url, key)))
    checkpoints.reached("init.database")
    card = PartyCard(
        profile=_profile(new, ExchangeKeys.from_secret(exchange_secret), certificate),
        roles=new.roles,
        account=account.address,
        numbering_keys=dict.fromkeys(new.codes, numbering.public_key),
    )
    write_whole(folder / CARD_FILE, card.to_json())
    return card


async def _database_with_key(database_url: str) -> str:
    """A migrated database, and in it a key of every scope for whoever may read the home."""
    await upgrade(database_url)
    database = Database(database_url)
    try:
        async with database.writing() as connection:
            _, text = await ApiKeys(connection).create_key("command line", EVERY_SCOPE)
    finally:
        await database.close()
    return text.reveal()


def _profile(
    new: NewNode, keys: ExchangeKeys | None = None, certificate: bytes | None = None
) -> Profile:
    """What the party will say of itself, read as every node will read it; without keys, only to
    see before anything is made whether the rest is right."""
    identifiers = []
    for text in new.identifiers:
        identifier = Identifier.parse(text)
        if identifier is None:
            raise UsageProblem(f"{text!r} is not SCHEME:VALUE", field="--identifier")
        identifiers.append(identifier)
    stated = Profile(
        name=new.name,
        identifiers=tuple(identifiers),
        node_url=new.node_url,
        codes=tuple(new.codes),
        signing_key=None if keys is None else keys.signing_jwk,
        encryption_key=None if keys is None else keys.encryption_jwk,
        tls_certificates=() if certificate is None else (certificate,),
    )
    with typed_at(options=_OPTIONS):
        check_profile(stated)
        return read_profile(stated.canonical())
