"""Why a paper cannot be read: which rule it breaks, and at which place."""

from __future__ import annotations


class PaperUnreadable(Exception):
    """The paper breaks a rule of its form. It is a finding of the check, never its end."""

    def __init__(self, rule: str, detail: str, *, path: str = "") -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail
        self.path = path
