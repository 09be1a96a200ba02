"""The demo as somebody types it: started, told to its end, and what it has running."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.system.consortium import wait_until
from tidan_cli.demo.running import Started, running_in

Json = dict[str, Any]  # Any: JSON

PATIENCE: Final = 300
TITLES_WAY: Final = [
    *("ISSUE", "PROPOSE_PLEDGE", "ACCEPT_PLEDGE", "OFFER", "CONSENT", "ACCEPT", "RELEASE_PLEDGE"),
    *("SURRENDER_FOR_DELIVERY", "ACCEPT_SURRENDER"),
]
STRAIGHT_WAY: Final = [
    *("ISSUE", "OFFER", "ACCEPT", "OFFER", "ACCEPT"),
    *("SURRENDER_FOR_DELIVERY", "ACCEPT_SURRENDER"),
]
"""A straight bill is no security by itself: the bank has to hold it."""


def demo(*words: object) -> subprocess.Popen[bytes]:
    """The demo in a process of its own."""
    # Run in a shell's background the tests ignore Ctrl-C, and what they start would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "tidan_cli.main", "demo", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def told_to_its_end(*words: object) -> Json:
    """What a demo that ends well says to programs."""
    with demo(*words, "--json") as process:
        out, err = process.communicate()
    assert process.returncode == 0, err.decode()
    assert err == b""
    story: Json = json.loads(out)
    return story


def processes_of(folder: Path) -> list[Started]:
    """Everything that the demo of this folder has started."""
    running = running_in(folder)
    return [] if running is None else running.processes


def wait_for_process(process: subprocess.Popen[bytes], folder: Path, name: str) -> list[Started]:
    """Everything that the demo has started, once it has started this."""

    def has_started() -> bool:
        assert process.poll() is None, process.communicate()
        return name in {each.name for each in processes_of(folder)}

    wait_until(has_started, f"the demo never started {name}", seconds=PATIENCE)
    return processes_of(folder)
