"""What is answered about packages."""

from __future__ import annotations

from typing import Literal

from tidan_node.domain.packages import RecordKind
from tidan_node.exchange.taking_in import Accepted
from tidan_node.web.shapes import Shape


class PackageAccepted(Shape):
    """A package whose every statement is what the chain says, and whose content is now here."""

    kind: RecordKind
    record: str
    root: str
    numbering: Literal["verified"] = "verified"

    @classmethod
    def of(cls, accepted: Accepted) -> PackageAccepted:
        return cls(kind=accepted.kind, record=accepted.record, root=accepted.content_root)
