"""A trader's node in a consortium that has recognised a platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.office import Consortium, opened
from tests.recognition.ports import Desk, Port
from tidan_node.domain.parties import Role


@pytest.fixture
async def unrecognised(tmp_path: Path) -> AsyncIterator[Desk]:
    """Before the consortium has said anything of the platform."""
    consortium = Consortium(tmp_path)
    consortium.enrol(Role.CARRIER)
    trader = consortium.enrol(Role.TRADER)
    async with opened(consortium, trader) as office:
        await consortium.publish()
        desk = Desk(office, Port(consortium.clock()))
        desk.equip()
        yield desk


@pytest.fixture
async def desk(unrecognised: Desk) -> Desk:
    await unrecognised.recognise()
    return unrecognised
