"""The chains that a node follows, as its settings name them: its own, and those linked to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tidan_node.domain.checkpoints import Checkpoints
from tidan_node.indexer.follower import FollowerSettings
from tidan_node.ledger.codec import FOLLOWED
from tidan_node.ledger.manifest import Manifest, ManifestUnreadable
from tidan_node.linked_chains import HOME_CHAIN, SETTING
from tidan_node.problems import Problem
from tidan_node.records.followed_chain import ChainPlace, FollowedChain
from tidan_node.settings import Settings


class ChainNamedTwice(Problem):
    """Each chain is followed once, and by its id it is told from all others."""

    status, slug, title = 422, "chain-named-twice", "Two manifests are of one chain"


class ChainNotFollowed(Problem):
    status, slug, title = 404, "chain-not-followed", "The node does not follow that chain"


def home_place(settings: Settings) -> ChainPlace:
    """Where the node's own chain is."""
    return ChainPlace(
        name=HOME_CHAIN,
        manifest=_manifest_at(settings.manifest),
        url=settings.chain_url,
        heads_url=settings.heads_url,
        timeout=settings.chain_timeout,
        database_url=settings.database_url,
    )


def linked_chains(
    settings: Settings, home: Manifest, checkpoints: Checkpoints
) -> list[FollowedChain]:
    """The chains that the node only reads. Each has a database of its own, since records carry no
    chain's name (docs/decisions/0022)."""
    return [
        FollowedChain(
            place,
            settings=replace(
                FollowerSettings.of(settings, place.manifest),
                finality_depth=place.manifest.finality_depth,
            ),
            checkpoints=checkpoints,
        )
        for place in _linked_places(settings, home)
    ]


def chain_named(chains: Sequence[FollowedChain], wanted: str) -> FollowedChain:
    """The one of this name or chain id."""
    for chain in chains:
        if wanted in (chain.name, str(chain.chain_id)):
            return chain
    names = ", ".join(f"{each.name} ({each.chain_id})" for each in chains)
    raise ChainNotFollowed(f"{wanted!r} is none of {names}", field="chain")


def _linked_places(settings: Settings, home: Manifest) -> list[ChainPlace]:
    known = {home.chain_id: "the node's own"}
    places: list[ChainPlace] = []
    for number, chain in enumerate(settings.linked_chains):
        field = f"{SETTING}.{number}.manifest"
        try:
            manifest = _manifest_at(chain.manifest)
        except ManifestUnreadable as error:
            place = "" if error.field is None else f"{error.field}: "
            raise ManifestUnreadable(f"{place}{error.detail}", field=field) from error
        if manifest.chain_id in known:
            raise ChainNamedTwice(
                f"chain {manifest.chain_id} is {known[manifest.chain_id]} already", field=field
            )
        known[manifest.chain_id] = chain.name
        places.append(
            ChainPlace(
                name=chain.name,
                manifest=manifest,
                url=chain.chain_url,
                heads_url=chain.heads_url,
                timeout=settings.chain_timeout,
                database_url=chain.database_url,
            )
        )
    return places


def _manifest_at(path: Path) -> Manifest:
    """The manifest in this file, with every contract that is followed."""
    try:
        manifest = Manifest.from_json(path.read_bytes())
    except OSError as error:
        raise ManifestUnreadable(f"{path} cannot be read: {error.strerror}") from error
    missing = set(FOLLOWED) - set(manifest.contracts)
    if missing:
        raise ManifestUnreadable(f"it lacks {', '.join(sorted(missing))}", field="contracts")
    return manifest
