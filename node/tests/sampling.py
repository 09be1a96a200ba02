"""How much of a random test one run takes: its seeded sample, or with TIDAN_SOAK=n, n samples."""

from __future__ import annotations

import os
from typing import Final

TIMES: Final = int(os.environ.get("TIDAN_SOAK", "1"))
