"""Waiting, cancelling and limits: what bounds a request, and what stays usable afterwards."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
from typing import Any

import pytest

from auditui.client.http import Limits
from auditui.client.log import Wait
from auditui.model.errors import AnswerTooBig, AudituiError, RateLimited
from tests.wire.answers import BOMB, GOOD, GZIPPED, PACKED, PAGE, answer, says

SHORT = Limits(connect=0.3, read=0.3, exchange=0.5, wire=100_000, decoded=3_000_000)


async def ask(reading: Any, **options: Any) -> Any:
    """One page, within a time that no fault may exceed."""
    async with asyncio.timeout(8):
        return await reading.log.fetch(1_000, 2_000, "", 0, 1_000, **options)


async def failure(reading: Any, **options: Any) -> AudituiError:
    with pytest.raises(AudituiError) as raised:
        await ask(reading, **options)
    return raised.value


async def test_an_answer_that_is_too_big_is_asked_for_in_smaller_pages(serve: Any, read: Any) -> None:
    big = (answer(200, BOMB, GZIPPED),)
    site = await serve(big, big, GOOD)
    reading = read(site.origin, limits=SHORT)
    assert await ask(reading) == PAGE
    assert await ask(reading) == PAGE
    assert [request.query["limit"] for request in site.requests] == ["1000", "500", "250", "250"]


async def test_one_page_that_is_too_big_does_not_make_all_others_small(serve: Any, read: Any) -> None:
    big = (answer(200, BOMB, GZIPPED),)
    site = await serve(big, big, *[GOOD] * 4, big, GOOD)
    reading = read(site.origin, limits=SHORT)
    for _ in range(13):
        assert await ask(reading) == PAGE
    limits = [int(request.query["limit"]) for request in site.requests]
    assert limits == [1000, 500, *[250] * 4, 500, *[250] * 4, *[500] * 4, 1000]


async def test_a_bomb_takes_no_more_memory_than_a_page_may_have(serve: Any, read: Any) -> None:
    site = await serve((answer(200, BOMB, GZIPPED),))
    reading = read(site.origin, limits=SHORT)
    tracemalloc.start()
    try:
        assert isinstance(await failure(reading), AnswerTooBig)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < SHORT.decoded + 4 * 1024**2


async def test_a_page_asked_for_ahead_is_asked_for_once(serve: Any, read: Any) -> None:
    site = await serve((answer(503),), GOOD)
    reading = read(site.origin)
    await failure(reading, patient=False)
    assert (len(site.requests), reading.naps) == (1, [])
    assert await ask(reading) == PAGE
    assert reading.naps == []


async def test_a_429_ahead_makes_the_next_question_in_its_turn_wait_as_long_as_the_site_said(
    serve: Any, read: Any
) -> None:
    site = await serve((answer(429, b"", "Retry-After: 7"),), GOOD)
    reading = read(site.origin)
    assert isinstance(await failure(reading, patient=False), RateLimited)
    assert await ask(reading) == PAGE
    assert [round(nap) for nap in reading.naps] == [7]
    assert len(site.requests) == 2


async def test_long_server_texts_are_capped(serve: Any, read: Any) -> None:
    site = await serve((answer(400, says("x" * 5_000)),))
    error = await failure(read(site.origin))
    assert 290 < error.sentences().count("x") < 310


async def test_the_page_may_come_as_gzip_or_with_a_wrong_type(serve: Any, read: Any) -> None:
    many = b"[" + b"0," * 1_000_000 + b"0]"
    site = await serve(
        (answer(200, PACKED, GZIPPED),),
        (answer(200, PAGE, "Content-Type: text/html"),),
        (answer(200, gzip.compress(many), GZIPPED),),
    )
    reading = read(site.origin, limits=SHORT)
    assert await ask(reading) == PAGE
    assert await ask(reading) == PAGE
    assert await ask(reading) == many


async def test_the_servers_clock_is_known_from_its_last_answer(serve: Any, read: Any) -> None:
    site = await serve((answer(200, PAGE, "Date: Mon, 23 Nov 2026 10:00:00 GMT"),))
    reading = read(site.origin)
    assert reading.log.server_date is None
    await ask(reading)
    assert str(reading.log.server_date) == "2026-11-23 10:00:00+00:00"


async def test_a_request_can_be_cancelled_at_once_and_the_log_is_still_good(serve: Any, read: Any) -> None:
    site = await serve(("hang",), GOOD)
    reading = read(site.origin)
    task = asyncio.create_task(ask(reading))
    await asyncio.wait_for(site.reached.wait(), 5)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1
    assert await ask(reading) == PAGE


async def test_a_wait_can_be_cancelled_and_its_end_is_told(serve: Any, read: Any) -> None:
    site = await serve((answer(503, b"", "Retry-After: 30"),))
    reached = asyncio.Event()

    async def nap(seconds: float) -> None:
        reached.set()
        await asyncio.Event().wait()

    reading = read(site.origin, sleep=nap)
    task = asyncio.create_task(ask(reading))
    await asyncio.wait_for(reached.wait(), 5)
    host = site.origin.partition("//")[2]
    assert reading.announced == [Wait(30.0, f"{host} has a fault of its own (status 503).", 1)]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert reading.announced[1:] == [None]
