"""`kill -9` of one process after every step of the whole story: it goes on, and all audits hold."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.demo.telling import TITLES_WAY
from tests.sampling import TIMES
from tests.system.consortium import wait_until
from tidan_cli.demo.acts import Acts
from tidan_cli.demo.cast import BUYER, SHIPPER, Member
from tidan_cli.demo.commands import tidan
from tidan_cli.demo.dossier import own_dossier
from tidan_cli.demo.running import CHAIN
from tidan_cli.demo.stage import Stage
from tidan_cli.demo.timeline import Note, Timeline
from tidan_cli.demo.trade import CAST, CHAMBER, trade
from tidan_cli.output import Terminal

pytestmark = [pytest.mark.system, pytest.mark.timeout(1200)]


class Killer:
    """Kills one process of a stage and starts it again; never the same one twice in a row."""

    def __init__(self, stage: Stage, chance: random.Random) -> None:
        self.stage = stage
        self.chance = chance
        self.killed: list[str] = []

    def strike(self) -> None:
        members = {member.key: member for member in self.stage.members}
        others = {CHAIN, *members} - set(self.killed[-1:])
        name = self.chance.choice(sorted(others))
        self.killed.append(name)
        (last,) = [each for each in self.stage.running.processes if each.name == name][-1:]
        os.kill(last.pid, signal.SIGKILL)
        wait_until(lambda: not last.is_alive, f"{name} is dead")
        self.start_again(members.get(name))

    def start_again(self, member: Member | None) -> None:
        if member is None:
            self.stage.start_chain()
        else:
            self.stage.start_node(member)
            self.stage.await_ready(member)


@dataclass
class DeadlyTimeline(Timeline):
    """A timeline whose every step is followed by a death."""

    killer: Killer | None = None

    @contextmanager
    def step(self, who: str, doing: str) -> Iterator[Note]:
        with super().step(who, doing) as note:
            yield note
        if self.killer is not None:
            self.killer.strike()


@pytest.mark.parametrize("seed", range(TIMES))
def test_the_story_goes_on_to_its_end_and_every_node_is_verified(tmp_path: Path, seed: int) -> None:
    dossier, timeline = own_dossier(), DeadlyTimeline(Terminal(as_json=True))
    stage = Stage(tmp_path / "demo", CAST, timeline, keep=False)
    try:
        stage.set_up(dossier.codes, CHAMBER)
        killer = timeline.killer = Killer(stage, random.Random(seed))
        story = trade(dossier).tell(Acts(stage, timeline))
        timeline.killer = None
        (title,) = story["titles"]
        with ThreadPoolExecutor(2) as pool:
            audits = list(pool.map(lambda member: audited(stage.home_of(member)), CAST))
    finally:
        stage.strike(remove=True)

    told = f"seed {seed}, killed in turn: {', '.join(killer.killed)}"
    assert [act["act"] for act in title["acts"]] == TITLES_WAY, told
    holders = [span["possessor"]["name"] for span in title["holders"]]
    assert holders == [SHIPPER.name, BUYER.name], told
    assert [step.what for step in timeline.steps if step.what.endswith("as decided")] == [
        f"enrols {member.name}, as decided" for member in CAST if member not in CHAMBER.founders
    ], told
    assert audits == ["verified"] * len(CAST), told


def audited(home: Path) -> object:
    """What the audit of the whole chain, and of this node against it, comes to."""
    return tidan("audit", "chain", "--home", home).answer["verdict"]
