"""TitleRegistry and its specification, asked the same at the same second."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from chaincode_tests.consortium import BANK, PAPER_DELAY, TRADER, Consortium, Party, enrol
from chaincode_tests.trade import refused
from chaincode_tests.typed_acts import typed_data
from tests.title_book.attempts import Attempt, Chance
from tests.title_book.book import Call, Scene, TitleBook
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
from tidan_node.domain.title_problems import (
    ActNotSignable,
    SignatureExpired,
    SignatureInvalid,
    TermsMalformed,
)
from tidan_node.domain.titles.terms import terms_of
from tidan_node.ledger.codec import decode_event, decode_revert
from tidan_node.problems import Problem

NAMED = ("carrier", "other_carrier", "shipper", "buyer", "second_buyer", "bank")
WORDS_OF_ISSUANCE = 4
NOT_SIGNED = ("exportTitle", "returnTitle", "importTitle")


@dataclass(frozen=True)
class Relayed:
    """How a call is signed, and by whom it is sent: rightly, or with one thing wrong."""

    sender: str
    valid_for: int
    signer: str
    altered: bool


class TwoRegisters:
    """Every call goes to both; a step is one call to which both have answered alike."""

    def __init__(self, world: Consortium) -> None:
        self.world = world
        self.steps: Counter[str] = Counter()
        self.members = Members(paper_delay=PAPER_DELAY)
        self.book = TitleBook(self.members)
        self.parties = {name: getattr(world, name) for name in NAMED}
        self.parties["other_bank"] = enrol(
            world.parties, world.admin, BANK | TRADER, world.fresh_account(0)
        )
        for party in self.parties.values():
            self._enrol(party)
        self.gateways = (Address(world.fresh_account(1)), Address(world.fresh_account(2)))
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

    # What happens to the members.

    def suspend_or_restore(self, name: str) -> None:
        """Never more than one at a time: where one is suspended, it is restored."""
        suspended = self.members.first(lambda each: each.status is PartyStatus.SUSPENDED)
        for party in suspended:
            self._change_status(party.party, PartyStatus.ACTIVE)
        standing = self.members.standing(PartyIndex(self.parties[name].index))
        if not suspended and standing.status is PartyStatus.ACTIVE:
            self._change_status(standing.party, PartyStatus.SUSPENDED)

    def revoke(self, name: str, successor: str | None) -> None:
        party = PartyIndex(self.parties[name].index)
        if self.members.standing(party).status is PartyStatus.REVOKED:
            return
        self.world.revoke(self.parties[name])
        self.now = self.world.chain.now
        self.members.revoke(party, NO_PARTY, self.now)
        if successor is not None:
            self.name_successor(name, successor)

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
        """The carrier admits the gateway, or withdraws that, if it may."""
        carrier = self.members.standing(PartyIndex(self.parties[name].index))
        admission = carrier.party, gateway
        function = "withdrawAdmission" if admission in self.members.admissions else "admit"
        if carrier.status is not PartyStatus.ACTIVE or Role.CARRIER not in carrier.roles:
            return
        if function == "admit" and gateway not in self.members.gateways:
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
                _require_signed(attempt.call, relayed, attempt.account)
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
        if all(_is_formed(terms) for terms in _terms_in(call.arguments)):
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


def _require_signed(call: Call, relayed: Relayed, signer: str) -> None:
    """What the relay asks, in its order."""
    if relayed.valid_for + (1 if relayed.altered else 0) < 0:
        raise SignatureExpired("it was valid until before")
    if call.function in NOT_SIGNED:
        raise ActNotSignable("it is a gateway's")
    for terms in _terms_in(call.arguments):
        terms_of(terms)
    if relayed.altered or relayed.signer != signer:
        raise SignatureInvalid("it is another's, or over another act")


def _terms_in(arguments: Iterable[object]) -> list[int]:
    """The words with the terms of all issuances among the arguments."""
    found: list[int] = []
    for each in arguments:
        if isinstance(each, tuple) and len(each) == WORDS_OF_ISSUANCE:
            found.append(each[-1])
        elif isinstance(each, list):
            found += _terms_in(each)
    return found


def _is_formed(terms: int) -> bool:
    try:
        terms_of(terms)
    except TermsMalformed:
        return False
    return True
