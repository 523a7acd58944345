"""Whatever a log and its site do while it is read: every record that was there all the time is shown once, in its order.

A model log behind the real client, search and store, driven by schedules: growth, late records, retention, short, empty,
repeated and failing pages, pages that ignore the limit, answers given before their turn, and users who stop and go on.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.client.log import AuditLog
from auditui.model.account import Account, Credential
from auditui.model.errors import AudituiError
from auditui.model.query import Pinned, Query
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.session.search import Search
from auditui.store.records import RecordStore
from tests.session.model_log import GOOD, LAST, Bad, Burst, ModelLog, UntilEmpty

T = TypeVar("T")
_CREDENTIAL = Credential(Account(Site("https://acme.atlassian.net"), "ana@example.com"), Secret("token"))


@dataclass(frozen=True)
class Turn:
    """What happens before the next page is asked for, and how."""

    change: tuple[str, int, int, int] = ("", 0, 0, 0)
    """What happens to the log: (what, place or date, records, a coin)."""
    cap: int | None = None
    """From now on a page holds so many records."""
    bad: Bad = GOOD
    before: bool = True
    """Whether what was asked for ahead is answered before that happens."""
    ahead: bool = True
    """Whether pages are asked for side by side from here on."""
    gives_up: bool = False
    """Whether the user stops while the page is on its way, and goes on."""


class Early:
    """The real client, which answers what is asked ahead of its turn at once, or as late as can be."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log
        self._late = asyncio.Event()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.before = True
        """Whether at once."""

    async def fetch(
        self,
        start_date: int,
        end_date: int,
        search: str,
        start: int,
        limit: int,
        *,
        parse: Callable[[bytes], T],
        patient: bool = True,
    ) -> T:
        """One page."""
        if not patient and not self.before:
            await self._late.wait()
        self._under_way += 1
        self._idle.clear()
        try:
            return await self._log.fetch(
                start_date, end_date, search, start, limit, parse=parse, patient=patient
            )
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def answered(self) -> None:
        """Wait until all is answered that is to be answered at once."""
        await asyncio.sleep(0)  # what was asked for last has not begun yet
        await self._idle.wait()

    def turn(self, *, before: bool) -> None:
        """Answer what was to be answered late; and what is asked for from here on at once, or late again."""
        self._late.set()
        self._late = asyncio.Event()
        self.before = before


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


_COUNTS = st.sampled_from([1, 1, 1, 2, 3, 7])
_changes = st.tuples(
    st.sampled_from(["", "", "grow", "arrive", "arrive", "alike", "leave", "purge"]),
    st.integers(0, LAST),
    _COUNTS,
    st.integers(0, 1),
)
_bad = st.builds(
    Bad,
    st.sampled_from(["", "", "", "short", "empty", "again", "429", "503", "reset", "garbage"]),
    st.integers(1, 6),
).map(lambda bad: bad if bad.how in ("429", "503", "reset", "garbage") else bad._replace(times=1))
_caps = st.integers(9, 60) | st.just(5_000)
_turns = st.builds(
    Turn,
    change=_changes,
    cap=st.none() | st.none() | _caps,
    bad=_bad,
    before=st.booleans(),
    ahead=st.sampled_from([True, True, False]),
    gives_up=st.sampled_from([False, False, False, True]),
)


def _happen(log: ModelLog, turn: Turn) -> None:
    what, place, count, coin = turn.change
    match what:
        case "grow":
            log.grow()
        case "arrive":
            log.arrive(place, count, behind=bool(coin))
        case "alike":
            log.arrive_alike(place * 7, count, behind=bool(coin))
        case "leave":
            log.leave(place * 7, count)
        case "purge":
            log.leave(max(0, len(log.entries) - count), count)
    log.cap, log.bad = turn.cap or log.cap, turn.bad


async def _take(search: Search, turn: Turn) -> None:
    """Ask for the next page; a failure is told, and the same page is asked for by the next turn."""
    with suppress(AudituiError, asyncio.CancelledError):
        asking = asyncio.create_task(search.next_page(ahead=turn.ahead))
        if turn.gives_up:
            await asyncio.sleep(0)
            asking.cancel()
            search.stop()
        await asking


async def _read(log: ModelLog, turns: list[Turn], limit: int, folder: Path) -> tuple[Search, AuditLog]:
    client = AuditLog(_CREDENTIAL, transport=log, sleep=_at_once, random=lambda: 0.5)
    early, left = Early(client), iter(turns)
    search = Search(Query(), Pinned(0, LAST, "", limit), early, RecordStore(folder / str(id(early))))
    turn, taken = Turn(), 0
    while search.progress.more:
        early.turn(before=turn.before)
        await _take(search, turn)
        await search.settled()
        await early.answered()
        turn = next(left, Turn())
        _happen(log, turn)
        taken += 1
        assert taken < 2_000, "it does not end"
    return search, client


def _shown(search: Search) -> list[str]:
    return [record.raw for record in search.window(0, search.progress.loaded)]


def _require_each_once(log: ModelLog, search: Search) -> None:
    shown = _shown(search)
    counts, progress = Counter(shown), search.progress
    assert len(shown) == progress.loaded
    assert all(count <= log.ever[raw] for raw, count in counts.items()), "a record was shown twice"
    if (log.lied or log.alike) and progress.notice:
        return  # a page sent again within one millisecond, and many twins in it, can cost the place, which is said
    assert (progress.whole, progress.notice) == (True, "")
    assert all(counts[raw] >= count for raw, count in log.always.items()), "a record was skipped"
    dates = [log._date(raw) for raw in shown]
    assert dates == sorted(dates, reverse=True), "the order is not the site's"
    late_and_shown = sum(max(0, count - log.always[raw]) for raw, count in counts.items())
    if not log.shrunk:
        assert progress.late <= log.arrived - late_and_shown, "more are said to have arrived above than did"


async def _drive(log: ModelLog, turns: list[Turn], limit: int) -> None:
    with TemporaryDirectory() as folder:
        search, client = await _read(log, turns, limit, Path(folder))
        _require_each_once(log, search)
        search.close()
        await client.aclose()
        log.bad = GOOD
        again, client = await _read(log, [], limit, Path(folder))  # r: all that arrived late is there
        shown = _shown(again)
        whole = len(shown) if log.alike and again.progress.notice else None
        assert shown == log.within(0, LAST)[:whole]
        assert again.progress.late == 0
        again.close()
        await client.aclose()


_dates = st.lists(st.integers(0, LAST), max_size=300)
_limits = st.integers(8, 60)


@settings(max_examples=80, deadline=None)
@given(dates=_dates, turns=st.lists(_turns, max_size=30), cap=_caps, limit=_limits)
async def test_each_record_that_was_there_all_the_time_is_shown_once(
    dates: list[int], turns: list[Turn], cap: int, limit: int
) -> None:
    await _drive(ModelLog(dates, cap), turns, limit)


@settings(max_examples=80, deadline=None)
@given(dates=_dates, turns=st.lists(_turns, max_size=30), cap=_caps, limit=_limits)
async def test_so_it_is_of_a_site_that_gives_next_until_an_empty_page(
    dates: list[int], turns: list[Turn], cap: int, limit: int
) -> None:
    await _drive(UntilEmpty(dates, cap), turns, limit)


_bursts = st.builds(
    Burst, st.integers(0, LAST), st.integers(5, 150), st.sampled_from(["distinct", "alike", "mixed"])
)


@settings(max_examples=60, deadline=None)
@given(
    dates=st.lists(st.integers(0, LAST), max_size=60),
    bursts=st.lists(_bursts, min_size=1, max_size=3),
    turns=st.lists(_turns, max_size=30),
    cap=_caps,
    limit=_limits,
    until_empty=st.booleans(),
)
async def test_so_it_is_of_bursts_within_one_millisecond(
    dates: list[int], bursts: list[Burst], turns: list[Turn], cap: int, limit: int, until_empty: bool
) -> None:
    await _drive((UntilEmpty if until_empty else ModelLog)(dates, cap, bursts), turns, limit)
