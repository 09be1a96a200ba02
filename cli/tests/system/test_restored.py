"""A node or its chain comes back from an older copy: each catches up with what the other knows."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.system.consortium import Consortium, Member, wait_until
from tests.system.oracle import Oracle
from tidan_cli.demo.commands import tidan

pytestmark = pytest.mark.system

Json = dict[str, Any]  # Any: JSON


@pytest.fixture(scope="module")
def forgotten() -> list[str]:
    """Transactions whose operations no database knows any more."""
    return []


@pytest.fixture
def carrier(consortium: Consortium) -> Member:
    """The node of the one carrier, whichever home it has by now."""
    if not consortium.members:
        code = "LEI:TIDANDEMOCARRIER0125"
        consortium.member("carrier", "CARRIER", code, "SMDG:TDZ").serve()
    return consortium.members[-1]


class Asked:
    """Titles that were asked for, by the keys of the requests."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self.operations: dict[str, str] = {}

    def ask(self, node: Member, letter: str) -> tuple[str, str]:
        """The title, and the key of its request."""
        number = self._document["transportDocumentReference"] + letter
        body = {
            "document": self._document | {"transportDocumentReference": number},
            "titleholder": "1",
        }
        key = str(uuid4())
        answer = node.post("/v1/titles", body, key)
        assert answer.status_code == 202, answer.text
        self.operations[key] = answer.json()["operation"]["id"]
        return answer.json()["title"], key

    def wait(self, node: Member) -> None:
        for each in self.operations.values():
            wait_until(lambda o=each: node.operation_ended(o), f"{each} ended")


def test_a_node_from_an_older_backup_does_nothing_twice_and_knows_what_the_chain_knows(
    consortium: Consortium,
    carrier: Member,
    forgotten: list[str],
    transport_document: Json,
    tmp_path: Path,
) -> None:
    asked, kept = Asked(transport_document), tmp_path / "kept"
    asked.ask(carrier, "A")
    asked.wait(carrier)
    consortium.kill_chain()
    waiting, _ = asked.ask(carrier, "B")
    carrier.tidan("node", "backup", "--to", kept)
    consortium.chain_up()
    lost, key = asked.ask(carrier, "C")
    asked.wait(carrier)
    transaction = carrier.get(f"/v1/operations/{asked.operations[key]}")["result"]["txHash"]
    carrier.kill()

    tidan("node", "restore", "--from", kept, "--home", tmp_path / "carrier")
    restored = replace(carrier, home=tmp_path / "carrier", process=None)
    consortium.members.append(restored)
    restored.serve()

    wait_until(lambda: restored.knows(lost), "it has read what was done after the backup")
    assert restored.get(f"/v1/titles/{lost}")["holdsContent"] is False
    assert restored.get(f"/v1/titles/{waiting}")["holdsContent"] is True
    del asked.operations[key]
    asked.ask(restored, "D")
    asked.wait(restored)
    oracle = Oracle(restored, consortium.chain_url)
    forgotten.append(transaction)
    oracle.forget(forgotten)
    oracle.require(asked.operations)
    assert {each["status"] for each in oracle.in_sql().operations.values()} == {"succeeded"}
    said = (restored.home / "serve.log").read_text()
    assert "operation recognised on the chain" in said
    assert transaction in said


def test_a_chain_from_an_older_copy_gets_again_what_it_lost(
    consortium: Consortium,
    carrier: Member,
    forgotten: list[str],
    transport_document: Json,
    tmp_path: Path,
) -> None:
    asked, kept = Asked(transport_document), tmp_path / "chain"
    asked.ask(carrier, "E")
    asked.wait(carrier)
    tidan("chain", "down", "--home", consortium.chain_home)
    shutil.copytree(consortium.chain_home, kept)
    consortium.chain_up()
    for letter in "FGH":
        asked.ask(carrier, letter)
    asked.wait(carrier)
    before = Oracle(carrier, consortium.chain_url).on_chain()

    consortium.kill_chain()
    shutil.rmtree(consortium.chain_home)
    shutil.copytree(kept, consortium.chain_home)
    asked.ask(carrier, "I")
    consortium.chain_up()
    consortium.member("shipper", "TRADER", "LEI:TIDANDEMOKILL0000222")

    def is_back() -> bool:
        return len(Oracle(carrier, consortium.chain_url).on_chain().told) > len(before.told)

    wait_until(is_back, "all that the chain had lost is there again, and what came after")
    asked.wait(carrier)
    oracle = Oracle(carrier, consortium.chain_url)
    oracle.forget(forgotten)
    oracle.require(asked.operations)
    assert {each["status"] for each in oracle.in_sql().operations.values()} == {"succeeded"}
