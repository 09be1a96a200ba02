"""Signs acts on titles as the parties do, and sends them from an account that is nobody's."""

from typing import Any

from chaincode_tests.consortium import Party
from chaincode_tests.contract import Outcome, selector
from chaincode_tests.trade import Trade
from chaincode_tests.typed_acts import typed_data


class Wallet:
    """Signs as the parties do, and sends from an account that is nobody's."""

    def __init__(self, trade: Trade) -> None:
        self.world = trade.world
        self.titles = trade.world.titles
        self.until = trade.in_an_hour()

    def signed(self, signer: Party, act: str, *arguments: Any, **more: Any) -> bytes:
        data = typed_data(self.titles, act, arguments, more.pop("until", self.until), **more)
        return self.world.chain.sign(signer.account, data)

    def relay(self, signer: Party, act: str, *arguments: Any) -> Outcome:
        signature = self.signed(signer, act, *arguments)
        return self.send(signer.account, signature, act, *arguments)

    def send(self, signer: str, signature: bytes, act: str, *arguments: Any) -> Outcome:
        return self.send_call(self.titles.call_data(act, arguments), signer, signature)

    def send_call(self, call: bytes, signer: str, signature: bytes) -> Outcome:
        terms = (call, signer, self.until, signature)
        return self.titles.transact(self.world.stranger, "relay", *terms)

    def selector_of(self, act: str) -> bytes:
        return selector(next(e for e in self.titles.abi if e.get("name") == act))
