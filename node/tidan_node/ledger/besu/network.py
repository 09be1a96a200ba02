"""The files of a new network: written once, all of them or none."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coincurve import PrivateKey

from tidan_node.domain.identifiers import Address
from tidan_node.ledger.besu.genesis import genesis
from tidan_node.ledger.besu.problems import AddressesUnfit, NetworkExists, NetworkUnwritable
from tidan_node.ledger.besu.settings import P2P_PORT, Place, as_toml, validator_settings
from tidan_node.ledger.embedded.durable import sync_directory
from tidan_node.ledger.keystore import new_secret
from tidan_node.ledger.signer import address_of_key

MEMBERS: Final = 3
"""Nodes for which the compose file has a place."""

_PREFIX: Final = 24
_UID_FOR_ROOT: Final = 10001
_PRIVATE, _PUBLIC = 0o600, 0o644


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new network is to be."""

    validators: int
    chain_id: int
    block_period: int
    first_address: str


@dataclass(frozen=True, slots=True)
class Made:
    """One validator of a network that has been made."""

    place: Place
    account: Address
    enode: str


def generate(out: Path, wanted: Wanted) -> list[Made]:
    """Write the network into a folder that is not there yet."""
    out = out.absolute()
    if out.exists():
        raise NetworkExists(
            f"{out} is there already, and its keys may be in use; move it away, or name another",
            field="--out",
        )
    places, subnet = _places(wanted)
    draft = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        draft.mkdir(mode=0o755, parents=True)
        made = [_write_validator(draft, place, subnet) for place in places]
        first = genesis(wanted.chain_id, [each.account for each in made], wanted.block_period)
        _write(draft / "genesis.json", json.dumps(first, indent=2), _PUBLIC)
        for each in made:
            others = [other.enode for other in made if other is not each]
            known = draft / each.place.name / "static-nodes.json"
            _write(known, json.dumps(others, indent=2), _PUBLIC)
        _write_database(draft)
        _give_to_operator(draft)
        sync_directory(draft)
        draft.rename(out)
    except OSError as error:
        raise NetworkUnwritable(f"{out}: {error.strerror}", field="--out") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync_directory(out.parent)
    return made


def _places(wanted: Wanted) -> tuple[list[Place], str]:
    """A fixed address for each validator: static peers are known by theirs."""
    try:
        first = ipaddress.IPv4Address(wanted.first_address)
    except ValueError as error:
        raise AddressesUnfit("must be an IPv4 address", field="--first-address") from error
    subnet = ipaddress.IPv4Network(f"{first}/{_PREFIX}", strict=False)
    last = int(first) + wanted.validators - 1
    if first == subnet.network_address or last >= int(subnet.broadcast_address):
        raise AddressesUnfit(
            f"{wanted.validators} addresses from {first} on do not fit into {subnet}",
            field="--first-address",
        )
    return [Place(n + 1, str(first + n)) for n in range(wanted.validators)], str(subnet)


def _write_validator(draft: Path, place: Place, subnet: str) -> Made:
    folder = draft / place.name
    folder.mkdir(mode=0o700)
    (draft / "data" / place.name).mkdir(mode=0o700, parents=True)
    secret = new_secret()
    public = PrivateKey(secret).public_key.format(compressed=False)
    _write(folder / "key", secret.hex(), _PRIVATE)
    _write(folder / "besu.toml", as_toml(validator_settings(place, subnet)), _PUBLIC)
    enode = f"enode://{public[1:].hex()}@{place.address}:{P2P_PORT}"
    return Made(place, address_of_key(public), enode)


def _write_database(draft: Path) -> None:
    """A password that stands nowhere else, a database for each member, folders for all data."""
    password = secrets.token_hex(24)
    (draft / "data" / "postgres").mkdir(mode=0o700)
    _write(draft / "postgres.password", password, _PRIVATE)
    _write(draft / "pgpass", f"*:*:*:tidan:{password}", _PRIVATE)
    names = [f"member{number + 1}" for number in range(MEMBERS)]
    _write(
        draft / "databases.sql", "\n".join(f"CREATE DATABASE {name};" for name in names), _PUBLIC
    )
    for name in names:
        (draft / "data" / name).mkdir(mode=0o700)


def _give_to_operator(draft: Path) -> None:
    """Containers run as whoever made this, and never as root."""
    user, group = os.getuid(), os.getgid()
    as_root = user == 0
    if as_root:
        user = group = _UID_FOR_ROOT
    _write(draft / "compose.env", f"TIDAN_UID={user}\nTIDAN_GID={group}", _PUBLIC)
    if as_root:
        for path in (draft, *draft.rglob("*")):
            os.chown(path, user, group)


def _write(path: Path, text: str, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text + ("" if text.endswith("\n") else "\n"))
        file.flush()
        os.fsync(file.fileno())
