"""`tidan node accounts|add-account`: the lanes of a node, and one more of them."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from tidan_node.ledger import keystore
from tidan_node.ledger.keyfile import Keyfile
from tidan_node.ledger.signer import LocalSigner

PASSWORD = "a password for tests"
ACCOUNT = "0x" + "ab" * 20


def lane(**members: object) -> dict[str, Any]:
    return {
        "account": ACCOUNT,
        "hasKey": True,
        "actsForParty": True,
        "inFlight": 3,
        "refused": 0,
        "oldest": "2026-05-01T00:00:00Z",
        "waiting": None,
    } | members


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "node"
    home.mkdir(mode=0o700)
    (home / "keystore.password").write_text(PASSWORD)
    (home / "keystore.password").chmod(0o600)
    (home / "node.toml").write_text('keystore_password_file = "keystore.password"\n')
    return home


def test_each_account_is_shown_with_what_it_has_under_way(node: Any, tidan: Any) -> None:
    answer = {"items": [lane(), lane(account="0x" + "cd" * 20, actsForParty=False, inFlight=0)]}
    node.answer("GET", "/v1/lanes", answer)

    human, program = tidan("node", "accounts"), tidan("node", "accounts", "--json")

    assert human.code == program.code == 0
    assert program.answer == answer
    assert ACCOUNT in human.out
    assert "not yet: `tidan party rotate-key --add`" in human.out


def test_one_that_is_held_up_says_why_and_what_helps(node: Any, tidan: Any) -> None:
    waiting = {
        "reason": "insufficient funds",
        "since": "2026-05-01T00:00:01Z",
        "nextStep": f"fund {ACCOUNT}",
    }
    node.answer("GET", "/v1/lanes", {"items": [lane(refused=3, waiting=waiting)]})

    ended = tidan("node", "accounts")

    assert "held up since 2026-05-01T00:00:01Z: insufficient funds" in ended.out
    assert f"next: fund {ACCOUNT}" in ended.out


def test_a_new_account_has_a_key_in_the_home_for_its_owner_alone(tidan: Any, home: Path) -> None:
    ended = tidan("node", "add-account", "--home", str(home), "--json")

    assert ended.code == 0, ended.err
    account, file = ended.answer["account"], Path(ended.answer["file"])
    assert file == home / "lanes" / f"{account}.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert LocalSigner(keystore.open(file, PASSWORD)).address == account
    assert [LocalSigner(each).address for each in keystore.open_all(home / "lanes", PASSWORD)] == [
        account
    ]


@pytest.mark.parametrize("work", [keystore.FOR_RANDOM_PASSWORD, keystore.FOR_CHOSEN_PASSWORD])
def test_its_password_is_stretched_as_that_of_the_account_beside(
    tidan: Any, home: Path, work: int
) -> None:
    keystore.create(home / "account.json", PASSWORD, work=work)
    made = tidan("node", "add-account", "--home", str(home), "--json").answer
    assert Keyfile.read(Path(made["file"]).read_bytes()).work == work


def test_what_is_to_be_done_next_is_told(tidan: Any, home: Path) -> None:
    human = tidan("node", "add-account", "--home", str(home))
    words = " ".join(human.out.split())
    assert "tidan party rotate-key --add 0x" in words
    assert "tidan party rotate-key --complete" in words
    assert "start the node again" in words


def test_each_run_makes_another(tidan: Any, home: Path) -> None:
    made = {
        tidan("node", "add-account", "--home", str(home), "--json").answer["account"] for _ in "12"
    }
    assert len(made) == 2


def test_a_home_without_a_password_is_refused(tidan: Any, home: Path) -> None:
    (home / "keystore.password").unlink()
    ended = tidan("node", "add-account", "--home", str(home), "--json")
    assert ended.code == 2
    assert not (home / "lanes").exists()
