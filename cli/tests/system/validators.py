"""A consortium whose chain is made by four real validators, each of which can be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

from tests.system.consortium import Consortium, Member, wait_until
from tidan_node.ledger.clique import chain, faucet

Json = dict[str, Any]  # Any: JSON

_ENOUGH = 10**15


class ValidatorConsortium(Consortium):
    """Members pay a wei for gas, and have it before they send anything."""

    def chain_up(self) -> None:
        self.chain_url = chain.start(self.chain_home, chain.Wanted(validators=4)).url

    def paying_member(self, name: str, role: str, identifier: str, *codes: str) -> Member:
        """A new party with money for gas, whose node serves."""
        member = self.member(name, role, identifier, *codes)
        account = json.loads((member.home / "party-card.json").read_text())["account"]
        faucet.fund(self.chain_home, account, _ENOUGH)
        member.serve()
        return member

    def status(self) -> Json:
        return chain.status(self.chain_home)

    def kill_validators(self, *numbers: int) -> None:
        """`kill -9` by the process that its operator is told."""
        pids = {each["number"]: each["pid"] for each in self.status()["validators"]}
        for number in numbers:
            os.kill(pids[number], signal.SIGKILL)
        for number in numbers:
            wait_until(lambda n=number: self._is_gone(n), f"validator {number} is gone")

    def back_up(self, folder: Path) -> None:
        """Keep what every validator holds; the chain stands still meanwhile."""
        chain.stop(self.chain_home)
        for data in self.chain_home.glob("validator-*/geth"):
            shutil.copytree(data, folder / data.parent.name)
        self.chain_up()

    def restore(self, folder: Path) -> None:
        """Every validator dies and comes back with what was kept: all later blocks are gone, with
        their transactions, and the chain goes on in another way."""
        self.kill_validators(1, 2, 3, 4)
        for data in self.chain_home.glob("validator-*/geth"):
            shutil.rmtree(data)
            shutil.copytree(folder / data.parent.name, data)
        self.chain_up()

    def _is_gone(self, number: int) -> bool:
        pid = chain.status_of_validator(self.chain_home, number)["pid"]
        return pid is None
