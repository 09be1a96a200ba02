"""Why a question to the records has no answer."""

from __future__ import annotations

from tidan_node.problems import Problem


class NothingIndexed(Problem):
    """The node has not read a block yet; ask again in a moment."""

    status, slug, title = 503, "nothing-indexed", "The node has not read the chain yet"


class PartyAmbiguous(Problem):
    """Several parties go by this name; say which by its number, listed in `candidates`."""

    status, slug, title = 409, "party-ambiguous", "Several parties go by this name"
