"""TitleRegistry and its specification, asked the same at the same second."""

from collections import Counter

from chaincode_tests.consortium import BANK, CARRIER, PAPER_DELAY, TRADER, Consortium, Party, enrol
from chaincode_tests.relayed import Relayed, is_formed, require_signed, terms_in
from chaincode_tests.trade import refused
from chaincode_tests.typed_acts import typed_data
from tests.title_book.attempts import Attempt, Chance, pledgee_of
from tests.title_book.book import Scene, TitleBook
from tests.title_book.calls import carry_out
from tests.title_book.dice import Dice
from tests.title_book.members import Members
from tests.title_book.told import events_of
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ZERO_20,
    ZERO_32,
    Address,
    PartyIndex,
    TitleId,
    to_bytes,
    to_hex,
)
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.title_events import TitleEvent
from tidan_node.domain.titles import TitleStatus
from tidan_node.ledger.codec import decode_event, decode_revert
from tidan_node.problems import Problem

NAMED = ("carrier", "other_carrier", "shipper", "buyer", "second_buyer", "bank")
ENROLLED = {"other_bank": BANK | TRADER, "carrying_bank": CARRIER | BANK}

Fate = Role | int
"""Of a successor: other roles, or its own revocation so many seconds later."""

Turn = tuple[str, str, Fate]
"""Who is revoked, who shall succeed it, and what becomes of that one."""


class TwoRegisters:
    """Every call goes to both; a step is one call to which both have answered alike."""

    def __init__(self, world: Consortium) -> None:
        self.world = world
        self.steps: Counter[str] = Counter()
        self.members = Members(paper_delay=PAPER_DELAY)
        self.book = TitleBook(self.members)
        self.parties = {name: getattr(world, name) for name in NAMED}
        for place, (name, roles) in enumerate(ENROLLED.items()):
            self.parties[name] = enrol(
                world.parties, world.admin, roles, world.fresh_account(place)
            )
        for party in self.parties.values():
            self._enrol(party)
        self.gateways = (Address(world.fresh_account(2)), Address(world.fresh_account(3)))
        for gateway in self.gateways:
            self.change_gateway(gateway)
        self.change_admission("carrier", self.gateways[0])
        self.change_admission("other_carrier", self.gateways[0])
        self.change_admission("other_carrier", self.gateways[1])
        outsiders = (*self.gateways, Address(world.stranger))
        self.chance = Chance(self.book, outsiders)
        self.now = world.chain.now

    def attempt(self, number: int) -> None:
        """The act that the number stands for, direct or signed."""
        attempt = self.chance.attempt(number, self.now)
        dice = Dice(number >> 64)
        relayed = None
        if dice.roll(4) == 0:
            relayed = Relayed(
                sender=dice.one_of((self.world.stranger, self.world.spare, attempt.account)),
                valid_for=dice.one_of((3600, 3600, 0, 3600, -1)),
                signer=dice.one_of((attempt.account,) * 7 + (self.world.stranger,)),
                altered=dice.rarely(),
            )
        self._both(attempt, relayed)

    def assert_alike(self) -> None:
        """The contract keeps of every title what the specification has."""
        asked = [
            (function, key)
            for title_id, kept in self.book.kept.items()
            for function, key in (
                ("titleOf", title_id),
                ("headOf", title_id),
                ("contentRootOf", title_id),
                ("pledgeeOf", title_id),
                ("gatewayOf", title_id),
                ("titleOfSeries", kept.issuance.series),
            )
        ]
        answers = iter(self.world.titles.call_many([(f, to_bytes(key)) for f, key in asked]))
        for title_id, kept in self.book.kept.items():
            title = kept.title
            assert next(answers) == self._record(title_id)
            assert to_hex(next(answers)) == kept.head
            assert to_hex(next(answers)) == kept.issuance.content_root
            proposed = title.proposal.pledgee if title.proposal else None
            assert to_hex(next(answers)) == (title.pledgee or proposed or ZERO_32)
            assert next(answers) == (title.gateway or ZERO_20)
            assert to_hex(next(answers)) == self.book.current[kept.issuance.series]

    def matters(self, name: str) -> bool:
        """A title here is the carrier's, or pledged to the bank, or made out to the trader."""
        party = PartyIndex(self.parties[name].index)
        trades = self.members.standing(party).roles == Role.TRADER
        return any(
            party in (title.issuer, pledgee_of(title))
            or (trades and party == title.titleholder != title.possessor)
            for title in (kept.title for kept in self.book.kept.values())
            if title.status is TitleStatus.LIVE
        )

    # What happens to the members.

    def suspend_or_restore(self, name: str) -> None:
        """Never more than one at a time: where one is suspended, it is restored."""
        suspended = self.members.first(lambda each: each.status is PartyStatus.SUSPENDED)
        for party in suspended:
            self._change_status(party.party, PartyStatus.ACTIVE)
        standing = self.members.standing(PartyIndex(self.parties[name].index))
        if not suspended and standing.status is PartyStatus.ACTIVE:
            self._change_status(standing.party, PartyStatus.SUSPENDED)

    def revoke(self, name: str, successor: str | None, fate: Fate | None = None) -> None:
        """Maybe a successor is named, of which then something becomes."""
        party = PartyIndex(self.parties[name].index)
        if self.members.standing(party).status is PartyStatus.REVOKED:
            return
        self.world.revoke(self.parties[name])
        self.now = self.world.chain.now
        self.members.revoke(party, NO_PARTY, self.now)
        if successor is not None:
            self.name_successor(name, successor)
            if self.members.standing(party).successor != self.parties[successor].index:
                return
            if isinstance(fate, Role):
                self.change_roles(successor, fate)
            elif fate is not None:
                self.now += fate
                self.world.chain.next_block_at(self.now)
                self.revoke(successor, None)

    def name_successor(self, name: str, successor: str) -> None:
        """For a revoked party, also in place of another; both judge alike who may be named."""
        party = self.members.standing(PartyIndex(self.parties[name].index))
        heir = self.members.standing(PartyIndex(self.parties[successor].index))
        if party.status is not PartyStatus.REVOKED:
            return
        if heir.may_succeed(party):
            self.world.parties.transact(self.world.admin, "nameSuccessor", party.party, heir.party)
            self.members.name_successor(party.party, heir.party)
        else:
            with refused("SuccessorUnfit", heir.party):
                self.world.parties.transact(
                    self.world.admin, "nameSuccessor", party.party, heir.party
                )
        self.now = self.world.chain.now

    def change_roles(self, name: str, roles: Role) -> None:
        party = PartyIndex(self.parties[name].index)
        if self.members.standing(party).status is PartyStatus.REVOKED:
            return
        self.world.parties.transact(self.world.admin, "changeRoles", party, int(roles))
        self.members.change_roles(party, roles)
        self.now = self.world.chain.now

    def change_gateway(self, gateway: Address) -> None:
        """Recognised, or dismissed where it was."""
        if gateway in self.members.gateways:
            self.world.gateways.transact(self.world.admin, "dismiss", gateway)
            self.members.gateways.remove(gateway)
        else:
            self.world.recognise(gateway)
            self.members.gateways.add(gateway)
        self.now = self.world.chain.now

    def change_admission(self, name: str, gateway: Address) -> None:
        """The carrier admits the gateway if it may, or withdraws that, as it always may."""
        carrier = self.members.standing(PartyIndex(self.parties[name].index))
        admission = carrier.party, gateway
        function = "withdrawAdmission" if admission in self.members.admissions else "admit"
        may_admit = carrier.status is PartyStatus.ACTIVE and Role.CARRIER in carrier.roles
        if function == "admit" and not (may_admit and gateway in self.members.gateways):
            return
        self.world.gateways.transact(self.parties[name].account, function, gateway)
        self.members.admissions ^= {admission}
        self.now = self.world.chain.now

    # How both are asked.

    def _both(self, attempt: Attempt, relayed: Relayed | None) -> None:
        now = self.now + attempt.wait
        before, scene = dict(self.book.kept), Scene(attempt.account, now)
        data, sender = self._call_data(attempt, relayed, now)
        try:
            if relayed is not None:
                require_signed(attempt.call, relayed, attempt.account)
            carry_out(self.book, attempt.call, scene)
        except Problem as refusal:
            self._refused(refusal, sender, data, now)
        else:
            events = events_of(self.book, before, attempt.call, scene)
            self._done(events, sender, data, now)
        self.steps[attempt.call.function] += 1

    def _refused(self, refusal: Problem, sender: str, data: bytes, now: int) -> None:
        """The contract is only asked, as if in a block of that time: nothing would happen."""
        answer = self.world.chain.answer(sender, self.world.titles.address, data, time=now)
        assert answer is not None, f"only the specification refuses: {refusal!r}"
        told = decode_revert(answer)
        assert type(told) is type(refusal), f"{told!r}, not {refusal!r}"

    def _done(self, events: list[TitleEvent], sender: str, data: bytes, now: int) -> None:
        if now != self.now + 1:
            self.world.chain.next_block_at(now)
        receipt = self.world.chain.send(sender, self.world.titles.address, data)
        refusal = "" if receipt.succeeded else repr(decode_revert(receipt.revert_data))
        assert receipt.succeeded, f"only the contract refuses: {refusal}"
        assert receipt.block_time == now
        told = [decode_event("TitleRegistry", log["topics"], log["data"]) for log in receipt.logs]
        assert told == events
        self.now = now

    def _call_data(self, attempt: Attempt, relayed: Relayed | None, now: int) -> tuple[bytes, str]:
        titles, call = self.world.titles, attempt.call
        data = titles.call_data(call.function, call.arguments)
        if relayed is None:
            return data, attempt.account
        valid_until = now + relayed.valid_for
        signature = b"\x01" * 65
        if all(is_formed(terms) for terms in terms_in(call.arguments)):
            signed = typed_data(titles, call.function, call.arguments, valid_until)
            signature = self.world.chain.sign(relayed.signer, signed)
        until = valid_until + (1 if relayed.altered else 0)
        relay = (data, attempt.account, until, signature)
        return titles.call_data("relay", relay), relayed.sender

    def _record(self, title_id: TitleId) -> dict[str, object]:
        kept = self.book.kept[title_id]
        title, offer, proposal = kept.title, kept.title.offer, kept.title.proposal
        waiting = offer or proposal
        return {
            "issuer": title.issuer,
            "possessor": title.possessor,
            "titleholder": title.titleholder,
            "offeree": offer.recipient if offer else NO_PARTY,
            "seq": title.seq,
            "status": title.status,
            "kind": title.kind,
            "pledged": title.pledgee is not None,
            "offered": title.bits(),
            "deadline": waiting.deadline if waiting else 0,
            "schema": kept.issuance.schema,
            "version": kept.issuance.version,
            "rulebook": kept.issuance.rulebook,
        }

    def _enrol(self, party: Party) -> None:
        roles, _ = self.world.parties.call("standingOf", party.index)
        self.members.enrol(PartyIndex(party.index), Address(party.account), Role(roles))

    def _change_status(self, party: PartyIndex, status: PartyStatus) -> None:
        self.world.set_status(Party(party, ""), int(status))
        self.members.change_status(party, status)
        self.now = self.world.chain.now
