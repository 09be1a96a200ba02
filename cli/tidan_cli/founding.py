"""What whoever deployed the contracts does before the Council is founded, and the founding."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tidan_cli.authority import AuthorityHome
from tidan_cli.enrolment import enrol_party
from tidan_cli.failures import AuthorityMissing, CouncilDecides
from tidan_cli.party_card import PartyCard
from tidan_node.domain.council import MOST_SEATS
from tidan_node.domain.council_problems import AlreadyFounded, SeatCountUnfit
from tidan_node.domain.identifiers import PartyIndex
from tidan_node.domain.proposals import Terms
from tidan_node.domain.record_problems import NotAuthorised
from tidan_node.ledger.administration import Administration
from tidan_node.ledger.calls import Call
from tidan_node.ledger.gateway import Gateway
from tidan_node.ledger.manifest import Manifest
from tidan_node.ledger.rpc import Rpc

Document = dict[str, Any]  # Any: what a command answers, as JSON


def enrol_before_council(
    card: PartyCard, chain_home: Path, *, chain: str | None, rulebook: str, governing_law: str
) -> dict[str, object]:
    """As `enrol_party`; where the Council decides by now, that is said with what to do."""
    try:
        return enrol_party(
            card, chain_home, chain=chain, rulebook=rulebook, governing_law=governing_law
        )
    except NotAuthorised as error:
        if asyncio.run(_seats(AuthorityHome(chain_home), chain)):
            raise CouncilDecides(
                "the Council is founded, and enrols by a proposal of a member", field="--chain-home"
            ) from error
        raise


def found_council(
    cards: Sequence[PartyCard],
    chain_home: Path,
    *,
    chain: str | None,
    rulebook: str,
    governing_law: str,
) -> Document:
    """Enrol who is not enrolled yet, and hand all rights over."""
    home = AuthorityHome(chain_home)
    terms = asyncio.run(_require_fit(home, chain, len(cards)))
    enrolled: list[Document] = [
        enrol_party(card, chain_home, chain=chain, rulebook=rulebook, governing_law=governing_law)
        for card in cards
    ]
    seats = [answer["party"] for answer in enrolled]
    asyncio.run(_found(home, chain, [PartyIndex(int(seat["index"])) for seat in seats]))
    return {
        "founded": True,
        "seats": seats,
        "enrolled": [answer["party"] for answer in enrolled if answer["enrolled"]],
        "terms": {
            "threshold": terms.threshold,
            "delay": terms.delay,
            "objectionWindow": terms.objection_window,
        },
    }


async def _require_fit(home: AuthorityHome, chain: str | None, seats: int) -> Terms:
    """Asked before anybody is enrolled: half a founding would leave parties behind."""
    manifest = _manifest(home)
    rpc = Rpc(home.chain_url(chain))
    try:
        gateway = Gateway(rpc, manifest)
        await gateway.check_chain()
        (taken,) = await gateway.view(Call("Council", "seats"))
        (told,) = await gateway.view(Call("Council", "terms"))
    finally:
        await rpc.close()
    if taken:
        raise AlreadyFounded(
            "the Council is founded already; `tidan council show` names its members"
        )
    terms = Terms(*told)
    most = min(2 * terms.threshold - 1, MOST_SEATS)
    if not terms.threshold <= seats <= most:
        raise _unfit(terms.threshold, most, seats)
    return terms


def _unfit(threshold: int, most: int, seats: int) -> SeatCountUnfit:
    """Why so many do not go with what was deployed, and what would."""
    words = (
        f"name {threshold} to {most} cards, not {seats}: the threshold {threshold} was deployed for"
        " good, and there are fewer than twice as many members, so that two sets that can decide"
        " share one and cannot decide against each other"
    )
    if most < seats <= MOST_SEATS:
        words += (
            f". More members than {most} need a new consortium: for {seats}, `tidan chain deploy`"
            f" in another home with --threshold {seats // 2 + 1} to {seats}"
        )
    return SeatCountUnfit(words, field="CARD")


async def _found(home: AuthorityHome, chain: str | None, seats: Sequence[PartyIndex]) -> None:
    manifest, signer = _manifest(home), home.signer()
    rpc = Rpc(home.chain_url(chain))
    try:
        await Administration(rpc, manifest, signer).found(seats)
    finally:
        await rpc.close()


async def _seats(home: AuthorityHome, chain: str | None) -> Sequence[int]:
    rpc = Rpc(home.chain_url(chain))
    try:
        (seats,) = await Gateway(rpc, _manifest(home)).view(Call("Council", "seats"))
    finally:
        await rpc.close()
    found: Sequence[int] = seats
    return found


def _manifest(home: AuthorityHome) -> Manifest:
    manifest = home.manifest()
    if manifest is None:
        raise AuthorityMissing(
            f"{home.manifest_file} does not exist; deploy first", field="--chain-home"
        )
    return manifest
