"""What can go wrong with the embedded chain, told to whoever starts or asks it."""

from __future__ import annotations

from tidan_node.problems import Problem


class AnvilMissing(Problem):
    status, slug, title = 503, "anvil-missing", "The embedded chain needs anvil"


class AnvilUnusable(Problem):
    status, slug, title = 503, "anvil-unusable", "anvil does not work as the embedded chain needs"


class ChainHomeUnusable(Problem):
    status, slug, title = 503, "chain-home-unusable", "The chain's home cannot be used"


class ChainHomeBusy(Problem):
    status, slug, title = 409, "chain-home-busy", "Another process uses this chain's home"


class ChainIdDiffers(Problem):
    status, slug, title = 409, "chain-id-differs", "This home holds a chain with another chain id"


class ChainDamaged(Problem):
    status, slug, title = 500, "chain-damaged", "The chain cannot be rebuilt from what is on disk"


class ChainDidNotStart(Problem):
    status, slug, title = 503, "chain-did-not-start", "The embedded chain did not start"


class ChainDidNotStop(Problem):
    status, slug, title = 503, "chain-did-not-stop", "The embedded chain did not stop"


class ChainNotRunning(Problem):
    status, slug, title = 503, "chain-not-running", "No embedded chain runs here"


class ChainRefused(Problem):
    status, slug, title = 409, "chain-refused", "The embedded chain refused"


class PortTaken(Problem):
    status, slug, title = 409, "port-taken", "The port is taken"
