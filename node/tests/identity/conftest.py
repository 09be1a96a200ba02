"""A carrier and two traders; the carrier has a node, and so has somebody not enrolled yet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.office import Consortium, Office, opened
from tidan_node.domain.parties import Role


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    consortium = Consortium(tmp_path)
    carrier, *_ = [consortium.enrol(each) for each in (Role.CARRIER, Role.TRADER, Role.TRADER)]
    async with opened(consortium, carrier) as office:
        await consortium.publish()
        yield office
