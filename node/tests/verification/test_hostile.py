"""Papers with anything in any place: the rules come to a verdict, whatever it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verification.dossiers import BILL, EVENTS, POLICY, dossier, report_of
from tidan_node.verification.rules.rulebook import RULES

Json = Any  # Any: JSON
TEXTS = ("", "-1", "1e999", "NaN", "2026-13-40", "USD", "9" * 30, "\u0663", "TDZU", " ", "x" * 600)
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from(TEXTS), st.just([]), st.just({})
)
XML = sorted(name for name in dossier() if name.endswith(".xml"))
TEXT_OF_ELEMENT = re.compile(r">([^<>\s][^<>]*)<")


def places(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        yield (*path, name)
        if isinstance(member, dict | list):
            yield from places(member, (*path, name))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([BILL, POLICY, EVENTS]), st.integers(0, 10_000), ANYTHING)
def test_anything_in_any_member_of_a_json_paper(name: str, chosen: int, value: Json) -> None:
    fields = json.loads(dossier()[name])
    every = list(places(fields))
    *way, last = every[chosen % len(every)]
    inner = fields
    for step in way:
        inner = inner[step]
    inner[last] = value

    report = report_of({**dossier(), name: json.dumps(fields).encode()})

    assert len(report.findings) == len(RULES)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(XML), st.integers(0, 10_000), st.sampled_from(TEXTS))
def test_any_text_in_any_element_of_an_xml_paper(name: str, chosen: int, text: str) -> None:
    whole = dossier()[name].decode()
    every = list(TEXT_OF_ELEMENT.finditer(whole))
    found = every[chosen % len(every)]
    changed = whole[: found.start(1)] + text + whole[found.end(1) :]

    report = report_of({**dossier(), name: changed.encode()})

    assert len(report.findings) == len(RULES)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(XML), st.integers(0, 10_000))
def test_a_paper_that_ends_anywhere_is_named(name: str, end: int) -> None:
    whole = dossier()[name].rstrip()
    cut = whole[: end % len(whole)]

    (paper,) = [each for each in report_of({name: cut}).read if each.name == name]

    assert paper.fault is not None
