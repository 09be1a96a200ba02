"""A party becomes a member: enrolled by the authority, with the numbering keys of its codes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from eth_hash.auto import keccak

from tidan_cli.authority import AuthorityHome
from tidan_cli.failures import AuthorityMissing
from tidan_cli.party_card import PartyCard
from tidan_node.domain.identifiers import NO_PARTY, IssuerCode, PartyIndex, to_hex
from tidan_node.domain.record_problems import CodeTaken
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
        codes = card.numbering_keys
        missing = [code for code in codes if await _lacks_key(gateway, party, card, code)]
        enrolled = party == NO_PARTY
        if enrolled:
            party = await administration.enrol(
                roles=card.roles,
                account=card.account,
                profile=card.profile.canonical(),
                rulebook=rulebook,
                governing_law=governing_law,
                codes={code: codes[code] for code in missing},
            )
        else:
            for code in missing:
                await administration.register_numbering_key(party, code, codes[code])
    finally:
        await rpc.close()
    return {
        "party": {"index": party, "name": card.profile.name},
        "enrolled": enrolled,
        "codes": list(codes),
        "registered": missing,
    }


async def _index_of(gateway: Gateway, card: PartyCard) -> PartyIndex:
    (index,) = await gateway.view(Call("PartyRegistry", "indexOf", (card.account,)))
    return PartyIndex(int(str(index)))


async def _lacks_key(
    gateway: Gateway, party: PartyIndex, card: PartyCard, code: IssuerCode
) -> bool:
    """Whether the code has no key yet. One that has another key is refused before anything is sent:
    the chain would refuse it too, but only after the party has been enrolled."""
    code_hash = to_hex(keccak(code.encode()))
    owner, known = await gateway.view(Call("PartyRegistry", "numberingKeyOf", (code_hash,)))
    if owner == NO_PARTY:
        return True
    key = card.numbering_keys[code]
    if owner != party or known not in (key, to_hex(key)):
        raise CodeTaken(f"{code} has the numbering key of party {owner}", field="codes")
    return False
