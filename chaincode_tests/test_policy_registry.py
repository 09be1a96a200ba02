"""What insurer and insured may do with a cargo policy while it is in force."""

from typing import Any

import pytest

from chaincode_tests.consortium import INSURER, REVOKED, SUSPENDED, Consortium, Party
from chaincode_tests.contract import Event, Outcome
from chaincode_tests.history import History, hashed, word
from chaincode_tests.trade import HOUR, NO_PARTY, ZERO, digest, named, refused

NONE, ISSUED, ENDORSED, ASSIGNED, CANCELLED = 0, 1, 2, 3, 8
ISSUE, ENDORSE, ASSIGN, CANCEL = range(1, 5)
THE_INSURER = 7  # the seventh party that is enrolled
NUMBER, ROOT, NEW_ROOT = digest("policy 1"), digest("content 1"), digest("content 2")
POLICY = named(THE_INSURER, NUMBER)
SCHEMA, VERSION = 3, 1


class Cover:
    """Acts on one policy, by which the insurer covers the shipper."""

    def __init__(self, world: Consortium) -> None:
        self.world = world
        self.insurer, self.insured, self.bank = world.insurer, world.shipper, world.bank
        self.expires = world.chain.now + HOUR
        # every act after the issue: whose it is, and its arguments after id and seq
        self.acts: dict[str, tuple[Party, tuple[Any, ...]]] = {
            "endorse": (self.insurer, (NEW_ROOT, VERSION + 1)),
            "assign": (self.insured, (self.bank.index,)),
            "cancel": (self.insurer, ()),
        }

    def issue(self, by: Party | None = None, **changes: object) -> Outcome:
        terms: dict[str, object] = {
            "number": NUMBER,
            "root": ROOT,
            "insured": self.insured.index,
            "expires": self.expires,
            "schema": SCHEMA,
            "version": VERSION,
        } | changes
        return self.send(by or self.insurer, "issue", *terms.values())

    def send(self, party: Party, act: str, *arguments: Any) -> Outcome:  # of any ABI type
        return self.world.policies.transact(party.account, act, *arguments)

    def act(self, act: str, seq: int, by: Party | None = None) -> Outcome:
        party, arguments = self.acts[act]
        return self.send(by or party, act, POLICY, seq, *arguments)

    def brought_to(self, status: int) -> int:
        """Brings the policy into a status; the seq that it has there."""
        self.issue()
        path = {ISSUED: [], ENDORSED: ["endorse"], ASSIGNED: ["assign"], CANCELLED: ["cancel"]}
        for seq, act in enumerate(path[status], start=1):
            self.act(act, seq)
        return len(path[status]) + 1

    @property
    def record(self) -> dict[str, int]:
        record: dict[str, int] = self.world.policies.call("policyOf", POLICY)
        return record


@pytest.fixture
def cover(world: Consortium) -> Cover:
    return Cover(world)


class TestIssue:
    def test_an_insurer_issues_it(self, cover: Cover) -> None:
        outcome = cover.issue()
        assert cover.record == {
            "insurer": cover.insurer.index,
            "insured": cover.insured.index,
            "lossPayee": NO_PARTY,
            "seq": 1,
            "status": ISSUED,
            "expires": cover.expires,
            "schema": SCHEMA,
            "version": VERSION,
        }
        assert cover.world.policies.call("contentRootOf", POLICY) == ROOT
        assert outcome.event == Event(
            "PolicyIssued",
            {
                "id": POLICY,
                "insurer": cover.insurer.index,
                "insured": cover.insured.index,
                "contentRoot": ROOT,
                "expires": cover.expires,
                "schema": SCHEMA,
                "version": VERSION,
            },
        )

    def test_other_roles_do_not(self, cover: Cover) -> None:
        for party in (cover.world.carrier, cover.insured, cover.bank, cover.world.regulator):
            with refused("RoleMissing", party.index, INSURER):
                cover.issue(by=party)

    def test_a_stranger_does_not(self, cover: Cover) -> None:
        stranger, insured = cover.world.stranger, cover.insured.index
        terms = (NUMBER, ROOT, insured, cover.expires, SCHEMA, VERSION)
        with refused("NotEnrolled", stranger):
            cover.world.policies.transact(stranger, "issue", *terms)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_the_insurer_is_active(self, cover: Cover, status: int) -> None:
        cover.world.set_status(cover.insurer, status)
        with refused("PartyNotActive", cover.insurer.index):
            cover.issue()

    @pytest.mark.parametrize("insured", [NO_PARTY, 99])
    def test_the_insured_is_enrolled(self, cover: Cover, insured: int) -> None:
        with refused("PartyNotActive", insured):
            cover.issue(insured=insured)

    def test_the_insured_is_active(self, cover: Cover) -> None:
        cover.world.set_status(cover.insured, SUSPENDED)
        with refused("PartyNotActive", cover.insured.index):
            cover.issue()

    def test_it_has_a_number(self, cover: Cover) -> None:
        with refused("EmptyId"):
            cover.issue(number=ZERO)

    def test_it_has_a_content(self, cover: Cover) -> None:
        with refused("EmptyContentRoot"):
            cover.issue(root=ZERO)

    def test_it_is_issued_once(self, cover: Cover) -> None:
        cover.brought_to(CANCELLED)
        with refused("AlreadyRegistered", POLICY):
            cover.issue()

    def test_it_expires_after_the_block_of_its_issue(self, cover: Cover) -> None:
        cover.world.chain.next_block_at(cover.expires)
        with refused("PolicyExpired", POLICY, cover.expires):
            cover.issue()


# where each act may start, and where it leads
TRANSITIONS = {
    ("endorse", ISSUED): ENDORSED,
    ("endorse", ENDORSED): ENDORSED,
    ("endorse", ASSIGNED): ASSIGNED,
    ("assign", ISSUED): ASSIGNED,
    ("assign", ENDORSED): ASSIGNED,
    ("cancel", ISSUED): CANCELLED,
    ("cancel", ENDORSED): CANCELLED,
    ("cancel", ASSIGNED): CANCELLED,
}
ACTS = ("endorse", "assign", "cancel")


class TestTransitions:
    @pytest.mark.parametrize(("act", "start"), TRANSITIONS)
    def test_those_of_the_trade_are_possible(self, cover: Cover, act: str, start: int) -> None:
        seq = cover.brought_to(start)
        cover.acts["endorse"] = (cover.insurer, (digest("content 3"), VERSION + 2))
        cover.act(act, seq)
        assert (cover.record["status"], cover.record["seq"]) == (TRANSITIONS[act, start], seq + 1)

    @pytest.mark.parametrize(
        ("act", "start"),
        [
            (act, start)
            for act in ACTS
            for start in (ISSUED, ENDORSED, ASSIGNED, CANCELLED)
            if (act, start) not in TRANSITIONS
        ],
    )
    def test_no_others_are(self, cover: Cover, act: str, start: int) -> None:
        seq = cover.brought_to(start)
        with refused("WrongStatus", POLICY, start):
            cover.act(act, seq)


@pytest.mark.parametrize("act", ACTS)
class TestEveryAct:
    def test_it_is_not_the_others(self, cover: Cover, act: str) -> None:
        cover.issue()
        other = cover.insurer if act == "assign" else cover.insured
        refusal = "NotTheInsured" if act == "assign" else "NotTheInsurer"
        for party in (other, cover.bank):
            with refused(refusal, POLICY, party.index):
                cover.act(act, 1, by=party)

    @pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
    def test_it_takes_an_active_party(self, cover: Cover, act: str, status: int) -> None:
        cover.issue()
        party, _ = cover.acts[act]
        cover.world.set_status(party, status)
        with refused("PartyNotActive", party.index):
            cover.act(act, 1)

    def test_it_takes_a_party(self, cover: Cover, act: str) -> None:
        stranger = Party(NO_PARTY, cover.world.stranger)
        with refused("NotEnrolled", stranger.account):
            cover.act(act, 1, by=stranger)

    def test_it_takes_a_policy(self, cover: Cover, act: str) -> None:
        with refused("RecordUnknown", POLICY):
            cover.act(act, 0)

    def test_it_takes_the_seq_of_now(self, cover: Cover, act: str) -> None:
        cover.issue()
        for stale in (0, 2):
            with refused("StaleSeq", POLICY, stale, 1):
                cover.act(act, stale, by=cover.bank)

    def test_it_comes_before_the_policy_expires(self, cover: Cover, act: str) -> None:
        cover.issue()
        cover.world.chain.next_block_at(cover.expires)
        with refused("PolicyExpired", POLICY, cover.expires):
            cover.act(act, 1)

    def test_the_last_second_is_early_enough(self, cover: Cover, act: str) -> None:
        cover.issue()
        cover.world.chain.next_block_at(cover.expires - 1)
        cover.act(act, 1)
        assert cover.record["seq"] == 2


class TestEndorse:
    def test_the_new_content_replaces_the_old(self, cover: Cover) -> None:
        cover.issue()
        cover.act("endorse", 1)
        assert cover.world.policies.call("contentRootOf", POLICY) == NEW_ROOT
        assert cover.record["version"] == VERSION + 1

    @pytest.mark.parametrize("version", [0, VERSION])
    def test_its_version_is_a_later_one(self, cover: Cover, version: int) -> None:
        cover.issue()
        with refused("VersionNotAhead", POLICY, version, VERSION):
            cover.send(cover.insurer, "endorse", POLICY, 1, NEW_ROOT, version)

    def test_it_has_a_content(self, cover: Cover) -> None:
        cover.issue()
        with refused("EmptyContentRoot"):
            cover.send(cover.insurer, "endorse", POLICY, 1, ZERO, VERSION + 1)


class TestAssign:
    @pytest.mark.parametrize("payee", [NO_PARTY, 99])
    def test_the_loss_payee_is_enrolled(self, cover: Cover, payee: int) -> None:
        cover.issue()
        with refused("PartyNotActive", payee):
            cover.send(cover.insured, "assign", POLICY, 1, payee)

    def test_the_loss_payee_stays(self, cover: Cover) -> None:
        cover.issue()
        cover.act("assign", 1)
        with refused("WrongStatus", POLICY, ASSIGNED):
            cover.send(cover.insured, "assign", POLICY, 2, cover.insured.index)
        assert cover.record["lossPayee"] == cover.bank.index


class TestEventsAndHead:
    def test_each_act_has_its_event_and_is_in_the_head(self, cover: Cover) -> None:
        head, bank = History(), cover.bank.index
        issued = cover.issue()
        detail = hashed(
            ["bytes32", "bytes32", "uint32", "uint40", "uint16", "uint16"],
            [POLICY, ROOT, cover.insured.index, cover.expires, SCHEMA, VERSION],
        )
        head.extend(ISSUE, cover.insurer.index, issued.time, detail)
        endorsed = hashed(["bytes32", "uint16"], [NEW_ROOT, VERSION + 1])
        content = {"contentRoot": NEW_ROOT, "version": VERSION + 1}
        story: list[tuple[str, int, str, bytes, dict[str, object]]] = [
            ("endorse", ENDORSE, "PolicyEndorsed", endorsed, dict(content)),
            ("assign", ASSIGN, "PolicyAssigned", word(bank), {"lossPayee": bank}),
            ("cancel", CANCEL, "PolicyCancelled", ZERO, {}),
        ]
        for act, number, event, detail, more in story:
            party, _ = cover.acts[act]
            outcome = cover.act(act, head.seq)
            expected = head.extend(number, party.index, outcome.time, detail)
            assert cover.world.policies.call("headOf", POLICY) == expected
            fields = {"id": POLICY, "seq": head.seq, "by": party.index} | more
            assert outcome.event == Event(event, fields)
