"""Money for accounts: gas costs something here, and the first block gave all to one of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tidan_node.domain.identifiers import Address, to_hex
from tidan_node.ledger.clique.chain import validators_of
from tidan_node.ledger.clique.genesis import GAS_PRICE
from tidan_node.ledger.clique.home import Home
from tidan_node.ledger.clique.problems import ChainDoesNotAdvance, FaucetEmpty
from tidan_node.ledger.clique.validator import Validator
from tidan_node.ledger.embedded.problems import ChainNotRunning
from tidan_node.ledger.signer import LegacyTransaction

_TRANSFER_GAS: Final = 21_000
_PATIENCE: Final = 60.0
_POLL: Final = 0.05
_PENDING: Final = "pending"


def fund(path: Path, account: Address, wei: int) -> int:
    """Give an account what it lacks to own so much, and say what it owns then.

    Repeating it is harmless. An account that owns more keeps it: nobody else can take it away."""
    home = Home(path)
    with home.locked():
        running = [each for each in validators_of(home) if each.pid is not None]
        if not running:
            raise ChainNotRunning(f"no validator runs in {path}; `tidan chain up` starts them")
        payer, faucet = running[0], home.faucet()
        # A payment that an interrupted command has left under way counts before another is made.
        own = faucet.address
        _wait_until(lambda: _nonce(payer, own) == _nonce(payer, own, _PENDING))
        missing = wei - _balance(payer, account)
        if missing > 0:
            if missing > _balance(payer, own) - _TRANSFER_GAS * GAS_PRICE:
                raise FaucetEmpty("it is more than the chain has left", field="WEI")
            transaction = LegacyTransaction(
                chain_id=home.plan.chain_id,
                nonce=_nonce(payer, own),
                gas_price=GAS_PRICE,
                gas=_TRANSFER_GAS,
                to=account,
                value=missing,
            )
            payer.ask("eth_sendRawTransaction", to_hex(faucet.sign(transaction).raw))
            _wait_until(lambda: _balance(payer, account) >= wei)
        return _balance(payer, account)


def _balance(validator: Validator, account: Address) -> int:
    return int(validator.ask("eth_getBalance", account, "latest"), 16)


def _nonce(validator: Validator, account: Address, at: str = "latest") -> int:
    return int(validator.ask("eth_getTransactionCount", account, at), 16)


def _wait_until(it_is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + _PATIENCE
    while not it_is_so():
        if time.monotonic() > give_up_at:
            raise ChainDoesNotAdvance(
                "the payment waits for a block; it is made once the chain goes on"
            )
        time.sleep(_POLL)
