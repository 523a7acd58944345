"""CSV: for spreadsheets in words, with no cell that could be a formula; exact for programs that read it back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.export.csv_formats import CSV, CSV_EXACT, guarded
from auditui.export.exporter import Destination, Exporter
from auditui.model.record import Record
from auditui.model.when import Zone
from tests.export.test_json_formats import ANY, OCCASION, PATIENTLY, as_sent, written
from tests.fuzz.target import Watch
from tests.model.records import NOW, records
from tests.store.demo_records import demo_records

RECORD = as_sent(
    {
        "author": {"type": "user", "displayName": "Ana Example", "accountId": "557058:a1"},
        "remoteAddress": "192.0.2.7",
        "creationDate": NOW + 123,
        "summary": "Space configuration updated",
        "description": "two\nlines",
        "category": "Spaces",
        "sysAdmin": True,
        "superAdmin": False,
        "affectedObject": {"name": "admins:4375f4c3-bfdf-4f36-a62e-141ccf1588a3", "objectType": "Group"},
        "changedValues": [
            {"name": "Status", "oldValue": "current", "newValue": "archived"},
            {"name": "Key", "oldValue": "", "newValue": "DEMO"},
            {"name": "Owner", "oldValue": "Ana", "newValue": ""},
            {"name": "Email", "oldValue": "a@b.org", "newValue": "a@b.org"},
            {"name": "Logo", "oldValue": "", "newValue": ""},
            {"name": "", "oldValue": "", "newValue": "", "hiddenOldValue": "x", "hiddenNewValue": "y"},
        ],
        "associatedObjects": [
            {"name": "Demo", "objectType": "Space"},
            {"name": "", "objectType": "Page"},
            {"name": "Plan", "objectType": ""},
        ],
        "colour": "red",
    }
)
BLANKS = st.text(
    st.sampled_from(" \t\n\r\x00\x0b\u00a0\u3000\u00ad\u200b\u200e\u2028\u2060\u115f\ufeff"), max_size=4
)
FORMULA = "=+-@\t\r\n|%＝＋－＠"

# What OWASP and the reports of such attacks show, with what people put in front.
ATTACKS = (
    *"=1+1 +1+1 -1+1 @SUM(1;1) \t=1+1 \r=1+1 \n=1+1 ＝1+1 ＋1+1 －1+1 ＠SUM(1;1) %0A=1+1 |1+1 \x00=1+1".split(
        " "
    ),
    *" =1+1,\u00a0=1+1,\ufeff=1+1,\u200b=1+1,\u00ad\u115f=1+1,\u3000 \ufeff\t=1+1".split(","),
    *'=HYPERLINK("http://127.0.0.1:9/?c="&A1;"Minutes") =WEBSERVICE("http://127.0.0.1:9/") =1;=1+1'.split(
        " "
    ),
    "=cmd|' /C calc'!A0",
    "|cmd' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
)


def rows(content: bytes) -> list[list[str]]:
    """The file as Python's csv reads it."""
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def encodable(text: str) -> str:
    r"""The text as UTF-8 can hold it: a lone surrogate as `\ud800`."""
    return text.encode("utf-8", "backslashreplace").decode()


def cells(exporter: Exporter, record: Record, zone: str = "UTC") -> dict[str, str]:
    """The record's cells by their titles."""
    titles, *body = rows(written(exporter, [record], occasion=replace(OCCASION, zone=Zone(zone))))
    assert len(body) == 1
    return dict(zip(titles, body[0], strict=True))


def named(name: str) -> Record:
    """A record whose author has this name."""
    return decode(json.dumps({"author": {"displayName": name}, "creationDate": NOW}))


# For spreadsheets


def test_a_row_tells_the_record_in_words() -> None:
    assert cells(CSV, RECORD, "Europe/Berlin") == {
        "Time (Europe/Berlin)": "2026-11-12 11:00:30",
        "Time (UTC, exact)": "2026-11-12T10:00:30.123Z",
        "Author": "Ana Example",
        "Account id": "557058:a1",
        "Event": "Space configuration updated",
        "Category": "Spaces",
        "Object": "admins",
        "Object type": "Group",
        "Associated objects": "Space: Demo; Page: (no name); Plan",
        "Address": "192.0.2.7",
        "Changed values": (
            "Status: current → archived; Key: DEMO; Owner: Ana → (none); Email: a@b.org (no change); "
            "Logo: empty (no change); (unnamed): x → y (hidden in Confluence)"
        ),
        "Description": "two\nlines",
        "Administrator": "yes",
        "Unusual": "the record has the unknown field “colour”",
    }


def test_the_file_is_plain_utf_8_with_rows_that_end_in_cr_lf() -> None:
    content = written(CSV, demo_records(2))
    assert content.startswith(b'"Time (Europe/Berlin)",')
    assert content.endswith(b'"\r\n')
    assert len(rows(content)) == 3


def test_what_stands_in_place_of_a_date_is_told() -> None:
    shown = cells(CSV, decode('{"creationDate": "=1+1"}'))
    assert shown["Time (UTC)"] == '(invalid date: "=1+1")'
    assert shown["Time (UTC, exact)"] == '"=1+1"'
    assert cells(CSV, decode("{}"))["Time (UTC)"] == "(no date)"
    assert cells(CSV, decode('{"creationDate": 1e14}'))["Time (UTC, exact)"] == "5138-11-16T09:46:40.000Z"
    beyond = cells(CSV, decode('{"creationDate": 999999999999999999}'))
    assert beyond["Time (UTC, exact)"] == "(invalid date: 999999999999999999)"


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_begins_a_formula_begins_a_cell(attack: str) -> None:
    assert cells(CSV, named(attack))["Author"] == f"'{attack}"


@given(blanks=BLANKS, sign=st.sampled_from(FORMULA), rest=ANY)
@example(blanks="\u115f", sign="=", rest="1")
def test_it_is_a_formula_behind_anything_that_nobody_sees(blanks: str, sign: str, rest: str) -> None:
    assert guarded(blanks + sign + rest) == f"'{blanks}{sign}{rest}"


@pytest.mark.parametrize(
    "text", ["", "a=1", "Ana", "0", "é=", "'=1+1", "(=1", '"=1+1', "日本", " a", "→", "\x1b[1m"]
)
def test_a_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_a_formula_behind_all_that_does_not_show_is_found_in_one_walk() -> None:
    private = "".join(map(chr, range(0xF0000, 0xF5000)))
    watch = Watch()
    with watch.timed("to guard a cell"):
        assert guarded(private * 100 + "=1").startswith("'")
    with watch.timed("to leave a cell as it is"):
        assert guarded(private * 100 + "a=1").startswith(private[0])


def test_joined_texts_are_guarded_as_one() -> None:
    record = decode(
        '{"changedValues": [{"name": "=1+1", "oldValue": "", "newValue": "x"}],'
        ' "associatedObjects": [{"name": "@SUM(1;1)", "objectType": ""}]}'
    )
    shown = cells(CSV, record)
    assert shown["Changed values"] == "'=1+1: x"
    assert shown["Associated objects"] == "'@SUM(1;1)"


@PATIENTLY
@given(log=st.lists(records(), max_size=4), zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"]))
def test_no_cell_of_any_log_is_a_formula(log: list[Record], zone: str) -> None:
    table = rows(written(CSV, log, occasion=replace(OCCASION, zone=Zone(zone))))
    assert [len(row) for row in table] == [14] * (len(log) + 1)
    assert not [cell for row in table for cell in row if guarded(cell) != cell]


@PATIENTLY
@given(log=st.lists(records(), max_size=4))
def test_but_for_the_guard_every_text_is_there(log: list[Record]) -> None:
    titles, *body = rows(written(CSV, log))
    for record, row in zip(log, body, strict=True):
        shown = {title: cell.removeprefix("'") for title, cell in zip(titles, row, strict=True)}
        for title, text in (
            ("Author", record.author.label),
            ("Event", record.event),
            ("Category", record.category),
            ("Object", record.affected.label),
            ("Address", record.address),
            ("Description", record.description),
        ):
            assert shown[title] == encodable(text).removeprefix("'")


# Exact


def test_the_exact_columns_are_called_as_the_site_calls_them() -> None:
    assert cells(CSV_EXACT, RECORD) == {
        "creationDate": str(NOW + 123),
        "author.displayName": "Ana Example",
        "author.accountId": "557058:a1",
        "author.type": "user",
        "remoteAddress": "192.0.2.7",
        "summary": "Space configuration updated",
        "category": "Spaces",
        "description": "two\nlines",
        "affectedObject.name": "admins:4375f4c3-bfdf-4f36-a62e-141ccf1588a3",
        "affectedObject.objectType": "Group",
        "associatedObjects": json.dumps(json.loads(RECORD.raw)["associatedObjects"]),
        "changedValues": json.dumps(
            [
                {
                    "name": "",
                    "oldValue": "",
                    "newValue": "",
                    "hiddenOldValue": "",
                    "hiddenNewValue": "",
                    **change,
                }
                for change in json.loads(RECORD.raw)["changedValues"]
            ]
        ),
        "sysAdmin": "true",
        "superAdmin": "false",
        "raw": RECORD.raw,
    }


def test_numbers_are_bare_and_a_date_that_is_none_is_there_as_it_came() -> None:
    content = written(CSV_EXACT, [named("a"), decode('{"creationDate": {"a": 1}}')])
    assert f"\r\n{NOW},a," in content.decode()
    assert rows(content)[2][0] == '{"a":1}'


@pytest.mark.parametrize(
    "text", [*ATTACKS, 'say "hi"', "\r", "\n", "a\rb", "\x00", "a,b", "‹ESC›", "\x1b[31m", "'"]
)
def test_the_exact_file_gives_a_text_back_as_it_was(text: str) -> None:
    assert cells(CSV_EXACT, named(text))["author.displayName"] == text


@PATIENTLY
@given(log=st.lists(records(), max_size=4))
def test_every_text_of_any_log_can_be_read_back(log: list[Record]) -> None:
    titles, *body = rows(written(CSV_EXACT, log))
    for record, row in zip(log, body, strict=True):
        found = dict(zip(titles, row, strict=True))
        assert found["raw"] == record.raw
        assert found["author.displayName"] == encodable(record.author.name)
        assert found["author.accountId"] == encodable(record.author.account_id)
        assert found["remoteAddress"] == encodable(record.address)
        assert found["summary"] == encodable(record.event)
        assert found["description"] == encodable(record.description)
        assert found["affectedObject.name"] == encodable(record.affected.name)
        assert [each["name"] for each in json.loads(found["associatedObjects"])] == [
            each.name for each in record.associated
        ]
        assert [(each["oldValue"], each["newValue"]) for each in json.loads(found["changedValues"])] == [
            (each.old, each.new) for each in record.changes
        ]


@given(name=ANY)
def test_the_records_own_text_gives_back_even_what_the_cells_cannot_hold(name: str) -> None:
    raw = cells(CSV_EXACT, named(name))["raw"]
    assert json.loads(raw)["author"]["displayName"] == json.loads(json.dumps(name))


# Both


@pytest.mark.parametrize("exporter", [CSV, CSV_EXACT], ids=lambda each: each.key)
def test_without_records_there_are_the_titles(exporter: Exporter) -> None:
    assert len(rows(written(exporter, []))) == 1


def warnings(exporter: Exporter, *descriptions: str) -> Sequence[str]:
    """What is said of records with these descriptions."""
    writer = exporter.open(Destination(io.BytesIO(), None), OCCASION)
    writer.write([replace(RECORD, description=description) for description in descriptions])
    return writer.warnings


@pytest.mark.parametrize("exporter", [CSV, CSV_EXACT], ids=lambda each: each.key)
def test_cells_that_are_too_long_for_a_reader_are_told_of(exporter: Exporter) -> None:
    assert warnings(exporter, "a" * 32_767) == ()
    assert warnings(exporter, "a" * 32_768) == (
        "1 cell has over 32,767 characters, more than a cell of Excel holds.",
    )
    assert warnings(exporter, "a" * 131_072, "b" * 131_073) == (
        "1 cell has over 131,072 characters, which Python's csv module reads only with a higher field_size_limit.",
        "2 cells have over 32,767 characters, more than a cell of Excel holds.",
    )


def test_pythons_csv_module_draws_the_line_where_we_say() -> None:
    longest = written(CSV, [replace(RECORD, description="a" * 131_072)])
    assert len(rows(longest)) == 2
    with pytest.raises(csv.Error, match="field larger"):
        rows(written(CSV, [replace(RECORD, description="a" * 131_073)]))
