"""Whose account a prepared key is, where the account before it acts for nobody any more."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from tidan_cli.client import Document
from tidan_cli.documents import file_bytes
from tidan_cli.failures import AccountNotKnown, AccountOfAnother
from tidan_cli.node_settings import settings_of
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex
from tidan_node.domain.parties import PartyUnknown
from tidan_node.exchange.exchange_keystores import ExchangeKeystores
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import ChainUnreachable, Rpc
from tidan_node.records.records import Records
from tidan_node.settings import Settings
from tidan_node.storage.database import Database


def recovered_party(home: Path, account: Address) -> Document:
    """The party that the chain lets this account act for, if it is the home's own. The chain is
    asked, as without a key no node of the home runs; who that party is the home's database says."""
    settings = settings_of(home)
    try:
        index = asyncio.run(_holder(settings, account))
    except ChainUnreachable as error:
        raise ChainUnreachable(
            f"{error.detail}; whose account {account} is cannot be checked, and nothing is changed:"
            " start the chain, or ask another node by --node URL",
            field="--adopt",
        ) from error
    if index == NO_PARTY:
        raise not_known(account)
    name, signing_key = asyncio.run(_as_read_last(settings.database_url, index, account))
    require_own(home, {"index": index, "signingKey": signing_key}, account)
    return {"index": index, "name": name}


def require_own(home: Path, party: Mapping[str, object], account: Address) -> None:
    """The account's address is public before it is anybody's account, and another party can have it
    put into its own; the home's exchange keys are those that its party names on the chain."""
    settings = settings_of(home)
    held = ExchangeKeystores(settings.exchange_keystore, settings.password()).ring
    named = party["signingKey"]
    if not isinstance(named, dict) or held.of(named) is None:
        raise AccountOfAnother(
            f"the chain has {account} at party {party['index']}, whose signing key this home has"
            " not; make another key: move account-next.json away, then --prepare",
            field="--adopt",
        )


def not_known(account: Address) -> AccountNotKnown:
    """Before the recovery is executed."""
    return AccountNotKnown(
        f"the chain has {account} at no party; the Council's proposal must be executed first: any"
        " member's node names it (`tidan council list`)",
        field="--adopt",
    )


async def _holder(settings: Settings, account: Address) -> PartyIndex:
    rpc = Rpc(settings.chain_url)
    try:
        gateway = Gateway(rpc, Manifest.from_json(file_bytes(settings.manifest)))
        await gateway.check_chain()
        (index,) = await gateway.view(Call("PartyRegistry", "indexOf", (account,)))
    finally:
        await rpc.close()
    return PartyIndex(index)


async def _as_read_last(
    url: str, index: PartyIndex, account: Address
) -> tuple[str, dict[str, str] | None]:
    """What the party is called, and its signing key, as the home's node has read it."""
    database = Database(url)
    try:
        async with database.reading() as connection:
            found = await Records(connection).party_by_index(index)
    except PartyUnknown as error:
        raise AccountOfAnother(
            f"the chain has {account} at party {index}, which this home's node never read of:"
            " whether it is the home's cannot be checked, and nothing is changed; ask another node"
            " by --node URL",
            field="--adopt",
        ) from error
    finally:
        await database.close()
    profile = found.state.profile
    key = None if profile is None or profile.signing_key is None else dict(profile.signing_key)
    return found.state.name, key
