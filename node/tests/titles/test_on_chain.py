"""Every intention with a title becomes an act that the contract carries out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.acting import act
from tests.live_chain import Anvil, LiveChain
from tests.story import hex_of
from tidan_node.audit.facts import facts_of
from tidan_node.audit.kinds import TITLE
from tidan_node.council import operations as council_kinds
from tidan_node.council.operations import CouncilHandler
from tidan_node.domain.gateway_problems import (
    GatewayAlreadyAdmitted,
    GatewayNotAdmitted,
    GatewayUnknown,
)
from tidan_node.domain.identifiers import ContentRoot, PartyIndex, TitleId, to_hex
from tidan_node.domain.parties import Role, RoleMissing
from tidan_node.domain.proofs.record_ids import series_id_of, title_id_of
from tidan_node.domain.title_fold import TitleState
from tidan_node.domain.title_problems import (
    HoldersDiffer,
    Pledged,
    SeriesAlreadyUsed,
    SurrenderedForAnother,
)
from tidan_node.domain.titles import Issuance, TitleKind, TitleStatus
from tidan_node.domain.titles.pledges import pledgee_of
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.record_chain import LedgerChain
from tidan_node.ledger.signed_acts import SignedActs
from tidan_node.titles import operations as kinds

CARRIER, SHIPPER, BUYER, BANK = (PartyIndex(index) for index in range(1, 5))
LATE = 2**40 - 2
GATEWAY = 5
BY_KIND = {handler.kind: handler for handler in (*kinds.HANDLERS, *council_kinds.HANDLERS)}
RECOGNISE = CouncilHandler("", "GatewayRegistry", "recognise", ("gateway", "name"))


def stated(number: str, series: str, *, possessor: PartyIndex = SHIPPER) -> dict[str, Any]:
    """An issuance to order of its possessor, under these names."""
    issuance = Issuance(
        title_id=named(number),
        series=series_id_of(CARRIER, hex_of(series)),
        content_root=ContentRoot(hex_of("root", number)),
        possessor=possessor,
        titleholder=possessor,
        kind=TitleKind.ORDER,
        schema=1,
        version=1,
    )
    return kinds.issue_intent(issuance, hex_of(number), hex_of(series))


def named(number: str) -> TitleId:
    return title_id_of(CARRIER, hex_of(number))


def intent(number: str, seq: int, **more: Any) -> dict[str, Any]:
    return {"id": named(number), "expectedSeq": seq} | more


async def carried_out(
    chain: LiveChain, acts: Sequence[tuple[PartyIndex, str, dict[str, Any]]]
) -> None:
    for account, kind, wish in acts:
        await act(chain, account, BY_KIND[kind], wish)


async def state_of(chain: LiveChain, number: str) -> TitleState:
    """The title by its events, which make what the contract has, and are all allowed."""
    (facts,) = await facts_of(LedgerChain(chain.rpc, chain.gateway), TITLE, [named(number)])
    assert facts.faults == ()
    return facts.steps[-1].after


@pytest.fixture
async def chain(live_chain: LiveChain) -> LiveChain:
    """A chain with a title of the shipper."""
    roles = (Role.CARRIER, Role.TRADER, Role.TRADER, Role.BANK)
    for account, role in enumerate(roles, start=1):
        await live_chain.enrol(role, live_chain.signers[account].address)
    await act(live_chain, CARRIER, BY_KIND[kinds.ISSUE], stated("A", "S"))
    return live_chain


async def test_a_pledged_title_moves_by_consent_and_is_free_once_released(chain: LiveChain) -> None:
    proposal = {"pledgee": pledgee_of(BANK), "deadline": LATE}
    offer = {"recipient": int(BUYER), "what": 3, "deadline": LATE}
    await carried_out(
        chain,
        [
            (SHIPPER, kinds.PROPOSE_PLEDGE, intent("A", 1, **proposal)),
            (BANK, kinds.DECLINE_PLEDGE, intent("A", 2)),
            (SHIPPER, kinds.PROPOSE_PLEDGE, intent("A", 3, **proposal)),
            (BANK, kinds.ACCEPT_PLEDGE, intent("A", 4)),
            (SHIPPER, kinds.OFFER, intent("A", 5, **offer)),
            (BANK, kinds.CONSENT, intent("A", 6)),
            (BUYER, kinds.ACCEPT, intent("A", 7)),
        ],
    )
    with pytest.raises(Pledged):
        await act(chain, BUYER, BY_KIND[kinds.ENDORSE], intent("A", 8, kind=3))
    await carried_out(
        chain,
        [
            (BANK, kinds.RELEASE_PLEDGE, intent("A", 8)),
            (BUYER, kinds.ENDORSE, intent("A", 9, kind=3)),
        ],
    )

    title = (await state_of(chain, "A")).title
    assert (title.possessor, title.kind, title.pledgee) == (BUYER, TitleKind.BLANK, None)


async def test_a_pledgee_that_enforces_has_the_title_offered(chain: LiveChain) -> None:
    proposal = {"pledgee": pledgee_of(BANK), "deadline": LATE}
    enforcement = {"recipient": int(BUYER), "deadline": LATE}
    await carried_out(
        chain,
        [
            (SHIPPER, kinds.PROPOSE_PLEDGE, intent("A", 1, **proposal)),
            (BANK, kinds.ACCEPT_PLEDGE, intent("A", 2)),
            (BANK, kinds.ENFORCE_PLEDGE, intent("A", 3, **enforcement)),
            (BUYER, kinds.ACCEPT, intent("A", 4)),
        ],
    )

    title = (await state_of(chain, "A")).title
    assert (title.possessor, title.titleholder, title.pledgee) == (BUYER, BUYER, None)


async def test_a_bill_is_amended_split_combined_switched_and_made_paper(chain: LiveChain) -> None:
    surrender = {"reason": 1}
    await carried_out(
        chain,
        [
            (SHIPPER, kinds.SURRENDER_FOR_AMENDMENT, intent("A", 1, **surrender)),
            (SHIPPER, kinds.CANCEL_SURRENDER, intent("A", 2)),
            (SHIPPER, kinds.SURRENDER_FOR_AMENDMENT, intent("A", 3, **surrender)),
        ],
    )
    with pytest.raises(SurrenderedForAnother):
        await act(chain, CARRIER, BY_KIND[kinds.SWITCH_TO_PAPER], intent("A", 4, reason=6))
    other = stated("B", "S", possessor=BUYER)
    with pytest.raises(HoldersDiffer):
        await act(chain, CARRIER, BY_KIND[kinds.AMEND], intent("A", 4, successor=other, reason=1))
    parts = [stated("C", "S"), stated("D", "T")]
    combination = {
        "ids": [named("C"), named("D")],
        "expectedSeqs": [2, 2],
        "successor": stated("E", "T"),
        "reason": 4,
    }
    await carried_out(
        chain,
        [
            (CARRIER, kinds.AMEND, intent("A", 4, successor=stated("B", "S"), reason=1)),
            (SHIPPER, kinds.SURRENDER_FOR_AMENDMENT, intent("B", 1, reason=3)),
            (CARRIER, kinds.SPLIT, intent("B", 2, successors=parts, reason=3)),
            (SHIPPER, kinds.SURRENDER_FOR_AMENDMENT, intent("C", 1, reason=4)),
            (SHIPPER, kinds.SURRENDER_FOR_AMENDMENT, intent("D", 1, reason=4)),
            (CARRIER, kinds.COMBINE, combination),
            (SHIPPER, kinds.SURRENDER_FOR_AMENDMENT, intent("E", 1, reason=5)),
            (CARRIER, kinds.SWITCH_BILL, intent("E", 2, successor=stated("F", "U"), reason=5)),
            (SHIPPER, kinds.SURRENDER_FOR_AMENDMENT, intent("F", 1, reason=6)),
            (CARRIER, kinds.SWITCH_TO_PAPER, intent("F", 2, reason=6)),
        ],
    )
    with pytest.raises(SeriesAlreadyUsed):
        await act(chain, CARRIER, BY_KIND[kinds.ISSUE], stated("G", "U"))
    again = stated("G", "U") | {"withdrawal": hex_of("withdrawal")}
    batch = {"issuances": [stated("H", "V"), stated("I", "W")]}
    await carried_out(
        chain,
        [(CARRIER, kinds.ISSUE_FROM_PAPER, again), (CARRIER, kinds.ISSUE_BATCH, batch)],
    )

    standing = {number: (await state_of(chain, number)).title.status for number in "ABCDEFGHI"}
    assert standing == dict.fromkeys("ABCDE", TitleStatus.VOIDED) | {
        "F": TitleStatus.PAPER,
        **dict.fromkeys("GHI", TitleStatus.LIVE),
    }


async def test_an_act_that_another_account_sends_is_its_signers(
    chain: LiveChain, anvil: Anvil
) -> None:
    offer = {"recipient": int(BUYER), "what": 3, "deadline": LATE}
    await act(chain, SHIPPER, BY_KIND[kinds.OFFER], intent("A", 1, **offer))

    await relay(chain, anvil.keys[BUYER], "accept", 2)

    assert (await state_of(chain, "A")).title.possessor == BUYER


async def test_a_pledge_that_another_account_sends_is_its_signers(
    chain: LiveChain, anvil: Anvil
) -> None:
    proposal = {"pledgee": pledgee_of(BANK), "deadline": LATE}
    await act(chain, SHIPPER, BY_KIND[kinds.PROPOSE_PLEDGE], intent("A", 1, **proposal))

    await relay(chain, anvil.keys[BANK], "acceptPledge", 2)

    assert (await state_of(chain, "A")).title.pledgee == pledgee_of(BANK)


class Importing:
    """What a gateway does itself, and no node: it brings in a title of the carrier."""

    kind = ""

    def call(self, intent: Mapping[str, object]) -> Call:
        stated = BY_KIND[kinds.ISSUE].call(intent).args
        return Call("TitleRegistry", "importTitle", (*stated, int(CARRIER), hex_of("transfer")))


async def test_a_gateway_brings_in_what_is_new_only_while_the_carrier_admits_it(
    chain: LiveChain,
) -> None:
    gateway = {"gateway": chain.signers[GATEWAY].address}
    admit, withdraw = (
        BY_KIND[kind] for kind in (council_kinds.ADMIT_GATEWAY, council_kinds.WITHDRAW_ADMISSION)
    )
    with pytest.raises(GatewayUnknown):
        await act(chain, CARRIER, admit, gateway)
    await act(chain, 0, RECOGNISE, gateway | {"name": "another chain"})
    with pytest.raises(GatewayNotAdmitted):
        await act(chain, GATEWAY, Importing(), stated("B", "T"))
    with pytest.raises(GatewayNotAdmitted):
        await act(chain, CARRIER, withdraw, gateway)
    with pytest.raises(RoleMissing):
        await act(chain, SHIPPER, admit, gateway)

    await act(chain, CARRIER, admit, gateway)

    await act(chain, GATEWAY, Importing(), stated("B", "T"))
    assert (await state_of(chain, "B")).title.status is TitleStatus.IN_TRANSIT
    with pytest.raises(GatewayAlreadyAdmitted):
        await act(chain, CARRIER, admit, gateway)
    await act(chain, CARRIER, withdraw, gateway)
    with pytest.raises(GatewayNotAdmitted):
        await act(chain, GATEWAY, Importing(), stated("C", "U"))


async def relay(chain: LiveChain, signing: bytes, function: str, seq: int) -> None:
    """An act that this key signs, sent by the carrier."""
    acts = SignedActs(chain.manifest.chain_id, chain.manifest.address_of("TitleRegistry"))
    call = acts.call_of(function, {"id": named("A"), "expectedSeq": seq})
    key = Account.from_key(signing)
    message = encode_typed_data(full_message=acts.typed_data(call, LATE))
    relayed = {
        "call": to_hex(encode_call(call)),
        "signer": key.address.lower(),
        "validUntil": LATE,
        "signature": to_hex(bytes(key.sign_message(message).signature)),
    }
    await act(chain, CARRIER, BY_KIND[kinds.RELAY], relayed)
