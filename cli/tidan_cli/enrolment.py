"""A party becomes a member: enrolled by the authority, with the numbering keys of its codes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from eth_hash.auto import keccak

from tidan_cli.authority import AuthorityHome
from tidan_cli.failures import AuthorityMissing
from tidan_cli.party_card import PartyCard
from tidan_node.domain.identifiers import NO_PARTY, IssuerCode, PartyIndex, to_hex
from tidan_node.ledger.administration import Administration
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.rpc import Rpc


def enrol_party(
    card: PartyCard, chain_home: Path, *, chain: str | None, rulebook: str, governing_law: str
) -> dict[str, object]:
    """Do what is left to do of the card, and say what that was."""
    return asyncio.run(_enrol(card, AuthorityHome(chain_home), chain, rulebook, governing_law))


async def _enrol(
    card: PartyCard, home: AuthorityHome, chain: str | None, rulebook: str, governing_law: str
) -> dict[str, object]:
    manifest = home.manifest()
    if manifest is None:
        raise AuthorityMissing(
            f"{home.manifest_file} does not exist; deploy first", field="--chain-home"
        )
    signer = home.signer()
    rpc = Rpc(home.chain_url(chain))
    try:
        gateway = Gateway(rpc, manifest)
        await gateway.check_chain()
        administration = Administration(rpc, manifest, signer)
        party = await _index_of(gateway, card)
        enrolled = party == NO_PARTY
        if enrolled:
            party = await administration.enrol(
                roles=card.roles,
                account=card.account,
                profile=card.profile.canonical(),
                rulebook=rulebook,
                governing_law=governing_law,
            )
        registered: list[str] = []
        for code, key in card.numbering_keys.items():
            if await _has_key(gateway, party, code, key):
                continue
            await administration.register_numbering_key(party, code, key)
            registered.append(code)
    finally:
        await rpc.close()
    return {
        "party": {"index": party, "name": card.profile.name},
        "enrolled": enrolled,
        "codes": list(card.numbering_keys),
        "registered": registered,
    }


async def _index_of(gateway: Gateway, card: PartyCard) -> PartyIndex:
    (index,) = await gateway.view(Call("PartyRegistry", "indexOf", (card.account,)))
    return PartyIndex(int(str(index)))


async def _has_key(gateway: Gateway, party: PartyIndex, code: IssuerCode, key: bytes) -> bool:
    """Whether this very key is the code's already; another one is left to the chain to refuse."""
    code_hash = to_hex(keccak(code.encode()))
    owner, known = await gateway.view(Call("PartyRegistry", "numberingKeyOf", (code_hash,)))
    return owner == party and known in (key, to_hex(key))
