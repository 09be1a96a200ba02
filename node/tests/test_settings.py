"""Settings are refused by name and rule, and never by their value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidan_node.settings import Settings, SettingsRefused, node_toml


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"TIDAN_{name.upper()}", raising=False)
    monkeypatch.delenv("TIDAN_NODE_HOME", raising=False)


def _refusal(home: Path | None) -> dict[str, str]:
    with pytest.raises(SettingsRefused) as refused:
        Settings.load(home)
    return refused.value.wrong


def test_an_empty_home_gives_what_is_usual(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path)

    assert settings.host == "127.0.0.1"
    assert settings.upload_limit == 10 * 1024 * 1024
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/node.db"
    assert settings.manifest == tmp_path / "manifest.json"
    assert settings.metrics_open is False
    assert settings.surrender_alarm_hours == 48


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node.toml").write_text('port = 1000\nmanifest = "chain/m.json"\n')
    monkeypatch.setenv("TIDAN_PORT", "2000")
    monkeypatch.setenv("TIDAN_NODE_HOME", str(tmp_path))

    settings = Settings.load()

    assert settings.port == 2000
    assert settings.manifest == tmp_path / "chain" / "m.json"


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ("", ("127.0.0.1", 9750)),
        ('host = "::1"\nport = 9000', ("::1", 10000)),
        ('exchange_host = "10.0.0.7"\nexchange_port = 443', ("10.0.0.7", 443)),
        ("port = 0", ("127.0.0.1", 0)),
        ("exchange_port = 0", ("127.0.0.1", 0)),
    ],
)
def test_other_nodes_come_to_a_port_of_their_own(
    tmp_path: Path, lines: str, address: tuple[str, int]
) -> None:
    (tmp_path / "node.toml").write_text(lines)

    assert Settings.load(tmp_path).exchange_address == address


@pytest.mark.parametrize("lines", ["port = 65000", "port = 443\nexchange_port = 443"])
def test_a_port_that_other_nodes_cannot_come_to_is_refused(tmp_path: Path, lines: str) -> None:
    (tmp_path / "node.toml").write_text(lines)

    assert list(_refusal(tmp_path)) == ["exchange_port (node.toml)"]


def test_an_absolute_path_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text('manifest = "/etc/tidan/manifest.json"\n')

    assert Settings.load(tmp_path).manifest == Path("/etc/tidan/manifest.json")


def test_every_wrong_setting_is_named_with_its_rule_and_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node.toml").write_text('prot = 1\nupload_limit = 5\nlog_level = "hunter2"\n')
    monkeypatch.setenv("TIDAN_PORT", "seventy")
    monkeypatch.setenv("TIDAN_CHAIN_URL", "ftp://hunter2")

    wrong = _refusal(tmp_path)

    assert wrong["prot (node.toml)"] == "there is no such setting"
    assert "greater than or equal to 1024" in wrong["upload_limit (node.toml)"]
    assert "valid integer" in wrong["port (TIDAN_PORT)"]
    assert set(wrong) >= {"log_level (node.toml)", "chain_url (TIDAN_CHAIN_URL)"}
    assert "hunter2" not in str(wrong)


@pytest.mark.parametrize(
    "url", ["sqlite:///node.db", "postgresql://hunter2@h/d", "nonsense", "no+such://hunter2"]
)
def test_a_database_needs_an_async_driver(tmp_path: Path, url: str) -> None:
    (tmp_path / "node.toml").write_text(f'database_url = "{url}"\n')

    wrong = _refusal(tmp_path)

    assert list(wrong) == ["database_url (node.toml)"]
    assert "hunter2" not in str(wrong)


@pytest.mark.parametrize(
    ("host", "fine"), [("127.0.0.2", True), ("::1", True), ("10.0.0.1", False)]
)
def test_open_figures_stay_on_the_machine(tmp_path: Path, host: str, fine: bool) -> None:
    (tmp_path / "node.toml").write_text(f'host = "{host}"\nmetrics_open = true\n')

    if fine:
        assert Settings.load(tmp_path).metrics_open
    else:
        assert "loopback" in _refusal(tmp_path)["metrics_open (node.toml)"]


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "inf", "8761"])
def test_a_surrender_waits_for_some_time_and_not_for_ever(tmp_path: Path, hours: str) -> None:
    (tmp_path / "node.toml").write_text(f"surrender_alarm_hours = {hours}\n")

    assert list(_refusal(tmp_path)) == ["surrender_alarm_hours (node.toml)"]


def test_a_password_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text('keystore_password = "hunter2"\n')

    assert list(_refusal(tmp_path)) == ["keystore_password"]


def test_text_that_is_no_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text("port 8750\n")

    assert "line 1" in _refusal(tmp_path)["node.toml"]


def test_without_a_home_nothing_is_loaded(tmp_path: Path) -> None:
    assert "TIDAN_NODE_HOME" in _refusal(None)["home"]
    assert "tidan node init" in _refusal(tmp_path / "nowhere")["home"]


def test_every_path_is_taken_from_the_home(tmp_path: Path) -> None:
    settings = Settings.load(tmp_path)
    paths = {name: value for name, value in settings if isinstance(value, Path)}
    assert len(paths) > 5
    assert {name for name, path in paths.items() if not path.is_relative_to(tmp_path)} == set()


def test_serving_names_everything_that_it_misses(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused) as refused:
        Settings.load(tmp_path).require_files()

    assert list(refused.value.wrong) == [
        "manifest",
        "account_keystore",
        "numbering_keystore",
        "exchange_keystore",
        "keystore_password_file",
    ]


def test_a_password_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hunter2\n")
    file.chmod(0o640)
    (tmp_path / "node.toml").write_text('keystore_password_file = "password"\n')
    settings = Settings.load(tmp_path)

    with pytest.raises(SettingsRefused, match="chmod 600"):
        settings.password()
    file.chmod(0o600)
    assert settings.password() == "hunter2"


def test_a_password_from_the_environment_needs_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIDAN_KEYSTORE_PASSWORD", "hunter2")
    settings = Settings.load(tmp_path)

    assert settings.password() == "hunter2"
    assert "hunter2" not in repr(settings)


def test_what_node_toml_writes_is_read_back(tmp_path: Path) -> None:
    values = {"port": 9000, "chain_url": "http://[::1]:1/ä", "metrics_open": True}
    (tmp_path / "node.toml").write_text(node_toml(values))

    settings = Settings.load(tmp_path)

    assert {name: getattr(settings, name) for name in values} == values


def test_node_toml_writes_no_setting_that_does_not_exist() -> None:
    with pytest.raises(SettingsRefused, match="prot"):
        node_toml({"prot": 1, "keystore_password": "x"})


@pytest.mark.parametrize(
    ("issuer", "fine"),
    [
        ("https://id.example/realms/party", True),
        ("http://127.0.0.1:9000", True),
        ("http://id.example", False),
        ("http://127.0.0.1.id.example", False),
        ("https://id.example/?a=b", False),
        ("id.example", False),
    ],
)
def test_people_are_vouched_for_over_https_or_by_this_machine(
    tmp_path: Path, issuer: str, fine: bool
) -> None:
    (tmp_path / "node.toml").write_text(f'oidc_issuer = "{issuer}"\n')

    if fine:
        assert Settings.load(tmp_path).oidc_issuer == issuer
    else:
        assert "oidc_issuer (node.toml)" in _refusal(tmp_path)


def test_a_provider_goes_with_what_the_node_is_called_there(tmp_path: Path) -> None:
    (tmp_path / "node.toml").write_text('oidc_issuer = "https://id.example"\n')

    with pytest.raises(SettingsRefused) as refused:
        Settings.load(tmp_path).require_files()

    assert "oidc_client_id" in refused.value.wrong


def test_a_clients_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "client-secret"
    file.write_text("hunter2\n")
    file.chmod(0o604)
    (tmp_path / "node.toml").write_text('oidc_client_secret_file = "client-secret"\n')
    settings = Settings.load(tmp_path)

    with pytest.raises(SettingsRefused, match="chmod 600"):
        settings.client_secret()
    file.chmod(0o600)
    assert settings.client_secret() == "hunter2"
    assert "hunter2" not in repr(settings)
