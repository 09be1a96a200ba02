"""Documents to read: our own, and those of ../shared where it stands beside the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
REPOSITORY = Path(__file__).resolve().parents[4]
STANDARDS = REPOSITORY.parent / "shared" / "standards"


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def standards() -> Path:
    """The standards and samples, which the repository does not contain."""
    if not STANDARDS.is_dir():
        pytest.skip("../shared/standards is not beside the repository")
    return STANDARDS


@pytest.fixture
def transport_document() -> dict[str, Any]:
    """A transport document to change at will."""
    fields: dict[str, Any] = json.loads((DATA / "transport-document.json").read_text("utf-8"))
    return fields


@pytest.fixture
def policy() -> dict[str, Any]:
    """A policy to change at will."""
    fields: dict[str, Any] = json.loads((DATA / "cargo-policy.json").read_text("utf-8"))
    return fields


@pytest.fixture
def invoice() -> str:
    """The XML of an invoice, to change at will."""
    return (DATA / "invoice.xml").read_text("utf-8")
