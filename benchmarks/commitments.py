"""How long it takes to commit to a document of 40 fields, and to verify one disclosed field."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figures import Figure
