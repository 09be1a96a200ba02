"""Why something is asked for, refused or disputed: numbers that stand on the chain."""

from __future__ import annotations

import enum


class SurrenderRefusal(enum.IntEnum):
    """Why a carrier does not take a title in."""

    FREIGHT_UNPAID = 1
    WRONG_PARTY = 2
    CARGO_NOT_ARRIVED = 3
    LEGAL_HOLD = 4
    OTHER = 255


class AmendmentReason(enum.IntEnum):
    """What a title is surrendered for, other than its cargo; and why it was replaced."""

    CORRECTION = 1
    CHANGE_OF_DESTINATION = 2
    SPLIT = 3
    COMBINATION = 4
    SWITCH = 5
    TO_PAPER = 6
    OTHER = 255


class DisputeReason(enum.IntEnum):
    """What a buyer finds wrong with an invoice."""

    AMOUNT = 1
    QUANTITY = 2
    QUALITY = 3
    NOT_ORDERED = 4
    OTHER = 255


def told_reason(reasons: type[enum.IntEnum], number: int) -> str | int:
    """The reason by its name; the chain records any number, and one without a name stays one."""
    return reasons(number).name if number in set(reasons) else number
