"""What all tests have in common: the order they run in, and the memory that they load."""

import gc

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole processes first: a long test that began last would be waited for by idle workers."""
    items.sort(key=lambda item: item.get_closest_marker("system") is None)


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end; else each full collection would walk through them all."""
    gc.collect()
    gc.freeze()
