"""Where a title lies in the storage: what light clients and gas depend on."""

import json
from dataclasses import replace

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from chaincode_tests.trade import BOTH, ZERO, Trade
from tidan_contracts.compile import SHIPPED

TITLES, TITLE_OF_SERIES, PLEDGEES, GATEWAYS = range(4)
# widths of the first slot's fields, from its lowest bit
PACKED = (
    ("issuer", 32),
    ("possessor", 32),
    ("titleholder", 32),
    ("offeree", 32),
    ("seq", 32),
    ("deadline", 40),
    ("status", 4),
    ("kind", 3),
    ("pledged", 1),
    ("offered", 8),
    ("schema", 16),
    ("version", 16),
    ("rulebook", 8),
)


def slot_of(key: bytes, mapping: int) -> int:
    return int.from_bytes(keccak(encode(["bytes32", "uint256"], [key, mapping])), "big")


def unpacked(slot: bytes) -> dict[str, int]:
    number, fields = int.from_bytes(slot, "big"), {}
    for name, width in PACKED:
        fields[name] = number & (1 << width) - 1
        number >>= width
    return fields


class TestFirstSlot:
    def test_its_fields_fill_it(self) -> None:
        assert sum(width for _, width in PACKED) == 256

    def test_it_holds_all_of_the_record(self, trade: Trade) -> None:
        title = trade.pledged()
        trade.offer(title, 3, trade.world.shipper, trade.world.buyer, what=BOTH)
        slot = trade.world.chain.storage(trade.world.titles.address, slot_of(title, TITLES))
        assert unpacked(slot) == trade.title(title)
        assert all(unpacked(slot).values())

    def test_each_field_keeps_to_its_own_bits(self, trade: Trade) -> None:
        """The largest numbers that fit, side by side."""
        world = trade.world
        wide = replace(trade.issuance(), schema=2**16 - 1, version=2**16 - 1, rulebook=2**8 - 1)
        title = trade.issue(wide)
        trade.offer(title, 1, world.shipper, world.buyer, deadline=2**40 - 1)
        record = trade.title(title)
        assert (record["schema"], record["version"]) == (2**16 - 1, 2**16 - 1)
        assert record["rulebook"] == 2**8 - 1
        assert (record["deadline"], record["offered"]) == (2**40 - 1, BOTH)
        trade.act(world.buyer, "accept", title, 2)
        assert trade.title(title) == record | {
            "possessor": world.buyer.index,
            "titleholder": world.buyer.index,
            "offeree": 0,
            "offered": 0,
            "deadline": 0,
            "seq": 3,
        }


class TestSlots:
    def test_head_and_content_root_follow(self, trade: Trade) -> None:
        issuance = trade.issuance()
        title = trade.issue(issuance)
        chain, titles = trade.world.chain, trade.world.titles
        first = slot_of(title, TITLES)
        assert chain.storage(titles.address, first + 1) == titles.call("headOf", title)
        assert chain.storage(titles.address, first + 2) == issuance.content_root
        assert chain.storage(titles.address, first + 3) == ZERO

    def test_the_series_leads_to_the_title(self, trade: Trade) -> None:
        issuance = trade.issuance()
        title = trade.issue(issuance)
        slot = slot_of(issuance.series, TITLE_OF_SERIES)
        assert trade.world.chain.storage(trade.world.titles.address, slot) == title

    def test_an_issue_writes_four_slots_and_an_act_two(self, trade: Trade) -> None:
        world, issuance = trade.world, trade.issuance()
        issued = trade.act(world.carrier, "issue", issuance.as_tuple())
        offered = trade.offer(issuance.id, 1, world.shipper, world.buyer)
        first = slot_of(issuance.id, TITLES)
        series = slot_of(issuance.series, TITLE_OF_SERIES)
        written = world.chain.written_slots
        assert written(issued.receipt, world.titles.address) == {
            first,
            first + 1,
            first + 2,
            series,
        }
        assert written(offered.receipt, world.titles.address) == {first, first + 1}


class TestLayoutInTheArtifact:
    def test_it_says_where_the_mappings_are(self) -> None:
        artifact = json.loads((SHIPPED / "TitleRegistry.json").read_text(encoding="utf-8"))
        layout = artifact["storageLayout"]
        (book,) = layout["storage"]
        assert (book["label"], book["slot"]) == ("_book", "0")
        members = layout["types"][book["type"]]["members"]
        assert {member["label"]: member["slot"] for member in members} == {
            "titles": str(TITLES),
            "series": str(TITLE_OF_SERIES),
            "pledgees": str(PLEDGEES),
            "gateways": str(GATEWAYS),
        }
