"""Rows that pass a filter, followed as pages come, are those that its plain reading lets through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from auditui.model.fields import FIELDS
from auditui.model.filter import Filter, matches
from auditui.model.filter_parse import parse_filter
from auditui.model.fold import fold
from auditui.model.query import Pinned, Query
from auditui.model.record import Record
from auditui.model.view import Order
from auditui.model.when import Zone
from auditui.session.carried_marks import CarriedMarks
from auditui.session.known_values import KnownValues
from auditui.session.rows import Rows
from auditui.session.search import Progress, Search
from auditui.session.tally import Tally
from auditui.store.records import RecordStore
from tests.model.records import NOW
from tests.store.demo_records import demo_records


class Loaded(Search):
    """A search whose pages come when a test says so."""

    def __init__(self, store: RecordStore, *, too_quickly: bool = False) -> None:
        super().__init__(Query(), Pinned(0, NOW, "", 1_000), None, store)  # type: ignore[arg-type]  # asks nobody
        self._all = store
        self._too_quickly = too_quickly

    def come(self, records: Sequence[Record]) -> None:
        if self._too_quickly:
            self._all.append_unfiled([record.raw for record in records])
        else:
            self._all.append(records)
        self.progress = Progress(loaded=self._all.count)


@pytest.fixture(params=[False, True], ids=["filed as they come", "filed when asked for"])
def search(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Loaded]:
    opened = Loaded(RecordStore(tmp_path / "records.sqlite"), too_quickly=request.param)
    yield opened
    opened.close()


RECORDS = demo_records(3_000)


def read(text: str) -> Filter:
    return parse_filter(text, now=NOW, zone=Zone("UTC"))


@pytest.mark.parametrize(
    "text", ["", "group", "author:system -event:created", "has:changes after:40d", "nobodysuchword"]
)
async def test_rows_follow_the_pages(search: Loaded, text: str) -> None:
    rows = Rows(search, read(text), Order())
    for at in range(0, 3_000, 700):
        search.come(RECORDS[at : at + 700])
        await rows.follow(lambda: None)
        expected = [row for row, record in enumerate(RECORDS[: at + 700]) if matches(rows.wanted, record)]
        assert list(rows.window(0, 5_000)) == expected
        assert rows.count == len(expected)
        assert rows.covers == min(at + 700, 3_000)
        for position, row in enumerate(expected[:50]):
            assert rows.position(row) == position
    rows.close()


async def test_a_long_look_tells_of_the_first_rows_before_it_is_through(search: Loaded) -> None:
    for _ in range(4):
        search.come(RECORDS)
    rows, seen = Rows(search, read("group"), Order()), []
    await rows.follow(lambda: seen.append(rows.count))
    assert len(seen) > 1
    assert 0 < seen[0] < seen[-1] == sum(matches(rows.wanted, record) for record in RECORDS) * 4
    rows.close()


async def test_an_order_covers_what_was_loaded_and_is_made_anew(search: Loaded) -> None:
    rows = Rows(search, read(""), Order("event", descending=False))
    for at in (0, 1_500):
        search.come(RECORDS[at : at + 1_500])
        assert rows.behind
        await rows.follow(lambda: None)
        events = [RECORDS[row].event.casefold() for row in rows.window(0, 5_000)]
        assert len(events) == at + 1_500
        assert events == sorted(events)
    rows.close()


@pytest.mark.parametrize("column", ["author", "object", "address", "time"])
@pytest.mark.parametrize("descending", [False, True])
async def test_an_order_goes_by_the_values_and_keeps_equal_ones_in_the_sites_order(
    search: Loaded, column: str, descending: bool
) -> None:
    search.come(RECORDS)
    wanted = read("-event:group")
    order = Order(column, descending=descending)
    rows = Rows(search, wanted, order if not order.natural else Order("time", descending=False))
    await rows.follow(lambda: None)
    keys: dict[str, Callable[[Record], object]] = {
        "author": lambda record: fold(record.author.label).encode(),
        "object": lambda record: fold(record.affected.label).encode(),
        "address": lambda record: _number(record.address),
        "time": lambda record: record.created,
    }
    passing = [row for row, record in enumerate(RECORDS) if matches(wanted, record)]
    expected = sorted(passing, key=lambda row: keys[column](RECORDS[row]), reverse=rows.order.descending)  # type: ignore[arg-type,return-value]
    assert list(rows.window(0, 5_000)) == expected
    assert rows.position(expected[7]) == 7
    rows.close()


def _number(address: str) -> tuple[int, bytes]:
    return (0, b"") if not address else (ip_address(address).version, ip_address(address).packed)


async def test_values_that_occur_are_known_the_most_frequent_first(search: Loaded) -> None:
    known, author = KnownValues(), next(field for field in FIELDS if field.name == "author")
    for at in (0, 2_000):
        search.come(RECORDS[at : at + 2_000])
        await known.learn(search)
    counts = Counter(record.author.label for record in RECORDS)
    offered = known.holding(author, "", 3)
    assert [counts[name] for name in offered] == [count for _, count in counts.most_common(3)]
    some = known.holding(author, offered[1][1:5].upper(), 50)
    assert offered[1] in some
    assert all(fold(offered[1][1:5]) in fold(name) for name in some)


async def test_rows_that_are_closed_while_they_are_looked_at_say_nothing(search: Loaded) -> None:
    search.come(RECORDS)
    rows = Rows(search, read("group"), Order())
    await rows.follow(rows.close)
    await rows.follow(lambda: None)
    assert rows.count < 3_000


async def test_a_patient_tally_counts_what_is_filed_and_the_rest_later(tmp_path: Path) -> None:
    search = Loaded(RecordStore(tmp_path / "records.sqlite"))
    search.come(RECORDS[:1_000])
    quick = Loaded(search._all, too_quickly=True)
    quick.come(RECORDS[1_000:])
    tally = Tally(quick, read(""))
    await tally.follow(lambda: None, patiently=True)
    assert (tally.covers, tally.matched, quick.filed) == (1_000, 1_000, 1_000)
    await tally.follow(lambda: None)
    assert (tally.covers, tally.matched, quick.filed) == (3_000, 3_000, 3_000)
    tally.close()
    search.close()


async def test_a_tally_adds_up_after_every_page(search: Loaded) -> None:
    wanted = read("-author:system")
    tally = Tally(search, wanted)
    for at in range(0, 3_000, 900):
        search.come(RECORDS[at : at + 900])
        await tally.follow(lambda: None)
        passing = [record for record in RECORDS[: at + 900] if matches(wanted, record)]
        assert tally.matched == len(passing) == sum(tally.times.values()) + tally.undated
        for field in tally.facets:
            top = await tally.top(field, 4)
            assert sum(count for _, count in top.values) + top.other_count == len(passing)
            best, count = top.values[0]
            assert count == sum(field.values(record)[0].casefold() == best.casefold() for record in passing)
    tally.close()


def test_marks_find_their_records_again_each_as_often_as_it_was_marked(
    search: Loaded, tmp_path: Path
) -> None:
    twin = RECORDS[5]
    search.come([*RECORDS[:5], twin, twin, twin, *RECORDS[6:50]])
    search.mark([1, 5, 6, 40], marked=True)
    anew = Loaded(RecordStore(tmp_path / "anew.sqlite"))
    carried = CarriedMarks.of(search, anew)
    anew.come([RECORDS[60], *RECORDS[:5], twin])
    assert carried.follow()
    anew.come([twin, twin, *RECORDS[6:20]])
    carried.follow()
    assert set(anew.marked) == {2, 6, 7}
    anew.come(RECORDS[20:50])
    assert carried.follow()
    assert not carried.follow()
    assert [anew.records([row])[0].raw for row in sorted(anew.marked)] == [
        RECORDS[1].raw,
        twin.raw,
        twin.raw,
        RECORDS[37 + 1].raw,
    ]
    anew.close()
