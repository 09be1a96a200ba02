"""What audits say to people, line by line."""

from __future__ import annotations

import io

from rich.console import Console

from tidan_cli.audit_words import tell_acts


def test_an_act_that_is_no_partys_own_is_told_without_one() -> None:
    out = io.StringIO()
    act = {"seq": 3, "act": "RELEASE_PLEDGE", "by": None, "at": "now", "block": 7, "txHash": "0x7e"}

    tell_acts(Console(file=out, width=120), [act], with_record=False)

    assert "RELEASE_PLEDGE" in out.getvalue()
    assert "—" in out.getvalue()
