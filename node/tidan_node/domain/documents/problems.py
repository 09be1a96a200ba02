"""Why a document is refused when it is read."""

from __future__ import annotations

from tidan_node.problems import Problem


class DocumentMalformed(Problem):
    """Breaks its schema or its standard; `field` is the JSON pointer of the first fault, and the
    member `faults` lists them all."""

    status, slug, title = 422, "document-malformed", "The document breaks a rule of its form"


class NotATitle(Problem):
    status, slug, title = 422, "not-a-title", "This transport document cannot be a title"
