"""The head of a record's history: order, content and time all count."""

from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_hash.auto import keccak
from hypothesis import given
from hypothesis import strategies as st

from tidan_node.domain.history import FIRST_HEAD, Act, head_of, next_head
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.title_details import offer_detail, transfer_detail
from tidan_node.domain.titles import Offer, Offered, TitleAct, TitleKind

acts = st.builds(
    Act,
    kind=st.sampled_from(TitleAct),
    seq=st.integers(0, 2**32 - 1),
    actor=st.integers(0, 2**32 - 1).map(PartyIndex),
    time=st.integers(0, 2**40 - 1),
    detail=st.binary(min_size=32, max_size=32),
)


class TestNextHead:
    def test_is_keccak_of_the_abi_encoding(self) -> None:
        act = Act(TitleAct.OFFER, 2, PartyIndex(7), 1_700_000_000, b"\x05" * 32)
        words = [
            bytes(32),
            *(n.to_bytes(32, "big") for n in (2, 2, 7, 1_700_000_000)),
            b"\x05" * 32,
        ]
        assert next_head(FIRST_HEAD, act) == "0x" + keccak(b"".join(words)).hex()

    @given(act=acts, other=acts)
    def test_differs_for_different_acts(self, act: Act, other: Act) -> None:
        same = next_head(FIRST_HEAD, act) == next_head(FIRST_HEAD, other)
        assert same == (act == other)

    def test_refuses_a_number_that_fills_no_word_of_the_chain(self) -> None:
        with pytest.raises(ValueError, match="64 bits"):
            next_head(FIRST_HEAD, Act(TitleAct.OFFER, 2**64, PartyIndex(7), 1_700_000_000))


class TestHeadOf:
    @given(history=st.lists(acts, min_size=2, max_size=6, unique=True))
    def test_depends_on_the_order(self, history: list[Act]) -> None:
        assert head_of(history) != head_of(history[::-1])

    @given(history=st.lists(acts, min_size=1, max_size=6), data=st.data())
    def test_depends_on_every_act(self, history: list[Act], data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(history) - 1))
        changed = list(history)
        changed[at] = changed[at]._replace(time=changed[at].time ^ 1)
        assert head_of(history) != head_of(changed)


class TestDetails:
    def test_an_offer_packs_into_one_word(self) -> None:
        offer = Offer(PartyIndex(3), Offered.POSSESSION | Offered.TITLE, 1_800_000_000)
        packed = int.from_bytes(offer_detail(offer), "big")
        assert (packed & 0xFFFFFFFF, packed >> 32 & 0xFF, packed >> 40) == (3, 3, 1_800_000_000)

    def test_a_transfer_packs_both_holders_and_the_kind(self) -> None:
        packed = encode(["uint256"], [5 | 6 << 32 | 3 << 64])
        assert transfer_detail(PartyIndex(5), PartyIndex(6), TitleKind.BLANK) == packed
