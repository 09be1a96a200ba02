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
from chaincode_tests.consortium import Consortium, found_consortium
from chaincode_tests.title_gas import DEADLINE, title_act_figures, title_figures

TARGETS: Final[Mapping[str, int]] = {
    "gas.title.issue": 130_000,
    "gas.title.issue_batch50": 95_000,
    "gas.title.by_sig_extra": 35_000,
    "gas.title.life": 410_000,
}
SNAPSHOT = Path(__file__).parent / "gas_snapshot.json"


def measure_gas() -> dict[str, int]:
    """The gas of each act by the names of the benchmark, on a chain of its own."""
    with running_anvil() as url, Chain(url) as chain:
        return measure_on(found_consortium(chain))


def measure_on(world: Consortium) -> dict[str, int]:
    """The same on a consortium where nothing has happened yet."""
    return title_figures(world) | title_act_figures(world) | _document_figures(world)


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
        print(f"{name:34}{gas:>10,}")
    if options.update:
        write_snapshot(figures)


if __name__ == "__main__":
    main()
