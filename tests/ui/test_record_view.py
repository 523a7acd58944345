"""The text of the detail: what is new about the record, what changed, and what else has to do with it."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.model.clock import Clock
from auditui.model.columns import column_of
from auditui.model.when import Zone
from auditui.ui.record_view import Relation, record_content

UTC = Zone("UTC")
CREATED = 1_759_630_492_000  # 2025-10-05 02:14:52
OBEYED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FIRST_TIME = "by this author from this address"


def record_text(changes: list[dict[str, str]], **fields: Any) -> str:
    return json.dumps(
        {
            "author": {"type": "user", "displayName": "Kristin Haugen", "accountId": "557058:1"},
            "remoteAddress": "192.0.2.1",
            "creationDate": CREATED,
            "summary": "Group changed",
            "description": "",
            "category": "Users and groups",
            "sysAdmin": True,
            "superAdmin": False,
            "affectedObject": {"name": "finance:0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f", "objectType": "Group"},
            "changedValues": [{"hiddenOldValue": "", "hiddenNewValue": "", **change} for change in changes],
            "associatedObjects": [],
            **fields,
        }
    )


def rows(
    *changes: tuple[str, str, str], remarks: tuple[str, ...] = (), relations: tuple[Relation, ...] = ()
) -> list[str]:
    told = [{"name": name, "oldValue": old, "newValue": new} for name, old, new in changes]
    return record_content(decode(record_text(told)), UTC, remarks, relations).plain.split("\n")


def below(heading: str, shown: list[str]) -> list[str]:
    """The rows of a section, to the blank one."""
    following = shown[shown.index(heading) + 1 :]
    return following[: following.index("")] if "" in following else following


@pytest.mark.parametrize("address", ["2001:db8::1", "[::1]", "fe80::1%eth0", "10.0.0.1, unknown", ""])
def test_an_address_is_shown_as_it_is(address: str) -> None:
    record = decode(record_text([], remoteAddress=address))
    assert record.unusual == ()
    assert f"Address     {address or 'not recorded'}" in record_content(record, UTC).plain.split("\n")
    column = column_of("address")
    assert column is not None
    assert column.text(record, Clock(UTC), 40) == address


@pytest.mark.parametrize(
    ("count", "heading", "last"),
    [
        (1, "1 unusual field", "! associated object 1 is null"),
        (100, "100 unusual fields", "! associated object 100 is null"),
        (250, "More than 100 unusual fields", "! and 150 more"),
    ],
)
def test_what_is_unusual_is_counted_as_far_as_it_is_told(count: int, heading: str, last: str) -> None:
    record = decode(record_text([], associatedObjects=[None] * count))
    told = below(heading, record_content(record, UTC).plain.split("\n"))
    assert (len(told), told[-1]) == (min(count, 101), last)


def test_a_record_without_anything_else_has_no_further_sections() -> None:
    shown = rows()
    assert "Flags       system admin" in shown
    assert not [row for row in shown if row.startswith(("First", "Related", "Changed values"))]


def test_what_is_new_stands_right_below_the_flags() -> None:
    shown = rows(remarks=(FIRST_TIME, "at night"))
    flags = shown.index("Flags       system admin")
    assert shown[flags + 1 : flags + 4] == [
        f"First       {FIRST_TIME}",
        "First       at night",
        "Affected    finance  (Group)",
    ]


def test_the_ids_of_author_and_group_stand_there() -> None:
    shown = [row.strip() for row in rows()]
    assert "557058:1" in shown
    assert "id 0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f" in shown


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("No", "Yes", ["Value  No → Yes"]),
        ("", "Yes", ["Value  (none) → Yes"]),
        ("Yes", "Yes", ["Value  Yes  (no change)"]),
        (
            "confluence-users, site-admins, developers",
            "confluence-users, developers, finance",
            ["Value", "- site-admins", "+ finance", "  … 2 members the same"],
        ),
        ("one\ntwo", "one\nthree", ["Value", "  one", "- two", "+ three"]),
        ("", "one\ntwo", ["Value", "+ one", "two"]),
        ("x" * 50, "", ["Value", f"- {'x' * 50}"]),
    ],
)
def test_a_changed_value_is_told_as_shortly_as_it_can_be(old: str, new: str, shown: list[str]) -> None:
    assert below("Changed values", rows(("Value", old, new))) == shown


def test_related_records_stand_at_the_end_a_line_each() -> None:
    lines = (
        (CREATED, "Kristin Haugen", "User deactivated", ""),
        (None, "System", "User created", "Nils"),
        (CREATED - 366 * 86_400_000, "", "Group created", "finance"),
    )
    shown = rows(relations=(Relation("the same address", lines), Relation("nothing", ())))
    assert shown[shown.index("Related: the same address") + 1 :] == [
        "10-05 02:14:52  Kristin Haugen  User deactivated  —",
        "(no date)  System  User created  Nils",
        "2024-10-04 02:14:52  —  Group created  finance",
    ]


@pytest.mark.parametrize(("count", "last"), [(8, "10-05 02:14:52  A  E  7"), (20, "… and 12 more")])
def test_of_many_related_records_eight_are_shown(count: int, last: str) -> None:
    lines = tuple((CREATED, "A", "E", str(number)) for number in range(count))
    section = below("Related: all", rows(relations=(Relation("all", lines),)))
    assert len([row for row in section if row.startswith("10-05")]) == 8
    assert section[-1] == last


@settings(deadline=None)
@given(text=st.text(st.sampled_from("a \n\x1b\x9b\u202e\u200b\ud800[/x]") | st.characters(), min_size=1))
def test_nothing_in_any_section_is_left_that_a_terminal_obeys(text: str) -> None:
    hostile = f"{text}\x1b]0;owned\x07 [@click=app.quit]x[/] \u202e"
    relation = Relation(hostile, ((CREATED, hostile, hostile, hostile), (10**30, "a", "b", "c")))
    change = {"name": hostile, "oldValue": hostile, "newValue": f"{hostile}, {hostile}\n{text}"}
    fields = {"displayName": hostile, "accountId": hostile}
    record = decode(record_text([change], summary=hostile, author=fields, description=hostile))
    shown = record_content(record, UTC, (hostile,), (relation,)).plain
    assert shown.count("[@click=app.quit]x[/]") >= 8
    assert not [each for each in shown.replace("\n", "") if unicodedata.category(each) in OBEYED]


def test_of_a_hostile_record_as_much_is_shown_as_one_may_read_and_where_the_rest_is() -> None:
    others = [{"name": f"person {number}", "objectType": "User"} for number in range(10_000)]
    record = decode(json.dumps({"associatedObjects": others}))
    relation = Relation("all", ((CREATED, "A", "E", "related"),))
    shown = record_content(record, UTC, (), (relation,)).plain.split("\n")
    assert len(shown) < 5_000
    assert any(row.endswith("person 1000  (User)") for row in shown)
    assert "… and more: x shows all of the record" in shown
    assert shown[-1].endswith("related")
