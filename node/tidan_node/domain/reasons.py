"""Why a surrender is refused and why an invoice is disputed: numbers that stand on the chain."""

from __future__ import annotations

import enum


class SurrenderRefusal(enum.IntEnum):
    """Why a carrier does not take a title in."""

    FREIGHT_UNPAID = 1
    WRONG_PARTY = 2
    CARGO_NOT_ARRIVED = 3
    LEGAL_HOLD = 4
    OTHER = 255


class DisputeReason(enum.IntEnum):
    """What a buyer finds wrong with an invoice."""

    AMOUNT = 1
    QUANTITY = 2
    QUALITY = 3
    NOT_ORDERED = 4
    OTHER = 255
