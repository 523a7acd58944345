"""Pages side by side: as quick as the site allows, and every record exactly once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from auditui.model.errors import AudituiError, ConnectionFailed, RateLimited
from auditui.model.filter_parse import parse_filter
from auditui.model.query import Pinned, Query
from auditui.model.view import Order
from auditui.model.when import Zone
from auditui.session.reading import Reading
from auditui.session.rows import Rows
from auditui.session.search import Progress, Search
from auditui.store.records import RecordStore
from tests.session.log_site import LogSite, entries, entry

SLOW = 0.02
"""Seconds that a site takes for a page, which nobody could read so quickly."""


def reading(site: LogSite, limit: int = 1000) -> Reading:
    return Reading(site, Pinned(1, 2_000_000, "", limit))


async def read(one: Reading) -> list[str]:
    shown: list[str] = []
    while not one.walk.exhausted:
        shown += [each.raw for each in await one.next(ahead=True)]
    return shown


async def test_four_pages_are_asked_for_at_the_same_time_and_never_more() -> None:
    site = LogSite(entries(10_000), seconds=SLOW)
    assert await read(reading(site)) == site.entries
    assert max(site.under_way) == 4
    assert len(site.asked) <= 10_000 / 244 + 5


async def test_the_stride_is_what_pages_really_hold_not_what_was_asked_for() -> None:
    site = LogSite(entries(2_000), cap=100, seconds=SLOW)
    assert await read(reading(site)) == site.entries
    assert site.asked[:5] == [0, 97, 191, 285, 379]


async def test_whoever_asks_for_nothing_ahead_gets_one_page() -> None:
    site = LogSite(entries(2_000))
    one = reading(site)
    await one.next()
    await asyncio.sleep(0)
    assert site.asked == [0]


async def test_what_is_given_up_is_asked_for_no_more_and_can_be_gone_on_with() -> None:
    site = LogSite(entries(5_000), seconds=SLOW)
    one = reading(site)
    shown = [each.raw for _ in range(4) for each in await one.next(ahead=True)]
    one.stop()
    before = len(site.asked)
    await asyncio.sleep(3 * SLOW)
    assert len(site.asked) == before
    assert shown + await read(one) == site.entries


async def test_whoever_is_cancelled_while_waiting_goes_on_where_he_was() -> None:
    site = LogSite(entries(5_000), seconds=SLOW)
    one = reading(site)
    shown = [each.raw for _ in range(4) for each in await one.next(ahead=True)]
    task = asyncio.create_task(one.next(ahead=True))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert shown + await read(one) == site.entries


@pytest.mark.parametrize("error", [RateLimited("too often"), ConnectionFailed("no")])
async def test_a_site_that_refuses_a_page_asked_ahead_is_asked_for_one_after_the_other(
    error: AudituiError,
) -> None:
    site = LogSite(entries(10_000), seconds=SLOW)
    refused: list[int] = []

    def refuse_the_first_when_there_are_four(number: int, patient: bool) -> AudituiError | None:
        if refused or site.under_way[-1] < 4:
            return None
        refused.append(number)
        return error

    site.fails = refuse_the_first_when_there_are_four
    assert await read(reading(site)) == site.entries
    in_its_turn = site.patient.index(True, refused[0])
    assert set(site.under_way[in_its_turn + 1 :]) == {1}


async def test_a_failure_is_told_when_the_page_s_turn_has_come_and_asking_again_loses_nothing() -> None:
    site = LogSite(entries(5_000), seconds=SLOW)
    site.fails = lambda number, patient: ConnectionFailed("no") if 8 <= number < 15 else None
    one, shown, failures = reading(site), list[str](), 0
    while not one.walk.exhausted:
        try:
            shown += [each.raw for each in await one.next(ahead=True)]
        except ConnectionFailed:
            failures += 1
    assert shown == site.entries
    assert failures > 0


async def test_an_answer_ahead_that_is_no_page_is_asked_for_again() -> None:
    site = LogSite(entries(5_000), seconds=SLOW)
    whole = site.page
    site.page = lambda first, end: b"<html>" if len(site.asked) == 9 else whole(first, end)  # type: ignore[method-assign]
    assert await read(reading(site)) == site.entries
    assert len(site.asked) > 9


async def test_pages_of_any_length_are_read_whole() -> None:
    site = LogSite(entries(3_000), seconds=SLOW)
    whole, lengths = site.page, (250, 250, 250, 30, 250, 7, 100, 250)
    site.page = lambda first, end: whole(first, first + lengths[len(site.asked) % 8])  # type: ignore[method-assign]
    assert await read(reading(site)) == site.entries


async def test_many_records_of_one_moment_are_told_apart_by_where_they_stand() -> None:
    twins = [entry(5_000 - number // 40, "the same") for number in range(3_000)]
    site = LogSite(twins, seconds=SLOW)
    assert await read(reading(site)) == twins


async def test_a_site_that_repeats_its_first_page_ends_the_reading_with_a_notice() -> None:
    site = LogSite(entries(3_000), seconds=SLOW)
    first = site.page(0, 250)
    site.page = lambda *_: first  # type: ignore[method-assign]
    one = reading(site)
    assert await read(one) == site.entries[:250]
    assert "same page again and again" in one.walk.notice


async def test_pages_that_come_more_quickly_than_records_are_filed_are_all_there_and_filed_when_asked_for(
    tmp_path: Path,
) -> None:
    site = LogSite(entries(6_000))
    store = RecordStore(tmp_path / "records.sqlite")
    search = Search(Query(), Pinned(1, 2_000_000, "", 250), site, store)
    behind = 0
    while search.progress.more:
        await search.next_page(ahead=True)
        behind = max(behind, search.progress.loaded - search.filed)
    assert search.progress == Progress(loaded=6_000, whole=True)
    assert behind > 250
    rows = Rows(search, parse_filter("event:17", now=0, zone=Zone("UTC")), Order())
    await rows.follow(lambda: None)
    assert rows.count == sum("17" in raw.partition("event")[2] for raw in site.entries)
    assert search.filed == 6_000
    rows.close()
    search.close()


async def test_while_a_page_is_on_its_way_what_came_before_is_filed(tmp_path: Path) -> None:
    site = LogSite(entries(6_000))
    search = Search(Query(), Pinned(1, 2_000_000, "", 250), site, RecordStore(tmp_path / "records.sqlite"))
    while search.progress.loaded - search.filed < 1_000:
        await search.next_page(ahead=True)
    site.seconds = 0.5
    for _ in range(6):
        await search.next_page(ahead=True)
    assert search.progress.loaded - search.filed < 1_000
    search.close()
