"""Every intention with a policy becomes an act that the contract carries out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acting import act, told
from tests.live_chain import LiveChain
from tests.story import hex_of
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.parties import Role
from tidan_node.domain.policies import PolicyStatus
from tidan_node.domain.policy_legality import policy_legality
from tidan_node.domain.proofs.record_ids import record_id_of
from tidan_node.domain.record_fold import PolicyEvent, fold_policy
from tidan_node.domain.record_problems import NotTheInsured, VersionNotAhead
from tidan_node.domain.standings import Standings
from tidan_node.ledger.calls import Call
from tidan_node.policies import operations as kinds

INSURER, INSURED, BANK = 1, 2, 3
NUMBER = hex_of("policy")
POLICY = record_id_of(PartyIndex(INSURER), NUMBER)
BY_KIND = {handler.kind: handler for handler in kinds.HANDLERS}


def intent(seq: int, **more: Any) -> dict[str, Any]:
    return {"id": POLICY, "expectedSeq": seq} | more


def endorsement(seq: int, version: int) -> dict[str, Any]:
    return intent(seq, contentRoot=hex_of("root", version), version=version)


@pytest.fixture
async def chain(live_chain: LiveChain) -> LiveChain:
    """A chain with a policy of the insurer for the insured."""
    for account, role in ((INSURER, Role.INSURER), (INSURED, Role.TRADER), (BANK, Role.BANK)):
        await live_chain.enrol(role, live_chain.signers[account].address)
    terms = {
        "contentRoot": hex_of("root", 1),
        "insured": INSURED,
        "expires": 2**40 - 1,
        "schema": 3,
        "version": 1,
    }
    await act(live_chain, INSURER, BY_KIND[kinds.ISSUE], {"number": NUMBER} | terms)
    return live_chain


async def test_its_life_on_the_chain_is_the_one_that_the_rules_know(chain: LiveChain) -> None:
    for account, kind, wish in (
        (INSURER, kinds.ENDORSE, endorsement(1, 2)),
        (INSURED, kinds.ASSIGN, intent(2, lossPayee=BANK)),
        (INSURER, kinds.ENDORSE, endorsement(3, 3)),
        (INSURER, kinds.CANCEL, intent(4)),
    ):
        await act(chain, account, BY_KIND[kind], wish)

    events = await told(chain)
    steps = fold_policy(e for e in events if isinstance(e.event, PolicyEvent))
    (head,) = await chain.gateway.view(Call("PolicyRegistry", "headOf", (POLICY,)))
    last = steps[-1].after
    assert (last.policy.status, last.policy.loss_payee) == (PolicyStatus.CANCELLED, BANK)
    assert last.head == head
    assert list(policy_legality(steps, Standings(events).at)) == []


async def test_what_the_contract_refuses_is_told_in_the_words_of_the_rules(
    chain: LiveChain,
) -> None:
    with pytest.raises(NotTheInsured, match="party 1"):
        await act(chain, INSURER, BY_KIND[kinds.ASSIGN], intent(1, lossPayee=BANK))
    with pytest.raises(VersionNotAhead):
        await act(chain, INSURER, BY_KIND[kinds.ENDORSE], endorsement(1, 1))


def test_no_two_kinds_are_alike() -> None:
    assert len(BY_KIND) == len(kinds.HANDLERS)
    assert len({handler.function for handler in kinds.HANDLERS}) == len(kinds.HANDLERS)
