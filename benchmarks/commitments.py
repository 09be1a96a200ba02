"""How long it takes to commit to a document of 40 fields, and to verify one disclosed field."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from importlib import resources
from types import SimpleNamespace
from typing import Final

from benchmarks.figures import Figure
from tidan_node.domain.documents.transport_document import read_transport_document
from tidan_node.domain.proofs.commitment import commit
from tidan_node.domain.proofs.schema import schema_by_number

_ROUNDS: Final = 21
_SECRET: Final = bytes(range(32))
_DROPPED: Final = (
    *("documentParties", "consignmentItems", "termsAndConditions", "placeOfIssue"),
    *("invoicePayableAt", "serviceContractReference", "issueDate"),
)
"""What the demo's transport document has beyond 40 fields."""


def measure() -> Iterator[Figure]:
    """Medians, in milliseconds; both are stated, not judged."""
    packaged = (
        resources.files("tidan_cli.demo") / "documents" / "dossier" / "transport-document.json"
    )
    whole = read_transport_document(packaged.read_bytes())
    kept = {key: value for key, value in whole.fields.items() if key not in _DROPPED}
    document, schema = SimpleNamespace(fields=kept), schema_by_number(1)

    commitment = commit(document, schema, secret=_SECRET, version=1)
    count = len(commitment.disclose([""]).fields)
    if count != 40:
        raise RuntimeError(f"the document has {count} fields; the figure is about 40")
    shown = commitment.disclose(["/transports/portOfLoading/UNLocationCode"])

    yield _timed(
        "commitment.fields40_ms", lambda: commit(document, schema, secret=_SECRET, version=1)
    )
    yield _timed("commitment.verify_ms", lambda: shown.verify(commitment.root, schema))


def _timed(name: str, work: Callable[[], object]) -> Figure:
    taken = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return Figure(name, round(statistics.median(taken), 3), "ms")
