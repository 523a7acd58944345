"""What a filter finds on disk is what its plain reading finds, whatever is written in it and in the records."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.demo.corpus import Corpus
from auditui.model.errors import StoreFailed
from auditui.model.fields import FACETS, FIELDS, Field
from auditui.model.filter import NO_FILTER, Filter, matches
from auditui.model.filter_parse import FilterFault, parse_filter
from auditui.model.first import First
from auditui.model.fold import fold
from auditui.model.record import Record
from auditui.model.when import Zone
from auditui.store.looker import GRAIN, Looker
from auditui.store.records import RecordStore
from tests.model.records import NOW, filter_texts, records
from tests.store.demo_records import demo_records

UTC = Zone("UTC")


def read(text: str) -> Filter:
    return parse_filter(text, now=NOW, zone=UTC)


@contextmanager
def stored(*pages: Sequence[Record]) -> Iterator[RecordStore]:
    with tempfile.TemporaryDirectory() as folder:
        store = RecordStore(Path(folder) / "records.sqlite")
        for page in pages:
            store.append(page)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def looking(store: RecordStore, wanted: Filter, *, only_marked: bool = False) -> Iterator[Looker]:
    looker = Looker(store, wanted, only_marked=only_marked)
    try:
        yield looker
    finally:
        looker.close()


def found(store: RecordStore, wanted: Filter) -> list[int]:
    with looking(store, wanted) as looker:
        return list(looker.rows(0, store.count))


def plainly(wanted: Filter, given: Sequence[Record]) -> list[int]:
    return [row for row, record in enumerate(given) if matches(wanted, record)]


@settings(max_examples=150, deadline=None)
@given(st.lists(records(), max_size=12), filter_texts())
def test_a_filter_finds_on_disk_what_its_plain_reading_finds(given: list[Record], text: str) -> None:
    wanted = read(text)
    with stored(given) as store:
        assert found(store, wanted) == plainly(wanted, given)


@settings(max_examples=100, deadline=None)
@given(st.lists(records(), min_size=1, max_size=4), st.text())
def test_no_text_raises_anything_but_a_fault_or_finds_something_else(given: list[Record], text: str) -> None:
    try:
        wanted = read(text)
    except FilterFault:
        return
    with stored(given) as store:
        assert found(store, wanted) == plainly(wanted, given)


@settings(max_examples=60, deadline=None)
@given(st.lists(records(), max_size=6), st.lists(records(), max_size=6), filter_texts())
def test_what_is_appended_later_is_looked_at_too(first: list[Record], later: list[Record], text: str) -> None:
    wanted = read(text)
    with stored(first) as store, looking(store, wanted) as looker:
        before = list(looker.rows(0, store.count))
        store.append(later)
        after = list(looker.rows(len(first), store.count))
        assert before + after == plainly(wanted, first + later)


@settings(max_examples=60, deadline=None)
@given(st.lists(records(), max_size=10), filter_texts())
def test_counts_add_up_to_what_the_filter_lets_through(given: list[Record], text: str) -> None:
    wanted = read(text)
    passing = [given[row] for row in plainly(wanted, given)]
    with stored(given) as store, looking(store, wanted) as looker:
        spread = looker.spread(0, store.count, FACETS)
        assert spread.matched == len(passing)
        assert sum(spread.times.values()) + spread.undated == len(passing)
        for field in FACETS:
            names = looker.names(tuple(spread.values[field.name]))
            counted = Counter({fold(names[number]): n for number, n in spread.values[field.name].items()})
            assert counted == Counter(fold(field.values(record)[0]) for record in passing)


@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_ordered_by_date_and_equal_ones_stay_in_the_sites_order(descending: bool) -> None:
    given = [*demo_records(400), replace(demo_records(1)[0], created=None)]
    wanted = read("-author:system")
    with stored(given) as store, looking(store, wanted) as looker:
        ordered = list(looker.by_date(store.count, descending=descending))
    rows = plainly(wanted, given)
    dated = [row for row in rows if given[row].created is not None]
    undated = [row for row in rows if given[row].created is None]
    assert ordered == sorted(dated, key=lambda row: given[row].created or 0, reverse=descending) + undated


@pytest.mark.parametrize("by", [field.name for field in FIELDS if field.single and field.name != "ip"])
def test_rows_are_filed_by_a_value_and_values_are_ranked(by: str) -> None:
    given = demo_records(400)
    wanted = read("-author:system")
    with stored(given) as store, looking(store, wanted) as looker:
        filed = looker.filed(0, store.count, _named(by))
        ranks = {number: rank for rank, number in enumerate(looker.ranks(_named(by)))}
    assert [row for row, _ in filed] == plainly(wanted, given)
    ordered = [row for row, number in sorted(filed, key=lambda each: ranks[each[1]])]
    assert ordered == sorted(plainly(wanted, given), key=lambda row: _value(given[row], by))


def _value(record: Record, by: str) -> bytes:
    return fold(_named(by).values(record)[0]).encode()


def test_addresses_are_ranked_as_numbers() -> None:
    given = [
        _with_address(text) for text in ("10.0.0.10", "10.0.0.9", "", "2001:db8::1", "9.0.0.1", "unknown")
    ]
    with stored(given) as store, looking(store, NO_FILTER) as looker:
        filed = {number: given[row].address for row, number in looker.filed(0, len(given), _named("ip"))}
        ranked = [filed[number] for number in looker.ranks(_named("ip")) if number in filed]
    assert ranked == ["", "9.0.0.1", "10.0.0.9", "10.0.0.10", "2001:db8::1", "unknown"]


def _with_address(text: str) -> Record:
    return replace(demo_records(1)[0], address=text)


def test_times_are_counted_by_any_grain() -> None:
    given = demo_records(500)
    with stored(given) as store, looking(store, NO_FILTER) as looker:
        spread = looker.spread(0, store.count, ())
        since = min(spread.times) * GRAIN
        finer = looker.times(store.count, since, since + 90 * GRAIN, 60_000)
    coarse: Counter[int] = Counter()
    for minute, count in finer.items():
        coarse[minute * 60_000 // GRAIN] += count
    assert coarse == {key: count for key, count in spread.times.items() if key < since // GRAIN + 90}


def test_only_marked_rows_can_be_asked_for() -> None:
    given = demo_records(100)
    wanted = read("event:user")
    with stored(given) as store:
        store.mark(range(10, 60, 3), marked=True)
        store.mark([13, 16], marked=False)
        with looking(store, wanted, only_marked=True) as looker:
            rows = list(looker.rows(0, store.count))
        marked = {*range(10, 60, 3)} - {13, 16}
        assert store.marked == marked
    assert rows == [row for row in plainly(wanted, given) if row in marked]
    assert rows


def test_a_long_list_of_addresses_and_of_words_is_one_filter() -> None:
    given = demo_records(300)
    addresses = [record.address for record in given if record.address][:1]
    many = "|".join([*(f"10.{n // 250}.{n % 250}.1" for n in range(5_000)), *addresses])
    wanted = read(f"ip={many} {'|'.join(f'word{n}' for n in range(390))}|a")
    with stored(given) as store:
        assert found(store, wanted) == plainly(wanted, given)


def test_a_looker_that_is_closed_meanwhile_says_so_kindly() -> None:
    with stored(demo_records(10)) as store:
        looker = Looker(store, NO_FILTER)
        looker.close()
        with pytest.raises(StoreFailed):
            looker.rows(0, 10)


def test_the_first_of_an_author_is_the_oldest_loaded_however_late_it_is_loaded() -> None:
    given = demo_records(1_500)
    seen: dict[tuple[First, str, str], int] = {}
    for row, record in enumerate(given):  # newest first: the last one wins
        person = record.author.account_id or record.author.label
        seen[First.RECORD, person, ""] = row
        seen[First.EVENT, person, record.event] = row
        if record.address:
            seen[First.ADDRESS, person, record.address] = row
    expected: dict[int, set[First]] = {}
    for (kind, _, _), row in seen.items():
        expected.setdefault(row, set()).add(kind)
    with stored(given[:700], given[700:1_000], given[1_000:]) as store:
        assert {row: set(kinds) for row, kinds in store.firsts(range(999)).items()} == {
            row: kinds for row, kinds in expected.items() if row < 999
        }


def test_the_incident_is_found_by_its_address_block() -> None:
    corpus = Corpus(3_000, NOW)
    given = demo_records(3_000)
    with stored(given) as store:
        assert found(store, read("ip:192.0.2.192/26 -author:system")) == list(corpus.incident)


def _named(name: str) -> Field:
    return next(field for field in FIELDS if field.name == name)
