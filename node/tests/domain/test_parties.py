"""Who can be all that a revoked party was, and so succeed it."""

from __future__ import annotations

import pytest

from tests.domain.cast import revoked, standing, suspended
from tidan_node.domain.parties import Role

_NEITHER, _BOTH = Role.TRADER, Role.CARRIER | Role.BANK


@pytest.mark.parametrize(
    ("was", "can", "fit"),
    [
        (Role.CARRIER, Role.CARRIER, True),
        (Role.CARRIER, Role.BANK, False),
        (Role.BANK, Role.BANK, True),
        (Role.BANK, Role.CARRIER, False),
        (Role.BANK | Role.TRADER, _BOTH, True),
        (_BOTH, _BOTH, True),
        (_BOTH, Role.CARRIER, False),
        (_BOTH, Role.BANK, False),
        (_NEITHER, Role.CARRIER, True),
        (_NEITHER, Role.BANK, False),
        (_NEITHER, _NEITHER, False),
    ],
)
def test_a_successor_has_of_the_roles_carrier_and_bank_all_that_the_revoked_party_had(
    was: Role, can: Role, fit: bool
) -> None:
    assert standing(2, can).may_succeed(revoked(standing(1, was))) is fit


def test_it_is_active_and_another() -> None:
    carrier = standing(1, Role.CARRIER)
    for heir in (suspended(standing(2, Role.CARRIER)), revoked(standing(2, Role.CARRIER)), carrier):
        assert not heir.may_succeed(revoked(carrier))
