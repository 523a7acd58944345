"""A search loads page by page, can be cancelled at any moment, and loses nothing to faults."""

from __future__ import annotations

import asyncio
import os
import random
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from auditui.model.errors import AudituiError, ConnectionFailed, StoreFailed
from auditui.model.query import Pinned, Query
from auditui.model.record import Record
from auditui.session.search import Progress, Search
from auditui.store.records import RecordStore
from tests.session.log_site import LogSite, entries, entry

PINNED = Pinned(1_000, 2_000_000, "login", 250)


class SlowStore(RecordStore):
    """A store on a disk that takes its time: appending waits for the gate."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.appending = threading.Event()
        self.gate = threading.Event()
        self.gate.set()

    def append(self, records: Sequence[Record]) -> None:
        self.appending.set()
        assert self.gate.wait(10)
        super().append(records)

    def fill_the_disk(self) -> None:
        self._writer.execute("PRAGMA max_page_count = 1")

    def make_room(self) -> None:
        self._writer.execute("PRAGMA max_page_count = 1000000")


@pytest.fixture
def site() -> LogSite:
    return LogSite(entries(600), cap=1000)


@pytest.fixture
def store(tmp_path: Path) -> SlowStore:
    return SlowStore(tmp_path / "records.sqlite")


@pytest.fixture
def search(site: LogSite, store: SlowStore) -> Iterator[Search]:
    opened = Search(Query(text="login"), PINNED, site, store)
    yield opened
    opened.close()


def loaded(search: Search) -> list[str]:
    return [record.raw for record in search.window(0, search.progress.loaded)]


async def load_all(search: Search) -> None:
    while search.progress.more:
        await search.next_page()


async def cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_nothing_is_asked_before_the_first_page_is_wanted(site: LogSite, search: Search) -> None:
    assert search.progress == Progress()
    assert search.progress.more
    assert (search.window(0, 50), site.asked) == ([], [])


async def test_each_call_loads_a_page_and_only_the_last_makes_it_whole(site: LogSite, search: Search) -> None:
    seen = []
    for _ in range(3):
        await search.next_page()
        seen.append((search.progress.loaded, search.progress.whole, search.progress.more))
    assert seen == [(250, False, True), (497, False, True), (600, True, False)]
    assert site.asked == [0, 247, 494]
    assert loaded(search) == site.entries


async def test_the_question_reaches_the_site_as_it_was_pinned(site: LogSite, search: Search) -> None:
    await load_all(search)
    assert site.questions == [PINNED] * 3


async def test_what_was_asked_ahead_is_given_up_and_asked_again_when_it_is_wanted(
    site: LogSite, search: Search
) -> None:
    await search.next_page(ahead=True)
    search.stop()
    await load_all(search)
    assert loaded(search) == site.entries


async def test_at_the_end_nothing_more_is_asked(site: LogSite, search: Search) -> None:
    await load_all(search)
    await search.next_page()
    assert (len(site.asked), search.progress.loaded) == (3, 600)


async def test_a_log_without_matches_is_whole_at_once(site: LogSite, search: Search) -> None:
    site.entries = []
    await search.next_page()
    assert search.progress == Progress(loaded=0, whole=True)


async def test_a_window_holds_decoded_records(site: LogSite, search: Search) -> None:
    await search.next_page()
    assert [record.event for record in search.window(248, 5)] == ["event 352", "event 351"]
    assert [record.created for record in search.window(0, 2)] == [600, 599]
    assert search.window(250, 10) == search.window(7, 0) == []


async def test_windows_show_the_same_records_wherever_one_jumps(site: LogSite, search: Search) -> None:
    site.entries = entries(2000)
    await load_all(search)
    chance = random.Random(7)  # noqa: S311 - places to look at, not secrets
    for _ in range(200):
        first, count = chance.randrange(2000), chance.choice([1, 30, 60, 700])
        assert [record.raw for record in search.window(first, count)] == site.entries[first : first + count]


async def test_a_request_that_is_cancelled_leaves_the_search_usable(site: LogSite, search: Search) -> None:
    await search.next_page()
    site.gate.clear()
    site.asking.clear()
    task = asyncio.create_task(search.next_page())
    await site.asking.wait()
    await cancelled(task)
    assert len(loaded(search)) == 250
    site.gate.set()
    await load_all(search)
    assert site.asked == [0, 247, 247, 494]
    assert loaded(search) == site.entries


async def test_a_page_that_came_is_kept_when_storing_it_is_cancelled(
    site: LogSite, store: SlowStore, search: Search
) -> None:
    store.gate.clear()
    task = asyncio.create_task(search.next_page())
    assert await asyncio.to_thread(store.appending.wait, 10)
    await cancelled(task)
    assert search.progress.loaded == 0
    store.gate.set()
    await load_all(search)
    assert site.asked == [0, 247, 494]
    assert loaded(search) == site.entries


async def test_a_page_is_kept_when_its_storing_is_cancelled_and_fails(
    site: LogSite, store: SlowStore, search: Search
) -> None:
    store.gate.clear()
    task = asyncio.create_task(search.next_page())
    assert await asyncio.to_thread(store.appending.wait, 10)
    await cancelled(task)
    store.fill_the_disk()
    store.gate.set()
    with pytest.raises(StoreFailed):
        await search.next_page()
    store.make_room()
    await load_all(search)
    assert site.asked == [0, 247, 494]
    assert loaded(search) == site.entries


async def test_an_error_keeps_the_rows_and_the_same_page_is_asked_for_again(
    site: LogSite, search: Search
) -> None:
    await search.next_page()
    before = search.progress
    site.fails = lambda number, patient: ConnectionFailed("no") if number in (2, 3) else None
    for _ in range(2):
        with pytest.raises(ConnectionFailed):
            await search.next_page()
    assert search.progress == before
    assert loaded(search) == site.entries[:250]
    await load_all(search)
    assert site.asked == [0, 247, 247, 247, 494]
    assert loaded(search) == site.entries


async def test_an_answer_that_is_no_page_keeps_the_rows_too(site: LogSite, search: Search) -> None:
    await search.next_page()
    whole, site.entries = site.entries, [*site.entries[:300], "{broken"] * 2
    with pytest.raises(AudituiError):
        await search.next_page()
    site.entries = whole
    await load_all(search)
    assert loaded(search) == site.entries


@pytest.mark.parametrize("count", [100, 600])
async def test_a_page_the_disk_did_not_take_is_stored_without_asking_again(
    site: LogSite, store: SlowStore, search: Search, count: int
) -> None:
    site.entries = entries(count)
    store.fill_the_disk()
    with pytest.raises(StoreFailed):
        await search.next_page()
    assert (search.progress.loaded, search.progress.more) == (0, True)
    store.make_room()
    await load_all(search)
    assert site.asked == [0, 247, 494][: len(site.asked)]
    assert loaded(search) == site.entries


async def test_two_calls_at_once_ask_for_two_pages(site: LogSite, search: Search) -> None:
    site.gate.clear()
    calls = [asyncio.create_task(search.next_page()) for _ in range(2)]
    await site.asking.wait()
    assert site.asked == [0]
    site.gate.set()
    await asyncio.gather(*calls)
    assert site.asked == [0, 247]
    assert loaded(search) == site.entries[:497]


async def test_a_call_that_waits_takes_over_from_one_that_is_cancelled(site: LogSite, search: Search) -> None:
    site.gate.clear()
    first, second = (asyncio.create_task(search.next_page()) for _ in range(2))
    await site.asking.wait()
    await cancelled(first)
    site.gate.set()
    await second
    assert site.asked == [0, 0]
    assert loaded(search) == site.entries[:250]


async def test_records_that_arrive_late_above_are_counted_and_not_shown(
    site: LogSite, search: Search
) -> None:
    before = list(site.entries)
    await search.next_page()
    site.entries[100:100] = [entry(500, f"late {number}") for number in range(4)]
    await load_all(search)
    assert (search.progress.late, search.progress.whole) == (4, True)
    assert loaded(search) == before


async def test_records_that_leave_are_not_counted_as_fewer_than_none(site: LogSite, search: Search) -> None:
    before = list(site.entries)
    await search.next_page()
    del site.entries[10:12]
    await load_all(search)
    assert search.progress == Progress(loaded=600, whole=True, late=0)
    assert loaded(search) == before


async def test_a_site_that_repeats_itself_ends_the_search_with_a_notice(
    site: LogSite, search: Search
) -> None:
    first = site.page(0, 250)
    site.page = lambda *_: first  # type: ignore[method-assign]
    await load_all(search)
    assert (search.progress.loaded, search.progress.whole, search.progress.more) == (250, False, False)
    assert "same page again and again" in search.progress.notice
    assert loaded(search) == site.entries[:250]


async def test_closing_gives_up_the_records(search: Search, tmp_path: Path) -> None:
    await search.next_page()
    search.close()
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - a Path is not for coroutines
