"""Disclosures that do not hold, each refused with the path and the rule that it breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidan_node.domain.proofs.commitment import Commitment
from tidan_node.domain.proofs.disclosure import DisclosedField, Disclosure, Proof
from tidan_node.domain.proofs.figures import Figure
from tidan_node.domain.proofs.leaves import FIELD_ORDER
from tidan_node.domain.proofs.problems import ProofRefused
from tidan_node.domain.proofs.schema import Schema
from tidan_node.domain.proofs.tree import depth_of, is_at_or_below, keccak256

Change = Callable[[Disclosure], Disclosure]


def first(change: Callable[[DisclosedField], DisclosedField]) -> Change:
    return lambda shown: replace(shown, fields=(change(shown.fields[0]), *shown.fields[1:]))


def proof(**changes: Any) -> Change:
    return first(lambda field: replace(field, proof=replace(field.proof, **changes)))


def siblings(change: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> Change:
    return first(
        lambda field: replace(
            field, proof=replace(field.proof, siblings=change(field.proof.siblings))
        )
    )


def value(changed: Any) -> Change:
    return first(lambda field: replace(field, value=changed))


FORGERIES: dict[str, tuple[list[str], Change, str]] = {
    "another text": (["/title"], value("MSC Gulsun"), "root"),
    "the text in another normal form": (["/title"], value("MSC Gu\u0308lsu\u0308n"), "value"),
    "half a surrogate": (["/title"], value("\ud800"), "value"),
    "null for a text": (["/title"], value(None), "kind"),
    "true for zero": (["/count"], value(False), "kind"),
    "zero for false": (["/flag"], value(0), "kind"),
    "empty text for null": (["/note"], value(""), "root"),
    "the word null for null": (["/note"], value("null"), "root"),
    "a figure for a text": (["/title"], value(Figure(1, "EUR", 2)), "kind"),
    "a number for a figure": (["/weight"], value(12000), "kind"),
    "another amount": (["/weight"], value(Figure(12000001, "KGM", 3)), "root"),
    "the amount with its sign turned": (["/weight"], value(Figure(-12000000, "KGM", 3)), "root"),
    "another constant unit": (["/weight"], value(Figure(12000000, "LBR", 3)), "kind"),
    "another scale": (["/weight"], value(Figure(12000, "KGM", 0)), "kind"),
    "another scale of money": (["/price/amount"], value(Figure(1250500, "EUR", 3)), "root"),
    "another currency": (["/price/amount"], value(Figure(125050, "USD", 2)), "root"),
    "another path": (["/title"], proof(path="/note"), "index"),
    "an unknown path": (["/title"], proof(path="/nothing"), "path"),
    "an item beyond the capacity": (["/lines/0/name"], proof(path="/lines/8/name"), "path"),
    "another index": (["/title"], proof(index=17), "index"),
    "no index": (["/title"], proof(index=0), "index"),
    "the path and index of another line": (
        ["/lines/0/name"],
        proof(path="/lines/1/name", index=0b1_1000_001_00),
        "root",
    ),
    "the path and index of an object": (["/title"], proof(path="/box", index=25), "kind"),
    "another salt": (["/title"], proof(salt=bytes(32)), "root"),
    "a short salt": (["/title"], proof(salt=bytes(31)), "salt"),
    "a long salt": (["/title"], proof(salt=bytes(33)), "salt"),
    "a salt outside the field": (
        ["/weight"],
        first(
            lambda field: replace(
                field,
                proof=replace(
                    field.proof,
                    salt=(int.from_bytes(field.proof.salt, "big") + FIELD_ORDER).to_bytes(
                        32, "big"
                    ),
                ),
            )
        ),
        "salt",
    ),
    "no siblings": (["/title"], siblings(lambda _: ()), "siblings"),
    "a sibling less": (["/title"], siblings(lambda all_: all_[:-1]), "siblings"),
    "a sibling more": (["/title"], siblings(lambda all_: (*all_, bytes(32))), "siblings"),
    "siblings turned round": (["/title"], siblings(lambda all_: all_[::-1]), "root"),
    "a short sibling": (["/title"], siblings(lambda all_: (b"", *all_[1:])), "siblings"),
    "two siblings run into one": (
        ["/title"],
        siblings(lambda all_: (all_[0] + all_[1], b"", *all_[2:])),
        "siblings",
    ),
}


class TestVerify:
    @pytest.mark.parametrize("name", FORGERIES)
    def test_a_forged_field_is_refused_by_its_rule(
        self, schema: Schema, commitment: Commitment, name: str
    ) -> None:
        paths, change, rule = FORGERIES[name]
        forged = change(commitment.disclose(paths))
        with pytest.raises(ProofRefused) as refusal:
            forged.verify(commitment.root, schema)
        assert refusal.value.extra["rule"] == rule
        assert refusal.value.field == forged.fields[0].proof.path

    def test_another_schema_is_refused(self, schema: Schema, commitment: Commitment) -> None:
        with pytest.raises(ProofRefused, match="schema 65001"):
            replace(commitment.disclose(["/title"]), schema=65001).verify(commitment.root, schema)

    @pytest.mark.parametrize("root", [bytes(32), b"", keccak256(b"another document")])
    def test_another_root_is_refused(
        self, schema: Schema, commitment: Commitment, root: bytes
    ) -> None:
        with pytest.raises(ProofRefused, match="content root"):
            commitment.disclose(["/title"]).verify(root, schema)

    def test_a_field_shown_twice_is_refused(self, schema: Schema, commitment: Commitment) -> None:
        shown = commitment.disclose(["/title"])
        twice = replace(shown, fields=shown.fields * 2)
        with pytest.raises(ProofRefused, match="twice"):
            twice.verify(commitment.root, schema)

    def test_fields_in_another_order_are_refused(
        self, schema: Schema, commitment: Commitment
    ) -> None:
        shown = commitment.disclose(["/title", "/flag"])
        with pytest.raises(ProofRefused, match="order"):
            replace(shown, fields=shown.fields[::-1]).verify(commitment.root, schema)

    def test_one_false_part_spoils_the_whole(self, schema: Schema, commitment: Commitment) -> None:
        shown = commitment.disclose(["/title", "/flag"], absent=["/ratio"])
        false = replace(shown.absences[0], salt=bytes(32))
        with pytest.raises(ProofRefused) as refusal:
            replace(shown, absences=(false,)).verify(commitment.root, schema)
        assert refusal.value.field == "/ratio"

    def test_a_figure_without_its_unit_is_refused(
        self, schema: Schema, commitment: Commitment
    ) -> None:
        shown = commitment.disclose(["/price/amount"])
        with pytest.raises(ProofRefused, match="/price/currency does not confirm"):
            replace(shown, fields=shown.fields[:1]).verify(commitment.root, schema)

    def test_nothing_shown_proves_nothing(self, schema: Schema, commitment: Commitment) -> None:
        disclosed = Disclosure(schema.number, (), ()).verify(commitment.root, schema)
        assert not disclosed.values
        assert not disclosed.is_absent("/ratio")

    @settings(deadline=None)
    @given(st.data())
    def test_any_bit_of_a_proof_turned_is_refused(
        self, schema: Schema, commitment: Commitment, data: st.DataObject
    ) -> None:
        shown = commitment.disclose(["/lines/0/tags/1"], absent=["/lines/6"])
        parts: list[Proof] = [shown.fields[0].proof, *shown.absences]
        which = data.draw(st.integers(0, 1))
        blob = parts[which].salt + b"".join(parts[which].siblings)
        bit = data.draw(st.integers(0, len(blob) * 8 - 1))
        turned = (int.from_bytes(blob, "big") ^ 1 << bit).to_bytes(len(blob), "big")
        false = replace(
            parts[which],
            salt=turned[:32],
            siblings=tuple(turned[at : at + 32] for at in range(32, len(blob), 32)),
        )
        forged = (
            replace(shown, absences=(false,))
            if which
            else replace(shown, fields=(replace(shown.fields[0], proof=false),))
        )
        with pytest.raises(ProofRefused):
            forged.verify(commitment.root, schema)


class TestVerifyAbsence:
    @pytest.mark.parametrize(
        "path", ["/title", "/lines", "/lines/0", "/lines/0-3", "/box", "/note"]
    )
    @pytest.mark.parametrize("salt", [bytes(32), bytes(range(32))])
    def test_no_salt_makes_what_is_there_absent(
        self, schema: Schema, commitment: Commitment, path: str, salt: bytes
    ) -> None:
        # the inner node that is really there is offered as if it were an absent leaf
        index = schema.locate(path).index
        shown = commitment.disclose([""], absent=["/box/only"])
        proofs = [*shown.absences, *(field.proof for field in shown.fields)]
        below = next(proof for proof in proofs if is_at_or_below(index, proof.index))
        above = below.siblings[-depth_of(index) :]
        forged = Disclosure(schema.number, (), (Proof(path, index, salt, above),))
        with pytest.raises(ProofRefused, match="content root"):
            forged.verify(commitment.root, schema)

    def test_an_absence_is_not_the_empty_text(self, schema: Schema, commitment: Commitment) -> None:
        (absence,) = commitment.prove_absent("/box/only").absences
        for content in ("", "null"):
            forged = Disclosure(schema.number, (DisclosedField(absence, content),), ())
            with pytest.raises(ProofRefused, match="content root"):
                forged.verify(commitment.root, schema)

    def test_a_value_is_not_an_absence(self, schema: Schema, commitment: Commitment) -> None:
        for path in ("/title", "/note", "/weight"):
            shown = commitment.disclose([path]).fields[0].proof
            with pytest.raises(ProofRefused, match="content root"):
                Disclosure(schema.number, (), (shown,)).verify(commitment.root, schema)

    def test_the_absence_of_one_line_says_nothing_of_another(
        self, schema: Schema, commitment: Commitment
    ) -> None:
        disclosed = commitment.prove_absent("/lines/3").verify(commitment.root, schema)
        assert disclosed.is_absent("/lines/3/name")
        assert not disclosed.is_absent("/lines/4")
        assert not disclosed.is_absent("/lines")
