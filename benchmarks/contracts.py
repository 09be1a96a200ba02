"""What the acts cost in gas, on a fresh chain under the rules of London."""

from __future__ import annotations

from collections.abc import Iterator

from chaincode_tests.gas import TARGETS, measure_gas

from benchmarks.figures import Figure


def measure() -> Iterator[Figure]:
    for name, gas in measure_gas().items():
        yield Figure(name, gas, "gas", TARGETS.get(name))
