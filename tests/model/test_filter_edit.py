"""A filter's text is changed where it was meant to be, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.model.fields import FACETS, FIELDS, Field, field_named
from auditui.model.filter import Clause, Filter, InField, Moment, matches
from auditui.model.filter_edit import added, between, choose, chosen, clause_text, moment, quoted, without
from auditui.model.filter_parse import parse_filter
from auditui.model.record import Record
from auditui.model.when import Zone
from tests.model.records import NOW, filter_texts, records, texts

UTC = Zone.parse("utc")
BERLIN = Zone.parse("Europe/Berlin")
ZONES = st.sampled_from(
    "UTC Europe/Berlin Europe/London Asia/Kathmandu Australia/Lord_Howe Pacific/Kiritimati America/St_Johns".split()
).map(Zone.parse)
VALUES = st.text(st.sampled_from('ab -|:="\\\n\u3000\ud800é') | st.characters(), max_size=8) | texts
CLAUSES = st.builds(
    clause_text,
    st.sampled_from([field.name for field in FIELDS]),
    VALUES.filter(lambda value: "/" not in value),
    exact=st.booleans(),
    negated=st.booleans(),
)


def parsed(text: str) -> Filter:
    return parse_filter(text, now=NOW, zone=UTC)


def known(name: str) -> Field:
    field = field_named(name)
    assert field
    return field


def parts(text: str) -> list[str]:
    return [text[clause.start : clause.end] for clause in parsed(text).clauses]


def chooses(clause: Clause, field: Field) -> bool:
    return all(isinstance(test, InField) and test.exact and test.field == field for test in clause.tests)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("ana", "ana"),
        ("svc-backup-02", "svc-backup-02"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("557058:ab", "557058:ab"),
        (r"C:\dir", r'"C:\\dir"'),
        (r"10\dir", r"10\dir"),
        ("", '""'),
        ("Ben B", '"Ben B"'),
        ('say "hi"', r'"say \"hi\""'),
        ("a|b", '"a|b"'),
        ("-", '"-"'),
        ("author:ana", '"author:ana"'),
        ("https://x", '"https://x"'),
    ],
)
def test_a_value_is_quoted_only_where_it_must_be(value: str, written: str) -> None:
    assert quoted(value) == written


@given(field=st.sampled_from(FIELDS), values=st.lists(VALUES, min_size=1, max_size=3))
@example(field=FIELDS[0], values=["\\", '\\"', "\\\\"])
def test_a_quoted_value_is_read_as_it_was(field: Field, values: list[str]) -> None:
    [clause] = parsed(f"{field.name}={'|'.join(map(quoted, values))}").clauses
    assert [test.typed for test in clause.tests if isinstance(test, InField)] == values
    assert chooses(clause, field)


@pytest.mark.parametrize(
    ("written", "clause"),
    [
        (clause_text("author", "Ben B"), 'author="Ben B"'),
        (clause_text("event", "added", exact=False, negated=True), "-event:added"),
        (clause_text("ip", "", exact=False), 'ip=""'),
    ],
)
def test_a_clause_names_its_field(written: str, clause: str) -> None:
    assert written == clause


@pytest.mark.parametrize(
    ("text", "clause", "result"),
    [
        ("", "author=ana", "author=ana"),
        ("  ", "author=ana", "author=ana"),
        ("x", "author=ana", "x author=ana"),
        ("x ", "author=ana", "x author=ana"),
        ("author=ana x", "author=ana", "author=ana x"),
        ('AUTHOR="Ana"  x', "author=ana", 'AUTHOR="Ana"  x'),
        ("a  -author=ana b", "author=ana", "a  author=ana b"),
        ("a  author=ana b", "-author=ana", "a  -author=ana b"),
        ("author:ana", "author=ana", "author:ana author=ana"),
        ("author=ana|ben", "author=ana", "author=ana|ben author=ana"),
        ("address=1 ", "ip=1", "address=1 "),
        ("x", "a b", "x a b"),
    ],
)
def test_a_clause_is_added_once_and_replaces_its_opposite(text: str, clause: str, result: str) -> None:
    assert added(text, clause) == result


@given(text=filter_texts(), clause=CLAUSES, record=records())
def test_what_was_added_holds(text: str, clause: str, record: Record) -> None:
    result = added(text, clause)
    assert added(result, clause) == result
    assert matches(parsed(f"{text} {clause}"), record) <= matches(parsed(result), record)
    assert matches(parsed(result), record) <= matches(parsed(clause), record)


@pytest.mark.parametrize(
    ("text", "part", "result"),
    [
        ("a b c", "b", "a c"),
        ("a   b\tc  d", "b", "a c  d"),
        ("a b", "a", "b"),
        ("a b ", "b", "a"),
        ("a", "a", ""),
        (' "x y" z', '"x y"', "z"),
    ],
)
def test_what_is_taken_out_leaves_one_blank(text: str, part: str, result: str) -> None:
    start = text.index(part)
    assert without(text, start, start + len(part)) == result


@given(text=filter_texts(), data=st.data())
def test_any_clause_can_be_taken_out(text: str, data: st.DataObject) -> None:
    clauses = parsed(text).clauses
    if not clauses:
        return
    gone = data.draw(st.integers(0, len(clauses) - 1))
    rest = without(text, clauses[gone].start, clauses[gone].end)
    expected = parts(text)
    del expected[gone]
    assert parts(rest) == expected


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", ((), ())),
        ('x author=Ana|"Ben B" -author=carl', (("Ana", "Ben B"), ("carl",))),
        ('author=Ana author=Ana|""', (("Ana", ""), ())),
        ("author:ana author=a|event=b event=c author:b|author=c", ((), ())),
    ],
)
def test_only_clauses_of_whole_values_of_the_field_are_choices(
    text: str, values: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert chosen(parsed(text), known("author")) == values


@pytest.mark.parametrize(
    ("text", "included", "excluded", "result"),
    [
        ("", ["Ana"], [], "author=Ana"),
        ("x  y ", ["Ana", "Ben B"], ["c"], 'x  y author=Ana|"Ben B" -author=c'),
        ("x  author=a  y   -author=b z", ["c"], [], "x  author=c  y z"),
        ("x  author=a  y   -author=b z", [], ["c"], "x  -author=c  y z"),
        ("x  author=a  y   -author=b z", [], [], "x y z"),
        ("author=a author:b author=c|event=d", ["e"], [], "author=e author:b author=c|event=d"),
        ("author=a x author=bb y -author=c z", ["d"], [], "author=d x y z"),
        ("author=a", ["", "", "b|c"], [], 'author=""|"b|c"'),
        ("x", [], [], "x"),
    ],
)
def test_choices_replace_the_ones_before(
    text: str, included: list[str], excluded: list[str], result: str
) -> None:
    assert choose(text, parsed(text), known("author"), included, excluded) == result


@given(
    text=filter_texts(),
    field=st.sampled_from(FACETS),
    included=st.lists(VALUES, max_size=3, unique=True),
    excluded=st.lists(VALUES, max_size=3, unique=True),
)
def test_what_was_chosen_is_chosen_and_the_rest_stays(
    text: str, field: Field, included: list[str], excluded: list[str]
) -> None:
    result = choose(text, parsed(text), field, included, excluded)
    assert chosen(parsed(result), field) == (tuple(included), tuple(excluded))
    before, after = parsed(text), parsed(result)
    assert sum(chooses(clause, field) for clause in after.clauses) == bool(included) + bool(excluded)
    assert [text[each.start : each.end] for each in before.clauses if not chooses(each, field)] == [
        result[each.start : each.end] for each in after.clauses if not chooses(each, field)
    ]


@pytest.mark.parametrize(
    ("start", "end", "zone", "result"),
    [
        (NOW - 30_000, NOW, UTC, "x after:2026-11-12T10:00Z before:2026-11-12T10:00:30Z"),
        (NOW - 29_993, None, BERLIN, "x after:2026-11-12T11:00:00.007+01:00"),
        (None, NOW, Zone.parse("Asia/Kathmandu"), "x before:2026-11-12T15:45:30+05:45"),
        (NOW, None, Zone.parse("America/St_Johns"), "x after:2026-11-12T06:30:30-03:30"),
        (None, None, UTC, "x"),
    ],
)
def test_a_range_is_written_without_doubt(
    start: int | None, end: int | None, zone: Zone, result: str
) -> None:
    assert between("x", parsed("x"), start, end, zone) == result


def test_a_moment_is_written_with_its_offset() -> None:
    assert moment(NOW, BERLIN) == "2026-11-12T11:00:30+01:00"


def test_a_range_takes_the_place_of_all_moments() -> None:
    text = "a  after:7d b -before:today|after:1h x|before:7d c"
    assert between(text, parsed(text), NOW, None, UTC) == "a  after:2026-11-12T10:00:30Z b x|before:7d c"
    assert between(text, parsed(text), None, None, UTC) == "a b x|before:7d c"


@given(
    text=filter_texts(),
    start=st.none() | st.integers(-62_135_596_800_000, 253_402_300_799_999),
    end=st.none() | st.integers(-62_135_596_800_000, 253_402_300_799_999) | st.integers(NOW - 10**10, NOW),
    zone=ZONES,
)
@example(text="", start=-62_135_596_800_000, end=253_402_300_799_999, zone=Zone.parse("America/St_Johns"))
@example(text="", start=-62_135_596_800_000, end=253_402_300_799_999, zone=Zone.parse("Pacific/Kiritimati"))
def test_a_range_is_read_to_the_millisecond(
    text: str, start: int | None, end: int | None, zone: Zone
) -> None:
    after = parsed(between(text, parsed(text), start, end, zone)).clauses
    moments = [each.tests for each in after if all(isinstance(test, Moment) for test in each.tests)]
    wanted = [(start, False)] * (start is not None) + [(end, True)] * (end is not None)
    assert moments == [(Moment(at, before),) for at, before in wanted if at is not None]


@pytest.mark.parametrize("end", [10**18, -(10**18)])
def test_a_range_beyond_the_calendar_ends_with_it(end: int) -> None:
    assert between("", parsed(""), None, end, BERLIN) in (
        "before:9999-12-31T23:59:59.999Z",
        "before:0001-01-01T00:00Z",
    )
