"""Chance seeks out what rules are about: titles of parties that are suspended or revoked."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from tests.title_book.attempts import Attempt, Chance
from tests.title_book.book import Call, Scene, TitleBook
from tests.title_book.calls import carry_out
from tests.title_book.dice import LARGEST
from tests.title_book.members import DAY, Members
from tidan_node.domain.identifiers import NO_PARTY, Address, PartyIndex, to_bytes, to_hex
from tidan_node.domain.parties import PartyStatus, Role
from tidan_node.domain.proofs.record_ids import title_id_of
from tidan_node.domain.titles import TitleKind
from tidan_node.domain.titles.terms import packed

NOW = 1_700_000_000
TRIED = 4000
CARRIER, SHIPPER, CONSIGNEE, HEIR = (PartyIndex(number) for number in range(1, 5))
ROLES = (Role.CARRIER, Role.TRADER, Role.TRADER, Role.CARRIER)
TITLES = 8
OF_CONSIGNEE = TITLES.to_bytes(32, "big")


def account(party: int) -> Address:
    return Address(f"0x{party:040x}")


@pytest.fixture
def book() -> TitleBook:
    """The shipper has all titles; the last is made out to the consignee."""
    members = Members()
    for party, roles in zip((CARRIER, SHIPPER, CONSIGNEE, HEIR), ROLES, strict=True):
        members.enrol(party, account(party), roles)
    book = TitleBook(members)
    for number in range(1, TITLES + 1):
        name = number.to_bytes(32, "big")
        titleholder = CONSIGNEE if name == OF_CONSIGNEE else SHIPPER
        terms = packed(SHIPPER, titleholder, TitleKind.ORDER, 1, 1, 0)
        issue = Call("issue", ((name, name, name, terms),))
        carry_out(book, issue, Scene(account(CARRIER), NOW))
    return book


def tried(book: TitleBook) -> list[Attempt]:
    chance, random = Chance(book, (account(99),)), Random(7)
    return [chance.attempt(random.randint(0, LARGEST), NOW) for _ in range(TRIED)]


def on_consignees(attempts: list[Attempt]) -> list[Call]:
    title = to_bytes(title_id_of(CARRIER, to_hex(OF_CONSIGNEE)))
    return [each.call for each in attempts if each.call.arguments[0] == title]


class TestAttempts:
    def test_a_title_of_a_suspended_party_is_tried_more_often(self, book: TitleBook) -> None:
        before = len(on_consignees(tried(book)))
        book.members.change_status(CONSIGNEE, PartyStatus.SUSPENDED)
        assert len(on_consignees(tried(book))) > 2 * before

    def test_it_is_offered_to_whom_it_is_made_out_whose_standing_lets_it_do_little_else(
        self, book: TitleBook
    ) -> None:
        book.members.change_status(CONSIGNEE, PartyStatus.SUSPENDED)
        offers = [call for call in on_consignees(tried(book)) if call.function == "offer"]
        to = Counter(call.arguments[2] for call in offers)
        assert to[CONSIGNEE] > len(offers) * 0.9

    def test_titles_that_nobody_answers_for_are_ended_around_the_paper_delay(
        self, book: TitleBook
    ) -> None:
        book.members.revoke(CARRIER, HEIR, NOW - 3 * DAY)
        book.members.revoke(HEIR, NO_PARTY, NOW - DAY // 2)
        ended = [each for each in tried(book) if each.call.function == "endAsPaper"]
        just_then = Counter(each.wait for each in ended)
        assert just_then[DAY // 2 - 1]
        assert just_then[DAY // 2]
