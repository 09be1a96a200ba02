"""Folders that are made beside their place and get their name in one step, whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from tidan_cli.failures import HomeExists
from tidan_cli.private_files import sync_folder
from tidan_node.ledger.embedded.processes import identity_of


def require_free(place: Path, option: str) -> None:
    if place.is_dir() and not any(place.iterdir()):
        return
    if place.exists() or place.is_symlink():
        raise HomeExists(
            f"{place} exists, and nothing in it is written over; it may hold the only copy of keys",
            field=option,
        )


def remove_left_over(place: Path, what: str) -> None:
    """Folders of runs that were killed; those of runs that go on are left alone."""
    prefix = f".{place.name}.{what}-"
    for folder in place.parent.glob(f"{prefix}*"):
        pid = folder.name.removeprefix(prefix)
        if pid.isdigit() and identity_of(int(pid)) is None:
            shutil.rmtree(folder, ignore_errors=True)


def give_name(beside: Path, place: Path, option: str) -> None:
    try:
        beside.rename(place)
    except OSError as error:
        raise HomeExists(f"{place} has appeared meanwhile", field=option) from error
    sync_folder(place.parent)
