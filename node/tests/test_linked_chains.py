"""Linked chains are refused by field and rule, and never by a value that may hold a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidan_node.settings import Settings, SettingsRefused

SERVER = "postgresql+asyncpg://hunter2@server"
SHANGHAI = """[[linked_chains]]
name = "shanghai"
manifest = "shanghai.json"
chain_url = "http://127.0.0.1:8546"
"""


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TIDAN_{name.upper()}", raising=False)


def loaded(home: Path, text: str) -> Settings:
    (home / "node.toml").write_text(text)
    return Settings.load(home)


def refusal(home: Path, text: str) -> dict[str, str]:
    with pytest.raises(SettingsRefused) as refused:
        loaded(home, text)
    assert "hunter2" not in str(refused.value)
    return refused.value.wrong


def test_one_has_a_database_in_the_home_unless_it_is_given(tmp_path: Path) -> None:
    (chain,) = loaded(tmp_path, SHANGHAI).linked_chains
    assert chain.manifest == tmp_path / "shanghai.json"
    assert chain.database_url == f"sqlite+aiosqlite:///{tmp_path}/chain-shanghai.db"
    assert chain.heads_url == "ws://127.0.0.1:8546"


def test_its_blocks_may_be_told_of_elsewhere(tmp_path: Path) -> None:
    text = SHANGHAI + 'chain_ws_url = "ws://127.0.0.1:9000"\n'
    assert loaded(tmp_path, text).linked_chains[0].heads_url == "ws://127.0.0.1:9000"


def test_they_can_be_set_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "TIDAN_LINKED_CHAINS", '[{"name": "Oslo", "manifest": "m.json", "chain_url": "http://h"}]'
    )
    assert list(refusal(tmp_path, "")) == ["linked_chains.0.name (TIDAN_LINKED_CHAINS)"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ('name = "shanghai"\nchain_url = "http://h"', "linked_chains.0.manifest"),
        ('name = "shanghai"\nmanifest = "m.json"', "linked_chains.0.chain_url"),
        (f'{SHANGHAI}chain_ws_url = "http://hunter2"', "linked_chains.0.chain_ws_url"),
        (f"{SHANGHAI}finality_depth = 3", "linked_chains.0.finality_depth"),
        (SHANGHAI.replace("http://", "ftp://hunter2"), "linked_chains.0.chain_url"),
        (SHANGHAI.replace('"shanghai"', '"31338"'), "linked_chains.0.name"),
        (SHANGHAI.replace('"shanghai"', '"../x"'), "linked_chains.0.name"),
        (f'{SHANGHAI}database_url = "sqlite:///hunter2"', "linked_chains.0.database_url"),
    ],
)
def test_a_member_that_is_missing_unknown_or_wrong_is_named(
    tmp_path: Path, line: str, field: str
) -> None:
    text = line if line.startswith("[[") else f"[[linked_chains]]\n{line}\n"
    assert list(refusal(tmp_path, text)) == [f"{field} (node.toml)"]


@pytest.mark.parametrize("name", ["home", "shanghai"])
def test_a_name_is_one_chains_alone(tmp_path: Path, name: str) -> None:
    second = SHANGHAI.replace('"shanghai"', f'"{name}"')
    wrong = refusal(tmp_path, SHANGHAI + second)
    assert f"{name} is the name of" in wrong["linked_chains.1.name (node.toml)"]


@pytest.mark.parametrize(
    ("home_database", "database"),
    [
        ("", "sqlite+aiosqlite:///{home}/node.db"),
        ("", "sqlite+aiosqlite:///{home}/../{name}/node.db"),
        (f"{SERVER}/one", f"{SERVER}/one"),
        (f"{SERVER}/one", f"{SERVER.replace('hunter2', 'another')}/one"),
    ],
)
def test_a_database_is_one_chains_alone_however_it_is_written(
    tmp_path: Path, home_database: str, database: str
) -> None:
    given = database.format(home=tmp_path, name=tmp_path.name)
    text = f'database_url = "{home_database}"\n{SHANGHAI}database_url = "{given}"\n'
    wrong = refusal(tmp_path, text)
    assert wrong == {
        "linked_chains.0.database_url (node.toml)": "each chain needs a database of its own"
    }


def test_beside_a_database_on_a_server_it_is_on_a_server_too(tmp_path: Path) -> None:
    home = f'database_url = "{SERVER}/one"\n'
    wrong = refusal(tmp_path, home + SHANGHAI)
    assert "on a server" in wrong["linked_chains.0.database_url (node.toml)"]
    given = f'{SHANGHAI}database_url = "{SERVER}/two"\n'
    assert loaded(tmp_path, home + given).linked_chains[0].database_url == f"{SERVER}/two"
