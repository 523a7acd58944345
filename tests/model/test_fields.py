"""What a filter can look at in a record."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given

from auditui.client.decode import decode
from auditui.model.fields import FACETS, FIELDS, FLAGS, field_named
from auditui.model.filter_parse import KEYWORDS
from auditui.model.record import Record
from tests.model.records import records

GROUP_ID = "4375f4c3-bfdf-4f36-a62e-141ccf1588a3"
RECORD = decode(
    json.dumps(
        {
            "author": {"type": "user", "displayName": "Ana", "accountId": "557058:ab"},
            "remoteAddress": "10.1.2.3",
            "creationDate": 1_700_000_000_000,
            "summary": "User added to group",
            "category": "Users and groups",
            "description": "by hand",
            "sysAdmin": False,
            "affectedObject": {"name": f"admins:{GROUP_ID}", "objectType": "Group"},
            "associatedObjects": [
                {"name": "Ben", "objectType": "User"},
                {"name": "admins", "objectType": "Group"},
            ],
            "changedValues": [
                {"name": "Role", "oldValue": "", "newValue": "owner", "hiddenNewValue": "secret"},
                {"name": "Role", "oldValue": "guest", "newValue": "owner"},
            ],
        }
    )
)


def with_fields(**fields: object) -> Record:
    return decode(json.dumps({**json.loads(RECORD.raw), **fields}))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("author", ("Ana",)),
        ("account", ("557058:ab",)),
        ("event", ("User added to group",)),
        ("summary", ("User added to group",)),
        ("category", ("Users and groups",)),
        ("ip", ("10.1.2.3",)),
        ("Address", ("10.1.2.3",)),
        ("affected", ("admins",)),
        ("affected-type", ("Group",)),
        ("object", (f"admins:{GROUP_ID}", "admins", "Ben")),
        ("type", ("Group", "User")),
        ("change", ("Role", "", "owner", "secret", "guest")),
        ("description", ("by hand",)),
    ],
)
def test_a_field_has_the_values_of_the_record(name: str, values: tuple[str, ...]) -> None:
    field = field_named(name)
    assert field
    assert field.values(RECORD) == values


def test_the_facets_are_shown_in_their_order() -> None:
    assert [(field.name, field.title) for field in FACETS] == [
        ("author", "Author"),
        ("event", "Event"),
        ("category", "Category"),
        ("affected-type", "Object type"),
        ("affected", "Object"),
        ("ip", "Address"),
    ]


@given(record=records())
def test_a_single_field_has_one_value_in_every_record(record: Record) -> None:
    assert all(len(field.values(record)) == 1 for field in FIELDS if field.single)
    assert all(field.single for field in FACETS)


@given(record=records())
def test_no_field_has_a_value_twice(record: Record) -> None:
    assert all(len(set(field.values(record))) == len(field.values(record)) for field in FIELDS)


def test_every_name_can_be_written_and_means_one_thing() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.aliases)]
    names += [word for word, _ in KEYWORDS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z-]*", name) for name in (*names, *(flag.name for flag in FLAGS)))


@pytest.mark.parametrize(
    ("name", "without", "with_it"),
    [
        ("control", {}, {"summary": "a\x1b[2J"}),
        ("control", {"description": "two\nlines\nZürich 👩‍👧"}, {"description": "two\nli\u202enes"}),
        ("control", {}, {"changedValues": [{"name": "n", "oldValue": "\ud800", "newValue": ""}]}),
        ("control", {"category": "‹ESC›"}, {"author": {"type": "user", "displayName": "A\u200b"}}),
        ("changes", {"changedValues": [{"name": "n", "oldValue": "x", "newValue": "x"}]}, {}),
        ("changes", {"changedValues": []}, {}),
        ("address", {"remoteAddress": ""}, {}),
        ("object", {"affectedObject": {"name": "", "objectType": "User"}}, {}),
        ("description", {"description": ""}, {}),
        ("unusual", {}, {"creationDate": 1_700_000_000}),
        ("admin", {}, {"sysAdmin": True}),
        ("admin", {}, {"superAdmin": True}),
    ],
)
def test_a_flag_is_there_or_not(name: str, without: dict[str, object], with_it: dict[str, object]) -> None:
    test = next(flag.test for flag in FLAGS if flag.name == name)
    assert not test(with_fields(**without))
    assert test(with_fields(**with_it))


@pytest.mark.parametrize(
    ("typed", "found", "not_found"),
    [
        ("10.1.", ["10.1.2.3", "192.168.0.1, 10.1.2.3", "::ffff:10.1.2.3"], ["10.10.2.3", "210.1.2.3", ""]),
        ("10.1.2.3", ["10.1.2.3", "10.1.2.30"], ["1.10.1.2.3"]),
        ("10.0.0.0/8", ["10.1.2.3", "x,10.9.9.9", "::ffff:10.1.2.3"], ["11.0.0.1", "10.1.2", "", "::a00:1"]),
        ("10.1.2.3/24", ["10.1.2.200"], ["10.1.3.1"]),
        ("2001:DB8:", ["2001:db8::1"], ["2001:dead::1"]),
        ("2001:db8::/32", ["2001:db8:1::1"], ["2001:db9::1", "10.1.2.3"]),
        ("::ffff:", ["::ffff:10.1.2.3", "::FFFF:10.1.2.3"], ["10.1.2.3"]),
        ("0.0.0.0/0", ["::ffff:10.1.2.3", "10.1.2.3"], ["::1", "unknown"]),
        ("fe80::/10", ["fe80::1%eth0"], ["fec0::1"]),
        ("unk", ["Unknown"], ["not unknown"]),
    ],
)
def test_an_address_is_found_by_its_beginning_or_its_block(
    typed: str, found: list[str], not_found: list[str]
) -> None:
    field = field_named("ip")
    assert field
    assert field.reading
    test = field.reading(typed)
    assert [value for value in found if not test(value)] == []
    assert [value for value in not_found if test(value)] == []


@pytest.mark.parametrize(
    "typed", ["10.0.0.0/99", "10.0.0.0/", "/8", "10.0.0/8", "2001:db8::/129", "https://x", "١.0.0.0/8"]
)
def test_a_malformed_block_says_what_a_block_is(typed: str) -> None:
    field = field_named("ip")
    assert field
    assert field.reading
    with pytest.raises(ValueError, match="block of addresses"):
        field.reading(typed)
