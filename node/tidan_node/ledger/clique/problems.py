"""What can go wrong with a chain of validators, told to whoever starts or asks it."""

from __future__ import annotations

from tidan_node.problems import Problem


class GethMissing(Problem):
    status, slug, title = 503, "geth-missing", "A chain of validators needs geth"


class GethUnusable(Problem):
    status, slug, title = 503, "geth-unusable", "This geth cannot seal the chain's blocks"


class EngineDiffers(Problem):
    status, slug, title = 409, "engine-differs", "This home holds a chain of another engine"


class ValidatorsDiffer(Problem):
    status, slug, title = 409, "validators-differ", "This chain has another number of validators"


class PortsForLife(Problem):
    status, slug, title = 409, "ports-for-life", "The ports of this chain cannot be changed"


class FaucetEmpty(Problem):
    status, slug, title = 409, "faucet-empty", "The chain has not so much money left"


class HomeTooDeep(Problem):
    status, slug, title = 422, "home-too-deep", "The path of the chain's home is too long"


class ValidatorUnknown(Problem):
    status, slug, title = 404, "validator-unknown", "The chain has no such validator"


class ValidatorSilent(Problem):
    status, slug, title = 503, "validator-silent", "A validator does not answer"


class ValidatorRefused(Problem):
    status, slug, title = 502, "validator-refused", "A validator refused what its operator asked"


class ValidatorDidNotStart(Problem):
    status, slug, title = 503, "validator-did-not-start", "A validator did not start"


class ValidatorDidNotStop(Problem):
    status, slug, title = 503, "validator-did-not-stop", "A validator did not stop"


class ChainDoesNotAdvance(Problem):
    status, slug, title = 503, "chain-does-not-advance", "The chain makes no blocks"


class NoValidators(Problem):
    status, slug, title = 409, "no-validators", "There are no validators here"


class ClockNotOurs(Problem):
    status, slug, title = 409, "clock-not-ours", "The clock of this chain cannot be put forward"
