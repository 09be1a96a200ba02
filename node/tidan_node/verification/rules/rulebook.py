"""Every rule, in the order in which a report tells them."""

from __future__ import annotations

from typing import Final

from tidan_node.verification.rules import (
    amounts,
    bills,
    chain,
    check_digits,
    dates,
    events,
    goods,
    insurance,
    invoices,
    parties,
    payments,
    ports,
    quantities,
    reading,
)
from tidan_node.verification.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *reading.RULES,
    *chain.RULES,
    *bills.RULES,
    *invoices.RULES,
    *parties.RULES,
    *quantities.RULES,
    *goods.RULES,
    *amounts.RULES,
    *payments.RULES,
    *insurance.RULES,
    *ports.RULES,
    *dates.RULES,
    *check_digits.RULES,
    *events.RULES,
)
