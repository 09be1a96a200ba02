"""The files of a new network of Besu validators."""

from __future__ import annotations

import json
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from coincurve import PrivateKey

from tidan_node.ledger.besu import network
from tidan_node.ledger.besu.genesis import read_extra_data
from tidan_node.ledger.besu.network import Wanted, generate
from tidan_node.ledger.besu.problems import AddressesUnfit, NetworkExists, NetworkUnwritable
from tidan_node.ledger.signer import LocalSigner

OPTIONS = Path(__file__).with_name("options.txt")


def wanted(validators: int = 4, first_address: str = "10.1.2.11") -> Wanted:
    return Wanted(validators, 71_200, 2, first_address)


def settings_of(out: Path, number: int) -> dict[str, Any]:  # Any: TOML
    return tomllib.loads((out / f"validator-{number}" / "besu.toml").read_text())


def key_of(out: Path, number: int) -> bytes:
    return bytes.fromhex((out / f"validator-{number}" / "key").read_text().strip())


def node_id(key: bytes) -> str:
    return PrivateKey(key).public_key.format(compressed=False)[1:].hex()


def test_the_first_block_names_the_validators_whose_keys_were_made(tmp_path: Path) -> None:
    out = tmp_path / "network"
    made = generate(out, wanted())

    named = read_extra_data(json.loads((out / "genesis.json").read_text())["extraData"]).validators
    accounts = [LocalSigner(key_of(out, number)).address for number in range(1, 5)]
    assert [each.account for each in made] == accounts
    assert list(named) == sorted(accounts)


def test_each_validator_knows_all_others_by_key_and_place(tmp_path: Path) -> None:
    out = tmp_path / "network"
    generate(out, wanted())
    for number in range(1, 5):
        known = json.loads((out / f"validator-{number}" / "static-nodes.json").read_text())
        expected = [
            f"enode://{node_id(key_of(out, other))}@10.1.2.{10 + other}:30303"
            for other in range(1, 5)
            if other != number
        ]
        assert known == expected


def test_every_setting_is_an_option_that_besu_knows(tmp_path: Path) -> None:
    known = {line for line in OPTIONS.read_text().splitlines() if not line.startswith("#")}
    out = tmp_path / "network"
    generate(out, wanted(1))
    assert set(settings_of(out, 1)) <= known


def test_gas_is_free_old_states_stay_and_operators_doors_are_shut(tmp_path: Path) -> None:
    out = tmp_path / "network"
    generate(out, wanted())
    for number in range(1, 5):
        address = f"10.1.2.{10 + number}"
        assert settings_of(out, number) == {
            "data-path": "/data",
            "genesis-file": "/network/genesis.json",
            "node-private-key-file": "/validator/key",
            "static-nodes-file": "/validator/static-nodes.json",
            "pid-path": "/tmp/besu.pid",  # noqa: S108  in its container
            "data-storage-format": "FOREST",
            "sync-mode": "FULL",
            "discovery-enabled": False,
            "nat-method": "NONE",
            "p2p-host": address,
            "p2p-port": 30303,
            "net-restrict": ["10.1.2.0/24"],
            "min-gas-price": 0,
            "tx-pool": "sequenced",
            "tx-pool-max-size": 65_536,
            "tx-pool-limit-by-account-percentage": 1,
            "host-allowlist": ["localhost", "127.0.0.1", address, f"validator-{number}"],
            "rpc-http-enabled": True,
            "rpc-http-host": "0.0.0.0",  # noqa: S104  as above
            "rpc-http-port": 8545,
            "rpc-http-api": ["ETH", "NET", "WEB3"],
            "rpc-ws-enabled": True,
            "rpc-ws-host": "0.0.0.0",  # noqa: S104  as above
            "rpc-ws-port": 8546,
            "rpc-ws-api": ["ETH", "NET", "WEB3"],
        }


def test_only_their_owner_can_read_keys_and_passwords(tmp_path: Path) -> None:
    out = tmp_path / "network"
    generate(out, wanted())
    private = [*out.glob("*/key"), out / "pgpass", out / "postgres.password"]
    assert len(private) == 6
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (out / "data").iterdir()} == {0o700}


def test_containers_never_run_as_root(tmp_path: Path) -> None:
    generate(tmp_path / "network", wanted())
    lines = (tmp_path / "network" / "compose.env").read_text().splitlines()
    ids = dict(line.split("=") for line in lines)
    owner = (tmp_path / "network" / "pgpass").stat().st_uid
    assert int(ids["TIDAN_UID"]) == owner != 0


def test_the_databases_password_is_the_same_for_both_sides(tmp_path: Path) -> None:
    out = tmp_path / "network"
    generate(out, wanted())
    password = (out / "postgres.password").read_text().strip()
    assert (out / "pgpass").read_text().strip() == f"*:*:*:tidan:{password}"
    assert (out / "databases.sql").read_text().count("CREATE DATABASE") == network.MEMBERS


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "network").mkdir()
    with pytest.raises(NetworkExists) as refused:
        generate(tmp_path / "network", wanted())
    assert refused.value.field == "--out"
    assert list((tmp_path / "network").iterdir()) == []


def test_one_that_cannot_be_written_whole_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(network, "_write_database", full)
    with pytest.raises(NetworkUnwritable, match="No space left"):
        generate(tmp_path / "network", wanted())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("first", "validators"),
    [("here", 4), ("::1", 4), ("10.1.2.0", 4), ("10.1.2.252", 4), ("10.1.2.255", 1)],
)
def test_addresses_that_do_not_fit_are_refused(tmp_path: Path, first: str, validators: int) -> None:
    with pytest.raises(AddressesUnfit) as refused:
        generate(tmp_path / "network", wanted(validators, first))
    assert refused.value.field == "--first-address"
