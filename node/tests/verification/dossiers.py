"""The true dossier of the demo, and what the rules say of it once something in it is changed."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidan_node.verification.facts.chain import ChainFacts
from tidan_node.verification.facts.recognition import GivenPaper, ReadPaper, read_paper
from tidan_node.verification.facts.trade import Trade, trade_of
from tidan_node.verification.report import TradeReport, check_read
from tidan_node.verification.rules.rule import Finding

DOCUMENTS = Path(__file__).parents[3] / "cli" / "tidan_cli" / "demo" / "documents"
STANDARDS = Path(__file__).parents[4] / "shared" / "standards"

BILL, POLICY, EVENTS = "transport-document.json", "cargo-policy.json", "events.json"
PURCHASE, RESALE = "purchase-invoice.xml", "resale-invoice.xml"
BOUGHT, SOLD, PACKED = "purchase-contract.xml", "sales-contract.xml", "packing-list.xml"
PAID, RECEIVED = "payment-pacs008.xml", "payment-camt054.xml"

Papers = dict[str, bytes]


def papers_of(folder: Path) -> Papers:
    kinds = (".json", ".xml")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in kinds)
    return {path.name: path.read_bytes() for path in files}


def dossier() -> Papers:
    return papers_of(DOCUMENTS / "dossier")


def without(*names: str) -> Papers:
    return {name: content for name, content in dossier().items() if name not in names}


def altered(name: str, *changes: tuple[str, str], papers: Papers | None = None) -> Papers:
    """The dossier with every place of one paper changed that says so; each must be there."""
    changed = dossier() if papers is None else papers
    text = changed[name].decode()
    for old, new in changes:
        assert old in text, f"{name} does not say {old}"
        text = text.replace(old, new)
    return {**changed, name: text.encode()}


def rewritten(name: str, **members: Any) -> Papers:  # Any: JSON
    """The dossier with members of one JSON paper replaced; None takes one away."""
    fields = json.loads(dossier()[name]) | members
    kept = {key: value for key, value in fields.items() if value is not None}
    return {**dossier(), name: json.dumps(kept).encode()}


def read(papers: Mapping[str, bytes]) -> tuple[ReadPaper, ...]:
    """The papers read; the same paper is read once for all tests."""
    return tuple(_read(name, content) for name, content in papers.items())


def report_of(papers: Mapping[str, bytes], chain: ChainFacts | None = None) -> TradeReport:
    return check_read(read(papers), chain)


def trade_from(papers: Mapping[str, bytes], chain: ChainFacts | None = None) -> Trade:
    return trade_of(read(papers), chain)


def finding_of(rule: str, papers: Mapping[str, bytes], chain: ChainFacts | None = None) -> Finding:
    """What this rule says of these papers."""
    (found,) = [each for each in report_of(papers, chain).findings if each.rule == rule]
    return found


def verdict_of(rule: str, papers: Mapping[str, bytes]) -> str:
    return finding_of(rule, papers).verdict


def rules_with_findings(papers: Mapping[str, bytes]) -> set[str]:
    return {each.rule for each in report_of(papers).findings if each.verdict == "finding"}


@functools.lru_cache(maxsize=1000)
def _read(name: str, content: bytes) -> ReadPaper:
    return read_paper(GivenPaper(name, content))
