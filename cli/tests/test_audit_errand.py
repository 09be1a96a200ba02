"""The files of an audit: what is there already may be evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidan_cli.audit_errand import AuditFiles
from tidan_cli.failures import FileExists


@pytest.mark.parametrize("option", ["--jsonl", "--csv", "--report"])
def test_a_file_that_is_there_stays_and_nothing_is_asked(
    node: Any, tidan: Any, told: Any, tmp_path: Path, option: str
) -> None:
    evidence = tmp_path / "october"
    evidence.write_text("what was found in October")

    refused = tidan("audit", "title", told.title_id, option, evidence, "--json")

    assert refused.code == 1
    assert refused.problem["type"] == "/v1/problems/file-exists"
    assert refused.problem["field"] == option
    assert "--force" in refused.problem["detail"]
    assert evidence.read_text() == "what was found in October"
    assert node.asked == []


def test_with_force_files_may_be_written_over(tmp_path: Path) -> None:
    lines = tmp_path / "acts.jsonl"
    lines.write_text("of last week")

    AuditFiles(lines, None, None, force=True).require_free()
    with pytest.raises(FileExists):
        AuditFiles(lines, None, None).require_free()


def test_a_link_that_leads_nowhere_is_a_file_that_is_there(tmp_path: Path) -> None:
    link = tmp_path / "report.jws"
    link.symlink_to(tmp_path / "nowhere")

    with pytest.raises(FileExists):
        AuditFiles(None, None, link).require_free()
