"""Who waits for news misses none, and is let go when the node ends."""

from __future__ import annotations

import asyncio

from tidan_node.web.news import News


async def test_news_wakes_all_who_wait_for_it() -> None:
    news = News()
    waiting = [asyncio.create_task(news.after(0, patience=60)) for _ in range(3)]
    await asyncio.sleep(0)
    news.tell()
    assert await asyncio.gather(*waiting) == [1, 1, 1]


async def test_what_was_told_before_is_not_missed() -> None:
    news = News()
    count = news.count
    news.tell()
    assert await news.after(count, patience=60) == 1


async def test_patience_has_an_end() -> None:
    assert await News().after(0, patience=0.001) == 0


async def test_nobody_waits_for_a_node_that_has_ended() -> None:
    news = News()
    waiting = asyncio.create_task(news.after(0, patience=60))
    await asyncio.sleep(0)
    news.close()
    assert await waiting == 0
    assert await news.after(0, patience=60) == 0
