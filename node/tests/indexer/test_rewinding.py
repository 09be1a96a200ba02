"""A chain that parts from what was read is followed to where it went, or is refused."""

from __future__ import annotations

import pytest

from tests.indexer.conftest import Sailor, StopAt, Stopped
from tidan_node.indexer.follower import ReorganisationTooDeep
from tidan_node.ledger.gateway import WrongChain


class TestRewind:
    async def test_a_replaced_block_is_taken_back(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        await sailor.anchor(1)
        await sailor.anchor(2)
        await follower.catch_up()
        sailor.chain.go_back(1)
        await sailor.anchor(7)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1), (7, 2)]
        assert await sailor.cursor() == sailor.chain.chain[2].ref

    async def test_a_longer_branch_is_noticed_by_its_parent_hash(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        for up_to in (1, 2, 3):
            await sailor.anchor(up_to)
        await follower.catch_up()
        sailor.chain.go_back(1)
        for up_to in (4, 5, 6, 7):
            await sailor.anchor(up_to)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1), (4, 2), (5, 3), (6, 4), (7, 5)]

    async def test_a_chain_that_went_back_is_followed_back(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        for up_to in (1, 2, 3):
            await sailor.anchor(up_to)
        await follower.catch_up()
        sailor.chain.go_back(1)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1)]
        assert await sailor.cursor() == sailor.chain.chain[1].ref

    async def test_a_chain_that_lost_everything_is_read_anew(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        for up_to in (1, 2):
            await sailor.anchor(up_to)
        await follower.catch_up()
        sailor.chain.go_back(0)
        await follower.catch_up()
        assert (await sailor.heights(), await sailor.cursor()) == ([], None)
        await sailor.anchor(3)
        await follower.catch_up()
        assert await sailor.heights() == [(3, 1)]

    @pytest.mark.parametrize("kept", [0, 1, 2, 17, 50, 98, 99])
    async def test_the_place_of_parting_is_found_wherever_it_is(
        self, sailor: Sailor, kept: int
    ) -> None:
        sailor.chain.mine(99)
        follower = sailor.follower(page=30)
        await follower.catch_up()
        sailor.chain.go_back(kept)
        sailor.chain.mine(3)
        await follower.catch_up()
        read = await sailor.rows()
        fresh = [
            (31337, block.ref.number, block.ref.hash, block.ref.parent_hash, block.ref.timestamp)
            for block in sailor.chain.chain[1:]
        ]
        assert read == fresh

    async def test_another_chain_takes_nothing_back(self, sailor: Sailor) -> None:
        follower = sailor.follower()
        await sailor.anchor(1)
        await follower.catch_up()
        sailor.chain.go_back(0)
        sailor.chain.is_another = True
        with pytest.raises(WrongChain):
            await follower.step()
        assert await sailor.heights() == [(1, 1)]

    async def test_other_blocks_too_far_back_stop_it_and_take_nothing_back(
        self, sailor: Sailor
    ) -> None:
        for up_to in range(1, 12):
            await sailor.anchor(up_to)
        follower = sailor.follower(rewind_limit=5)
        await follower.catch_up()
        before = await sailor.rows()
        sailor.chain.go_back(5)
        sailor.chain.mine(8)
        with pytest.raises(ReorganisationTooDeep, match="tidan node reindex") as refused:
            await follower.catch_up()
        assert (refused.value.extra["ancestor"], refused.value.extra["lost"]) == (5, 6)
        assert await sailor.rows() == before

    async def test_other_blocks_within_the_limit_are_followed(self, sailor: Sailor) -> None:
        for up_to in range(1, 12):
            await sailor.anchor(up_to)
        follower = sailor.follower(rewind_limit=5)
        await follower.catch_up()
        sailor.chain.go_back(6)
        await sailor.anchor(99)
        await follower.catch_up()
        assert (await sailor.heights())[-1] == (99, 7)

    async def test_a_chain_brought_back_from_a_copy_is_followed_however_short_it_is(
        self, sailor: Sailor
    ) -> None:
        for up_to in range(1, 12):
            await sailor.anchor(up_to)
        follower = sailor.follower(rewind_limit=5)
        await follower.catch_up()
        sailor.chain.go_back(2)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1), (2, 2)]
        await sailor.anchor(50)
        await follower.catch_up()
        assert await sailor.heights() == [(1, 1), (2, 2), (50, 3)]

    @pytest.mark.parametrize("moment", ["index.before-commit", "index.after-commit"])
    async def test_it_can_be_stopped_while_it_goes_back(self, sailor: Sailor, moment: str) -> None:
        for up_to in (1, 2, 3):
            await sailor.anchor(up_to)
        await sailor.follower().catch_up()
        sailor.chain.go_back(1)
        await sailor.anchor(8)
        with pytest.raises(Stopped):
            await sailor.follower(checkpoints=StopAt(moment)).catch_up()
        await sailor.follower().catch_up()
        assert await sailor.heights() == [(1, 1), (8, 2)]
