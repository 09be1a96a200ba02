"""The standards and samples, which the repository does not contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verification.dossiers import STANDARDS


@pytest.fixture(scope="session")
def standards() -> Path:
    if not STANDARDS.is_dir():
        pytest.skip("../shared/standards is not beside the repository")
    return STANDARDS
