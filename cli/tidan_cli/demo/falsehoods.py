"""What a dossier says is false in it, against what the bank's check has found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tidan_cli.failures import StepFailed

Document = dict[str, Any]  # Any: the JSON that a command printed


def require_named(check: Document, falsehoods: Sequence[Mapping[str, str]]) -> None:
    """The check must name every falsehood, by its rule and its paper, and no other rule."""
    shown = {
        rule["id"]: {each["paper"] for each in rule["evidence"]}
        for rule in check["rules"]
        if rule["verdict"] == "finding"
    }
    missed = [
        f"{each['rule']} in {each['paper']}"
        for each in falsehoods
        if each["paper"] not in shown.get(each["rule"], ())
    ]
    invented = sorted(set(shown) - {each["rule"] for each in falsehoods})
    if missed or invented:
        raise StepFailed(
            f"the check missed {', '.join(missed) or 'nothing'}, and found without cause"
            f" {', '.join(invented) or 'nothing'}"
        )
