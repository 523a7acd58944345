"""Each line of the ECS export is a document of the published schema, and says no more than the record does.

`ecs_fields.json` holds the schema's names, types and allowed values.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.export.ecs import ECS
from auditui.export.ecs_document import TEXT_MOST, VERSION
from auditui.export.exporter import Destination, Occasion
from auditui.model.record import Record
from tests.export.an_occasion import OCCASION, held, whole
from tests.model.records import NOW, records
from tests.store.demo_records import demo_records

SCHEMA = json.loads(Path(__file__).with_name("ecs_fields.json").read_text(encoding="ascii"))
OURS = {
    "confluence.audit.type.category": "keyword",
    "confluence.audit.type.action": "keyword",
    "confluence.audit.affected_objects": "flattened[]",
    "confluence.audit.changed_values": "flattened[]",
    "confluence.audit.external_collaborator": "boolean",
    "confluence.audit.guest": "boolean",
    "confluence.audit.author_type": "keyword",
    "confluence.audit.account_type": "keyword",
    "confluence.audit.sys_admin": "boolean",
    "confluence.audit.super_admin": "boolean",
    "confluence.audit.description": "keyword",
    "confluence.audit.date_text": "keyword",
    "confluence.audit.unusual": "keyword[]",
}
"""What the schema has no field for: always of the same types, as an index needs it."""

FIELDS = SCHEMA["fields"] | OURS
LUCENE_MOST = 32_766  # bytes of a term
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CATEGORIES = st.sampled_from([None, "Users and groups", "Permissions", "Spaces", "Page"])
SUMMARIES = st.sampled_from(
    [None, "User added to group", "Group created", "User details updated", "Group exported"]
)
GROUP_ID = "4375f4c3-bfdf-4f36-a62e-141ccf1588a3"
GROUP = {"name": f"admins:{GROUP_ID}", "objectType": "Group"}
USER = {"name": "Ben", "objectType": "User"}
SPACE = {"name": "Legal", "objectType": "Space"}


def lines(*runs: Sequence[Record], occasion: Occasion = OCCASION) -> list[bytes]:
    """The lines of an export that was broken off between these runs."""
    stream, done = io.BytesIO(), 0
    for run in runs:
        writer = ECS.open(Destination(stream, None, done), occasion)
        writer.write(run)
        writer.flush()
        done += len(run)
        writer.abandon()
    ECS.open(Destination(stream, None, done), occasion).finish(whole(done))
    return stream.getvalue().splitlines(keepends=True)


def documents(*some: Record, occasion: Occasion = OCCASION) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(some, occasion=occasion)]


def document(occasion: Occasion = OCCASION, **fields: object) -> dict[str, Any]:
    """What becomes of a record with these fields."""
    (found,) = documents(decode(json.dumps({"creationDate": NOW} | fields)), occasion=occasion)
    return found


def warned(*some: Record) -> tuple[str, ...]:
    writer = ECS.open(Destination(io.BytesIO(), None), OCCASION)
    writer.write(some)
    return tuple(writer.warnings)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each field of a document with its value."""
    if path in FIELDS or not isinstance(value, dict):
        yield path, value
        return
    for name, each in value.items():
        yield from leaves(each, f"{path}.{name}" if path else name)


def fits(kind: str, value: Any) -> bool:
    """Whether it is a value of the schema's type, as Elasticsearch would take it."""
    match kind:
        case "keyword" | "match_only_text" | "wildcard":
            return isinstance(value, str) and value != ""
        case "ip":
            return isinstance(value, str) and "%" not in value and str(ip_address(value)) == value
        case "date":
            return isinstance(value, str) and DATE.fullmatch(value) is not None
        case "boolean":
            return isinstance(value, bool)
        case "flattened":
            return bool(value) and all(isinstance(each, str) and each for each in value.values())
    raise AssertionError(f"no field of type {kind} is expected")


def require_schema(fields: dict[str, Any]) -> None:
    """Every field is one of the schema's or of ours, and every value is of its type and among those allowed."""
    for path, value in leaves(fields):
        assert path in FIELDS
        kind = FIELDS[path]
        assert isinstance(value, list) == kind.endswith("[]"), path
        values = value if isinstance(value, list) else [value]
        assert values, path
        for each in values:
            assert fits(kind.removesuffix("[]"), each), path
            assert each in SCHEMA["allowed"].get(path, values), path
    found = fields["event"].get("category", [])
    expected = {each for category in found for each in SCHEMA["expected_types"][category]}
    assert not found or expected >= set(fields["event"]["type"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(records(), CATEGORIES, SUMMARIES)
@example(decode("{}"), None, None)
@example(
    decode(json.dumps({"summary": "x" * 50_000, "changedValues": [{"newValue": "é" * 40_000}]})), None, None
)
def test_any_record_becomes_a_document_of_the_published_schema(
    record: Record, category: str | None, summary: str | None
) -> None:
    known = replace(
        record,
        category=record.category if category is None else category,
        event=record.event if summary is None else summary,
    )
    (fields,) = documents(known)
    require_schema(fields)


def test_every_kind_of_event_that_the_demo_knows_is_of_the_published_schema() -> None:
    found = documents(*demo_records(2_000))
    for fields in found:
        require_schema(fields)
    assert len({fields["event"].get("action") for fields in found}) > 30


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records())
@example(decode('{"summary": "a\\u0000b \\ud800 \\udc00"}'))
def test_any_record_is_one_line_of_ascii_that_holds_it_as_it_came(record: Record) -> None:
    (line,) = lines([record])
    assert line.endswith(b"\n")
    assert all(0x20 <= byte <= 0x7E for byte in line[:-1])
    original = json.loads(line)["event"]["original"]
    assert json.loads(original) == json.loads(record.raw)
    assert original == held(record.raw)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records())
@example(decode('{"summary": "\\ud800", "author": {"displayName": "\\udfff"}}'))
def test_nothing_in_a_document_is_half_a_character(record: Record) -> None:
    (line,) = lines([record])
    json.dumps(json.loads(line), ensure_ascii=False).encode()


def test_the_version_named_is_that_of_the_schema_it_was_checked_with() -> None:
    assert SCHEMA["version"] == VERSION
    assert {fields["ecs"]["version"] for fields in documents(*demo_records(50))} == {VERSION}


# What a record tells of


@pytest.mark.parametrize(
    ("category", "summary", "affected", "associated", "categories", "types"),
    [
        # as Elastic's integration of Confluence has them
        ("Users and groups", "User created", USER, [], ["iam"], ["user", "creation"]),
        ("Users and groups", "User details updated", USER, [], ["iam"], ["user", "change"]),
        ("Users and groups", "User deleted", USER, [], ["iam"], ["user", "deletion"]),
        ("Users and groups", "User renamed", USER, [], ["iam"], ["user", "change"]),
        ("Users and groups", "User added to group", GROUP, [USER], ["iam"], ["group", "change"]),
        ("Users and groups", "User removed from group", GROUP, [USER], ["iam"], ["group", "change"]),
        ("Users and groups", "Group created", GROUP, [], ["iam"], ["group", "creation"]),
        ("Users and groups", "Group deleted", GROUP, [], ["iam"], ["group", "deletion"]),
        ("Permissions", "Global permission added", GROUP, [], ["iam", "configuration"], ["creation"]),
        ("Permissions", "Global permission removed", GROUP, [], ["iam", "configuration"], ["deletion"]),
        # where that has nothing
        (
            "Users and groups",
            "User deactivated",
            {"name": "", "objectType": ""},
            [],
            ["iam"],
            ["user", "change"],
        ),
        ("Users and groups", "Groups exported", {"name": "", "objectType": ""}, [], ["iam"], ["info"]),
        ("USERS AND GROUPS", "USER CREATED", USER, [], ["iam"], ["user", "creation"]),
        ("Permissions", "Content restriction added", USER, [SPACE], ["iam", "configuration"], ["creation"]),
        ("Spaces", "Space created", SPACE, [], ["configuration"], ["creation"]),
        ("Spaces", "Deleted space restored", SPACE, [], ["configuration"], ["change"]),
        ("Spaces", "Space marked as deleted", SPACE, [], ["configuration"], ["deletion"]),
        ("Spaces", "Space exported", SPACE, [], ["configuration"], ["access"]),
        ("Page", "Page viewed with admin key", SPACE, [], ["configuration"], ["access"]),
        ("Global administration", "Global settings updated", SPACE, [], ["configuration"], ["change"]),
        ("Users and groups", "Benutzer erstellt", USER, [], ["iam"], ["user", "info"]),
        ("Ponies", "Pony created", {"name": "Zephyr", "objectType": "Pony"}, [], None, ["creation"]),
        ("", "", {"name": "", "objectType": ""}, [], None, ["info"]),
    ],
)
def test_an_event_is_of_the_category_and_type_that_its_record_is_sure_about(
    category: str,
    summary: str,
    affected: dict[str, str],
    associated: list[dict[str, str]],
    categories: list[str] | None,
    types: list[str],
) -> None:
    event = document(
        category=category, summary=summary, affectedObject=affected, associatedObjects=associated
    )["event"]
    assert (event["kind"], event.get("category"), event["type"]) == ("event", categories, types)
    assert event.get("action", "") == summary


def test_a_membership_names_the_user_and_the_group() -> None:
    fields = document(
        author={"displayName": "Ana", "accountId": "557058:ab"},
        category="Users and groups",
        summary="User added to group",
        affectedObject=GROUP,
        associatedObjects=[USER],
        sysAdmin=True,
    )
    assert fields["user"] == {
        "id": "557058:ab",
        "full_name": "Ana",
        "roles": ["system admin"],
        "target": {"full_name": "Ben", "group": {"name": "admins", "id": GROUP_ID}},
    }
    assert "group" not in fields
    assert fields["related"]["user"] == ["Ana", "557058:ab", "Ben"]


def test_a_group_that_is_created_or_given_a_permission_is_the_group_of_the_event() -> None:
    for category, others in (("Users and groups", []), ("Permissions", [SPACE])):
        fields = document(category=category, affectedObject=GROUP, associatedObjects=others)
        assert fields["group"] == {"name": "admins", "id": GROUP_ID}
        assert "user" not in fields


def test_of_several_users_in_a_record_none_is_singled_out() -> None:
    eve = {"name": "Eve", "objectType": "User"}
    fields = document(category="Users and groups", affectedObject=GROUP, associatedObjects=[USER, eve])
    assert "user" not in fields
    assert fields["group"] == {"name": "admins", "id": GROUP_ID}
    assert fields["related"]["user"] == ["Ben", "Eve"]


def test_a_renamed_user_is_told_as_before_and_as_after() -> None:
    fields = document(
        category="Users and groups",
        summary="User details updated",
        affectedObject={"name": "Ben Carter", "objectType": "User"},
        changedValues=[
            {"name": "Display name", "oldValue": "Ben", "newValue": "Ben Carter"},
            {"name": "Email", "oldValue": "", "newValue": ""},
        ],
    )
    assert fields["user"] == {"target": {"full_name": "Ben"}, "changes": {"full_name": "Ben Carter"}}
    assert fields["related"]["user"] == ["Ben", "Ben Carter"]


def test_a_new_user_has_no_before() -> None:
    fields = document(
        category="Users and groups",
        summary="User created",
        affectedObject=USER,
        changedValues=[
            {"name": "Display name", "oldValue": "", "newValue": "Ben"},
            {"name": "Email", "oldValue": "", "newValue": "ben@example.org"},
        ],
    )
    assert fields["user"] == {"target": {"full_name": "Ben", "email": "ben@example.org"}}


def test_a_user_beside_a_space_is_no_target() -> None:
    fields = document(category="Spaces", affectedObject=USER, associatedObjects=[SPACE])
    assert "user" not in fields
    assert fields["related"]["user"] == ["Ben"]


@pytest.mark.parametrize(
    ("address", "first", "every"),
    [
        ("10.1.2.3", "10.1.2.3", ["10.1.2.3"]),
        ("10.1.2.3, 192.168.0.1,10.1.2.3", "10.1.2.3", ["10.1.2.3", "192.168.0.1"]),
        ("unknown, 2001:DB8::1", "2001:db8::1", ["2001:db8::1"]),
        ("fe80::1%eth0", "fe80::1", ["fe80::1"]),
        ("::ffff:10.1.2.3", "10.1.2.3", ["10.1.2.3"]),
        ("10.1", None, None),
        ("1.2.3.4; DROP", None, None),
        ("\u0661.2.3.4", None, None),
    ],
)
def test_only_what_is_an_address_is_one_and_the_field_stays_as_it_was(
    address: str, first: str | None, every: list[str] | None
) -> None:
    fields = document(remoteAddress=address)
    assert fields["source"]["address"] == address
    assert (fields["source"].get("ip"), fields["related"].get("ip")) == (first, every)


def test_a_record_without_an_address_has_no_source() -> None:
    assert "source" not in document(remoteAddress="")


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ('"yesterday"', '"yesterday"'),
        ("253402300800000", "253402300800000"),
        ("1" + "0" * 30, "1" + "0" * 30),
        ("null", None),
    ],
)
def test_a_record_without_a_date_gets_that_of_the_export_and_says_so(date: str, text: str | None) -> None:
    record = decode(f'{{"creationDate": {date}}}')
    (fields,) = documents(record)
    assert fields["@timestamp"] == fields["event"]["created"] == "2026-11-12T10:00:30.007Z"
    assert fields["tags"] == ["no_date"]
    assert fields["confluence"]["audit"].get("date_text") == text
    assert warned(record) == (
        "Some records have no date that Elasticsearch takes: their @timestamp is the time of the export, their tag no_date.",
    )


def test_a_record_with_a_date_has_it_to_the_millisecond() -> None:
    fields = document(creationDate=NOW + 123)
    assert fields["@timestamp"] == "2026-11-12T10:00:30.123Z"
    assert "tags" not in fields


def test_ordinary_records_are_warned_of_nothing() -> None:
    assert warned(*(record for record in demo_records(300) if not record.unusual)) == ()


def test_texts_that_lucene_would_refuse_are_cut_outside_the_original() -> None:
    long = "\U0001f600" * 20_000
    record = decode(json.dumps({"summary": long, "changedValues": [{"name": long, "newValue": long}]}))
    (fields,) = documents(record)
    for path, value in leaves(fields):
        for each in value if isinstance(value, list) else [value]:
            for text in each.values() if isinstance(each, dict) else [each]:
                assert path == "event.original" or len(str(text).encode()) + 100 < LUCENE_MOST
    assert fields["event"]["action"] == long[: TEXT_MOST - 1] + "…"
    assert fields["event"]["original"] == record.raw
    assert f"Texts of more than {TEXT_MOST:,} characters are cut short outside event.original." in warned(
        record
    )


def test_equal_records_have_equal_hashes_and_no_id() -> None:
    one, other, third = documents(*demo_records(1), *demo_records(1), demo_records(2)[1])
    assert one["event"]["hash"] == other["event"]["hash"] != third["event"]["hash"]
    assert one["event"]["hash"] == hashlib.sha256(one["event"]["original"].encode()).hexdigest()
    assert "id" not in one["event"]


def test_the_message_is_a_sentence() -> None:
    fields = document(
        author={"displayName": "Ana"},
        summary="User added to group",
        remoteAddress="192.0.2.7",
        affectedObject=GROUP,
        associatedObjects=[USER],
        changedValues=[{"name": "Role", "oldValue": "guest", "newValue": "owner"}],
    )
    assert (
        fields["message"]
        == "User added to group by Ana from 192.0.2.7: admins (Group), with Ben. Role: guest → owner"
    )


def test_what_the_schema_has_no_field_for_stands_apart() -> None:
    fields = document(
        author={"displayName": "Ana", "type": "user", "isExternalCollaborator": True},
        category="Permissions",
        summary="Space permission added",
        description="by hand",
        affectedObject=GROUP,
        associatedObjects=[SPACE],
        changedValues=[
            {
                "name": "Type",
                "oldValue": "",
                "newValue": "VIEWSPACE",
                "hiddenOldValue": "a",
                "hiddenNewValue": "b",
            }
        ],
        sysAdmin=True,
        superAdmin=False,
    )
    assert fields["confluence"]["audit"] == {
        "type": {"category": "Permissions", "action": "Space permission added"},
        "affected_objects": [
            {"name": "admins", "type": "Group", "id": GROUP_ID},
            {"name": "Legal", "type": "Space"},
        ],
        "changed_values": [{"key": "Type", "to": "VIEWSPACE", "hidden_from": "a", "hidden_to": "b"}],
        "external_collaborator": True,
        "guest": False,
        "author_type": "user",
        "description": "by hand",
        "sys_admin": True,
        "super_admin": False,
        "unusual": ["remoteAddress is missing"],
    }


def test_the_site_is_named_as_a_host_only_where_it_is_one() -> None:
    assert document()["service"] == {"type": "confluence", "name": "acme.atlassian.net"}
    assert document()["related"]["hosts"] == ["acme.atlassian.net"]
    demo = document(replace(OCCASION, site="the demo site"))
    assert demo["service"]["name"] == "the demo site"
    assert "related" not in demo
    assert document(replace(OCCASION, site="\udc80"))["service"]["name"] == "\\udc80"


def test_an_export_can_be_continued_behind_any_line() -> None:
    some = demo_records(20)
    assert lines(some[:7], some[7:]) == lines(some)
