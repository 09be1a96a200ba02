"""Disclosures as bytes: one form, and every other byte refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.commitment import Commitment, commit
from tidan_node.domain.proofs.disclosure import Disclosure
from tidan_node.domain.proofs.disclosure_json import disclosure_json, read_disclosure
from tidan_node.domain.proofs.placement import Document
from tidan_node.domain.proofs.problems import NotCommitted, ProofRefused
from tidan_node.domain.proofs.schema import Schema
from tidan_node.domain.proofs.shapes import ScalarShape

SECRET = bytes(range(32))


def rewritten(raw: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """The same JSON with a change, in the canonical spelling (all of it is ASCII)."""
    document = json.loads(raw)
    change(document)
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _about(commitment: Commitment, path: str) -> Disclosure:
    """What there is to show of a path: its values, or that there are none."""
    try:
        return commitment.disclose([path])
    except NotCommitted:
        return commitment.prove_absent(path)


class TestRoundTrip:
    @settings(deadline=None)
    @given(st.data())
    def test_any_disclosure_comes_back_as_it_was(
        self,
        schema: Schema,
        documents: st.SearchStrategy[Document],
        paths: list[str],
        data: st.DataObject,
    ) -> None:
        commitment = commit(data.draw(documents), schema, secret=SECRET, version=3)
        # objects and arrays can be there and empty: nothing to show, and not absent
        leaves = [path for path in paths if isinstance(schema.locate(path).shape, ScalarShape)]
        path = data.draw(st.sampled_from(leaves))
        disclosure = _about(commitment, path)
        again = read_disclosure(disclosure_json(disclosure))
        assert again == disclosure
        disclosed = again.verify(commitment.root, schema)
        assert disclosed.values or disclosed.absences


class TestEveryByte:
    @pytest.mark.parametrize("mask", [0x01, 0x04, 0x20, 0x80])
    def test_altered_is_found(self, schema: Schema, commitment: Commitment, mask: int) -> None:
        disclosure = commitment.disclose(["/count", "/price/amount"], absent=["/ratio", "/lines/5"])
        raw = disclosure_json(disclosure)
        for at in range(len(raw)):
            altered = bytearray(raw)
            altered[at] ^= mask
            with pytest.raises(ProofRefused):
                read_disclosure(bytes(altered)).verify(commitment.root, schema)

    def test_missing_or_doubled_is_found(self, schema: Schema, commitment: Commitment) -> None:
        raw = disclosure_json(commitment.disclose(["/count"], absent=["/ratio"]))
        for at in range(len(raw)):
            for altered in (raw[:at] + raw[at + 1 :], raw[:at] + raw[at : at + 1] + raw[at:]):
                if altered != raw:
                    with pytest.raises(ProofRefused):
                        read_disclosure(altered).verify(commitment.root, schema)


class TestReadDisclosure:
    @pytest.mark.parametrize(
        "change",
        [
            lambda document: document.update(format="tidan/disclosure/v2"),
            lambda document: document.update(schema=True),
            lambda document: document.update(schema="65000"),
            lambda document: document.update(extra=1),
            lambda document: document.pop("absences"),
            lambda document: document.update(fields={}),
            lambda document: document["fields"].append(None),
            lambda document: document["fields"][0].update(extra=1),
            lambda document: document["fields"][0].pop("value"),
            lambda document: document["fields"][0].update(value=[]),
            lambda document: document["fields"][0].update(value={}),
            lambda document: document["fields"][0].update(figure={}),
            lambda document: document["fields"][0].update(salt="0x00"),
            lambda document: document["fields"][0].update(salt=None),
            lambda document: document["fields"][0].update(index=17),
            lambda document: document["fields"][0].update(siblings="none"),
            lambda document: document["fields"][0]["siblings"].append(7),
            lambda document: document["fields"][1]["figure"].update(amount=125050),
            lambda document: document["fields"][1]["figure"].update(amount="0125050"),
            lambda document: document["fields"][1]["figure"].update(amount="-0"),
            lambda document: document["fields"][1]["figure"].update(amount="9" * 20),
            lambda document: document["fields"][1]["figure"].update(scale=77),
            lambda document: document["fields"][1]["figure"].update(scale=True),
            lambda document: document["fields"][1]["figure"].update(unit="EURO FOREVER"),
            lambda document: document["fields"][1]["figure"].update(extra=1),
            lambda document: document["absences"].append({}),
            lambda document: document["absences"].append(document["fields"][0]),
        ],
    )
    def test_another_form_is_refused(
        self, commitment: Commitment, change: Callable[[dict[str, Any]], object]
    ) -> None:
        raw = disclosure_json(commitment.disclose(["/count", "/price/amount"], absent=["/ratio"]))
        assert rewritten(raw, lambda _: None) == raw
        with pytest.raises(ProofRefused):
            read_disclosure(rewritten(raw, change))

    def test_white_space_is_refused(self, commitment: Commitment) -> None:
        raw = disclosure_json(commitment.disclose(["/count"]))
        for spaced in (raw + b"\n", b" " + raw, raw.replace(b",", b", ", 1)):
            with pytest.raises(ProofRefused, match="RFC 8785"):
                read_disclosure(spaced)

    def test_another_spelling_of_a_number_or_a_text_is_refused(
        self, commitment: Commitment
    ) -> None:
        raw = disclosure_json(commitment.disclose(["/count", "/title"]))
        for old, new in ((b'"value":0', b'"value":0.0'), (b"MSC", b"\\u004dSC")):
            assert old in raw
            with pytest.raises(ProofRefused, match="RFC 8785"):
                read_disclosure(raw.replace(old, new))
