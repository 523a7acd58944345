"""The table's columns give way to each other and take every record there can be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.model.clock import Clock
from auditui.model.columns import (
    COLUMNS,
    DEFAULT_LAYOUT,
    GAP,
    WIDER_MOST,
    Layout,
    bounded,
    column_of,
    fit,
    more_at_the_right,
    tidied,
)
from auditui.model.record import Record
from auditui.model.when import Zone

UTC = Clock(Zone.parse("utc"))
DEFAULT = [column for column in COLUMNS if column.key in dict(DEFAULT_LAYOUT.shown)]
SMALLEST = min(DEFAULT, key=lambda column: column.rank).least
WISHED = {column.key: max(column.least, *(cells for _, cells in column.wishes), 0) for column in COLUMNS}
WIDEST = sum(WISHED[column.key] for column in DEFAULT) + GAP * (len(DEFAULT) - 1)
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
        "associatedObjects": JSON | st.lists(st.fixed_dictionaries({"name": JSON}), max_size=3),
        "changedValues": JSON
        | st.lists(st.fixed_dictionaries({"name": JSON, "oldValue": JSON, "newValue": JSON}), max_size=3),
        "description": JSON,
        "sysAdmin": JSON,
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
    order = [key for key, _extra in DEFAULT_LAYOUT.shown]
    assert all(keys(width) == [key for key in order if key in keys(width)] for width in WIDTHS)


def test_a_wider_terminal_never_shows_fewer_columns() -> None:
    dropped = {width: set(keys(width - 1)) - set(keys(width)) for width in WIDTHS[1:]}
    assert not {width: lost for width, lost in dropped.items() if lost}


def test_every_column_is_there_and_whole_when_there_is_room() -> None:
    fitted = fit(WIDEST)
    assert [each.column for each in fitted] == DEFAULT
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


LAYOUTS = st.lists(
    st.tuples(st.sampled_from([column.key for column in COLUMNS]), st.integers(-300, 300)), min_size=1
).map(tidied)


def layout(*shown: str | tuple[str, int]) -> Layout:
    return Layout(tuple((each, 0) if isinstance(each, str) else each for each in shown))


def widths(width: int, chosen: Layout, first: int = 0) -> dict[str, int]:
    return {each.column.key: each.width for each in fit(width, chosen, first)}


def said(key: str, **fields: Any) -> str:
    column = column_of(key)
    assert column is not None
    return column.text(decode(json.dumps(fields)), UTC, 40)


class TestAChosenLayout:
    def test_columns_stand_in_the_chosen_order(self) -> None:
        assert list(widths(200, layout("flags", "object", "time"))) == ["flags", "object", "time"]

    def test_each_has_what_it_wishes_and_the_extra_cells(self) -> None:
        chosen = layout(("author", 6), ("time", -3), ("address", 4), "changes")
        assert widths(110, chosen) == {"author": 26, "time": 16, "address": 19, "changes": 43}

    def test_what_is_left_over_goes_to_the_last_free_text(self) -> None:
        assert widths(100, layout("event", "author", "address")) == {"event": 27, "author": 54, "address": 15}

    def test_without_free_text_the_rest_stays_blank(self) -> None:
        assert widths(100, layout("time", "address")) == {"time": 19, "address": 15}

    def test_columns_give_way_before_one_is_left_out(self) -> None:
        assert widths(78, layout("time", "author", "event", "object")) == widths(78, DEFAULT_LAYOUT)

    def test_a_widened_column_keeps_its_width_and_the_last_ones_leave(self) -> None:
        chosen = layout("time", ("author", 20), "event", "object")
        assert widths(82, chosen) == {"time": 14, "author": 40, "event": 24}

    def test_the_choice_beats_the_ranks(self) -> None:
        assert list(widths(78, layout("category", "address", "flags", "type"))) == [
            "category",
            "address",
            "flags",
            "type",
        ]

    def test_a_first_column_wider_than_the_table_is_cut_to_it(self) -> None:
        assert widths(40, layout(("event", 100), "author")) == {"event": 40}

    @given(width=st.integers(1, 300), chosen=LAYOUTS, first=st.integers(-2, 20))
    @example(width=3, chosen=layout("changes"), first=0)
    def test_something_is_shown_and_never_more_than_there_is_room_for(
        self, width: int, chosen: Layout, first: int
    ) -> None:
        if chosen == DEFAULT_LAYOUT:
            return
        fitted = fit(width, chosen, first)
        assert 0 < sum(each.width for each in fitted) + GAP * (len(fitted) - 1) <= width
        assert all(each.width >= each.column.least for each in fitted[1:])

    @given(width=st.integers(1, 300), chosen=LAYOUTS, first=st.integers(0, 20))
    def test_what_is_shown_is_one_piece_of_the_layout(self, width: int, chosen: Layout, first: int) -> None:
        if chosen == DEFAULT_LAYOUT:
            return
        order, shown = [key for key, _extra in chosen.shown], list(widths(width, chosen, first))
        if order[0] == "time":
            assert shown.pop(0) == order.pop(0)
        at = order.index(shown[0]) if shown else 0
        assert shown == order[at : at + len(shown)]


class TestScrollingSideways:
    def test_columns_leave_at_the_left_and_come_in_at_the_right(self) -> None:
        chosen = layout("author", "event", "object", "address")
        assert [list(widths(60, chosen, first)) for first in range(3)] == [
            ["author", "event", "object"],
            ["event", "object"],
            ["object", "address"],
        ]

    def test_a_time_that_comes_first_stays(self) -> None:
        assert list(widths(78, DEFAULT_LAYOUT, 2)) == ["time", "object", "category", "address"]
        assert list(widths(78, layout("event", "time", "author"), 1)) == ["time", "author"]

    def test_the_last_column_is_never_scrolled_out(self) -> None:
        assert list(widths(78, DEFAULT_LAYOUT, 99)) == ["time", "address"]
        assert list(widths(78, layout("time"), 99)) == ["time"]

    def test_whether_there_is_more_is_known(self) -> None:
        def more(width: int, first: int) -> bool:
            return more_at_the_right(fit(width, DEFAULT_LAYOUT, first), DEFAULT_LAYOUT, first)

        assert more(78, 0)
        assert more(78, 1)
        assert more(78, 2) is False
        assert more(WIDEST, 0) is False


class TestTidying:
    def test_unknown_and_repeated_columns_are_dropped(self) -> None:
        chosen = tidied([("author", 2), ("nonsense", 0), ("author", 9), ("flags", 0)])
        assert chosen == layout(("author", 2), "flags")

    @pytest.mark.parametrize("shown", [[], [("nonsense", 0)]])
    def test_where_nothing_is_left_it_is_the_default(self, shown: list[tuple[str, int]]) -> None:
        assert tidied(shown) == DEFAULT_LAYOUT

    @pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
    def test_no_column_becomes_narrower_than_its_least(self, column: Any) -> None:
        assert column.most + bounded(column, -(10**9)) == column.least
        assert bounded(column, 10**9) == WIDER_MOST
        assert bounded(column, 1) == 1

    def test_a_layout_from_elsewhere_is_fitted_all_the_same(self) -> None:
        assert list(widths(80, layout("nonsense", ("event", -99)))) == ["event"]
        assert widths(80, layout("nonsense")) == {}


class TestTheOtherColumns:
    def test_changes_are_told_on_one_line_without_what_did_not_change(self) -> None:
        changes = [
            {"name": "Active", "oldValue": "Yes", "newValue": "No"},
            {"name": "Same", "oldValue": "a", "newValue": "a"},
            {"name": "Email", "oldValue": "", "newValue": "ana@example.com"},
            {"name": "", "oldValue": "gone", "newValue": ""},
        ]
        told = "Active: Yes → No; Email: ana@example.com; (unnamed): gone → (none)"
        assert said("changes", changedValues=changes) == told

    def test_associated_objects_are_named_one_after_the_other(self) -> None:
        others = [{"name": "Ana", "objectType": "User"}, {"name": "admins", "objectType": "Group"}]
        assert said("associated", associatedObjects=others) == "Ana, admins"

    def test_the_rest_is_read_from_its_field(self) -> None:
        assert said("account", author={"accountId": "557058:1"}) == "557058:1"
        assert said("type", affectedObject={"name": "x", "objectType": "Page"}) == "Page"
        assert said("description", description="why") == "why"
        assert said("flags", sysAdmin=True, superAdmin=True) == "system admin, super admin"
        assert said("flags", sysAdmin=False) == ""

    def test_a_monstrous_record_costs_no_more_than_a_cell(self) -> None:
        changes = [{"name": "n" * 9_000, "oldValue": "o" * 9_000, "newValue": "p"}] * 3_000
        assert len(said("changes", changedValues=changes)) < 100_000
        assert said("changes", changedValues=changes).endswith("…")
        assert len(said("description", description="d" * 10**6)) < 1_000

    def test_keys_are_unlike_and_every_column_says_what_it_shows(self) -> None:
        assert len({column.key for column in COLUMNS}) == len(COLUMNS)
        assert all(column.title and column.what for column in COLUMNS)


def test_a_column_is_filtered_and_sorted_by_the_value_it_shows() -> None:
    author = {"displayName": "Ana", "accountId": "557058:1"}
    affected = {"name": "Plan", "objectType": "Page"}
    record = decode(
        json.dumps(
            {
                "author": author,
                "affectedObject": affected,
                "summary": "Page moved",
                "category": "Pages",
                "remoteAddress": "192.0.2.1",
                "creationDate": 1,
            }
        )
    )
    values = {column.field: column.text(record, UTC, 40) for column in COLUMNS if column.field}
    assert values == _by_field(record)
    assert {column.order for column in COLUMNS} - {"", "created"} == set(values)
    assert [column.key for column in COLUMNS if column.order == "created"] == ["time"]


def _by_field(record: Record) -> dict[str, str]:
    return {
        "author": record.author.label,
        "account": record.author.account_id,
        "event": record.event,
        "category": record.category,
        "ip": record.address,
        "affected": record.affected.label,
        "affected-type": record.affected.kind,
    }
