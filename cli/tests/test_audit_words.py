"""What audits say to people, line by line."""

from __future__ import annotations

import io

from rich.console import Console

from tidan_cli.audit_words import tell_acts


def test_the_act_of_a_pledgee_is_told_with_its_bank() -> None:
    out = io.StringIO()
    act = {
        **{
            "seq": 3,
            "act": "RELEASE_PLEDGE",
            "by": None,
            "at": "now",
            "block": 7,
            "txHash": "0x7e",
        },
        "bank": {"index": 4, "name": "Quay Demo Bank"},
    }

    tell_acts(Console(file=out, width=120), [act], with_record=False)

    assert "pledgee Quay Demo Bank (4)" in out.getvalue()


def test_an_act_that_is_no_partys_own_is_told_without_one() -> None:
    out = io.StringIO()
    act = {"seq": 3, "act": "EXPORT", "by": None, "at": "now", "block": 7, "txHash": "0x7e"}

    tell_acts(Console(file=out, width=120), [act], with_record=False)

    assert "EXPORT" in out.getvalue()
    assert "—" in out.getvalue()
