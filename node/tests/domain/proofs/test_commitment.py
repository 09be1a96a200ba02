"""Committing to a document, and what its holder can show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.commitment import Commitment, commit
from tidan_node.domain.proofs.disclosure import Disclosed
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.placement import Absent, place
from tidan_node.domain.proofs.problems import NotCommitted, PathUnknown
from tidan_node.domain.proofs.schema import Schema

SECRET = bytes(range(32))


@dataclass(frozen=True)
class Doc:
    fields: Mapping[str, Any]


def root_of(fields: Mapping[str, Any], schema: Schema, version: int = 1) -> bytes:
    return commit(Doc(fields), schema, secret=SECRET, version=version).root


class TestRoot:
    def test_it_is_the_same_for_the_same_document_whatever_the_order_of_its_members(
        self, schema: Schema, fixed: Doc, commitment: Commitment
    ) -> None:
        backwards = dict(reversed(list(fixed.fields.items())))
        assert root_of(backwards, schema) == commitment.root

    def test_it_is_frozen(self, commitment: Commitment) -> None:
        # a change here is a change of what every commitment made so far means
        assert commitment.root.hex() == (
            "c73f2e789f62ac2933414768f9c1a089dabcadd24a693e134c51f0a1daef9fb9"
        )

    def test_secret_version_and_schema_all_count(
        self, schema: Schema, json_schema: dict[str, Any], fixed: Doc, commitment: Commitment
    ) -> None:
        json_schema["x-schema"]["number"] += 1
        roots = {
            commitment.root,
            commit(fixed, schema, secret=SECRET, version=2).root,
            commit(fixed, schema, secret=SECRET[::-1], version=1).root,
            commit(fixed, Schema.of(json_schema), secret=SECRET, version=1).root,
        }
        assert len(roots) == 4

    def test_absent_empty_null_and_false_are_four_documents(self, schema: Schema) -> None:
        documents: list[dict[str, Any]] = [{}, {"note": None}, {"note": ""}, {"note": "null"}]
        documents += [{"box": {}}, {"lines": []}, {"lines": [{}]}, {"lines": [{"tags": []}]}]
        assert len({root_of(fields, schema) for fields in documents}) == len(documents)

    @settings(deadline=None)
    @given(st.data())
    def test_different_documents_have_different_roots(
        self, schema: Schema, documents: st.SearchStrategy[Doc], data: st.DataObject
    ) -> None:
        one, other = data.draw(documents), data.draw(documents)
        stated = [
            [(leaf.position.path, type(leaf.content), leaf.content) for leaf in place(doc, schema)]
            for doc in (one, other)
        ]
        same = root_of(one.fields, schema) == root_of(other.fields, schema)
        assert same == (stated[0] == stated[1])


class TestDisclose:
    def test_the_values_come_back_as_they_were(
        self, schema: Schema, commitment: Commitment
    ) -> None:
        disclosed = commitment.disclose(["/title", "/flag", "/note", "/count"]).verify(
            commitment.root, schema
        )
        assert disclosed.values == {
            "/title": "MSC Gülsün",
            "/flag": False,
            "/note": None,
            "/count": 0,
        }

    def test_a_figure_brings_its_unit_or_the_proof_that_none_is_named(
        self, schema: Schema, commitment: Commitment
    ) -> None:
        paths = ["/price/amount", "/lines/1/quantity"]
        disclosed = commitment.disclose(paths).verify(commitment.root, schema)
        assert disclosed.values == {
            "/price/amount": Figure(125050, "EUR", 2),
            "/price/currency": "EUR",
            "/lines/1/quantity": Figure(7000, "", 3),
        }
        assert disclosed.is_absent("/lines/1/unit")

    def test_an_object_or_an_array_shows_all_that_is_in_it(
        self, schema: Schema, commitment: Commitment
    ) -> None:
        disclosed = commitment.disclose(["/lines/0"]).verify(commitment.root, schema)
        assert disclosed.values == {
            "/lines/0/name": "",
            "/lines/0/quantity": Figure(1500, "TNE", 3),
            "/lines/0/unit": "TNE",
            "/lines/0/tags/0": "one",
            "/lines/0/tags/1": "two",
        }

    def test_a_path_asked_for_twice_is_shown_once(self, commitment: Commitment) -> None:
        assert len(commitment.disclose(["/title", "/title", ""]).fields) == len(
            commitment.disclose([""]).fields
        )

    def test_proofs_are_as_long_as_the_path_says_whatever_the_document_holds(
        self, schema: Schema, commitment: Commitment
    ) -> None:
        small = commit(Doc({"lines": [{"name": "x"}]}), schema, secret=SECRET, version=1)
        lengths = [
            [len(field.proof.siblings) for field in whose.disclose(["/lines/0/name"]).fields]
            for whose in (small, commitment)
        ]
        assert lengths == [[9], [9]]

    @pytest.mark.parametrize(
        "path", ["/ratio", "/lines/3", "/lines/1/tags", "/box", "/lines/2/tags"]
    )
    def test_what_the_document_does_not_say_cannot_be_shown(
        self, commitment: Commitment, path: str
    ) -> None:
        with pytest.raises(NotCommitted) as refusal:
            commitment.disclose([path])
        assert refusal.value.field == path

    def test_an_unknown_path_cannot_be_shown(self, commitment: Commitment) -> None:
        with pytest.raises(PathUnknown):
            commitment.disclose(["/lines/8/name"])


class TestProveAbsent:
    @pytest.mark.parametrize(
        ("path", "stands_at"),
        [
            ("/ratio", "/ratio"),
            ("/lines/3/name", "/lines/3"),
            ("/lines/6/tags/2", "/lines/4-7"),
            ("/lines/4-7", "/lines/4-7"),
            ("/lines/1/tags", "/lines/1/tags"),
            ("/lines/1/tags/3", "/lines/1/tags"),
            ("/lines/2/tags/3", "/lines/2/tags/2-3"),
            ("/box/only", "/box/only"),
        ],
    )
    def test_the_absence_is_shown_where_it_stands(
        self, schema: Schema, commitment: Commitment, path: str, stands_at: str
    ) -> None:
        disclosure = commitment.prove_absent(path)
        assert [proof.path for proof in disclosure.absences] == [stands_at]
        assert disclosure.verify(commitment.root, schema).is_absent(path)

    @pytest.mark.parametrize(
        "path",
        ["/title", "/note", "/flag", "/count", "/lines", "/lines/2", "/lines/2/tags", "/box", ""],
    )
    def test_what_is_there_even_if_empty_cannot_be_proven_absent(
        self, commitment: Commitment, path: str
    ) -> None:
        with pytest.raises(NotCommitted) as refusal:
            commitment.prove_absent(path)
        assert refusal.value.field == path

    @settings(deadline=None)
    @given(st.data())
    def test_every_path_can_be_shown_or_proven_absent_and_never_both(
        self,
        schema: Schema,
        documents: st.SearchStrategy[Doc],
        paths: list[str],
        data: st.DataObject,
    ) -> None:
        document = data.draw(documents)
        commitment = commit(document, schema, secret=SECRET, version=1)
        for path in paths:
            shown = _try(commitment, schema, (path,), ())
            absent = _try(commitment, schema, (), (path,))
            empty = _is_empty(document, schema, path)
            assert (shown is not None) + (absent is not None) + empty == 1


def _try(
    commitment: Commitment, schema: Schema, paths: tuple[str, ...], absent: tuple[str, ...]
) -> Disclosed | None:
    try:
        disclosure = commitment.disclose(paths, absent=absent)
    except NotCommitted:
        return None
    return disclosure.verify(commitment.root, schema)


def _is_empty(document: Doc, schema: Schema, path: str) -> bool:
    """Whether an object or array is there, with nothing but absences in it."""
    inside = [leaf for leaf in place(document, schema) if leaf.position.path.startswith(f"{path}/")]
    return bool(inside) and all(isinstance(leaf.content, Absent) for leaf in inside)


class TestCommit:
    def test_a_secret_of_another_length_is_refused(self, schema: Schema, fixed: Doc) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            commit(fixed, schema, secret=b"short", version=1)
