"""What makes the blocks of a home's chain: anvil behind its journal, or validators of geth."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from tidan_cli.client import Document
from tidan_cli.failures import UsageProblem

if TYPE_CHECKING:
    from tidan_node.domain.identifiers import Address

_ENDOWMENT: Final = 10**18


class EngineName(enum.StrEnum):
    """The engines by the names that are typed."""

    EMBEDDED = "embedded"
    GETH_CLIQUE = "geth-clique"


@dataclass(frozen=True, slots=True)
class Asked:
    """What `tidan chain up` was told; None: as it is, or as usual for a new chain."""

    port: int | None = None
    chain_id: int | None = None
    validators: int | None = None


class Engine(Protocol):
    """The chain of one home."""

    @property
    def name(self) -> EngineName: ...

    def up(self, asked: Asked) -> Document: ...

    def down(self) -> bool: ...

    def status(self) -> Document: ...

    def fund(self, account: Address, wei: int) -> int: ...

    def advance(self, seconds: int) -> int: ...

    def gas_price(self) -> int: ...

    def finality_depth(self) -> int: ...

    def block_period(self) -> int: ...

    def endow(self, account: Address) -> None:
        """Give an account what it needs to pay for gas."""


def engine_of(home: Path, asked: EngineName | None = None) -> Engine:
    """The engine of the chain in this home, or of the one that is about to begin there."""
    held = _held(home)
    if asked is not None and held is not None and asked is not held:
        from tidan_node.ledger.clique.problems import EngineDiffers  # noqa: PLC0415  heavy

        raise EngineDiffers(
            f"the chain in {home} is of {held.value}; use another home for one of {asked.value}",
            field="--engine",
        )
    name = asked or held or EngineName.EMBEDDED
    return _GethClique(home) if name is EngineName.GETH_CLIQUE else _Embedded(home)


def _held(home: Path) -> EngineName | None:
    from tidan_node.ledger.clique.home import Home  # noqa: PLC0415  heavy
    from tidan_node.ledger.embedded.home import ChainHome  # noqa: PLC0415  heavy

    if Home(home).is_there:
        return EngineName.GETH_CLIQUE
    return EngineName.EMBEDDED if ChainHome(home).is_there else None


@dataclass(frozen=True, slots=True)
class _Embedded:
    home: Path
    name: EngineName = EngineName.EMBEDDED

    def up(self, asked: Asked) -> Document:
        from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

        if asked.validators is not None:
            raise UsageProblem(
                "the embedded chain has none; `--engine geth-clique` has", field="--validators"
            )
        started = supervisor.start(self.home, port=asked.port, chain_id=asked.chain_id)
        return {
            "url": started.chain.url,
            "pid": started.chain.pid,
            "chainId": started.chain.chain_id,
            "home": started.chain.home,
            "ranAlready": started.ran_already,
        }

    def down(self) -> bool:
        from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

        return supervisor.stop(self.home)

    def status(self) -> Document:
        from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

        return supervisor.status(self.home)

    def fund(self, account: Address, wei: int) -> int:
        from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

        supervisor.call(self.home, "tidan_setBalance", account, hex(wei))
        return wei

    def advance(self, seconds: int) -> int:
        from tidan_node.ledger.embedded import supervisor  # noqa: PLC0415  heavy

        return int(supervisor.call(self.home, "tidan_advanceTime", seconds), 16)

    def gas_price(self) -> int:
        return 0

    def finality_depth(self) -> int:
        return 0

    def block_period(self) -> int:
        return 0

    def endow(self, account: Address) -> None:
        """Gas costs nothing."""


@dataclass(frozen=True, slots=True)
class _GethClique:
    home: Path
    name: EngineName = EngineName.GETH_CLIQUE

    def up(self, asked: Asked) -> Document:
        from tidan_node.ledger.clique import chain  # noqa: PLC0415  heavy

        wanted = chain.Wanted(asked.chain_id, asked.validators, asked.port)
        started = chain.start(self.home, wanted)
        return {
            "url": started.url,
            "chainId": started.plan.chain_id,
            "validators": len(started.plan.validators),
            "home": str(self.home.absolute()),
            "ranAlready": started.ran_already,
        }

    def down(self) -> bool:
        from tidan_node.ledger.clique import chain  # noqa: PLC0415  heavy

        return chain.stop(self.home)

    def status(self) -> Document:
        from tidan_node.ledger.clique import chain  # noqa: PLC0415  heavy

        return chain.status(self.home)

    def fund(self, account: Address, wei: int) -> int:
        from tidan_node.ledger.clique import faucet  # noqa: PLC0415  heavy

        return faucet.fund(self.home, account, wei)

    def advance(self, seconds: int) -> int:
        from tidan_node.ledger.clique.problems import ClockNotOurs  # noqa: PLC0415  heavy

        raise ClockNotOurs(
            f"its validators keep the machine's time, and would refuse a block of {seconds} seconds"
            " from now; only the embedded chain's clock can be put forward"
        )

    def gas_price(self) -> int:
        from tidan_node.ledger.clique.genesis import GAS_PRICE  # noqa: PLC0415  heavy

        return GAS_PRICE

    def finality_depth(self) -> int:
        from tidan_node.ledger.clique.genesis import confirmations  # noqa: PLC0415  heavy
        from tidan_node.ledger.clique.home import Home  # noqa: PLC0415  heavy

        return confirmations(len(Home(self.home).plan.validators))

    def block_period(self) -> int:
        from tidan_node.ledger.clique.genesis import PERIOD  # noqa: PLC0415  heavy

        return PERIOD

    def endow(self, account: Address) -> None:
        self.fund(account, _ENDOWMENT)
