"""`tidan council found` on an embedded chain, and what the Council then decides there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tidan_cli.party_card import PartyCard
from tidan_node.audit.council import audit_council
from tidan_node.audit.node import Reply
from tidan_node.audit.parties import audit_parties
from tidan_node.audit.platforms import audit_platforms
from tidan_node.council.operations import HANDLERS
from tidan_node.domain.council import CouncilState
from tidan_node.domain.council_fold import CouncilEvent, advance_council
from tidan_node.domain.council_legality import council_illegal_acts
from tidan_node.domain.council_problems import TooEarly
from tidan_node.domain.identifiers import PartyIndex, to_hex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.party_fold import PartyEvent, PartyState, advance_party
from tidan_node.domain.profiles import Profile
from tidan_node.domain.proposals import ProposalStatus
from tidan_node.domain.standings import Standings
from tidan_node.ledger.calls import Call
from tidan_node.ledger.codec import encode_call
from tidan_node.ledger.embedded import supervisor
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.record_chain import LedgerChain
from tidan_node.ledger.rpc import Rpc
from tidan_node.ledger.signer import LocalSigner
from tidan_node.ledger.submission import Submitter

pytestmark = pytest.mark.system

SIGNERS = [LocalSigner(number.to_bytes(32, "big")) for number in range(1, 6)]
BY_KIND = {each.kind: each for each in HANDLERS}
TWO, FOUR = PartyIndex(2), PartyIndex(4)


@pytest.fixture
def home(tidan: Any, tmp_path: Path) -> Iterator[Path]:
    """A chain with the contracts of a consortium in which two decide."""
    home = tmp_path / "chain"
    supervisor.start(home)
    ended = tidan("chain", "deploy", "--home", home, "--threshold", 2, "--json")
    assert ended.code == 0, ended.err
    yield home
    supervisor.stop(home)


def card(folder: Path, number: int) -> Path:
    path = folder / f"card-{number}.json"
    made = PartyCard(Profile(f"Member {number}"), Role.CARRIER, SIGNERS[number].address, {})
    path.write_bytes(made.to_json())
    return path


@pytest.fixture
def founded(tidan: Any, home: Path, tmp_path: Path) -> Path:
    cards = [card(tmp_path, number) for number in range(3)]
    ended = tidan("council", "found", *cards, "--chain-home", home)
    assert ended.code == 0, ended.err
    assert "2 of 3 decide" in ended.out
    return home


class TestFound:
    def test_it_enrols_who_is_not_a_member_yet(
        self, tidan: Any, home: Path, tmp_path: Path
    ) -> None:
        first, second = card(tmp_path, 0), card(tmp_path, 1)
        assert tidan("party", "enrol", second, "--chain-home", home).code == 0
        answer = tidan("council", "found", first, second, "--chain-home", home, "--json").answer
        assert [seat["index"] for seat in answer["seats"]] == [2, 1]
        assert [party["name"] for party in answer["enrolled"]] == ["Member 0"]
        assert answer["terms"] == {"threshold": 2, "delay": 86400, "objectionWindow": 86400}

    def test_the_wrong_number_of_members_enrols_nobody(
        self, tidan: Any, home: Path, tmp_path: Path
    ) -> None:
        ended = tidan("council", "found", card(tmp_path, 0), "--chain-home", home, "--json")
        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/seat-count-unfit")
        assert "2 to 3 cards" in ended.problem["detail"]
        assert "two sets that can decide share one" in ended.problem["detail"]
        answer = tidan("party", "enrol", card(tmp_path, 0), "--chain-home", home, "--json").answer
        assert (answer["enrolled"], answer["party"]["index"]) == (True, 1)

    def test_more_members_than_go_with_the_threshold_are_told_which_one_would_do(
        self, tidan: Any, home: Path, tmp_path: Path
    ) -> None:
        cards = [card(tmp_path, number) for number in range(5)]
        ended = tidan("council", "found", *cards, "--chain-home", home, "--json")
        assert (ended.code, ended.problem["type"]) == (1, "/v1/problems/seat-count-unfit")
        assert "in another home with --threshold 3 to 5" in ended.problem["detail"]

    def test_from_then_on_the_deployer_has_no_right_left(
        self, tidan: Any, founded: Path, tmp_path: Path
    ) -> None:
        again = tidan(
            *("council", "found", card(tmp_path, 0), card(tmp_path, 1)),
            *("--chain-home", founded, "--json"),
        )
        assert again.problem["type"] == "/v1/problems/council-already-founded"
        ended = tidan("party", "enrol", card(tmp_path, 4), "--chain-home", founded)
        assert ended.code == 1
        assert "a member proposes it: `tidan party enrol CARD --home HOME`" in ended.err


def executing(number: int, call: Call) -> dict[str, object]:
    """What is intended with a proposal to make this call."""
    return {"proposal": number, "call": to_hex(encode_call(call))}


class Decisions:
    """What members' nodes intend, sent by their accounts to the chain that is there."""

    def __init__(self, home: Path) -> None:
        self.manifest = Manifest.from_json((home / "manifest.json").read_bytes())
        self.rpc = Rpc(str(supervisor.status(home)["url"]))
        self.gateway = Gateway(self.rpc, self.manifest)

    async def act(self, member: int, kind: str, intent: Mapping[str, object]) -> None:
        call = BY_KIND[kind].call(intent)
        submitter = Submitter(self.rpc, SIGNERS[member], self.manifest.chain_id, 0)
        await submitter.submit(self.manifest.address_of(call.contract), encode_call(call))

    async def propose(self, member: int, call: Call) -> None:
        target = self.manifest.address_of(call.contract)
        data = to_hex(encode_call(call))
        intent = {"target": target, "call": data, "reason": "it is time"}
        await self.act(member, "council.propose", intent)

    async def told(self) -> tuple[CouncilState, dict[PartyIndex, PartyState], list[str]]:
        """The Council and the parties from all that the chain has told, and what broke a rule."""
        head = await self.gateway.head()
        events = await self.gateway.events(self.manifest.block, head.number)
        council: CouncilState | None = None
        parties: dict[PartyIndex, PartyState] = {}
        for each in events:
            if isinstance(each.event, CouncilEvent):
                council = advance_council(council, each)
            if isinstance(each.event, PartyEvent):
                party = each.event.party
                parties[party] = advance_party(parties.get(party), each)
        assert council is not None
        illegal = council_illegal_acts(events, Standings(events).at)
        return council, parties, [act.rule for act in illegal]

    async def audited(self) -> list[str]:
        """What does not fit on the chain itself, by an audit."""
        chain = LedgerChain(self.rpc, self.gateway)
        parties = [PartyIndex(number) for number in range(1, 4)]
        audits = [
            *await audit_council(chain, _NoNode()),
            *await audit_platforms(chain, _NoNode()),
            *await audit_parties(chain, _NoNode(), parties),
        ]
        return [fault.detail for each in audits for fault in each.faults]


class _NoNode:
    """Knows nothing, so that only what does not fit on the chain itself is a fault."""

    async def get(self, path: str, **query: str) -> Reply:
        return Reply(404, {})


def test_a_recovery_over_an_objection_is_told_as_it_was_done(tidan: Any, founded: Path) -> None:
    added = SIGNERS[3].address
    recovery = Call("PartyRegistry", "recover", (TWO, added, "key lost"))

    async def until_the_window(decisions: Decisions) -> None:
        await decisions.propose(0, recovery)
        await decisions.act(2, "council.approve", {"proposal": 1})
        await decisions.act(1, "council.object", {"proposal": 1, "reason": "it is here"})
        with pytest.raises(TooEarly):
            await decisions.act(0, "council.execute", executing(1, recovery))

    async def after_it(decisions: Decisions) -> None:
        await decisions.act(0, "council.execute", executing(1, recovery))
        council, parties, illegal = await decisions.told()
        audits = await decisions.audited()
        proposal = council.proposals[1]
        assert (proposal.motion.subject, proposal.is_objected) == (TWO, True)
        assert proposal.status(proposal.executed_at) is ProposalStatus.EXECUTED
        assert [each.account for each in parties[TWO].accounts if each.active] == [added]
        assert parties[TWO].recovery_reason == "key lost"
        assert (illegal, audits) == ([], [])

    asyncio.run(_with(founded, until_the_window))
    assert tidan("chain", "advance", "24h", "--home", founded).code == 0
    asyncio.run(_with(founded, after_it))


def test_every_other_decision_is_told_as_it_was_done(tidan: Any, founded: Path) -> None:
    ends = supervisor.status(founded)["clockOffset"] + 4_000_000_000
    newcomer = (2, SIGNERS[4].address, b"{}", "rules-1", "SG", ())
    suspended = int(PartyStatus.SUSPENDED)
    calls = (
        Call("PartyRegistry", "enrol", newcomer),
        Call("PartyRegistry", "changeStatus", (TWO, suspended, "review")),
        Call("PartyRegistry", "revoke", (TWO, 1, "left")),
        Call("PlatformRegistry", "recognise", ("PORT", 2, b"did:x", 2, "titles:act", ends)),
        Call("GatewayRegistry", "recognise", (SIGNERS[4].address, "PORT")),
        Call("Council", "removeSeat", (2,)),
    )

    async def decide(decisions: Decisions) -> None:
        for number, call in enumerate(calls, start=1):
            await decisions.propose(0, call)
            await decisions.act(2, "council.approve", {"proposal": number})
        rotation = {"added": SIGNERS[3].address, "removed": SIGNERS[0].address}
        await decisions.act(0, "rotation.request", rotation)

    async def after_it(decisions: Decisions) -> None:
        for number, call in enumerate(calls, start=1):
            await decisions.act(2, "council.execute", executing(number, call))
        await decisions.act(2, "rotation.complete", {"party": 1})
        council, parties, illegal = await decisions.told()
        assert council.seats == (1, 3)
        assert (parties[FOUR].roles, parties[FOUR].has_account(SIGNERS[4].address)) == (2, True)
        assert (parties[TWO].status, parties[TWO].successor) == (PartyStatus.REVOKED, 1)
        assert parties[PartyIndex(1)].has_account(SIGNERS[3].address)
        assert parties[PartyIndex(1)].rotation is None
        assert (illegal, await decisions.audited()) == ([], [])

    asyncio.run(_with(founded, decide))
    assert tidan("chain", "advance", "24h", "--home", founded).code == 0
    asyncio.run(_with(founded, after_it))


async def _with(home: Path, work: Callable[[Decisions], Awaitable[None]]) -> None:
    decisions = Decisions(home)
    try:
        await work(decisions)
    finally:
        await decisions.rpc.close()
