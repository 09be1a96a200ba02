"""Each event's own decoder, held to eth-abi: what the one reads the other reads, whatever comes."""

from __future__ import annotations

from typing import Final

import pytest
from eth_abi.codec import ABICodec
from eth_abi.exceptions import DecodingError
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.abi_samples import entries_of, log_of, sample
from tests.sampling import TIMES
from tidan_node.domain.events import Event
from tidan_node.domain.title_problems import TermsMalformed
from tidan_node.domain.titles import TitleKind
from tidan_node.domain.titles.terms import packed, terms_of
from tidan_node.ledger.abi import CODEC, AbiEntry, Value, signatures, snake_case
from tidan_node.ledger.codec import FOLLOWED, SILENT, decode_event
from tidan_node.ledger.event_types import EventUnreadable, typed_event

_EVENTS: Final = [
    pytest.param(contract, entry, id=f"{contract}.{entry['name']}")
    for contract in FOLLOWED
    for entry in entries_of(contract, "event")
    if entry["name"] not in SILENT
]
_every_event = pytest.mark.parametrize(("contract", "entry"), _EVENTS)
_often = settings(max_examples=25 * TIMES, deadline=None)
_LENGTHS: Final = (0, 1, 31, 32, 33, 64, 2**32, 2**63, 2**64, 2**255)


def by_eth_abi(contract: str, entry: AbiEntry, topics: list[str], data: str) -> Event | None:
    """What eth-abi reads; None where it cannot, or the domain has no word for it."""
    codec: ABICodec = CODEC
    signature = next(each for each in signatures(contract, "event") if each.name == entry["name"])
    indexed = [each for each in signature.inputs if each.indexed]
    others = [each for each in signature.inputs if not each.indexed]
    try:
        found = [
            codec.decode([each.type], bytes.fromhex(topic[2:]))[0]
            for each, topic in zip(indexed, topics[1:], strict=True)
        ]
        found += codec.decode([each.type for each in others], bytes.fromhex(data[2:]))
        values = {
            snake_case(each.name): each.plain(value)
            for each, value in zip([*indexed, *others], found, strict=True)
        }
        if "terms" in values:
            values |= terms_of(values.pop("terms"))
        return typed_event(signature.name, values)
    except (DecodingError, ValueError, OverflowError, TermsMalformed, EventUnreadable):
        return None


def by_decoder(contract: str, topics: list[str], data: str) -> Event | None:
    try:
        return decode_event(contract, topics, data)
    except EventUnreadable:
        return None


def values_of(parameter: AbiEntry) -> st.SearchStrategy[Value]:
    """Anything that the type can hold, and what the domain has a word for more often."""
    kind = parameter["type"]
    if parameter["name"] == "terms":
        known = st.builds(
            packed,
            st.integers(0, 2**32 - 1),
            st.integers(0, 2**32 - 1),
            st.sampled_from(TitleKind),
            st.integers(0, 2**16 - 1),
            st.integers(0, 2**16 - 1),
            st.integers(0, 2**8 - 1),
        )
        return known | st.integers(0, 2**256 - 1)
    if kind.endswith("[]"):
        items = values_of({"name": "", "type": kind.removesuffix("[]")})
        return st.lists(items, max_size=4).map(tuple)
    if kind.startswith("uint"):
        return st.integers(0, 3) | st.integers(0, 2 ** int(kind.removeprefix("uint")) - 1)
    return {
        "address": st.binary(min_size=20, max_size=20).map(lambda each: "0x" + each.hex()),
        "string": st.text(max_size=80),
        "bytes": st.binary(max_size=80),
        "bytes32": st.binary(min_size=32, max_size=32),
    }[kind]


@_every_event
@_often
@given(data=st.data())
def test_every_event_is_read_as_eth_abi_reads_it(
    contract: str, entry: AbiEntry, data: st.DataObject
) -> None:
    values = {each["name"]: data.draw(values_of(each)) for each in entry["inputs"]}
    log = log_of(entry, values)
    assert by_decoder(contract, *log) == by_eth_abi(contract, entry, *log)


@_every_event
@_often
@given(data=st.data())
def test_what_eth_abi_refuses_is_refused(
    contract: str, entry: AbiEntry, data: st.DataObject
) -> None:
    """Lengths and pointers that lie, padding that is not clean, data cut short or drawn out."""
    values = {each["name"]: sample(each) for each in entry["inputs"]}
    topics, text = log_of(entry, values)
    words = [bytes.fromhex(text[2:])[at : at + 32] for at in range(0, len(text) // 2 - 1, 32)]
    for _ in range(data.draw(st.integers(0, 2))):
        if words:
            place = data.draw(st.integers(0, len(words) - 1))
            odd = st.sampled_from(_LENGTHS).map(lambda length: length.to_bytes(32, "big"))
            words[place] = data.draw(odd | st.binary(min_size=32, max_size=32))
    if len(topics) > 1 and data.draw(st.booleans()):
        place = data.draw(st.integers(1, len(topics) - 1))
        topics[place] = "0x" + data.draw(st.binary(min_size=32, max_size=32)).hex()
    raw = b"".join(words)
    raw = raw[: data.draw(st.integers(0, len(raw)))] + data.draw(st.binary(max_size=40))
    log = topics, "0x" + raw.hex()
    assert by_decoder(contract, *log) == by_eth_abi(contract, entry, *log)


@pytest.mark.parametrize("topic", ["0x", "0x" + "11" * 31, "0x" + "11" * 33, "11" * 33, "0xzz"])
def test_a_topic_that_is_no_word_is_refused(topic: str) -> None:
    entry = next(e for e in entries_of("TitleRegistry", "event") if e["name"] == "TitleSurrendered")
    (name, _), data = log_of(entry, {"id": b"\1" * 32, "seq": 2, "by": 1})
    assert by_decoder("TitleRegistry", [name, topic], data) is None


@pytest.mark.parametrize("data", ["0x1", "0xzz", "", "00 " * 64, "0x" + "00 " * 64])
def test_data_that_is_no_hex_is_refused(data: str) -> None:
    entry = next(e for e in entries_of("TitleRegistry", "event") if e["name"] == "TitleSurrendered")
    topics, _ = log_of(entry, {"id": b"\1" * 32, "seq": 2, "by": 1})
    assert by_decoder("TitleRegistry", topics, data) is None


def test_hex_in_capitals_is_read() -> None:
    entry = next(e for e in entries_of("TitleRegistry", "event") if e["name"] == "TitleSurrendered")
    topics, data = log_of(entry, {"id": b"\xab" * 32, "seq": 2, "by": 1})
    shouted = ["0x" + each[2:].upper() for each in topics]
    assert by_decoder("TitleRegistry", shouted, "0x" + data[2:].upper()) == by_decoder(
        "TitleRegistry", topics, data
    )
