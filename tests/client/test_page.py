"""A page is cut into records that are, character for character, what the site sent; else it is refused."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.client.page import DEPTH_CAP, VALUES_CAP, Page, read_page, read_record
from auditui.model.errors import AnswerTooBig, UnreadableAnswer

EMPTY = Page((), more=False)
TEXTS = st.text(st.characters(), max_size=8)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
A_PAGE = (
    '{"results":[{"creationDate":1643097111962,"summary":"User added to group","author":{"displayName":"Zoë 👩"}},'
    '{"creationDate":1643097111000,"changedValues":[{"name":"a","oldValue":"[","newValue":"\\"}"}]}],'
    '"start":0,"limit":1000,"size":2,"_links":{"base":"https://acme.atlassian.net/wiki","next":"/rest/api/audit"}}'
).encode()


class Scribe:
    """Writes JSON as oddly as it allows: blanks anywhere, letters as escapes, names given twice."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def blanks(self) -> str:
        return "".join(self._chance.choices(" \t\r\n", k=self._chance.choice((0, 0, 1, 3))))

    def text(self, value: str) -> str:
        return '"' + "".join(self._character(each) for each in value) + '"'

    def _character(self, character: str) -> str:
        if (
            character < " "
            or character in '"\\'
            or "\ud800" <= character <= "\udfff"
            or self._chance.random() < 0.3
        ):
            return json.dumps(character)[1:-1] if ord(character) > 0x7E else f"\\u{ord(character):04X}"
        return character

    def write_object(self, fields: list[tuple[str, str]]) -> str:
        inside = ",".join(
            f"{self.blanks()}{self.text(name)}{self.blanks()}:{self.blanks()}{value}{self.blanks()}"
            for name, value in fields
        )
        return f"{{{inside or self.blanks()}}}"

    def write_list(self, values: list[str]) -> str:
        inside = ",".join(f"{self.blanks()}{value}{self.blanks()}" for value in values)
        return f"[{inside or self.blanks()}]"

    def value(self, value: object) -> str:
        match value:
            case dict():
                fields = [(name, self.value(inner)) for name, inner in value.items()]
                return self.write_object(fields + self._chance.choices(fields, k=1) if fields else fields)
            case list():
                return self.write_list([self.value(inner) for inner in value])
            case str():
                return self.text(value)
            case _:
                return json.dumps(value)


@settings(deadline=None)
@given(
    records=st.lists(JSON, max_size=5),
    earlier=st.lists(JSON, max_size=2) | st.none(),
    others=st.lists(
        st.tuples(TEXTS.filter(lambda name: name not in ("results", "_links")), JSON), max_size=3
    ),
    chance=st.randoms(use_true_random=False),
    place=st.integers(0, 3),
)
def test_records_are_cut_out_as_they_stand_however_the_page_is_written(
    records: list[Any],
    earlier: list[Any] | None,
    others: list[tuple[str, Any]],
    chance: Random,
    place: int,
) -> None:
    scribe = Scribe(chance)
    raws = [scribe.value(each) for each in records]
    fields = [(name, scribe.value(value)) for name, value in others]
    fields.insert(place, ("results", scribe.write_list(raws)))
    if earlier is not None:
        fields.insert(0, ("results", scribe.value(earlier)))
    body = scribe.blanks() + scribe.write_object(fields) + scribe.blanks()
    entries = read_page(body.encode()).entries
    assert [entry.raw for entry in entries] == raws
    assert [read_record(entry.raw) for entry in entries] == json.loads(body)["results"]


@settings(deadline=None)
@given(body=st.binary(max_size=200) | st.text('{}[]":,0123.-eE\\ urnlstfa', max_size=60).map(str.encode))
def test_any_bytes_are_a_page_or_refused(body: bytes) -> None:
    with suppress(UnreadableAnswer):
        assert isinstance(read_page(body), Page)


@settings(deadline=None)
@given(start=st.integers(0, len(A_PAGE)), end=st.integers(0, len(A_PAGE)), put=st.binary(max_size=3))
def test_a_page_that_is_damaged_is_read_as_json_would_or_refused(start: int, end: int, put: bytes) -> None:
    body = A_PAGE[:start] + put + A_PAGE[end:]
    try:
        page = read_page(body)
    except UnreadableAnswer:
        return
    assert [json.loads(entry.raw) for entry in page.entries] == json.loads(body)["results"]


@pytest.mark.parametrize("length", range(len(A_PAGE)))
def test_a_page_cut_off_anywhere_is_refused_whole(length: int) -> None:
    with pytest.raises(UnreadableAnswer):
        read_page(A_PAGE[:length])


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "not JSON"),
        (b" \r\n", "not JSON"),
        (b"<!doctype html><title>Log in</title>", "not JSON"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b'"results"', "not an object"),
        (b"{}", "has no “results”"),
        (b'{"message":"no"}', "has no “results”"),
        (b'{"results":null}', "something else than a list"),
        (b'{"results":{}}', "something else than a list"),
        (b'{"results":[]} {}', "extra data"),
        (b'{"results":[],}', "expecting a name"),
        (b'{"results":[1,]}', "not JSON"),
        (b'{"results":["a\nb"]}', "not JSON"),
        (b'{"results":["\xff"]}', "byte 13 of 17"),
        ('{"results":[]}'.encode("utf-16"), "not text in UTF-8"),
        ('{"results":[]}'.encode("utf-16-le"), "not JSON"),
        (b'{"results":[NaN]}', "it holds NaN"),
        (b'{"results":[],"size":-Infinity}', "it holds -Infinity"),
        (b'{"results":[' + b"[" * 1000 + b"]" * 1000 + b"]}", "deeper than 64"),
        (b'{"results":' + b"[" * 200_000, "deeper than 64"),
        (b'{"results":[{"a":' + b"[" * 900 + b"]" * 900 + b',"a":1}]}', "deeper than 64"),
        (b'{"a":' * 200_000, "deeper than 64"),
    ],
)
def test_what_is_not_a_page_is_refused_and_named(body: bytes, word: str) -> None:
    with pytest.raises(UnreadableAnswer) as refusal:
        read_page(body)
    assert word in refusal.value.happened


@pytest.mark.parametrize(
    ("body", "raws"),
    [
        (b'\xef\xbb\xbf{"results":[1]}', ["1"]),
        (b'{"\\u0072esults":[1]}', ["1"]),
        (b'{"results":[1],"results":[2, 3]}', ["2", "3"]),
        (b'{"results":[{"a":1,"a":2}]}', ['{"a":1,"a":2}']),
        (b'{"results":[1e999]}', ["1e999"]),
        (b'{"results":[' + b"9" * 5000 + b"]}", ["9" * 5000]),
        (b'{"size":-39928545,"start":7,"limit":3,"results":[1]}', ["1"]),
        (b'{"results":["' + b"[{" * 1000 + b'"]}', ['"' + "[{" * 1000 + '"']),
        (b'{"results":[[' + b"[]," * 1000 + b"[]]]}", ["[" + "[]," * 1000 + "[]]"]),
    ],
)
def test_what_is_odd_and_json_is_read(body: bytes, raws: list[str]) -> None:
    assert [entry.raw for entry in read_page(body).entries] == raws


def test_of_a_name_given_twice_the_last_counts_whatever_the_first_was() -> None:
    assert len(read_page(b'{"results":null,"results":[1]}').entries) == 1


def nested(levels: int, inside: str = "") -> str:
    return "[" * levels + inside + "]" * levels


@pytest.mark.parametrize("inside", ["", "[],[]", "{}"])
def test_lists_may_be_nested_up_to_the_cap(inside: str) -> None:
    deepest = DEPTH_CAP - bool(inside)
    assert read_page(f'{{"results":[{nested(deepest, inside)}]}}'.encode()).entries
    with pytest.raises(UnreadableAnswer):
        read_page(f'{{"results":[{nested(deepest + 1, inside)}]}}'.encode())


def test_a_list_beside_it_makes_a_record_no_deeper() -> None:
    assert read_page(f'{{"results":[{nested(DEPTH_CAP, "1")}]}}'.encode()).entries
    assert read_page(f'{{"results":[[[],{nested(DEPTH_CAP - 1, "1")}]]}}'.encode()).entries


@pytest.mark.parametrize(
    ("links", "more"),
    [
        ('{"next":"/rest/api/audit?start=1000"}', True),
        ('{"next":"https://evil.example/"}', True),
        ('{"self":"x"}', False),
        ('{"next":""}', False),
        ('{"next":null}', False),
        ("null", False),
        ('"next"', False),
        ('["next"]', False),
    ],
)
def test_there_is_more_where_next_is(links: str, more: bool) -> None:
    assert read_page(f'{{"results":[],"_links":{links}}}'.encode()) == Page((), more)


def test_a_page_without_links_is_the_last() -> None:
    assert read_page(b'{"results":[]}') == EMPTY


@pytest.mark.parametrize(
    ("record", "created"),
    [
        ('{"creationDate":1643097111962}', 1643097111962),
        ('{"creationDate":-1}', -1),
        ('{"creationDate":1,"creationDate":2}', 2),
        ('{"creationDate":1643097111962.0}', None),
        ('{"creationDate":"1643097111962"}', None),
        ('{"creationDate":true}', None),
        ('{"creationDate":null}', None),
        ("{}", None),
        ("7", None),
    ],
)
def test_the_date_of_an_entry_is_a_whole_number_or_nothing(record: str, created: int | None) -> None:
    (entry,) = read_page(f'{{"results":[{record}]}}'.encode()).entries
    assert entry.created == created


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('{"a":1,"b":[2]}', '{ "b":[2], "a":1 }', True),
        ('{"a":"\\u00e9"}', '{"a":"é"}', True),
        ('{"a":[1,2]}', '{"a":[2,1]}', False),
        ('{"a":1}', '{"a":"1"}', False),
        ('{"a":1}', '{"a":true}', False),
        ('{"a":1}', '{"a":1,"b":null}', False),
    ],
)
def test_two_entries_are_the_same_record_whatever_the_order_of_their_names(
    one: str, other: str, same: bool
) -> None:
    first, second = read_page(f'{{"results":[{one},{other}]}}'.encode()).entries
    assert (first.key == second.key) is same


# As many values as a page may hold


@pytest.mark.parametrize("inside", ["%s", '{"changedValues":[%s]}', '[[%s],""]'])
@pytest.mark.parametrize("value", ["{}", "0", "[]", '""', '"\\\\"', '"\\","'])
def test_a_page_of_more_values_than_any_could_have_is_refused_before_they_are_made(
    value: str, inside: str
) -> None:
    body = b'{"results":[%s]}' % (inside % ",".join([value] * (VALUES_CAP + 1))).encode()
    tracemalloc.start()
    try:
        with pytest.raises(AnswerTooBig):
            read_page(body)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * len(body) + 2**26


def test_a_page_of_very_many_values_is_read() -> None:
    (entry,) = read_page(b'{"results":[[%s]]}' % b",".join([b"0"] * (VALUES_CAP - 3))).entries
    assert entry.value == [0] * (VALUES_CAP - 3)


@pytest.mark.parametrize("text", ["a, b; ", "[{,", '\\",{', "\\\\", '\\\\\\",', "é,"])
def test_what_stands_in_a_text_is_not_counted(text: str) -> None:
    long = text * (2 * VALUES_CAP // max(1, text.count(",")))
    raw = f'{{"summary":"{long}","description":"","category":[]}}'
    assert [entry.raw for entry in read_page(f'{{"results":[{raw},{raw}]}}'.encode()).entries] == [raw, raw]
