"""Serves one chain as its own process does, but can be told where to crash."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from tidan_node.domain.checkpoints import CrashAt, NoCheckpoints
from tidan_node.ledger.embedded.anvil import find_anvil
from tidan_node.ledger.embedded.log import log_to_standard_error
from tidan_node.ledger.embedded.service import Options, serve

if __name__ == "__main__":
    _, home, crash_at, snapshot_every = sys.argv
    log_to_standard_error()
    serve(
        Options(Path(home), find_anvil(os.environ), snapshot_every=int(snapshot_every)),
        on_ready=lambda running: print(json.dumps(asdict(running)), flush=True),
        checkpoints=CrashAt.parse(crash_at) if crash_at else NoCheckpoints(),
    )
