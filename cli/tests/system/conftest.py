"""One consortium for a whole module of system tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from itertools import count
from typing import Any

import pytest

from tests.system.consortium import Consortium

Json = dict[str, Any]  # Any: JSON


@pytest.fixture(scope="module")
def consortium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consortium]:
    made = Consortium(tmp_path_factory.mktemp("consortium"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture
def transport_document(numbers: Iterator[int]) -> Json:
    """The demo's transport document under a number that no other test uses."""
    packaged = (
        resources.files("tidan_cli.demo") / "documents" / "dossier" / "transport-document.json"
    )
    document: Json = json.loads(packaged.read_text(encoding="utf-8"))
    document["transportDocumentReference"] = f"SYS{next(numbers):08}"
    return document
