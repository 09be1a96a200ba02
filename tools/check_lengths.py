"""Fails when a source file is longer than 300 lines: it is probably two things (STYLE 4, 7)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LONGEST = 300
KINDS = ("*.py", "*.sol", "*.js", "*.sh")


def tracked_files() -> list[Path]:
    """Every source file that is committed, or would be with `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *KINDS],
        check=True,
        capture_output=True,
        text=True,
    )
    return [Path(line) for line in listed.stdout.splitlines() if Path(line).is_file()]


def main() -> int:
    too_long = [
        (path, lines)
        for path in tracked_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    for path, lines in too_long:
        print(f"{path}: {lines} lines, at most {LONGEST}")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
