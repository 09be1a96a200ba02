"""Measures the figures that exist so far into `results.json`; fails when one misses its target."""

from __future__ import annotations

import sys

from benchmarks import commitments, contracts, indexing, reads, writes
from benchmarks.figures import RESULTS, Figure, write


def main() -> int:
    figures: list[Figure] = []
    for measure in (
        contracts.measure,
        commitments.measure,
        indexing.measure,
        reads.measure,
        writes.measure,
    ):
        for figure in measure():
            figures.append(figure)
            target = "stated" if figure.target is None else f"target {figure.target:g}"
            mark = "ok" if figure.ok else "MISSED"
            print(f"{figure.name:34} {figure.value:>12,.2f} {figure.unit:4} {target:>18}  {mark}")
    write(figures)
    print(f"written to {RESULTS.name}")
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
