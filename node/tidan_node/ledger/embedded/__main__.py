"""`python -m tidan_node.ledger.embedded`: the process of one embedded chain."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import structlog

from tidan_node.ledger.embedded.anvil import find_anvil
from tidan_node.ledger.embedded.home import RunningChain
from tidan_node.ledger.embedded.log import log_to_standard_error
from tidan_node.ledger.embedded.service import Options, serve
from tidan_node.problems import Problem

log = structlog.get_logger(__name__)


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal comes; standard output tells in one line how the start went."""
    parser = argparse.ArgumentParser(prog="tidan_node.ledger.embedded", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the folder of the chain")
    parser.add_argument("--port", type=int, help="the port; a free one when left out")
    parser.add_argument("--chain-id", type=int, help="the chain id of a new chain")
    given = parser.parse_args(arguments)
    log_to_standard_error()
    try:
        anvil = find_anvil(os.environ)
        serve(Options(given.home, anvil, given.port, given.chain_id), on_ready=_tell_ready)
    except Problem as problem:
        log.critical("chain.failed", slug=problem.slug, reason=problem.detail)
        _tell({"problem": problem.document()})
        return 1
    return 0


def _tell_ready(running: RunningChain) -> None:
    log.info("chain.ready", url=running.url, chain_id=running.chain_id)
    _tell({"ready": asdict(running)})


def _tell(line: dict[str, object]) -> None:
    try:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever started us has gone; the log has it too
        sys.stdout = None


if __name__ == "__main__":
    sys.exit(main())
