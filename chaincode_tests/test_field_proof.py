"""What FieldProof believes and what it does not, on the vectors that Python is tested with too."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chaincode_tests.consortium import Consortium
from chaincode_tests.contract import Contract
from tidan_contracts.artifact import artifact_from_json
from tidan_contracts.compile import FOR_TESTS

VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "field_proof.json").read_text(encoding="utf-8")
)
TEXTS, FIELDS, ABSENCES = VECTORS["texts"], VECTORS["fields"], VECTORS["absences"]
PROOFS = FIELDS + ABSENCES

# a vector is JSON; a struct of the contract is a tuple
Vector = dict[str, Any]
Field = tuple[int, int, bytes, bytes]


def unhex(value: str) -> bytes:
    return bytes.fromhex(value.removeprefix("0x"))


def field_of(vector: Vector, **changes: Any) -> Field:
    stated = {
        "schema": vector["schema"],
        "index": int(vector["index"], 16),
        "path_hash": unhex(vector["pathHash"]),
        "value_hash": unhex(vector["valueHash"]),
    } | changes
    return stated["schema"], stated["index"], stated["path_hash"], stated["value_hash"]


def siblings_of(vector: Vector) -> list[bytes]:
    return [unhex(sibling) for sibling in vector["siblings"]]


def turned(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.fixture(scope="module")
def library(consortium: Consortium) -> Iterator[Contract]:
    """FieldProof behind its harness; the chain is put back afterwards."""
    chain = consortium.chain
    text = (FOR_TESTS / "FieldProofHarness.json").read_text(encoding="utf-8")
    artifact = artifact_from_json("FieldProofHarness", text)
    snapshot = chain.snapshot()
    receipt = chain.send(chain.accounts[0], None, artifact.bytecode)
    assert receipt.succeeded
    assert receipt.contract is not None
    yield Contract(chain, artifact, receipt.contract)
    chain.revert_to(snapshot)


def name_of(vector: Vector) -> str:
    return str(vector.get("wantedPath", vector["path"]))


class TestTextHash:
    @pytest.mark.parametrize("text", TEXTS, ids=lambda text: repr(text["value"])[:20])
    def test_it_is_pythons(self, library: Contract, text: Vector) -> None:
        salt = unhex(text["salt"])
        assert library.call("textHash", salt, unhex(text["canonical"])) == unhex(text["textHash"])
        assert library.call("absentHash", salt) == unhex(text["absentHash"])

    def test_no_text_is_an_absence(self, library: Contract) -> None:
        salt = unhex(TEXTS[0]["salt"])
        assert library.call("textHash", salt, b"") != library.call("absentHash", salt)


class TestLeafOf:
    @pytest.mark.parametrize("vector", PROOFS, ids=name_of)
    def test_it_is_pythons(self, library: Contract, vector: Vector) -> None:
        assert library.call("leafOf", field_of(vector)) == unhex(vector["leaf"])


class TestIsCommitted:
    @pytest.mark.parametrize("vector", PROOFS, ids=name_of)
    def test_what_was_committed_to_is_believed(self, library: Contract, vector: Vector) -> None:
        root, siblings = unhex(vector["root"]), siblings_of(vector)
        assert library.call("isCommitted", root, field_of(vector), siblings)

    @pytest.mark.parametrize("vector", FIELDS[:-1], ids=name_of)
    def test_any_change_of_the_field_is_not_believed(
        self, library: Contract, vector: Vector
    ) -> None:
        root, siblings = unhex(vector["root"]), siblings_of(vector)
        _, index, path_hash, value_hash = field_of(vector)
        for changes in (
            {"schema": vector["schema"] + 1},
            {"index": index ^ 1},
            {"index": index >> 1},
            {"index": index << 1},
            {"index": index | 1 << 255},
            {"index": 0},
            {"index": 1},
            {"path_hash": turned(path_hash)},
            {"value_hash": turned(value_hash)},
        ):
            field = field_of(vector, **changes)
            assert not library.call("isCommitted", root, field, siblings), changes

    @pytest.mark.parametrize("vector", FIELDS[:-1], ids=name_of)
    def test_any_change_of_the_path_to_the_root_is_not_believed(
        self, library: Contract, vector: Vector
    ) -> None:
        root, field, siblings = unhex(vector["root"]), field_of(vector), siblings_of(vector)
        changed = [
            [*siblings[:level], turned(sibling), *siblings[level + 1 :]]
            for level, sibling in enumerate(siblings)
        ]
        changed += [[], siblings[:-1], siblings[1:], [*siblings, bytes(32)], siblings[::-1]]
        for false in changed:
            assert not library.call("isCommitted", root, field, false)

    def test_another_root_is_not_believed(self, library: Contract) -> None:
        vector = FIELDS[0]
        for root in (turned(unhex(vector["root"])), bytes(32)):
            assert not library.call("isCommitted", root, field_of(vector), siblings_of(vector))

    def test_a_record_without_a_root_has_no_fields(self, library: Contract) -> None:
        # rootOf answers 0 for siblings that do not fit; an unset root must not equal that
        assert not library.call("isCommitted", bytes(32), field_of(FIELDS[0]), [])

    def test_an_inner_node_is_no_leaf(self, library: Contract) -> None:
        vector = FIELDS[0]
        index, siblings = int(vector["index"], 16), siblings_of(vector)
        leaf = unhex(vector["leaf"])
        above = library.call("rootOf", leaf, index & 1 | 2, siblings[:1])
        # the node above the leaf leads to the root, but no value is behind it
        root = unhex(vector["root"])
        assert library.call("rootOf", above, index >> 1, siblings[1:]) == root
        field = field_of(vector, index=index >> 1, value_hash=above)
        assert not library.call("isCommitted", root, field, siblings[1:])


class TestRootOf:
    def test_siblings_that_do_not_fit_the_position_lead_to_nothing(self, library: Contract) -> None:
        node, sibling = b"\x01" * 32, b"\x02" * 32
        for index, count in ((0, 0), (0, 1), (1, 1), (2, 0), (2, 2), (4, 1), (7, 3)):
            assert library.call("rootOf", node, index, [sibling] * count) == bytes(32)

    def test_the_root_needs_no_siblings(self, library: Contract) -> None:
        assert library.call("rootOf", b"\x01" * 32, 1, []) == b"\x01" * 32


class TestIsAbsent:
    @staticmethod
    def answer(library: Contract, vector: Vector, **changes: Any) -> bool:
        stated = {
            "root": unhex(vector["root"]),
            "wanted": int(vector["wanted"], 16),
            "schema": vector["schema"],
            "index": int(vector["index"], 16),
            "path_hash": unhex(vector["pathHash"]),
            "salt": unhex(vector["salt"]),
            "siblings": siblings_of(vector),
        } | changes
        return bool(library.call("isAbsent", *stated.values()))

    @pytest.mark.parametrize("vector", ABSENCES, ids=name_of)
    def test_what_is_absent_is_believed_to_be(self, library: Contract, vector: Vector) -> None:
        assert self.answer(library, vector)

    @pytest.mark.parametrize("vector", ABSENCES, ids=name_of)
    def test_an_absence_says_nothing_of_what_stands_elsewhere(
        self, library: Contract, vector: Vector
    ) -> None:
        index = int(vector["index"], 16)
        for wanted in (0, 1, index >> 1, index ^ 1, (index ^ 1) << 4 | 3, 2**256 - 1):
            assert not self.answer(library, vector, wanted=wanted)

    @pytest.mark.parametrize("vector", ABSENCES, ids=name_of)
    def test_another_salt_or_root_is_not_believed(self, library: Contract, vector: Vector) -> None:
        assert not self.answer(library, vector, salt=turned(unhex(vector["salt"])))
        assert not self.answer(library, vector, root=turned(unhex(vector["root"])))
        assert not self.answer(library, vector, root=bytes(32), siblings=[])

    @pytest.mark.parametrize("vector", FIELDS[:-1], ids=name_of)
    def test_a_value_is_not_an_absence(self, library: Contract, vector: Vector) -> None:
        assert not self.answer(library, vector | {"wanted": vector["index"]})


class TestIsAtOrBelow:
    def test_a_position_is_below_itself_and_its_ancestors_only(self, library: Contract) -> None:
        ancestors = [
            ancestor for ancestor in range(16) if library.call("isAtOrBelow", ancestor, 13)
        ]
        assert ancestors == [1, 3, 6, 13]

    def test_the_deepest_position_is_below_the_root(self, library: Contract) -> None:
        assert library.call("isAtOrBelow", 1, 2**256 - 1)
        assert not library.call("isAtOrBelow", 2**256 - 1, 1)
        assert not library.call("isAtOrBelow", 0, 0)
