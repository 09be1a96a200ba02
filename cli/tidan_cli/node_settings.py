"""The settings of a node home, or why they are refused, as a problem like any other."""

from __future__ import annotations

from pathlib import Path

from tidan_cli.failures import SettingsWrong
from tidan_node.settings import Settings, SettingsRefused


def settings_of(home: Path) -> Settings:
    """What `node.toml` and the environment say about the node in this home."""
    try:
        return Settings.load(home)
    except SettingsRefused as refused:
        raise settings_wrong(refused) from refused


def settings_wrong(refused: SettingsRefused) -> SettingsWrong:
    """Every setting that is wrong, with its rule; the first is the field."""
    return SettingsWrong(
        "; ".join(f"{name}: {rule}" for name, rule in refused.wrong.items()),
        field=next(iter(refused.wrong), None),
        wrong=refused.wrong,
    )
