"""Measures what the acts cost: `python -m chaincode_tests.gas [--update]`, or `measure_gas()`.

Gas as the receipts count it, on anvil under the rules of London. Every figure is of a first time:
all slots of the record are empty before, and every slot of every transaction is cold. --update
writes the snapshot that the test compares with.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from eth_utils.crypto import keccak

from chaincode_tests.anvil import running_anvil
from chaincode_tests.chain import Chain
from chaincode_tests.consortium import Consortium, Party, found_consortium

TARGETS: Final[Mapping[str, int]] = {"gas.title.issue": 130_000, "gas.title.life": 410_000}
SNAPSHOT = Path(__file__).parent / "gas_snapshot.json"

ORDER = 1
BOTH = 3
DEADLINE = 4_102_444_800  # a fixed one: its zero bytes count


def measure_gas() -> dict[str, int]:
    """The gas of each act by the names of the benchmark, on a chain of its own."""
    with running_anvil() as url, Chain(url) as chain:
        return measure_on(found_consortium(chain))


def measure_on(world: Consortium) -> dict[str, int]:
    """The same on a consortium where nothing has happened yet."""
    return _title_figures(world) | _document_figures(world)


def _title_figures(world: Consortium) -> dict[str, int]:
    issue = _issue(world, "one holder", world.shipper)
    title = _id("one holder")
    steps = [
        _offer(world, title, 1, world.shipper, world.buyer),
        _act(world, world.buyer, "accept", title, 2),
        _offer(world, title, 3, world.buyer, world.second_buyer),
        _act(world, world.second_buyer, "accept", title, 4),
        _act(world, world.second_buyer, "surrenderForDelivery", title, 5),
        _act(world, world.carrier, "acceptSurrender", title, 6),
    ]
    return {
        "gas.title.issue": issue,
        "gas.title.issue_two_holders": _issue(world, "two holders", world.buyer),
        "gas.title.offer": steps[0],
        "gas.title.accept": steps[1],
        "gas.title.surrender": steps[4],
        "gas.title.accept_surrender": steps[5],
        "gas.title.life": issue + sum(steps),
    }


def _document_figures(world: Consortium) -> dict[str, int]:
    invoice = world.invoices.transact(
        world.shipper.account,
        "register",
        _id("invoice"),
        _id("invoice content"),
        world.buyer.index,
        2,
        1,
    )
    policy = world.policies.transact(
        world.insurer.account,
        "issue",
        _id("policy"),
        _id("policy content"),
        world.shipper.index,
        DEADLINE,
        3,
        1,
    )
    first = world.anchors.transact(world.bank.account, "anchor", 1_000, _id("checkpoint 1"))
    later = world.anchors.transact(world.bank.account, "anchor", 2_000, _id("checkpoint 2"))
    return {
        "gas.invoice.register": invoice.gas,
        "gas.policy.issue": policy.gas,
        "gas.trail.first_anchor": first.gas,
        "gas.trail.anchor": later.gas,
    }


def _issue(world: Consortium, name: str, titleholder: Party) -> int:
    issuance = (
        _id(name),
        _id(f"{name} series"),
        _id(f"{name} content"),
        world.shipper.index,
        titleholder.index,
        ORDER,
        1,
        1,
    )
    return world.titles.transact(world.carrier.account, "issue", issuance).gas


def _offer(world: Consortium, title: bytes, seq: int, sender: Party, recipient: Party) -> int:
    terms = (title, seq, recipient.index, BOTH, DEADLINE)
    return world.titles.transact(sender.account, "offer", *terms).gas


def _act(world: Consortium, party: Party, act: str, title: bytes, seq: int) -> int:
    return world.titles.transact(party.account, act, title, seq).gas


def _id(name: str) -> bytes:
    return bytes(keccak(text=name))


def write_snapshot(figures: Mapping[str, int]) -> None:
    SNAPSHOT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def read_snapshot() -> dict[str, int]:
    figures: dict[str, int] = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m chaincode_tests.gas")
    parser.add_argument("--update", action="store_true", help="write the snapshot anew")
    options = parser.parse_args()
    figures = measure_gas()
    for name, gas in figures.items():
        print(f"{name:32}{gas:>10,}")
    if options.update:
        write_snapshot(figures)


if __name__ == "__main__":
    main()
