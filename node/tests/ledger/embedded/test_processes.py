"""Processes: known by more than their pid, and tied to their parent where the kernel can."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.ledger.embedded.waiting import wait_until_ended
from tidan_node.ledger.embedded.processes import identity_of, is_alive, reap, send_signal

WAITING = [sys.executable, "-c", "input()"]
PARENT = """
import subprocess, sys
from tidan_node.ledger.embedded.processes import dying_with_parent
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"],
                         preexec_fn=dying_with_parent())
print(child.pid, flush=True)
input()
"""


def test_a_process_is_alive_until_it_ends() -> None:
    with subprocess.Popen(WAITING, stdin=subprocess.PIPE) as process:
        identity = identity_of(process.pid)
        assert identity is not None
        assert is_alive(process.pid, identity)
        process.communicate(b"\n")
    assert not is_alive(process.pid, identity)
    assert not send_signal(process.pid, identity, signal.SIGKILL)


def test_a_process_that_nobody_has_collected_has_ended_all_the_same() -> None:
    pid = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], os.environ)
    wait_until_ended(pid)
    reap(pid)
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    reap(pid)


def test_a_later_process_with_the_same_pid_is_not_signalled() -> None:
    with subprocess.Popen(WAITING, stdin=subprocess.PIPE) as process:
        assert not send_signal(process.pid, "an earlier one", signal.SIGKILL)
        process.communicate(b"\n")
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_a_tied_child_dies_with_a_killed_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        child = int(parent.stdout.readline())
        assert identity_of(child) is not None
        parent.kill()
        parent.wait()
        wait_until_ended(child)
