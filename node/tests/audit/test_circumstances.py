"""What a contract with a fault let pass is found, also where no event of the title tells it."""

from __future__ import annotations

import copy
from dataclasses import replace

from tests.audit.audited import (
    BANK,
    BUYER,
    CARRIER,
    SHIPPER,
    StoryChain,
    audit_title,
    chain_of,
    said_of,
)
from tests.office import Office
from tests.story import GATEWAY, hex_of
from tests.title_book.members import DAY
from tidan_node.audit.findings import Verdict
from tidan_node.domain.history import Act, next_head
from tidan_node.domain.identifiers import Address, TitleId
from tidan_node.domain.membership_events import SuccessorNamed
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.title_events import PledgeEvent, PledgeReleased, TitleEndedAsPaper
from tidan_node.domain.titles import TitleAct, TitleKind, TitleStatus
from tidan_node.domain.titles.pledges import pledgee_of
from tidan_node.domain.titles.terms import packed

TRANSFER = bytes.fromhex("cd" * 32)


async def faults_of(office: Office, chain: StoryChain, title: TitleId) -> list[tuple[str, int]]:
    audit = await audit_title(chain, title, await said_of(office, title))
    assert (audit.verdict is Verdict.CHAIN_FAULTY) == bool(audit.faults)
    return [(fault.rule, fault.seq or 0) for fault in audit.faults]


class TestGateways:
    async def locked(self, office: Office) -> TitleId:
        story = office.consortium.story
        title = story.issue(CARRIER, SHIPPER)
        seq = story.titles[title].seq
        account = Address(f"0x{SHIPPER:040x}")
        story.on_title("lock", bytes.fromhex(title[2:]), seq, GATEWAY, TRANSFER, account=account)
        await office.consortium.publish()
        return title

    async def test_a_lock_for_a_recognised_gateway_is_verified(self, office: Office) -> None:
        office.consortium.story.recognise_gateway()
        title = await self.locked(office)
        assert await faults_of(office, chain_of(office), title) == []

    async def test_a_lock_that_the_registry_let_pass_for_a_stranger_is_found(
        self, office: Office
    ) -> None:
        title = await self.locked(office)  # the story's registry takes the gateway unasked
        assert await faults_of(office, chain_of(office), title) == [("gateway-unknown", 2)]

    async def test_a_lock_for_a_gateway_that_was_dismissed_is_found(self, office: Office) -> None:
        story = office.consortium.story
        story.recognise_gateway()
        story.dismiss_gateway()
        story.book.members.gateways.add(GATEWAY)  # the registry of titles has not noticed
        title = await self.locked(office)
        assert await faults_of(office, chain_of(office), title) == [("gateway-unknown", 2)]


class TestArrivals:
    async def arrived(self, office: Office) -> TitleId:
        """A title that was never here, as the gateway brings it in."""
        story = office.consortium.story
        names = (bytes.fromhex(hex_of("foreign", each)[2:]) for each in "nsr")
        issuance = (*names, packed(SHIPPER, SHIPPER, TitleKind.ORDER, 1, 1, 0))
        (title,) = story.on_title("importTitle", issuance, int(CARRIER), TRANSFER, account=GATEWAY)
        await office.consortium.publish()
        return title

    async def test_one_that_its_carrier_lets_in_is_verified(self, office: Office) -> None:
        office.consortium.story.recognise_gateway()
        office.consortium.story.admit_gateway(CARRIER)
        title = await self.arrived(office)
        assert await faults_of(office, chain_of(office), title) == []

    async def test_what_was_let_in_stays_so_after_the_carrier_has_thought_again(
        self, office: Office
    ) -> None:
        story = office.consortium.story
        story.recognise_gateway()
        story.admit_gateway(CARRIER)
        title = await self.arrived(office)
        story.withdraw_admission(CARRIER)
        await office.consortium.publish()
        assert await faults_of(office, chain_of(office), title) == []

    async def test_one_that_the_registry_let_pass_after_a_withdrawal_is_found(
        self, office: Office
    ) -> None:
        story = office.consortium.story
        story.recognise_gateway()
        story.admit_gateway(CARRIER)
        story.withdraw_admission(CARRIER)
        story.book.members.admissions.add((CARRIER, GATEWAY))  # the registry has not noticed
        title = await self.arrived(office)
        assert await faults_of(office, chain_of(office), title) == [("gateway-not-admitted", 1)]

    async def test_another_carriers_word_does_not_let_it_in(self, office: Office) -> None:
        story = office.consortium.story
        story.recognise_gateway()
        other = story.enrol(Role.CARRIER)
        story.admit_gateway(other)
        story.book.members.admissions.add((CARRIER, GATEWAY))  # the registry mixes them up
        title = await self.arrived(office)
        assert await faults_of(office, chain_of(office), title) == [("gateway-not-admitted", 1)]


class TestPledgees:
    async def pledged(self, office: Office) -> tuple[StoryChain, TitleId]:
        """The title of a pledge, and the chain as it is before anybody asks who did what."""
        story = office.consortium.story
        title = story.issue(CARRIER, SHIPPER)
        name, pledgee = bytes.fromhex(title[2:]), bytes.fromhex(pledgee_of(BANK)[2:])
        shipper, bank = Address(f"0x{SHIPPER:040x}"), Address(f"0x{BANK:040x}")
        story.on_title("proposePledge", name, 1, pledgee, story.now + DAY, account=shipper)
        story.on_title("acceptPledge", name, 2, account=bank)
        await office.consortium.publish()
        return chain_of(office), title

    def by(self, chain: StoryChain, account: Address) -> StoryChain:
        """The chain whose node knows that this account did every act of a pledgee."""
        acts = (each for each in chain.events if isinstance(each.event, PledgeEvent))
        return replace(chain, callers={each.origin.tx_hash: account for each in acts})

    async def test_an_act_of_the_pledgees_own_account_is_verified(self, office: Office) -> None:
        chain, title = await self.pledged(office)
        own = office.consortium.story.accounts[BANK][0]
        assert await faults_of(office, self.by(chain, own), title) == []

    async def test_an_act_of_anybody_elses_account_is_found(self, office: Office) -> None:
        chain, title = await self.pledged(office)
        strange = office.consortium.story.accounts[BUYER][0]
        found = await faults_of(office, self.by(chain, strange), title)
        assert found == [("not-the-pledgee", 3)]

    async def test_an_act_of_an_account_that_nobody_has_is_found(self, office: Office) -> None:
        chain, title = await self.pledged(office)
        unknown = Address(hex_of("nobody's", size=20))
        found = await faults_of(office, self.by(chain, unknown), title)
        assert found == [("not-the-pledgee", 3)]

    async def test_where_no_account_can_be_told_the_event_must_do(self, office: Office) -> None:
        chain, title = await self.pledged(office)
        assert chain.callers == {}
        assert await faults_of(office, chain, title) == []

    async def test_a_revoked_banks_successor_is_asked_for_though_no_event_of_the_title_names_it(
        self, office: Office
    ) -> None:
        _, title = await self.pledged(office)
        story = office.consortium.story
        successor = story.enrol(Role.BANK)
        story.change_status(BANK, PartyStatus.REVOKED)
        story.standings[BANK] = replace(story.standings[BANK], successor=successor)
        story.emit(SuccessorNamed(BANK, successor))
        story.on_title(
            "releasePledge", bytes.fromhex(title[2:]), 3, account=Address(f"0x{successor:040x}")
        )
        await office.consortium.publish()
        chain = chain_of(office)
        release = next(e for e in chain.events if isinstance(e.event, PledgeReleased))
        chain.callers = {release.origin.tx_hash: story.accounts[successor][0]}
        assert await faults_of(office, chain, title) == []
        chain.callers = {release.origin.tx_hash: story.accounts[BUYER][0]}
        assert await faults_of(office, chain, title) == [("not-the-pledgee", 4)]


class TestPaperDelay:
    async def test_an_end_before_the_contracts_own_delay_is_found(self, office: Office) -> None:
        story = office.consortium.story
        title = story.issue(CARRIER, SHIPPER)
        story.change_status(CARRIER, PartyStatus.REVOKED)
        story.next_block((DAY - 5) // 5)
        story.emit(TitleEndedAsPaper(title, 2, SHIPPER))
        kept = story.book.kept[title]
        ended = kept.title._replace(seq=2, status=TitleStatus.PAPER)
        act = Act(TitleAct.END_AS_PAPER, 2, SHIPPER, story.now, bytes(32))
        head = next_head(kept.head, act)
        story.book.kept[title] = replace(kept, title=ended, head=head)
        await office.consortium.publish()
        assert await faults_of(office, chain_of(office), title) == [("paper-too-early", 2)]
        story.book.members.paper_delay = DAY - 5
        assert await faults_of(office, chain_of(office), title) == []


class TestTerms:
    async def test_another_law_than_the_issuer_accepted_is_named(self, office: Office) -> None:
        story = office.consortium.story
        title = story.issue(CARRIER, SHIPPER)
        await office.consortium.publish()
        answer = copy.deepcopy(await said_of(office, title))
        assert answer.record is not None
        answer.record["terms"]["governingLaw"] = "XX"  # type: ignore[index]  # JSON
        (difference,) = (await audit_title(chain_of(office), title, answer)).differences
        told = (difference.field, difference.chain, difference.node)
        assert told == ("terms.governingLaw", "SG", "XX")
