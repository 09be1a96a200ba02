"""Without a chain to test on the tests fail, and say what to do."""

from pathlib import Path

import pytest

from chaincode_tests import anvil


def test_a_missing_binary_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(anvil, "NODE_MODULES", tmp_path / "node_modules")
    with pytest.raises(anvil.AnvilUnavailable, match=r"anvil is missing: run `npm ci` in"):
        anvil.foundry_binary("anvil")
