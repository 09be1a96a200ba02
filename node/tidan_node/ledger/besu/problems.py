"""What can go wrong when a network is made."""

from __future__ import annotations

from tidan_node.problems import Problem


class NetworkExists(Problem):
    status, slug, title = 409, "network-exists", "There is a network in this place already"


class NetworkUnwritable(Problem):
    status, slug, title = 503, "network-unwritable", "The network's files cannot be written"


class AddressesUnfit(Problem):
    status, slug, title = 422, "addresses-unfit", "The validators cannot have these addresses"
