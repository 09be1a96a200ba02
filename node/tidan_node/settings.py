"""The node's settings: `node.toml` in its home, and above it the environment (`TIDAN_…`)."""

from __future__ import annotations

import ipaddress
import json
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from tidan_node import linked_chains as linked
from tidan_node.linked_chains import LinkedChain

PREFIX: Final = "TIDAN_"
FILE: Final = "node.toml"
HOME_VARIABLE: Final = "TIDAN_NODE_HOME"
_NOT_IN_FILE: Final = ("home", "keystore_password")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_MEBIBYTE: Final = 1024 * 1024
_LARGEST_PORT: Final = 65535
_PROVIDER: Final = r"^(https://|http://(127\.0\.0\.1|\[::1\]|localhost)[:/])[^\s?#]+$"
EXCHANGE_ABOVE: Final = 1000
"""So far above the port of its own people a node listens for other nodes."""


class SettingsRefused(Exception):
    """The node does not start: each wrong setting, with the rule that it breaks."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        self.wrong = dict(wrong)
        lines = [f"  {name}: {rule}" for name, rule in self.wrong.items()]
        super().__init__("\n".join(("these settings are wrong:", *lines)))


class Settings(BaseSettings):
    """Everything that can be set. Paths are taken from the home."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, validate_default=True
    )

    home: Path
    host: str = "127.0.0.1"
    port: int = Field(default=8750, ge=0, le=65535)
    exchange_host: str = ""
    """Where other nodes come, by TLS; empty: the host."""
    exchange_port: int | None = Field(default=None, ge=0, le=65535)
    """Left out: the port and 1000; 0: one that is free."""
    database_url: str = ""
    """Any async SQLAlchemy URL; empty: the SQLite file node.db in the home."""
    chain_url: str = Field(default="http://127.0.0.1:8545", pattern=linked.HTTP_URL)
    chain_ws_url: str | None = Field(default=None, pattern=linked.WS_URL)
    """Where the chain's node tells of new blocks; left out: tried at the place of chain_url, as the
    embedded chain has it. Where nobody tells, the node asks every poll_interval."""
    chain_timeout: float = Field(default=30.0, gt=0, le=600)
    """Seconds that an answer of the chain's node may take."""
    manifest: Path = Path("manifest.json")
    linked_chains: list[LinkedChain] = Field(default=[])
    """Other chains, which the node only reads: a table [[linked_chains]] each."""
    gas_price: int | None = Field(default=None, ge=0)
    """In wei; left out: what the manifest says."""
    finality_depth: int | None = Field(default=None, ge=0, le=10_000)
    """Blocks on top of an event before it ends an operation; left out: what the manifest says."""
    account_keystore: Path = Path("account.json")
    lanes: Path = Path("lanes")
    """A folder of keystores of more accounts of the party: each is a lane of its own."""
    numbering_keystore: Path = Path("numbering.json")
    exchange_keystore: Path = Path("exchange.json")
    tls_file: Path = Path("tls.pem")
    """The certificate that other nodes know this one by, and its key."""
    trust_anchors: Path = Path("trust-anchors")
    """A folder of certificates (.pem, .crt, .cer, .der) and revocation lists (.crl)."""
    keystore_password_file: Path | None = None
    keystore_password: SecretStr | None = None
    """From the environment alone: in node.toml it would lie beside what it protects."""
    upload_limit: int = Field(default=10 * _MEBIBYTE, ge=1024, le=1024 * _MEBIBYTE)
    poll_interval: float = Field(default=0.5, gt=0, le=60)
    """Seconds between two looks at the chain."""
    queue_limit: int = Field(default=10_000, ge=1)
    """Operations under way, beyond which the node takes no more until some have ended."""
    stuck_after_seconds: float = Field(default=60, gt=0)
    """How long a transaction may be refused, or in no block, before the node is not ready."""
    anchor_every: int = Field(default=100, ge=1)
    """Trail entries after which a checkpoint goes on the chain."""
    anchor_seconds: float = Field(default=300, gt=0)
    """… or this long after the first entry that none covers, whichever comes first."""
    oidc_issuer: str | None = Field(default=None, pattern=_PROVIDER)
    """The OpenID provider that the party's people sign in with; left out: nobody signs in."""
    oidc_client_id: str | None = Field(default=None, min_length=1, max_length=255)
    oidc_client_secret_file: Path | None = None
    """Left out: the node is a public client there, with PKCE alone."""
    oidc_redirect_uri: str | None = Field(default=None, pattern=r"^https://[^\s?#]+$")
    """Where browsers may be sent after signing in, besides to the person's own machine."""
    session_hours: float = Field(default=8, gt=0, le=24)
    """How long a session lasts."""
    surrender_alarm_hours: float = Field(default=48, gt=0, le=8760)
    """How long a surrender may wait for its answer before the node raises an alarm."""
    metrics_open: bool = False
    """/metrics without a key, for a scraper on the same machine."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def load(cls, home: Path | None = None) -> Settings:
        """The settings of the node in this home, or in the one that TIDAN_NODE_HOME names."""
        if home is None and os.environ.get(HOME_VARIABLE):
            home = Path(os.environ[HOME_VARIABLE])
        if home is None:
            raise SettingsRefused({"home": f"name the node's folder, or set {HOME_VARIABLE}"})
        if not home.is_dir():
            raise SettingsRefused({"home": f"{home} is no folder; `tidan node init` makes one"})
        try:
            settings = cls(home=home.absolute())
        except ValidationError as error:
            raise SettingsRefused(_rules_broken(error)) from None  # it would quote the values
        wrong = linked.clashes(settings.linked_chains, settings.database_url)
        if wrong:
            raise SettingsRefused({_placed(name): rule for name, rule in wrong.items()})
        return settings

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = init_settings()
        file = InitSettingsSource(settings_cls, _file_values(Path(given["home"]) / FILE))
        return init_settings, env_settings, file

    @field_validator(
        "manifest",
        "account_keystore",
        "lanes",
        "numbering_keystore",
        "exchange_keystore",
        "tls_file",
        "trust_anchors",
        "keystore_password_file",
        "oidc_client_secret_file",
    )
    @classmethod
    def _from_home(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return None if path is None or "home" not in info.data else info.data["home"] / path

    @field_validator("database_url")
    @classmethod
    def _async_database(cls, url: str, info: ValidationInfo) -> str:
        if not url:
            return f"sqlite+aiosqlite:///{info.data['home'] / 'node.db'}"
        return linked.require_async(url)

    @field_validator("linked_chains")
    @classmethod
    def _in_home(cls, chains: list[LinkedChain], info: ValidationInfo) -> list[LinkedChain]:
        return [each.in_home(info.data["home"]) for each in chains]

    @field_validator("exchange_port")
    @classmethod
    def _a_port_of_its_own(cls, port: int | None, info: ValidationInfo) -> int | None:
        own = info.data.get("port", 0)
        if port is None and own + EXCHANGE_ABOVE > _LARGEST_PORT:
            raise ValueError(f"set it, since port and {EXCHANGE_ABOVE} is no port")
        if port and port == own:
            raise ValueError("must not be the port of the node's own people")
        return port

    @field_validator("metrics_open")
    @classmethod
    def _only_on_loopback(cls, is_open: bool, info: ValidationInfo) -> bool:
        if is_open and not _is_loopback(str(info.data.get("host"))):
            raise ValueError("only where host is a loopback address, as 127.0.0.1")
        return is_open

    @property
    def exchange_address(self) -> tuple[str, int]:
        """Where other nodes come."""
        port = self.exchange_port
        if port is None:
            port = self.port + EXCHANGE_ABOVE if self.port else 0
        return self.exchange_host or self.host, port

    @property
    def heads_url(self) -> str:
        """Where to hear of new blocks."""
        return linked.heads_url(self.chain_url, self.chain_ws_url)

    def require_files(self) -> None:
        """What serving needs and migrating does not; each missing thing is named."""
        wrong = {
            name: f"{path} does not exist"
            for name, path in (
                ("manifest", self.manifest),
                ("account_keystore", self.account_keystore),
                ("numbering_keystore", self.numbering_keystore),
                ("exchange_keystore", self.exchange_keystore),
            )
            if not path.is_file()
        }
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            wrong["oidc_client_id"] = "goes with oidc_issuer"
        for secret in (self.password, self.client_secret):
            try:
                secret()
            except SettingsRefused as refused:
                wrong |= refused.wrong
        if wrong:
            raise SettingsRefused(wrong)

    def password(self) -> str:
        """The password of the keystores: from the environment, or from a file of its owner's."""
        if self.keystore_password is not None:
            return self.keystore_password.get_secret_value()
        name, file = "keystore_password_file", self.keystore_password_file
        if file is None:
            raise SettingsRefused({name: "set it, or TIDAN_KEYSTORE_PASSWORD"})
        return _private_text(name, file)

    def client_secret(self) -> str | None:
        """The node's secret at the OpenID provider, if it has one there."""
        file = self.oidc_client_secret_file
        return None if file is None else _private_text("oidc_client_secret_file", file)


def node_toml(values: Mapping[str, str | int | float | bool]) -> str:
    """The text of a `node.toml` with these settings, of which each must exist."""
    unknown = set(values) - (set(Settings.model_fields) - set(_NOT_IN_FILE))
    if unknown:
        raise SettingsRefused(dict.fromkeys(sorted(unknown), "is no setting of node.toml"))
    # a JSON string is a TOML string, save for DEL, which TOML wants escaped
    lines = (
        f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
        for name, value in values.items()
    )
    return "\n".join(lines) + "\n"


def _private_text(name: str, file: Path) -> str:
    try:
        if file.stat().st_mode & _OTHERS:
            raise SettingsRefused({name: f"others can read {file}: chmod 600 it"})
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeError) as error:
        raise SettingsRefused({name: f"{file} cannot be read"}) from error


def _file_values(file: Path) -> dict[str, object]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsRefused({FILE: f"{file} cannot be read: {error.strerror}"}) from error
    except ValueError as error:
        raise SettingsRefused({FILE: f"{file} is not TOML in UTF-8: {error}"}) from None
    misplaced = [name for name in _NOT_IN_FILE if name in values]
    if misplaced:
        raise SettingsRefused(dict.fromkeys(misplaced, f"does not belong into {FILE}"))
    return values


def _rules_broken(error: ValidationError) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for each in error.errors(include_url=False, include_input=False, include_context=False):
        name = _placed(".".join(str(part) for part in each["loc"]))
        rule = "there is no such setting" if each["type"] == "extra_forbidden" else each["msg"]
        wrong[name] = rule.removeprefix("Value error, ")
    return wrong


def _placed(name: str) -> str:
    """The name of a setting with the place that it was set at."""
    variable = PREFIX + name.partition(".")[0].upper()
    return f"{name} ({variable if os.environ.get(variable) else FILE})"


def _is_loopback(host: str) -> bool:
    # as domain/loopback, which settings stand below; the domain must not come to need their library
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
