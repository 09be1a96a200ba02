"""Other processes: who they really are, and how they end; a bare pid may be somebody else's."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def identity_of(pid: int) -> str | None:
    """What tells this process from a later one with the same pid; None when it has ended."""
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except OSError:
            return None
        # The name in parentheses may hold spaces: the fields are counted from its end.
        fields = stat.rpartition(")")[2].split()
        state, started = fields[0], fields[19]
        return None if state in "ZX" else f"{boot}/{started}"
    answer = subprocess.run(  # noqa: S603  fixed arguments
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


def is_alive(pid: int, identity: str) -> bool:
    """Whether this very process still runs."""
    return identity_of(pid) == identity


def send_signal(pid: int, identity: str, number: signal.Signals) -> bool:
    """Signal this very process; False when it has ended, whoever has its pid now."""
    if not is_alive(pid, identity):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    return True


def reap(pid: int) -> None:
    """Collect an ended child, if it was ours."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def dying_with_parent() -> Callable[[], None] | None:
    """Run in a child between fork and exec: the kernel kills it when its parent dies.

    Only Linux has this; elsewhere the next start ends what was left over."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:  # it died before the tie was made
            os._exit(1)

    return tie
