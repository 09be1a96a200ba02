"""A command starts at once: what only some commands need is imported only there."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "eth_keyfile",
    "web3",
    "sqlalchemy",
    "fastapi",
    "jsonschema",
    "eth_account",
    "joserfc",
    "tidan_node.domain.proofs",
)


def test_no_command_pays_for_what_another_needs() -> None:
    program = f"import sys, tidan_cli.main; print([m for m in {HEAVY!r} if m in sys.modules])"

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout

    assert said.strip() == "[]"


def test_no_library_of_a_node_lets_texts_nest_deeper_than_the_stack_holds() -> None:
    program = "import sys, tidan_node.app, tidan_cli.serving; print(sys.getrecursionlimit())"
    expected = "import sys; print(sys.getrecursionlimit())"

    limits = {
        subprocess.run(
            [sys.executable, "-c", each], capture_output=True, check=True, text=True
        ).stdout
        for each in (program, expected)
    }

    assert len(limits) == 1
