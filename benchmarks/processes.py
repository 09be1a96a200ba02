"""What another process has used of the machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_USER: Final = 11
_SYSTEM: Final = 12


def cpu_seconds(pid: int) -> float:
    """What the process has used so far, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[_USER]) + int(fields[_SYSTEM])) / os.sysconf("SC_CLK_TCK")
