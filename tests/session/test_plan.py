"""What is to be exported survives being noted, and asks for no more than its filter lets through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditui.client.paging import Mark
from auditui.model.errors import ExportFailed
from auditui.model.filter import matches
from auditui.model.filter_parse import parse_filter
from auditui.model.query import Pinned, Query
from auditui.model.record import Record
from auditui.model.when import Zone
from auditui.session.doubts import Doubts
from auditui.session.outgoing import Counts
from auditui.session.plan import Noted, Plan, narrowed, read_note
from tests.model.records import NOW, filter_texts, records

texts = st.text(max_size=20) | st.just("\ud800")
numbers = st.integers(0, 10**15)
plans = st.builds(
    Plan,
    site=texts,
    account=texts,
    origin=texts,
    demo_records=st.none() | numbers,
    format=st.sampled_from(["csv", "jsonl"]),
    query=st.builds(Query, texts, texts, texts, st.integers(1, 1000)),
    pinned=st.builds(Pinned, numbers, numbers, st.text(max_size=20), st.integers(1, 1000)),
    zone=st.sampled_from([Zone("UTC"), Zone("Europe/Berlin"), Zone(None)]),
    began=numbers,
    filter=texts,
    filter_read_at=numbers,
)
marks = st.builds(
    Mark,
    numbers,
    st.integers(-5, 5),
    numbers,
    st.lists(records().map(lambda each: each.raw), max_size=3).map(tuple),
)
doubts = st.builds(Doubts, numbers, numbers, numbers, st.none() | numbers)
counts = st.builds(Counts, numbers, numbers, numbers, st.none() | numbers, st.none() | numbers)


@given(st.builds(Noted, plans, marks, counts, st.lists(texts, max_size=3).map(tuple), doubts))
def test_another_run_reads_what_was_noted(noted: Noted) -> None:
    read = read_note(noted.to_bytes())
    assert (read, read.doubts.last) == (noted, noted.doubts.last)


def damaged(**changes: object) -> bytes:
    plan = Plan("s", "a", "https://s", None, "csv", Query(), Pinned(0, 1, "", 1), Zone("UTC"), 1)
    told = json.loads(Noted(plan, Mark(), Counts(), ()).to_bytes())
    return json.dumps(told | changes).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        damaged(note=2),
        damaged(note=[]),
        damaged(plan={"site": 1}),
        damaged(mark={"accepted": 1, "nonsense": 2}),
        damaged(counts=[]),
        damaged(doubts=[]),
        damaged(warnings=None),
    ],
)
def test_a_note_that_cannot_be_read_is_told_in_words(content: bytes) -> None:
    with pytest.raises(ExportFailed, match="cannot be continued"):
        read_note(content)


@given(filter_texts(), records())
def test_what_a_filter_lets_through_lies_in_what_is_asked(text: str, record: Record) -> None:
    pinned = Pinned(0, NOW + 10**9, "", 1000)
    wanted = parse_filter(text, now=NOW, zone=Zone("UTC"))
    asked = narrowed(pinned, wanted)
    assert 0 <= asked.start <= asked.end <= pinned.end
    if (
        record.created is not None
        and pinned.start <= record.created <= pinned.end
        and matches(wanted, record)
    ):
        assert asked.start <= record.created <= asked.end


def test_a_filter_by_date_narrows_what_is_asked() -> None:
    pinned = Pinned(0, NOW, "", 1000)
    wanted = parse_filter("after:2026-11-10 before:2026-11-11", now=NOW, zone=Zone("UTC"))
    asked = narrowed(pinned, wanted)
    assert (asked.start, asked.end) == (1_794_268_800_000, 1_794_355_200_000 - 1)
