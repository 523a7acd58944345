"""JSON Lines and JSON leave with the site's own records: nothing lost, and nothing in them that a terminal obeys."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.client.page import read_page
from auditui.export.csv_formats import CSV, CSV_EXACT
from auditui.export.exporter import Destination, Ending, Exporter, Occasion
from auditui.export.json_formats import JSON, JSON_LINES
from auditui.export.json_text import visible
from auditui.model.record import Record
from auditui.model.when import Zone
from tests.model.records import DAY, NOW, records
from tests.store.demo_records import demo_records

OCCASION = Occasion(
    site="acme.atlassian.net",
    account="ana@example.com",
    zone=Zone("Europe/Berlin"),
    start=NOW - DAY,
    end=NOW,
    search="group",
    filter="author:ana",
    selection="those that pass the filter",
    order="newest first",
    exported_at=NOW + 7,
)
OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0\u17b4\u034f\u2800\u180b\ufe0f\U000e0100"
ODD = st.sampled_from(
    '\\"/az é日\x00\n\r\t\x1b\x7f\x85\x9b\u00a0\u00ad\u200b\u200d\u202e\u2028\u2029\ufeff\ue000\U000e0041\U0010ffff👩🇩🏽'
    + INVISIBLE_LETTERS
)
PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Before its first record, in a checkout that is new, hypothesis reads every module for values to try."""

ANY = st.text(ODD | st.characters(), max_size=40)


def written(exporter: Exporter, *runs: Sequence[Record], occasion: Occasion = OCCASION) -> bytes:
    """What an export leaves that was broken off between these runs."""
    stream, done = io.BytesIO(), 0
    for run in runs:
        writer = exporter.open(Destination(stream, None, done), occasion)
        writer.write(run)
        writer.flush()
        done += len(run)
    writer = exporter.open(Destination(stream, None, done), occasion)
    writer.finish(Ending(done, complete=True, completeness="whole answer"))
    return stream.getvalue()


def lines(content: bytes) -> list[str]:
    """The lines of JSON Lines, each of which has to end."""
    *lines, rest = content.decode().split("\n")
    assert rest == ""
    return lines


def as_sent(value: object, *, indent: int | None = None) -> Record:
    """The record, from a site that writes every character as itself where JSON allows it."""
    return decode(json.dumps(value, ensure_ascii=False, indent=indent))


# Records as they came


def test_a_record_of_plain_text_is_a_line_character_for_character() -> None:
    raw = '{"summary" : "User added",  "summary":"twice","n":1e400,"long":123456789012345678901234567890,"x":1.10}'
    assert lines(written(JSON_LINES, [decode(raw)])) == [raw]
    assert raw in written(JSON, [decode(raw)]).decode().split("\n")


def test_letters_of_any_script_can_be_found_in_the_lines() -> None:
    record = as_sent({"summary": "Zürich, 日本語, Σίσυφος, naïve, 🦊"})
    assert lines(written(JSON_LINES, [record])) == [record.raw]


@given(value=st.dictionaries(ANY, ANY, max_size=3) | ANY)
@example({"summary": "\x1b[31mroot\x7f\x9b\u2028"})
@example({"summary": INVISIBLE_LETTERS})
@example("\ud800")
def test_a_line_says_the_same_and_holds_nothing_that_a_terminal_obeys(value: object) -> None:
    (line,) = lines(written(JSON_LINES, [as_sent(value)]))
    assert json.loads(line) == json.loads(json.dumps(value))
    assert not [each for each in line if unicodedata.category(each) in OBEYED or each in INVISIBLE_LETTERS]


def test_what_is_escaped_is_just_what_does_not_show() -> None:
    assert visible('"a\\\\\x7f\u202eé\U000e0041"') == '"a\\\\\\u007f\\u202eé\\udb40\\udc41"'


def test_a_record_on_many_lines_becomes_one() -> None:
    value = {"summary": "a\nb", "author": {"displayName": "Ana"}}
    body = json.dumps({"results": [value]}, indent="\t").replace("\n", "\r\n").encode()
    (entry,) = read_page(body).entries
    (line,) = lines(written(JSON_LINES, [decode(entry.raw)]))
    assert "\r\n" in entry.raw
    assert json.loads(line) == value


@PATIENTLY
@given(log=st.lists(records(), max_size=5))
def test_each_record_is_one_line_and_one_item_whatever_it_holds(log: list[Record]) -> None:
    values = [json.loads(record.raw) for record in log]
    assert [json.loads(line) for line in lines(written(JSON_LINES, log))] == values
    assert json.loads(written(JSON, log))["records"] == values


def test_no_records_are_no_lines() -> None:
    assert written(JSON_LINES, []) == b""


# The document


def test_the_document_tells_its_circumstances_and_how_it_ended() -> None:
    log = demo_records(3)
    content = json.loads(written(JSON, log))
    assert list(content) == ["export", "records", "end"]
    assert content["export"] == {
        "site": "acme.atlassian.net",
        "account": "ana@example.com",
        "zone": "Europe/Berlin",
        "from": "2026-11-11T10:00:30.000Z",
        "to": "2026-11-12T10:00:30.000Z",
        "startDate": NOW - DAY,
        "endDate": NOW,
        "search": "group",
        "filter": "author:ana",
        "selection": "those that pass the filter",
        "order": "newest first",
        "exported": "2026-11-12T10:00:30.007Z",
    }
    assert content["end"] == {"written": 3, "complete": True, "completeness": "whole answer"}


def test_a_document_without_a_beginning_in_time_or_records_is_one() -> None:
    content = json.loads(written(JSON, [], occasion=replace(OCCASION, start=0)))
    assert (content["export"]["from"], content["export"]["startDate"]) == ("1970-01-01T00:00:00.000Z", 0)
    assert content["records"] == []


def test_an_incomplete_document_says_so() -> None:
    stream = io.BytesIO()
    writer = JSON.open(Destination(stream, None), OCCASION)
    writer.write(demo_records(2))
    writer.finish(Ending(2, complete=False, completeness="It stops at “\ud800”."))
    end = json.loads(stream.getvalue())["end"]
    assert end == {"written": 2, "complete": False, "completeness": "It stops at “\ud800”."}


@given(site=ANY, search=ANY)
def test_foreign_words_among_the_circumstances_are_as_safe_as_records(site: str, search: str) -> None:
    text = written(JSON, [], occasion=replace(OCCASION, site=site, search=search)).decode()
    told = json.loads(text)["export"]
    assert [told["site"], told["search"]] == json.loads(json.dumps([site, search]))
    assert not [each for each in text.replace("\n", "") if unicodedata.category(each) in OBEYED]


def test_the_document_can_be_read_line_by_line() -> None:
    head, opened, *items, closed, end = written(JSON, demo_records(3)).decode().splitlines()
    assert (head[:12], opened, closed, end[:7]) == ('{"export": {', '"records": [', "],", '"end": ')
    assert [item.rstrip(",") for item in items] == [record.raw for record in demo_records(3)]


# Going on


@pytest.mark.parametrize("exporter", [JSON_LINES, JSON, CSV, CSV_EXACT], ids=lambda each: each.key)
@PATIENTLY
@given(log=st.lists(records(), max_size=5), cuts=st.lists(st.integers(0, 5), max_size=3))
def test_a_broken_export_that_goes_on_is_the_same_file(
    exporter: Exporter, log: list[Record], cuts: list[int]
) -> None:
    places = [0, *sorted(min(cut, len(log)) for cut in cuts), len(log)]
    runs = [log[first:last] for first, last in pairwise(places)]
    assert written(exporter, *runs) == written(exporter, log)


@pytest.mark.parametrize("exporter", [JSON_LINES, JSON, CSV, CSV_EXACT], ids=lambda each: each.key)
def test_batches_of_any_size_are_the_same_file(exporter: Exporter) -> None:
    stream = io.BytesIO()
    writer = exporter.open(Destination(stream, None), OCCASION)
    for batch in (demo_records(6)[:1], (), demo_records(6)[1:]):
        writer.write(batch)
    writer.finish(Ending(6, complete=True, completeness="whole answer"))
    assert stream.getvalue() == written(exporter, demo_records(6))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\\ud800", True),
        ("a\\uDC00b", True),
        ("\\ud83d\\ude00", False),
        ("\\\\ud800", False),
        ("Zürich", False),
    ],
)
@pytest.mark.parametrize("form", [JSON_LINES, JSON])
def test_half_a_character_is_told_as_some_programs_refuse_it(form: Exporter, text: str, told: bool) -> None:
    record = decode('{"summary": "' + text + '", "n": ' + "9" * 5_000 + "}")
    writer = form.open(Destination(io.BytesIO(), None), OCCASION)
    writer.write([record])
    assert bool(writer.warnings) is told
