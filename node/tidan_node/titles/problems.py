"""Why this node refuses an act on a title before the chain is asked."""

from __future__ import annotations

from tidan_node.problems import Problem


class PackageMissing(Problem):
    """Take the package in first (`POST /v1/packages`): nobody accepts a title unread."""

    status, slug, title = 409, "package-missing", "This node does not hold the title's content"
