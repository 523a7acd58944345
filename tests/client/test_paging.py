"""Every record exactly once, whatever the log does while it is read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.client.page import Entry, Page
from auditui.client.paging import Walk


def record(created: int | None, name: str = "") -> Entry:
    value = {"creationDate": created, "summary": name}
    return Entry(json.dumps(value), created, value)


def log(size: int) -> list[Entry]:
    return [record(size - index, f"event {size - index}") for index in range(size)]


class Site:
    """A log with offsets, as the endpoint serves it."""

    def __init__(self, entries: Sequence[Entry], cap: int = 250, *, always_next: bool = False) -> None:
        self.entries = list(entries)
        self.cap = cap
        self.always_next = always_next
        self.asked: list[int] = []

    def answer(self, start: int, limit: int) -> Page:
        self.asked.append(start)
        shown = self.entries[start : start + min(limit, self.cap)]
        return Page(tuple(shown), self.always_next or start + len(shown) < len(self.entries))


def read(
    site: Site, walk: Walk, between: Callable[[int], None] = lambda turn: None, turns: int = 1000
) -> list[Entry]:
    shown: list[Entry] = []
    for turn in range(turns):
        ask = walk.ask()
        shown.extend(walk.take(site.answer(ask.start, ask.limit)))
        if walk.exhausted:
            return shown
        between(turn)
    raise AssertionError("the walk did not end")


@pytest.mark.parametrize("cap", [1, 2, 3, 4, 5, 25, 250, 1000])
@pytest.mark.parametrize("always_next", [False, True])
def test_a_still_log_is_read_whole_whatever_the_site_caps_pages_at(cap: int, always_next: bool) -> None:
    site = Site(log(120), cap, always_next=always_next)
    walk = Walk(1000)
    assert read(site, walk) == site.entries
    assert (walk.late, walk.notice) == (0, "")


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("late", [1, 2, 3, 7])
@pytest.mark.parametrize("when", range(1, 8))
def test_records_that_arrive_while_the_end_is_sought_double_none(when: int, late: int, dated: bool) -> None:
    """A site that gives `next` until an empty page is asked on, for fewer and fewer records that are known."""
    site = Site(
        [record(20 - index if dated else None, f"event {index}") for index in range(20)], 10, always_next=True
    )
    before, walk = list(site.entries), Walk(1000)

    def arrive(turn: int) -> None:
        if turn == when:
            site.entries[5:5] = [record(site.entries[5].created, f"late {each}") for each in range(late)]

    assert read(site, walk, arrive) == before
    assert walk.notice == "" or not dated  # without dates the place can be lost, which is said


@pytest.mark.parametrize("when", range(1, 8))
def test_a_record_that_arrives_at_the_end_while_that_is_sought_is_read(when: int) -> None:
    site, walk = Site(log(20), 10, always_next=True), Walk(1000)

    def arrive(turn: int) -> None:
        if turn == when:
            site.entries.append(record(0, "the oldest"))

    shown = read(site, walk, arrive)
    assert shown == site.entries or (shown == site.entries[:-1] and len(site.asked) <= when + 1)


@pytest.mark.parametrize("limit", [1, 2, 1000])
@pytest.mark.parametrize("cap", [1, 2, 3])
def test_twins_keep_their_number_on_the_smallest_pages(cap: int, limit: int) -> None:
    """No page holds more than both, so that what stands above them has to be read once more."""
    walk = Walk(limit)
    assert read(Site(TWINS, cap), walk) == TWINS
    assert walk.notice == ""


TWINS = [record(9, "a"), record(8, "twin"), record(8, "twin"), record(7, "b"), *[record(6, "c")] * 2]


def test_a_site_that_gives_one_record_a_page_from_now_on_is_read_whole() -> None:
    site = Site(log(30), 10)

    def cap(turn: int) -> None:
        site.cap = 1

    assert read(site, Walk(1000), cap) == site.entries


def test_pages_that_shrink_and_grow_again_lose_and_repeat_nothing() -> None:
    site = Site(log(600), 100)
    caps = [100, 50, 25, 25, 25, 25, 50, 50, 50, 50, 100, 25, 25, 25, 25, 50]

    def cap(turn: int) -> None:
        site.cap = caps[turn % len(caps)]

    assert read(site, Walk(1000), cap) == site.entries


@pytest.mark.parametrize("limit", [1, 2, 5, 6, 7, 100])
def test_small_pages_work(limit: int) -> None:
    site = Site(log(50))
    assert read(site, Walk(limit)) == site.entries


def test_pages_overlap_by_three_records() -> None:
    site = Site(log(1000))
    read(site, Walk(1000))
    assert site.asked == [0, 247, 494, 741, 988]


@pytest.mark.parametrize(("cap", "asked"), [(1000, [0, 97, 997]), (250, [0, 97, 344, 591, 838, 997])])
def test_a_small_first_page_is_filled_up_and_loses_nothing(cap: int, asked: list[int]) -> None:
    site = Site(log(1100), cap)
    assert read(site, Walk(1000, first=100)) == site.entries
    assert site.asked == asked


@pytest.mark.parametrize("first", [1, 3, 4, 50, 1000])
def test_a_first_page_within_one_second_does_not_hold_up_the_walk(first: int) -> None:
    site = Site([record(1, f"event {index}") for index in range(60)])
    assert read(site, Walk(100, first=first)) == site.entries


def test_an_empty_log_ends_at_once() -> None:
    assert read(Site([]), Walk(100)) == []


def test_short_pages_do_not_end_the_walk() -> None:
    site = Site(log(500))
    sizes = iter([250, 20, 7, 250, 4, 90] * 20)

    def shorter(turn: int) -> None:
        site.cap = next(sizes)

    assert read(site, Walk(1000), shorter) == site.entries


def test_equal_records_keep_their_number() -> None:
    twins = [record(9, "a"), *[record(7, "twin")] * 40, record(5, "b"), *[record(5, "c")] * 3, record(1)]
    site = Site(twins, cap=100)
    assert read(site, Walk(100)) == twins


def test_equal_records_across_page_ends_keep_their_number() -> None:
    twins = [record(90 - index // 7, "twin") for index in range(200)]
    assert read(Site(twins, cap=20), Walk(20)) == twins


def test_a_run_of_equal_records_is_not_doubled_when_the_offsets_move_within_it() -> None:
    twins = [
        *(record(99 - number, "before") for number in range(10)),
        *[record(7, "twin")] * 14,
        record(1, "after"),
    ]
    site = Site(twins, cap=20)

    def arrive(turn: int) -> None:
        if turn == 0:
            site.entries.insert(3, record(site.entries[3].created, "late"))

    assert read(site, Walk(20), arrive) == twins


def burst(kind: str, size: int) -> list[Entry]:
    """Records of one millisecond, between others."""
    names = {
        "distinct": [f"user {each}" for each in range(size)],
        "alike": ["user"] * size,
        "mixed": [f"user {each}" if each % 3 else "user" for each in range(size)],
    }
    return [
        *(record(99 - each, "before") for each in range(10)),
        *(record(50, name) for name in names[kind]),
        *(record(40 - each, "after") for each in range(30)),
    ]


@pytest.mark.parametrize(("kind", "asked"), [("distinct", 11), ("mixed", 11), ("alike", 25)])
def test_a_burst_within_one_millisecond_is_read_in_about_twice_its_pages(kind: str, asked: int) -> None:
    site, walk = Site(burst(kind, 5000), 1000), Walk(1000)
    assert read(site, walk) == site.entries
    assert (walk.late, walk.notice) == (0, "")
    assert len(site.asked) <= asked


@pytest.mark.parametrize("place", [10, 40])
@pytest.mark.parametrize("late", [1, 30])
@pytest.mark.parametrize("twins", [False, True])
@pytest.mark.parametrize("when", range(1, 12))
@pytest.mark.parametrize("size", [60, 99])
@pytest.mark.parametrize("kind", ["distinct", "mixed", "alike"])
def test_late_records_of_a_burst_double_none_of_it(
    kind: str, size: int, when: int, twins: bool, late: int, place: int
) -> None:
    site, walk = Site(burst(kind, size), 25, always_next=True), Walk(100)
    before = Counter(each.raw for each in site.entries)

    def arrive(turn: int) -> None:
        if turn == when:
            site.entries[place:place] = [
                record(50, "user" if twins else f"late {each}") for each in range(late)
            ]

    shown = Counter(each.raw for each in read(site, walk, arrive))
    assert min(site.asked) == 0
    assert before <= shown <= Counter(each.raw for each in site.entries)
    assert walk.notice == ""


def test_late_records_of_the_last_ones_millisecond_do_not_double_it_at_the_end() -> None:
    """More than a page of them, while nothing but the end is missing."""
    site, walk = Site(log(20), 10, always_next=True), Walk(1000)

    def arrive(turn: int) -> None:
        if len(site.asked) > 2 and len(site.entries) == 20:
            site.entries[-1:-1] = [record(1, f"late {each}") for each in range(25)]

    shown = Counter(each.raw for each in read(site, walk, arrive))
    assert shown <= Counter(each.raw for each in site.entries)
    assert shown >= Counter(each.raw for each in log(20))
    assert walk.notice == ""


def test_more_twins_of_one_millisecond_than_can_be_proven_are_told() -> None:
    site, walk = Site([record(5, "user")] * 1000, 20), Walk(1000)
    shown = read(site, walk)
    assert shown == site.entries[: len(shown)]
    assert "number cannot be known" in walk.notice
    assert len(site.asked) < 800


def test_late_records_above_are_counted_and_nothing_is_shown_twice() -> None:
    site = Site(log(1000))
    before = list(site.entries)
    walk = Walk(1000)

    def arrive(turn: int) -> None:
        if turn == 1:
            site.entries[100:100] = [record(900, f"late {number}") for number in range(5)]

    assert read(site, walk, arrive) == before
    assert walk.late == 5


def test_a_late_record_below_the_place_is_shown() -> None:
    site = Site(log(1000))
    walk = Walk(1000)

    def arrive(turn: int) -> None:
        if turn == 1:
            site.entries.insert(800, record(site.entries[800].created, "late"))

    assert read(site, walk, arrive) == site.entries
    assert walk.late == 0


def test_more_late_records_than_a_page_holds() -> None:
    site = Site(log(1000))
    before = list(site.entries)
    walk = Walk(1000)

    def arrive(turn: int) -> None:
        if turn == 1:
            site.entries[50:50] = [
                record(site.entries[50].created, f"late {number}") for number in range(2000)
            ]

    assert read(site, walk, arrive) == before
    assert walk.late == 2000


@pytest.mark.parametrize("gone", [1, 2, 3, 4, 200, 400])
def test_records_that_leave_above_make_no_hole(gone: int) -> None:
    site = Site(log(1000))
    before = list(site.entries)

    def leave(turn: int) -> None:
        if turn == 1:
            del site.entries[10 : 10 + gone]

    assert read(site, Walk(1000), leave) == before


@pytest.mark.parametrize("limit", [8, 40, 1000])
def test_a_log_that_shrinks_far_above_the_place_is_read_to_its_end(limit: int) -> None:
    site = Site(log(1000))
    before = list(site.entries)

    def leave(turn: int) -> None:
        if len(site.asked) > 1 and site.asked[-1] > 700 and len(site.entries) == 1000:
            del site.entries[10:610]

    assert read(site, Walk(limit), leave) == before


def test_a_log_that_shrinks_to_less_than_the_overlap_is_asked_for_no_offset_before_its_first() -> None:
    site, walk = Site(log(4), always_next=True), Walk(1000)

    def leave(turn: int) -> None:
        del site.entries[1:]

    read(site, walk, leave)
    assert min(site.asked) == 0
    assert walk.notice == ""


def test_the_oldest_records_may_be_purged_meanwhile() -> None:
    site = Site(log(1000))
    before = list(site.entries)
    walk = Walk(1000)

    def purge(turn: int) -> None:
        if turn == 1:
            del site.entries[400:]

    assert read(site, walk, purge)[:497] == before[:497]
    assert walk.notice == ""


def test_dates_that_are_missing_are_realigned_by_the_overlap() -> None:
    entries = [record(None, f"event {number}") for number in range(600)]
    site = Site(entries)
    walk = Walk(1000)

    def arrive(turn: int) -> None:
        if turn == 0:
            site.entries[20:20] = [record(None, "late")] * 2

    assert read(site, walk, arrive) == entries
    assert walk.late == 2


def test_a_site_that_ignores_the_offset_is_stopped_with_a_notice() -> None:
    site = Site(log(1000))
    walk = Walk(1000)
    first = site.answer(0, 1000)
    assert len(walk.take(first)) == 250
    for _ in range(2):
        assert not walk.exhausted
        assert walk.take(first) == ()
    assert walk.exhausted
    assert "same page again and again" in walk.notice
    assert walk.late == 0


@pytest.mark.parametrize("late", range(240, 255))
def test_as_many_late_records_as_a_page_is_long_are_no_page_sent_again(late: int) -> None:
    site = Site(log(1000))
    before, walk = list(site.entries), Walk(1000)

    def arrive(turn: int) -> None:
        if turn == 1:
            site.entries[50:50] = [record(site.entries[50].created, f"late {each}") for each in range(late)]

    assert read(site, walk, arrive) == before
    assert (walk.late, walk.notice) == (late, "")


def test_a_log_replaced_by_another_ends_with_a_notice_and_not_for_ever() -> None:
    site = Site([record(None, f"a {number}") for number in range(600)])
    walk = Walk(1000)

    def replace(turn: int) -> None:
        site.entries = [record(None, f"b {turn} {number}") for number in range(600)]

    read(site, walk, replace)
    assert "place was lost" in walk.notice


@settings(max_examples=100)
@given(st.data())
def test_a_walk_that_goes_on_from_a_mark_reads_what_one_in_one_go_reads(data: st.DataObject) -> None:
    twins = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=40))
    dates = [date for date, twin in enumerate(reversed(twins)) for _ in range(twin)]
    site = Site([record(date, data.draw(st.sampled_from("ab"))) for date in reversed(dates)], cap=12)
    walk, shown = Walk(1000), list[Entry]()
    while not walk.exhausted:
        ask = walk.ask()
        shown.extend(walk.take(site.answer(ask.start, ask.limit)))
        if data.draw(st.booleans()) and not walk.exhausted:
            at = data.draw(st.integers(0, len(shown)))
            site.entries[at:at] = [record(shown[at - 1].created if at else 99, "late")] * data.draw(
                st.integers(0, 2)
            )
            walk = Walk(1000, walk.mark())
    late = [entry for entry in shown if entry.value["summary"] == "late"]  # type: ignore[index]
    assert [entry for entry in shown if entry not in late] == [
        entry
        for entry in site.entries
        if entry.value["summary"] != "late"  # type: ignore[index]
    ]
