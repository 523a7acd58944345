"""Any JSON value is a record: no row is dropped, nothing raises, and what is strange is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.client.page import read_page
from auditui.model.record import MOST_REMARKS, AuditObject, Author, ChangedValue, Record

TEXTS = st.text(st.characters(), max_size=8)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def object_with(*names: str) -> st.SearchStrategy[Any]:
    return JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(names, JSON))


OBJECTS = object_with("name", "objectType")
CHANGES = object_with("name", "oldValue", "newValue", "hiddenOldValue", "hiddenNewValue")
RECORDS = JSON | st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            "remoteAddress creationDate summary description category sysAdmin superAdmin new".split(), JSON
        ),
        "author": object_with(
            "type", "displayName", "accountId", "accountType", "isGuest", "externalCollaborator"
        ),
        "affectedObject": OBJECTS,
        "associatedObjects": JSON | st.lists(OBJECTS, max_size=3),
        "changedValues": JSON | st.lists(CHANGES, max_size=3),
    },
)

PLAIN: dict[str, Any] = {
    "author": {
        "type": "user",
        "displayName": "Ana Example",
        "operations": None,
        "isExternalCollaborator": False,
        "username": "0123456789abcdef0123456789abcdef",
        "userKey": "fedcba9876543210fedcba9876543210",
        "accountId": "0123456789abcdef0123456789abcdef",
        "accountType": "",
        "publicName": "Unknown user",
        "externalCollaborator": False,
    },
    "remoteAddress": "192.0.2.7",
    "creationDate": 1643097111962,
    "summary": "User added to group",
    "description": "",
    "category": "Users and groups",
    "sysAdmin": False,
    "superAdmin": False,
    "affectedObject": {
        "name": "confluence-users:00000000-0000-4000-8000-000000000000",
        "objectType": "Group",
    },
    "changedValues": [],
    "associatedObjects": [{"name": "Ben Example", "objectType": "User"}],
}
SYSTEM = {
    name: value for name, value in PLAIN["author"].items() if name not in ("username", "userKey", "accountId")
} | {"displayName": "System"}
SNAPSHOT = [
    {"name": name, "oldValue": "", "newValue": value, "hiddenOldValue": "", "hiddenNewValue": ""}
    for name, value in {
        "Space type": "global",
        "Space key": "OPS",
        "Home page": "page: 484737204 v.1",
        "Email": "",
    }.items()
]


def plain_but(**fields: object) -> Record:
    return decode(json.dumps(PLAIN | fields))


def author_but(**fields: object) -> Record:
    return plain_but(author=PLAIN["author"] | fields)


@settings(deadline=None)
@given(value=RECORDS)
def test_any_value_is_a_record_with_its_own_text(value: object) -> None:
    raw = json.dumps(value)
    record = decode(raw)
    assert record.raw == raw
    texts = (record.event, record.category, record.address, record.author.label, record.affected.label)
    assert all(isinstance(text, str) for text in texts)
    assert record.created is None or type(record.created) is int


@settings(deadline=None)
@given(values=st.lists(RECORDS, max_size=4))
def test_no_row_of_a_page_is_dropped(values: list[object]) -> None:
    raws = [json.dumps(value) for value in values]
    page = read_page(f'{{"results":[{",".join(raws)}]}}'.encode())
    assert [decode(entry.raw).raw for entry in page.entries] == raws


@settings(deadline=None)
@given(name=st.sampled_from(sorted(PLAIN)), value=JSON)
def test_a_value_of_another_kind_is_always_remarked(name: str, value: object) -> None:
    record = plain_but(**{name: value})
    if value != {} and type(value) is not type(PLAIN[name]):
        assert any(name in remark for remark in record.unusual)
        assert record.raw == json.dumps(PLAIN | {name: value})


def test_a_real_record_is_read_without_a_remark() -> None:
    assert plain_but() == Record(
        created=1643097111962,
        date_text="",
        author=Author("Ana Example", "0123456789abcdef0123456789abcdef", "user"),
        address="192.0.2.7",
        event="User added to group",
        category="Users and groups",
        description="",
        affected=AuditObject("confluence-users:00000000-0000-4000-8000-000000000000", "Group"),
        associated=(AuditObject("Ben Example", "User"),),
        changes=(),
        sys_admin=False,
        super_admin=False,
        unusual=(),
        raw=json.dumps(PLAIN),
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"author": SYSTEM, "remoteAddress": ""},
        {"affectedObject": {"name": "", "objectType": ""}, "summary": "User deactivated"},
        {"changedValues": SNAPSHOT, "summary": "Space configuration updated"},
        {"remoteAddress": "2001:db8::1"},
        {"remoteAddress": "[::1]"},
        {"author": PLAIN["author"] | {"isGuest": True}},
        {"creationDate": 4102444800000},
        {"associatedObjects": [], "category": "a category nobody knows"},
    ],
)
def test_what_real_sites_send_is_not_unusual(fields: dict[str, object]) -> None:
    assert plain_but(**fields).unusual == ()


def test_a_snapshot_is_read_value_by_value() -> None:
    changes = plain_but(changedValues=SNAPSHOT).changes
    assert changes[1] == ChangedValue("Space key", "", "OPS")
    assert [change.name for change in changes if change.same] == ["Email"]


def test_a_changed_value_of_another_kind_is_shown_as_json() -> None:
    changes = plain_but(changedValues=["a", [1], None]).changes
    assert [change.new for change in changes] == ['"a"', "[1]", "null"]


def test_hidden_values_are_kept() -> None:
    (change,) = plain_but(
        changedValues=[SNAPSHOT[0] | {"hiddenOldValue": "a", "hiddenNewValue": "b"}]
    ).changes
    assert change == ChangedValue("Space type", "", "global", "a", "b")


@pytest.mark.parametrize(
    ("fields", "guest", "external"),
    [
        ({}, False, False),
        ({"isGuest": True}, True, False),
        ({"isExternalCollaborator": True}, False, True),
        ({"externalCollaborator": True}, False, True),
    ],
)
def test_people_from_outside_are_marked(fields: dict[str, bool], guest: bool, external: bool) -> None:
    author = author_but(**fields).author
    assert (author.guest, author.external) == (guest, external)


@pytest.mark.parametrize("author", [None, {}, [], 7, {"displayName": ""}, {"displayName": None}])
def test_an_author_who_is_not_named_is_unknown(author: object) -> None:
    assert plain_but(author=author).author.label == "(unknown)"


def test_a_record_without_an_author_says_so() -> None:
    record = decode(json.dumps({name: value for name, value in PLAIN.items() if name != "author"}))
    assert (record.author.label, record.unusual) == ("(unknown)", ("author is missing",))


@pytest.mark.parametrize(
    "fields", [{"author": {}}, {"affectedObject": {}}, {"changedValues": [{}]}, {"associatedObjects": [{}]}]
)
def test_an_empty_object_is_unusual(fields: dict[str, object]) -> None:
    assert plain_but(**fields).unusual


@pytest.mark.parametrize(
    ("fields", "shown", "remark"),
    [
        ({"summary": 7}, "7", "summary is a number"),
        ({"summary": [1, {"a": "é"}]}, '[1,{"a":"é"}]', "summary is a list"),
        ({"summary": {"text": None}}, '{"text":null}', "summary is an object"),
        ({"summary": True}, "true", "summary is true"),
        ({"summary": None}, "", "summary is null"),
    ],
)
def test_another_kind_of_value_is_shown_as_json_and_remarked(
    fields: dict[str, object], shown: str, remark: str
) -> None:
    record = plain_but(**fields)
    assert (record.event, record.unusual) == (shown, (remark,))


@pytest.mark.parametrize(
    ("fields", "remark"),
    [
        ({"author": "Ann"}, "author is text"),
        ({"affectedObject": "Run book"}, "affectedObject is text"),
        ({"associatedObjects": None}, "associatedObjects is null"),
        ({"associatedObjects": ["Run book"]}, "associated object 1 is text"),
        ({"associatedObjects": [PLAIN["affectedObject"], None]}, "associated object 2 is null"),
        ({"changedValues": {"name": "a", "oldValue": "", "newValue": ""}}, "changedValues is an object"),
        ({"changedValues": ["a"]}, "changed value 1 is text"),
        ({"changedValues": [{"name": "a", "oldValue": None, "newValue": ""}]}, "oldValue is null"),
        ({"sysAdmin": "false"}, "sysAdmin is text"),
        ({"superAdmin": None}, "superAdmin is null"),
        ({"severity": "high"}, "the record has the unknown field “severity”"),
        (
            {"affectedObject": {"name": "a", "objectType": "Page", "id": 7}},
            "affectedObject has the unknown field “id”",
        ),
    ],
)
def test_each_oddity_is_one_remark(fields: dict[str, object], remark: str) -> None:
    assert plain_but(**fields).unusual == (remark,)


@pytest.mark.parametrize(
    "fields",
    [
        {"changedValues": [None] * 1_234},
        {"associatedObjects": ["a"] * 1_234},
        {f"field {number}": 1 for number in range(1_234)},
    ],
)
def test_of_remarks_without_end_the_first_are_told_and_how_many_more(fields: dict[str, object]) -> None:
    unusual = plain_but(**fields).unusual
    assert len(unusual) == MOST_REMARKS + 1
    assert unusual[-1] == "and 1,134 more"
    assert unusual[:MOST_REMARKS] == plain_but(**_first(fields)).unusual


def _first(fields: dict[str, object]) -> dict[str, object]:
    """As much of it as makes just so many remarks."""
    lists: dict[str, object] = {
        name: value[:MOST_REMARKS] for name, value in fields.items() if isinstance(value, list)
    }
    return lists or dict(list(fields.items())[:MOST_REMARKS])


@pytest.mark.parametrize("raw", ["null", "true", "7", '"text"', "[]", "[[]]", "1e999"])
def test_a_record_that_is_no_object_is_one_all_the_same(raw: str) -> None:
    record = decode(raw)
    assert (record.raw, record.created, record.author.label) == (raw, None, "(unknown)")
    assert record.unusual[0].startswith("the record is ")


@pytest.mark.parametrize(
    ("date", "created", "date_text", "remark"),
    [
        ("1643097111", 1643097111, "", "may be in seconds"),
        ("0", 0, "", "before the year 2000"),
        ("-86400000", -86400000, "", "before the year 2000"),
        ("1643097111962.0", 1643097111962, "", "written as 1643097111962.0"),
        ("1.643097111962e12", 1643097111962, "", "written as 1643097111962.0"),
        ("1643097111962.5", None, "1643097111962.5", "is a number"),
        ("1e300", None, "1e+300", "is a number"),
        ("1e999", None, "Infinity", "is a number"),
        ("true", None, "true", "is true"),
        ('"2022-01-25"', None, '"2022-01-25"', "is text"),
        ("null", None, "", "is null"),
        ("{}", None, "{}", "is an object"),
        ("1" + "0" * 18, 10**18, "", "beyond the year 9999"),
        ("1" + "0" * 30, 10**30, "", "beyond the year 9999"),
        ("-1" + "0" * 30, -(10**30), "", "beyond the year 9999"),
    ],
)
def test_a_date_is_kept_as_it_came_and_never_guessed_at(
    date: str, created: int | None, date_text: str, remark: str
) -> None:
    record = decode(json.dumps(PLAIN).replace("1643097111962", date))
    assert (record.created, record.date_text) == (created, date_text)
    assert len(record.unusual) == 1
    assert remark in record.unusual[0]


@pytest.mark.parametrize("name", ["summary", "creationDate"])
def test_a_number_of_thousands_of_digits_is_shown_as_a_number(name: str) -> None:
    digits = "9" * 5000
    record = decode(json.dumps(PLAIN | {name: 0}).replace(f'"{name}": 0', f'"{name}": {digits}'))
    assert (record.event if name == "summary" else record.date_text) == digits
    assert record.unusual == (f"{name} is a number",)


def test_of_a_name_given_twice_the_last_counts() -> None:
    raw = json.dumps(PLAIN)[:-1] + ',"summary":"the last"}'
    assert decode(raw).event == "the last"
    assert decode(raw).raw == raw
