"""What belongs together is not torn apart by Ctrl-C, and Ctrl-C is not lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tidan_cli.demo.signals import deferred, ended_by_signals, undisturbed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_heard_once_what_belongs_together_is_done(number: signal.Signals) -> None:
    done: list[str] = []

    def interrupted() -> None:
        with deferred():
            os.kill(os.getpid(), number)
            done.append("to its end")

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert done == ["to its end"]


def test_without_a_signal_nothing_is_raised_and_the_handlers_are_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)

    with deferred():
        pass

    assert signal.getsignal(signal.SIGINT) is before


def test_what_is_started_meanwhile_hears_signals() -> None:
    asks = "import signal; print(signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)"

    with deferred():
        said = subprocess.run([sys.executable, "-c", asks], capture_output=True, check=True).stdout

    assert said.strip() == b"True"


def test_a_polite_end_is_a_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), ended_by_signals():
        os.kill(os.getpid(), signal.SIGTERM)


def test_taking_the_stage_down_is_not_interrupted() -> None:
    with undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
