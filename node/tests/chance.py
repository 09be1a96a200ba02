"""A story that chance tells: any acts that the rules allow, in any order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Final

from tests.council_acts import (
    approve,
    execute,
    found,
    object_to,
    on_rotation,
    propose,
    wait,
    withdraw_approval,
)
from tests.story import GATEWAY, Story, hex_of
from tests.title_book.attempts import Chance
from tests.title_book.dice import LARGEST
from tidan_node.domain import events as happened
from tidan_node.domain.events import Event
from tidan_node.domain.identifiers import (
    NO_PARTY,
    ZERO_20,
    Address,
    IssuerCode,
    PartyIndex,
    TitleId,
)
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.titles import Offered, TitleKind
from tidan_node.ledger.calls import Call
from tidan_node.problems import Problem

Deed = Callable[[], object]

_ROLES: Final = (
    Role.CARRIER,
    Role.TRADER,
    Role.BANK | Role.TRADER,
    Role.INSURER | Role.CARRIER,
)
_ON_INVOICES: Final[tuple[type[Event], ...]] = (
    happened.InvoiceAccepted,
    happened.InvoiceDisputed,
    happened.InvoiceSettled,
    happened.InvoiceCancelled,
    happened.InvoiceLinked,
)
_ON_POLICIES: Final[tuple[type[Event], ...]] = (
    happened.PolicyEndorsed,
    happened.PolicyAssigned,
    happened.PolicyCancelled,
)


def played(random: Random, acts: int, *, decisions: int = 1) -> Story:
    """A story in which so many acts were tried; what the rules refuse does not happen.

    `decisions` is how often acts of the Council are among those that chance chooses from."""
    story = Story()
    story.recognise_gateway()
    for roles in _ROLES:
        carrier = story.enrol(roles)
        if Role.CARRIER in roles:
            story.admit_gateway(carrier)
    for _ in range(acts):
        story.next_block(random.choice((0, 0, 1, 1, 300)))
        with suppress(Problem):
            random.choice(_deeds(story, random, decisions))()
    return story


def _deeds(story: Story, random: Random, decisions: int) -> list[Deed]:
    one, other = random.sample(list(story.standings), 2)
    deeds: list[Deed] = [
        *[lambda: story.issue(one, other, kind=random.choice(list(TitleKind)))] * 4,
        lambda: story.register_invoice(one, other),
        lambda: story.issue_policy(one, other),
        lambda: story.anchor(one),
        random.choice(_on_party(story, random, one)),
        *random.choices(_on_council(story, random, one, other), k=decisions),
    ]
    if story.titles:
        deeds += _on_title(story, random, random.choice(list(story.titles)), other)
    if story.invoices:
        invoice = random.choice(list(story.invoices))
        deeds += [lambda: story.act_on_invoice(invoice, random.choice(_ON_INVOICES))] * 2
    if story.policies:
        policy = random.choice(list(story.policies))
        deeds += [lambda: story.act_on_policy(policy, random.choice(_ON_POLICIES))] * 2
    return deeds


def _on_council(story: Story, random: Random, one: PartyIndex, other: PartyIndex) -> list[Deed]:
    if not story.council.is_founded:
        return [lambda: found(story, *sorted(story.standings)[:3])]
    number = random.randint(1, len(story.council.proposals) + 1)
    account = Address(hex_of("recovered", len(story.events), size=20))
    recovery = ("recover", (other, account, "lost"))
    platform = ("P" + "X" * random.randint(1, 3), 2, b"did:web:x", 2, "records:read", story.now + 9)
    calls = (
        Call("PartyRegistry", *recovery),
        Call("PartyRegistry", "revoke", (other, one, "left")),
        Call("PlatformRegistry", "recognise", platform),
        Call("PlatformRegistry", "withdraw", (next(iter(story.recognitions), hex_of("no")),)),
        Call("Council", "removeSeat", (other,)),
        Call("Council", "addSeat", (one,)),
    )
    call = random.choice(calls)
    subject = other if call.function == "recover" else NO_PARTY
    return [
        *[lambda: propose(story, random.choice(story.council.seats), call, subject=subject)] * 2,
        *[lambda: approve(story, number, random.choice(story.council.seats))] * 4,
        lambda: withdraw_approval(story, number, random.choice(story.council.seats)),
        lambda: object_to(story, number, other),
        *[lambda: (wait(story), execute(story, number))] * 3,
        lambda: on_rotation(story, "requestRotation", one, account, ZERO_20),
        lambda: on_rotation(story, "cancelRotation", one),
    ]


def _on_title(story: Story, random: Random, title: TitleId, other: PartyIndex) -> list[Deed]:
    # the likelier an act is to be refused, the more often it is tried
    return [
        *[lambda: story.offer(title, other, what=Offered(random.randint(1, 3)), lasting=9000)] * 4,
        lambda: story.offer(title, other, what=Offered.POSSESSION, lasting=60),
        *[lambda: story.accept(title)] * 4,
        lambda: story.withdraw(title),
        lambda: story.decline(title),
        lambda: story.surrender(title),
        lambda: story.accept_surrender(title),
        lambda: story.reject_surrender(title, random.randint(1, 4)),
        *[lambda: _any_act(story, random)] * 12,
    ]


def _any_act(story: Story, random: Random) -> None:
    """One of all the acts that there are on titles."""
    chance = Chance(story.book, (GATEWAY,))
    attempt = chance.attempt(random.randint(0, LARGEST), story.now - 1)
    call = attempt.call
    story.on_title(call.function, *call.arguments, account=attempt.account)


def _on_party(story: Story, random: Random, index: PartyIndex) -> list[Deed]:
    count = len(story.events)
    account = Address(hex_of("account", index, count, size=20))
    renamed = replace(story.profile_of(index), name=f"{index}-{count}").canonical()
    raw = random.choice((b"{", b"[1]", renamed))
    code = IssuerCode(f"SMDG:X{count}")
    status = random.choice((PartyStatus.ACTIVE, PartyStatus.SUSPENDED, PartyStatus.ACTIVE))
    roles = random.choice(_ROLES) | story.standings[index].roles
    key = b"\2" + bytes(32)
    return [
        lambda: story.emit(happened.AccountAdded(index, account)),
        lambda: story.emit(happened.AccountRemoved(index, story.accounts[index][0])),
        lambda: story.emit(happened.ProfileChanged(index, hex_of(raw), raw)),
        lambda: story.emit(happened.NumberingKeyRegistered(index, hex_of(code), code, key)),
        lambda: story.change_roles(index, roles),
        lambda: story.change_status(index, status),
        lambda: _think_again(story, index),
    ]


def _think_again(story: Story, index: PartyIndex) -> None:
    if story.book.members.admitted(index, GATEWAY):
        story.withdraw_admission(index)
    elif Role.CARRIER in story.standings[index].roles:
        story.admit_gateway(index)
