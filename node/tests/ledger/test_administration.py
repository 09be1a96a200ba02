"""The founder's own acts, on a real chain."""

import pytest
from eth_utils.crypto import keccak

from tests.live_chain import LiveChain
from tidan_node.domain.council_problems import AlreadyFounded, SeatCountUnfit
from tidan_node.domain.identifiers import IssuerCode, PartyIndex, to_bytes, to_hex
from tidan_node.domain.parties import PartyStatus, PartyUnknown, Role
from tidan_node.domain.platforms import AnchorKind, AnchorWithdrawn, PlatformCode
from tidan_node.domain.record_problems import (
    AccountTaken,
    CodeTaken,
    NotAuthorised,
    NumberingKeyMalformed,
    SuccessorUnfit,
)
from tidan_node.ledger.administration import Administration
from tidan_node.ledger.calls import Call
from tidan_node.ledger.submission import NotIncluded, Submitter, TransactionNotTaken

_KEY = b"\x02" + b"\x11" * 32


async def test_a_party_is_enrolled_and_counted(live_chain: LiveChain) -> None:
    first = await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)
    second = await live_chain.enrol(Role.BANK, live_chain.signers[2].address)
    assert (first, second) == (1, 2)


async def test_an_account_cannot_be_enrolled_twice(live_chain: LiveChain) -> None:
    await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)
    with pytest.raises(AccountTaken):
        await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)


async def test_standing_roles_and_accounts_change(live_chain: LiveChain) -> None:
    one, other = live_chain.signers[1].address, live_chain.signers[2].address
    party = await live_chain.enrol(Role.CARRIER, one)
    authority = live_chain.administration
    await authority.change_roles(party, Role.TRADER)
    await authority.change_status(party, PartyStatus.SUSPENDED, "papers missing")
    await authority.recover(party, added=other, reason="the disk burnt")
    view = live_chain.gateway.view
    assert await view(Call("PartyRegistry", "standing", (other,))) == (
        party,
        Role.TRADER,
        PartyStatus.SUSPENDED,
    )
    assert await view(Call("PartyRegistry", "indexOf", (one,))) == (0,)
    another = await live_chain.enrol(Role.BANK, live_chain.signers[3].address)
    with pytest.raises(AccountTaken):
        await authority.recover(another, added=one, reason="found by another")


async def test_a_code_gets_its_numbering_key_once(live_chain: LiveChain) -> None:
    party = await live_chain.enrol(Role.CARRIER, live_chain.signers[1].address)
    authority = live_chain.administration
    with pytest.raises(NumberingKeyMalformed):
        await authority.register_numbering_key(party, IssuerCode("SMDG:MSC"), b"\x04" + _KEY[1:])
    await authority.register_numbering_key(party, IssuerCode("SMDG:MSC"), _KEY)
    with pytest.raises(CodeTaken):
        await authority.register_numbering_key(party, IssuerCode("SMDG:MSC"), _KEY)


async def test_a_party_is_enrolled_with_its_codes(live_chain: LiveChain) -> None:
    party = await live_chain.administration.enrol(
        roles=Role.CARRIER,
        account=live_chain.signers[1].address,
        profile=b"{}",
        rulebook="rules-1",
        governing_law="SG",
        codes={IssuerCode("SMDG:MSC"): _KEY, IssuerCode("SMDG:MSD"): _KEY},
    )
    for code in ("SMDG:MSC", "SMDG:MSD"):
        call = Call("PartyRegistry", "numberingKeyOf", (keccak(text=code),))
        assert await live_chain.gateway.view(call) == (party, _KEY)


async def test_a_revoked_carrier_has_the_successor_that_was_named(live_chain: LiveChain) -> None:
    authority = live_chain.administration
    first, second = live_chain.signers[1].address, live_chain.signers[2].address
    revoked = await live_chain.enrol(Role.CARRIER, first)
    trader = await live_chain.enrol(Role.TRADER, second)
    carrier = await live_chain.enrol(Role.CARRIER, live_chain.signers[3].address)
    with pytest.raises(SuccessorUnfit):
        await authority.revoke(revoked, "insolvent", successor=trader)
    await authority.revoke(revoked, "insolvent")
    await authority.name_successor(revoked, carrier)
    successor = Call("PartyRegistry", "successorOf", (revoked,))
    assert await live_chain.gateway.view(successor) == (carrier,)


async def test_a_platform_is_recognised_and_its_recognition_ends(live_chain: LiveChain) -> None:
    authority = live_chain.administration
    anchor = await authority.recognise(
        platform=PlatformCode("DEMO-NET"),
        kind=AnchorKind.DID,
        anchor=b"did:web:issuer.example",
        roles=Role.TRADER,
        acts="records:read titles:act",
        expires_at=4_000_000_000,
    )
    acts_hash = to_hex(keccak(text="records:read titles:act"))
    recognition = Call("PlatformRegistry", "recognitionOf", (to_bytes(anchor),))
    stands = (AnchorKind.DID, Role.TRADER, 4_000_000_000, False, acts_hash)
    assert await live_chain.gateway.view(recognition) == (stands,)
    await authority.withdraw(anchor)
    withdrawn = (AnchorKind.DID, Role.TRADER, 4_000_000_000, True, acts_hash)
    assert await live_chain.gateway.view(recognition) == (withdrawn,)
    with pytest.raises(AnchorWithdrawn):
        await authority.withdraw(anchor)


async def test_who_has_founded_the_council_has_no_right_left(live_chain: LiveChain) -> None:
    authority = live_chain.administration
    party = await live_chain.enrol(Role.BANK, live_chain.signers[1].address)
    with pytest.raises(SeatCountUnfit):
        await authority.found([])
    await authority.found([party])
    assert await live_chain.gateway.view(Call("Council", "seats")) == ((party,),)
    with pytest.raises(NotAuthorised):
        await authority.change_roles(party, Role.CARRIER)
    with pytest.raises(AlreadyFounded):
        await authority.found([party])


async def test_nobody_else_may_do_this(live_chain: LiveChain) -> None:
    stranger = Administration(live_chain.rpc, live_chain.manifest, live_chain.signers[4])
    with pytest.raises(NotAuthorised):
        await stranger.change_status(PartyIndex(1), PartyStatus.SUSPENDED, "no")


async def test_a_party_that_is_not_there_is_named(live_chain: LiveChain) -> None:
    with pytest.raises(PartyUnknown, match="9"):
        await live_chain.administration.change_roles(PartyIndex(9), Role.BANK)


async def test_a_block_that_does_not_come_is_a_problem(live_chain: LiveChain) -> None:
    await live_chain.stop_mining()
    submitter = Submitter(live_chain.rpc, live_chain.signers[1], 31337, 0, patience=0.2)
    with pytest.raises(NotIncluded):
        await submitter.submit(live_chain.signers[2].address, b"")


async def test_a_transaction_that_cannot_be_paid_is_not_taken(live_chain: LiveChain) -> None:
    submitter = Submitter(live_chain.rpc, live_chain.signers[1], 31337, gas_price=10**30)
    with pytest.raises(TransactionNotTaken):
        await submitter.submit(live_chain.signers[2].address, b"")
