"""A chain of validators as a whole: brought up, described, taken down."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from tidan_node.ledger.clique.genesis import majority
from tidan_node.ledger.clique.geth import find_geth, require_sealing, write_first_block
from tidan_node.ledger.clique.going_on import wait_until_it_goes_on
from tidan_node.ledger.clique.home import Home, Plan
from tidan_node.ledger.clique.problems import (
    PortsForLife,
    ValidatorsDiffer,
    ValidatorSilent,
    ValidatorUnknown,
)
from tidan_node.ledger.clique.validator import Seen, Validator
from tidan_node.ledger.embedded.problems import ChainIdDiffers, ChainNotRunning

DEFAULT_CHAIN_ID: Final = 1338
DEFAULT_VALIDATORS: Final = 4
MOST_VALIDATORS: Final = 32

Status = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Wanted:
    """What whoever starts a chain asks for; None: as it is, or as usual where none is yet."""

    chain_id: int | None = None
    validators: int | None = None
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """A chain that makes blocks."""

    plan: Plan
    url: str
    ran_already: bool


def start(path: Path, wanted: Wanted, environment: Mapping[str, str] = os.environ) -> Started:
    """Start every validator that does not run, and wait until the chain goes on."""
    home = Home(path)
    binary = find_geth(environment)
    require_sealing(binary)
    with home.locked():
        if not home.is_there:
            home.make(
                wanted.chain_id or DEFAULT_CHAIN_ID,
                wanted.validators or DEFAULT_VALIDATORS,
                wanted.port,
                partial(write_first_block, binary, home),
            )
        plan = home.plan
        _require_as_asked(home, plan, wanted)
        validators = validators_of(home)
        started = [validator.start(binary) for validator in validators]
        wait_until_it_goes_on(validators, binary)
    return Started(plan, plan.validators[0].url, ran_already=not any(started))


def stop(path: Path) -> bool:
    """Stop every validator; False where none runs."""
    home = Home(path)
    if not home.is_there:
        return False
    with home.locked():
        validators = validators_of(home)
        told = [validator.ask_to_stop() for validator in validators]
        for validator in validators:
            validator.wait_until_stopped()
    return any(told)


def start_validator(path: Path, number: int, environment: Mapping[str, str] = os.environ) -> bool:
    """Start one validator; False where it ran already."""
    home = Home(path)
    binary = find_geth(environment)
    require_sealing(binary)
    with home.locked():
        return validator_of(home, number).start(binary)


def stop_validator(path: Path, number: int) -> bool:
    """Stop one validator; False where it did not run."""
    home = Home(path)
    with home.locked():
        validator = validator_of(home, number)
        told = validator.ask_to_stop()
        validator.wait_until_stopped()
    return told


def status_of_validator(path: Path, number: int) -> Status:
    """How one validator is, whether it runs or not."""
    return describe(validator_of(Home(path), number))


def status(path: Path) -> Status:
    """How the chain and each of its validators are; the head is the highest that one has."""
    home = Home(path)
    plan = home.plan
    described = [describe(validator) for validator in validators_of(home)]
    answering = [each for each in described if each["height"] is not None]
    if not answering:
        raise ChainNotRunning(f"no validator answers in {path}; `tidan chain up` starts them")
    head = max(answering, key=lambda each: int(each["height"]))
    return {
        "engine": "geth-clique",
        "home": str(home.path),
        "url": answering[0]["url"],
        "chainId": plan.chain_id,
        "height": head["height"],
        "hash": head["hash"],
        "secondsSinceBlock": max(0, int(time.time()) - int(head["timestamp"])),
        "running": sum(each["pid"] is not None for each in described),
        "needed": majority(len(plan.validators)),
        "validators": described,
    }


def describe(validator: Validator) -> Status:
    """One validator; what only its process knows is None where that does not answer."""
    member, pid = validator.member, validator.pid
    seen: Seen | None = None
    if pid is not None:
        try:
            seen = validator.look()
        except ValidatorSilent:
            seen = None
    return {
        "number": member.number,
        "account": member.account,
        "url": member.url,
        "pid": pid,
        "height": None if seen is None else seen.height,
        "hash": None if seen is None else seen.block_hash,
        "timestamp": None if seen is None else seen.timestamp,
        "peers": None if seen is None else seen.peers,
    }


def running_url(path: Path) -> str | None:
    """Where the chain of this home is reached, if there is one and it runs."""
    home = Home(path)
    if not home.is_there:
        return None
    running = (each.member.url for each in validators_of(home) if each.pid is not None)
    return next(running, None)


def validators_of(home: Home) -> list[Validator]:
    return [Validator(home, member) for member in home.plan.validators]


def validator_of(home: Home, number: int) -> Validator:
    """The validator of this number, from 1."""
    validators = validators_of(home)
    if not 1 <= number <= len(validators):
        raise ValidatorUnknown(f"they are numbered from 1 to {len(validators)}", field="NUMBER")
    return validators[number - 1]


def _require_as_asked(home: Home, plan: Plan, wanted: Wanted) -> None:
    if wanted.chain_id not in (None, plan.chain_id):
        raise ChainIdDiffers(
            f"{home.path} holds chain {plan.chain_id}; use another home for {wanted.chain_id}",
            field="--chain-id",
        )
    if wanted.validators not in (None, len(plan.validators)):
        raise ValidatorsDiffer(
            f"the chain in {home.path} has {len(plan.validators)}, by its first block; use another"
            f" home for {wanted.validators}",
            field="--validators",
        )
    if wanted.port not in (None, plan.validators[0].port):
        raise PortsForLife(
            f"validator 1 has port {plan.validators[0].port}, and its peers know the others",
            field="--port",
        )
