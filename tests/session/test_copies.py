"""What is copied is exact, and cannot do anything where it is pasted."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from auditui.client.decode import decode
from auditui.model.columns import COLUMNS, Column, column_of
from auditui.model.record import ChangedValue, Record
from auditui.model.when import Zone
from auditui.session.copies import as_json, as_lines, as_markdown, cell, command_line, selection
from tests.model.records import NOW, records

UTC, BERLIN = Zone("UTC"), Zone("Europe/Berlin")
OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
BOLD = ("strong_open", "strong_close")
PASTE = "\x1b[201~\nrm -rf ~\n"
RAW = {
    "author": {"displayName": "Ana Example", "accountId": "5b1"},
    "remoteAddress": "192.0.2.7",
    "creationDate": NOW,
    "summary": "User updated",
    "description": "all of it",
    "affectedObject": {"name": "ben", "objectType": "User"},
    "associatedObjects": [{"name": "admins", "objectType": "Group"}],
    "changedValues": [
        {"name": "Active", "oldValue": "Yes", "newValue": "No"},
        {"name": "Same", "oldValue": "x", "newValue": "x"},
        {"name": "E-mail", "oldValue": "", "newValue": "b@example.com"},
    ],
}
RECORD = decode(json.dumps(RAW))
HOSTILE = replace(RECORD, event=PASTE, address="\x9b31m", description="\ud800")
columns = st.sampled_from(COLUMNS)


def obeyed(text: str) -> list[str]:
    return [each for each in text if unicodedata.category(each) in OBEYED and each not in "\u200c\u200d"]


def test_a_line_says_who_did_what_to_what_from_where_and_what_changed() -> None:
    copy = as_lines([RECORD], BERLIN)
    assert copy.text == (
        "2026-11-12 11:00:30.000 +01:00 · Ana Example · User updated · ben (User); admins (Group) · 192.0.2.7 · "
        "Active: Yes → No; E-mail: b@example.com"
    )
    assert (copy.what, copy.spelled_out) == ("1 record as one line", False)


def test_what_a_record_lacks_is_not_made_up() -> None:
    assert as_lines([decode("{}")], UTC).text == "(no date) · (unknown) · (no event named) · — · —"


@given(records())
@example(HOSTILE)
def test_a_line_is_one_line_in_which_nothing_can_be_obeyed(record: Record) -> None:
    copy = as_lines([record], UTC)
    assert obeyed(copy.text) == []
    assert copy.text.encode()


@given(records(), columns)
@example(HOSTILE, COLUMNS[2])
def test_a_cell_is_one_line_in_which_nothing_can_be_obeyed(record: Record, column: Column) -> None:
    copy = cell(record, column, UTC)
    assert obeyed(copy.text) == []
    copy.text.encode()


def test_an_escape_sequence_is_spelled_out_and_that_is_told() -> None:
    for copy in (as_lines([HOSTILE], UTC), as_markdown([HOSTILE], UTC)):
        assert "‹ESC›" in copy.text
        assert "201~‹LF›rm" in copy.text
        assert copy.spelled_out
    event = column_of("event")
    assert event
    assert cell(HOSTILE, event, UTC).text == "‹ESC›[201~‹LF›rm -rf ~‹LF›"


@pytest.mark.parametrize(
    "name", ["‹ESC›", "👩‍👧", "a\u00a0b", "می‌خواهم", "Zu\u0308rich", "日本", "=1+1", "[/x] `b`", "\\"]
)
def test_a_cell_has_every_character_that_can_be_seen(name: str) -> None:
    author, record = column_of("author"), replace(RECORD, author=replace(RECORD.author, name=name))
    assert author
    copy = cell(record, author, UTC)
    assert copy.text == name
    assert not copy.spelled_out
    assert copy.what == "the cell Author"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("time", "2026-11-12 11:00:30.000 +01:00"),
        ("object", "ben"),
        ("address", "192.0.2.7"),
        ("account", "5b1"),
        ("changes", "Active: Yes → No; E-mail: b@example.com"),
        ("description", "all of it"),
        ("associated", "admins"),
        ("flags", ""),
    ],
)
def test_each_cell_is_what_its_column_shows(key: str, text: str) -> None:
    column = column_of(key)
    assert column
    assert cell(RECORD, column, BERLIN).text == text


@pytest.mark.parametrize("key", ["description", "changes", "associated", "object", "event"])
def test_a_cell_that_is_cut_on_the_screen_is_copied_whole(key: str) -> None:
    long = "x" * 5_000
    many = [{"name": f"{long}{number}", "newValue": "1"} for number in range(100)]
    raw = RAW | {
        "description": long,
        "summary": long,
        "affectedObject": {"name": long},
        "changedValues": many,
    }
    record = decode(
        json.dumps(raw | {"associatedObjects": [{"name": f"{long}{number}"} for number in range(100)]})
    )
    column = column_of(key)
    assert column
    text = cell(record, column, UTC).text
    assert text.startswith(long)
    assert long + "99" in text or text == long


@given(st.lists(records(), min_size=1, max_size=3))
@example([HOSTILE])
def test_json_means_what_the_site_sent_and_is_a_line_a_record(some: list[Record]) -> None:
    copy = as_json(some)
    lines = copy.text.split("\n")
    assert [json.loads(line) for line in lines] == [json.loads(record.raw) for record in some]
    assert obeyed("".join(lines)) == []
    assert not copy.spelled_out
    copy.text.encode()


def test_json_that_came_on_several_lines_is_copied_on_one() -> None:
    raw = json.dumps(RAW, indent=2)
    copy = as_json([decode(raw)])
    assert "\n" not in copy.text
    assert json.loads(copy.text) == RAW


@given(st.lists(records(), min_size=1, max_size=3))
@example([HOSTILE])
@example([replace(RECORD, event="[x](https://evil.example) <img src=x> @ana #1 **b** `c`")])
@example([replace(RECORD, event="\u3000a\u00a0b\u00a0")])
@example([replace(RECORD, changes=(ChangedValue("", "", "\u00a0"),))])
def test_markdown_shows_a_list_of_the_same_lines_and_nothing_else(some: list[Record]) -> None:
    tokens = MarkdownIt("commonmark").parse(as_markdown(some, UTC).text)
    kinds = {token.type for token in tokens}
    assert kinds == {
        f"{kind}_{end}" for kind in ("bullet_list", "list_item", "paragraph") for end in ("open", "close")
    } | {"inline"}
    shown = [token.children or [] for token in tokens if token.type == "inline"]
    assert {child.type for children in shown for child in children} <= {
        "text",
        "code_inline",
        "text_special",
        *BOLD,
    }
    assert ["".join(child.content for child in children) for children in shown] == as_lines(
        some, UTC
    ).text.split("\n")


def test_several_records_are_counted() -> None:
    some = [RECORD] * 1_000
    assert as_lines(some, UTC).what == "1,000 records as lines"
    assert as_lines(some, UTC).text.count("\n") == 999
    assert as_json(some).what == "1,000 records as JSON Lines"
    assert as_markdown(some, UTC).what == "1,000 records as Markdown"


def test_a_command_is_one_line_whatever_was_searched_for() -> None:
    copy = command_line(("auditui", "--search 'a\nb'", "--filter \x1b[201~"))
    assert copy.text == "auditui --search 'a‹LF›b' --filter ‹ESC›[201~"
    assert copy.spelled_out


def test_a_selection_keeps_its_lines() -> None:
    assert selection("one\ntwo").text == "one\ntwo"
    assert selection("one\r\x1b\ud800").text == "one‹CR›‹ESC›‹U+D800›"
