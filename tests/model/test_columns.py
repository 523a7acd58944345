"""The table's columns give way to each other and take every record there can be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.model.columns import COLUMNS, GAP, fit
from auditui.model.when import Zone

UTC = Zone.parse("utc")
SMALLEST = min(COLUMNS, key=lambda column: column.rank).least
WISHED = {column.key: max(column.least, *(cells for _, cells in column.wishes), 0) for column in COLUMNS}
WIDEST = sum(WISHED.values()) + GAP * (len(COLUMNS) - 1)
WIDTHS = range(SMALLEST, WIDEST + 60)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FLOATS | st.text(max_size=10)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "creationDate": JSON,
        "summary": JSON,
        "category": JSON,
        "remoteAddress": JSON,
        "author": JSON | st.fixed_dictionaries({"displayName": JSON, "accountId": JSON}),
        "affectedObject": JSON | st.fixed_dictionaries({"name": JSON, "objectType": JSON}),
    },
)


def keys(width: int) -> list[str]:
    return [fitted.column.key for fitted in fit(width)]


def columns_at(milliseconds: int, width: int = 19) -> dict[str, str]:
    record = decode(json.dumps({"creationDate": milliseconds}))
    return {column.key: column.text(record, UTC, width) for column in COLUMNS}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_columns_fill_the_width_and_never_exceed_it(width: int) -> None:
    fitted = fit(width)
    assert sum(each.width for each in fitted) + GAP * (len(fitted) - 1) == width
    assert all(each.width >= each.column.least for each in fitted)


@pytest.mark.parametrize("width", [0, 1, SMALLEST - 1])
def test_a_width_too_small_for_any_column_shows_none(width: int) -> None:
    assert fit(width) == ()


def test_the_columns_keep_their_order() -> None:
    order = [column.key for column in COLUMNS]
    assert all(keys(width) == [key for key in order if key in keys(width)] for width in WIDTHS)


def test_a_wider_terminal_never_shows_fewer_columns() -> None:
    dropped = {width: set(keys(width - 1)) - set(keys(width)) for width in WIDTHS[1:]}
    assert not {width: lost for width, lost in dropped.items() if lost}


def test_every_column_is_there_and_whole_when_there_is_room() -> None:
    fitted = fit(WIDEST)
    assert [each.column for each in fitted] == list(COLUMNS)
    assert all(each.width == WISHED[each.column.key] for each in fitted)


def test_what_is_left_over_goes_to_the_object() -> None:
    more = {each.column.key: each.width - WISHED[each.column.key] for each in fit(WIDEST + 50)}
    assert {key: cells for key, cells in more.items() if cells} == {"object": 50}


def test_the_event_is_the_last_column_to_go() -> None:
    assert keys(24) == ["event"]


@pytest.mark.parametrize(
    ("milliseconds", "width", "shown"),
    [
        (1_643_097_111_962, 19, "2022-01-25 07:51:51"),
        (1_643_097_111_962, 18, "2022-01-25 07:51"),
        (1_643_097_111_962, 14, "22-01-25 07:51"),
        (10**18, 14, "(invalid date: 1000000000000000000)"),
    ],
)
def test_a_narrow_time_loses_its_seconds_and_never_its_year(
    milliseconds: int, width: int, shown: str
) -> None:
    assert columns_at(milliseconds, width)["time"] == shown


@pytest.mark.parametrize(
    ("date", "shown"),
    [('"soon"', '(invalid date: "soon")'), ("true", "(invalid date: true)"), ("null", "(no date)")],
)
def test_a_date_that_is_none_is_said_to_be_none(date: str, shown: str) -> None:
    record = decode(f'{{"creationDate":{date}}}')
    assert COLUMNS[0].text(record, UTC, 19) == shown


@settings(deadline=None)
@given(value=JSON | RECORDS, width=st.integers(0, 60))
@example(value={"creationDate": 10**30}, width=19)
def test_every_column_takes_every_record(value: object, width: int) -> None:
    record = decode(json.dumps(value))
    assert all(isinstance(column.text(record, UTC, width), str) for column in COLUMNS)
