"""What is between auditui and a site and no row of the fault matrix (`test_matrix.py`)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.wire.answers import GOOD, PAGE


async def ask(reading: Any, **options: Any) -> Any:
    """One page, within a time that no fault may exceed."""
    async with asyncio.timeout(8):
        return await reading.log.fetch(1_000, 2_000, "", 0, 1_000, **options)


async def test_a_kept_connection_that_the_site_closed_is_replaced_in_silence(serve: Any, read: Any) -> None:
    site = await serve((*GOOD, "close"), GOOD)
    reading = read(site.origin)
    assert await ask(reading) == PAGE
    assert await ask(reading) == PAGE
    assert (site.connections, len(site.requests), reading.announced) == (2, 2, [])


async def test_a_bug_in_the_parser_is_not_hidden(serve: Any, read: Any) -> None:
    site = await serve(GOOD)

    def parse(body: bytes) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(read(site.origin), parse=parse)
