"""The SQLite export answers questions, holds what the site sent, and survives being killed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.demo.cast import CULPRIT
from auditui.demo.incident import ADDRESS
from auditui.export.exporter import Destination
from auditui.export.sqlite_format import SQLITE
from auditui.model.change_text import change_text
from auditui.model.errors import ExportFailed
from auditui.model.record import Record
from tests.export import killed_sqlite
from tests.export.an_occasion import OCCASION, held, whole
from tests.model.records import NOW, records
from tests.store.demo_records import demo_records

REPOSITORY = Path(__file__).parent.parent.parent
TABLES = ("records", "associated_objects", "changed_values")

FULL_DISK = """
import resource, sys
from pathlib import Path
from auditui.export.exporter import Destination
from auditui.export.sqlite_format import SQLITE
from tests.export.an_occasion import OCCASION
from tests.export.killed_sqlite import all_records

path = Path(sys.argv[1])
with path.open("r+b") as stream:
    writer = SQLITE.open(Destination(stream, path), OCCASION)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
    try:
        writer.write(all_records())
        writer.flush()
    except OSError as error:
        print(type(error).__name__)
    writer.abandon()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    part = tmp_path / ".log.sqlite.auditui-part"
    part.touch(0o600)
    return part


def export(
    path: Path, *batches: Sequence[Record], before: Sequence[Record] = (), flush: bool = False
) -> tuple[str, ...]:
    """Write a whole export, or what is left of one behind the records of an earlier run; its warnings."""
    written = len(before)
    with path.open("r+b") as stream:
        writer = SQLITE.open(Destination(stream, path, written, content_of(before)), OCCASION)
        for batch in batches:
            writer.write(batch)
            if flush:
                writer.flush()
        writer.finish(whole(written + sum(map(len, batches))))
        writer.abandon()
        return tuple(writer.warnings)


def content_of(records: Sequence[Record]) -> str:
    """By what a run that has written these knows them."""
    with NamedTemporaryFile() as stream:
        writer = SQLITE.open(Destination(cast("BinaryIO", stream), Path(stream.name)), OCCASION)
        writer.write(records)
        writer.abandon()
        return writer.content


def asked(path: Path, *questions: str) -> list[list[dict[str, Any]]]:
    """The answers to each of the questions."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [[dict(row) for row in connection.execute(question)] for question in questions]


def ask(path: Path, question: str) -> list[dict[str, Any]]:
    (answer,) = asked(path, question)
    return answer


def content(path: Path) -> list[list[dict[str, Any]]]:
    return asked(path, *(f"SELECT * FROM {table} ORDER BY 1, 2" for table in (*TABLES, "export")))  # noqa: S608


def expected(place: int, record: Record) -> dict[str, Any]:
    """The readable columns of a record, but for those of its date."""
    texts = {
        "author": record.author.name,
        "account_id": record.author.account_id,
        "author_type": record.author.kind,
        "event": record.event,
        "category": record.category,
        "affected_object": record.affected.name,
        "affected_object_type": record.affected.kind,
        "address": record.address,
        "description": record.description,
        "unusual": "; ".join(record.unusual),
    }
    flags = {"id": place, "sys_admin": record.sys_admin, "super_admin": record.super_admin}
    return flags | {name: held(text) for name, text in texts.items()}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(st.lists(records(), min_size=1, max_size=6), st.integers(0, 6), st.booleans())
@example([decode('{"summary": "a\\u0000b \\ud800 \\udc00", "category": "\\ud83d\\ude00"}')], 0, False)
def test_every_text_of_any_record_can_be_read_back(some: list[Record], at: int, flush: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "log.sqlite")
        path.touch()
        export(path, some[:at], some[at:], flush=flush)
        rows, objects, changes, timeline, verdict = asked(
            path,
            "SELECT * FROM records",
            "SELECT * FROM associated_objects",
            "SELECT * FROM changed_values",
            "SELECT * FROM timeline",
            "PRAGMA integrity_check",
        )

    assert verdict == [{"integrity_check": "ok"}]
    for place, (row, record) in enumerate(zip(rows, some, strict=True), 1):
        assert row.items() >= expected(place, record).items()
        assert json.loads(row["raw"]) == json.loads(record.raw)
    assert [tuple(row.values()) for row in objects] == [
        (place, position, held(each.name), held(each.kind))
        for place, record in enumerate(some, 1)
        for position, each in enumerate(record.associated, 1)
    ]
    assert [tuple(row.values()) for row in changes] == [
        (place, position, *map(held, (each.name, each.old, each.new, each.hidden_old, each.hidden_new)))
        for place, record in enumerate(some, 1)
        for position, each in enumerate(record.changes, 1)
    ]
    assert {row["id"]: row["changes"] for row in timeline} == {
        place: "; ".join(held(change_text(change)) for change in record.changes if not change.same) or None
        for place, record in enumerate(some, 1)
    }


@pytest.mark.parametrize(
    ("date", "columns"),
    [
        ("1794477630123", (1_794_477_630_123, "2026-11-12T10:00:30.123Z", None)),
        ("0", (0, "1970-01-01T00:00:00.000Z", None)),
        ("-1", (-1, "1969-12-31T23:59:59.999Z", None)),
        ("253402300799999", (253_402_300_799_999, "9999-12-31T23:59:59.999Z", None)),
        ("253402300800000", (253_402_300_800_000, None, "253402300800000")),
        ("9223372036854775807", (2**63 - 1, None, "9223372036854775807")),
        ("9223372036854775808", (None, None, "9223372036854775808")),
        ("-9223372036854775809", (None, None, "-9223372036854775809")),
        ("1" + "0" * 1_500, (None, None, "1" + "0" * 1_500)),
        ('"yesterday"', (None, None, '"yesterday"')),
        ("null", (None, None, None)),
    ],
)
def test_a_date_is_told_as_far_as_it_is_one(path: Path, date: str, columns: tuple[object, ...]) -> None:
    export(path, [decode(f'{{"creationDate": {date}}}')])
    assert [tuple(row.values()) for row in ask(path, "SELECT created, time_utc, date_text FROM records")] == [
        columns
    ]


def test_what_stands_behind_a_nul_is_found(path: Path) -> None:
    warnings = export(path, [decode('{"summary": "harmless\\u0000, and a secret"}')])
    assert ask(path, "SELECT event FROM records WHERE event LIKE '%secret%'") == [
        {"event": "harmless\\u0000, and a secret"}
    ]
    (warning,) = warnings
    assert warning == (
        "Some texts hold a NUL or half of a character, which are spelled out as \\u0000 or \\ud800; "
        "the record's JSON text has them as they came."
    )


def test_there_is_no_warning_where_nothing_was_spelled_out(path: Path) -> None:
    assert export(path, [decode('{"summary": "日本 \\u00fc \\ud83d\\ude00"}')]) == ()


def test_a_json_text_that_is_not_well_formed_itself_can_be_kept(path: Path) -> None:
    record = replace(decode('{"summary": "x"}'), raw='{"summary": "\ud800"}')
    export(path, [record])
    assert ask(path, "SELECT raw FROM records") == [{"raw": '{"summary": "\\ud800"}'}]


def test_the_file_tells_how_it_came_to_be(path: Path) -> None:
    export(path, demo_records(3))
    facts = {row["key"]: row["value"] for row in ask(path, "SELECT * FROM export")}
    assert facts == {
        "site": "acme.atlassian.net",
        "account": "ana@example.com",
        "zone": "Europe/Berlin",
        "from": "2026-11-11T10:00:30.000Z",
        "to": "2026-11-12T10:00:30.000Z",
        "startDate": NOW - 86_400_000,
        "endDate": NOW,
        "search": "group",
        "filter": "author:\\udc80na",
        "selection": "those that pass the filter",
        "order": "newest first",
        "exported": "2026-11-12T10:00:30.007Z",
        "written": 3,
        "complete": 1,
        "completeness": "whole answer",
    }


def test_the_timeline_tells_in_order_who_did_what_to_whom(path: Path) -> None:
    group = "admins:4375f4c3-bfdf-4f36-a62e-141ccf1588a3"
    told = {
        "creationDate": NOW,
        "author": {"displayName": "Ana"},
        "summary": "User added to group",
        "affectedObject": {"name": group, "objectType": "Group"},
        "associatedObjects": [{"name": "Ben", "objectType": "User"}, {"name": "Eve", "objectType": "User"}],
        "changedValues": [
            {"name": "Role", "oldValue": "guest", "newValue": "owner"},
            {"name": "Same", "oldValue": "a", "newValue": "a"},
            {"name": "Active", "oldValue": "", "newValue": "Yes"},
            {"name": "Key", "oldValue": "", "newValue": "", "hiddenOldValue": "k1", "hiddenNewValue": "k2"},
        ],
    }
    before = {**told, "creationDate": NOW - 1, "summary": "Group created"}
    export(path, [decode(json.dumps(told)), decode(json.dumps(before))])
    first, second = ask(path, "SELECT * FROM timeline")
    assert (first["event"], second["event"]) == ("Group created", "User added to group")
    assert (second["time_utc"], second["author"], second["affected_object"]) == (
        "2026-11-12T10:00:30.000Z",
        "Ana",
        group,
    )
    assert second["associated"] == "Ben, Eve"
    assert second["changes"] == "Role: guest → owner; Active: Yes; Key: k1 → k2 (hidden in Confluence)"


def test_the_incident_of_the_demo_is_found_by_its_address(path: Path) -> None:
    export(path, demo_records(2_000))
    rows = ask(path, f"SELECT * FROM who_from_where WHERE address = '{ADDRESS}'")  # noqa: S608
    deeds = [record for record in demo_records(2_000) if record.address == ADDRESS]
    assert [(row["author"], row["records"]) for row in rows] == list(
        Counter(record.author.name for record in reversed(deeds)).items()
    )
    assert all(row["first_utc"] < row["last_utc"] for row in rows)
    assert rows[0]["author"] == CULPRIT.name


def test_questions_about_time_author_and_address_use_an_index(path: Path) -> None:
    export(path, demo_records(10))
    for column in ("created", "author", "address"):
        (plan,) = ask(path, f"EXPLAIN QUERY PLAN SELECT raw FROM records WHERE {column} = 1")  # noqa: S608
        assert "USING INDEX" in plan["detail"]


def test_a_finished_file_stands_alone_and_reading_does_not_change_it(path: Path) -> None:
    export(path, demo_records(100))
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM timeline").fetchone() == (100,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("moment", killed_sqlite.MOMENTS)
def test_an_export_that_was_killed_at_any_moment_is_continued_as_if_it_had_not_been(
    path: Path, moment: str
) -> None:
    command = [sys.executable, "-m", "tests.export.killed_sqlite", moment, str(path)]
    killed = subprocess.run(command, cwd=REPOSITORY, check=False)
    assert killed.returncode == -signal.SIGKILL
    journal = path.with_name(f"{path.name}-journal")
    assert journal.exists() == (moment in killed_sqlite.UNDER_WAY)
    every = killed_sqlite.all_records()

    written = 0 if moment == "begun" else killed_sqlite.FLUSHED
    export(path, every[written:], before=every[:written])

    one_go = path.with_name("one-go.sqlite")
    one_go.touch()
    export(one_go, every)
    assert content(path) == content(one_go)
    assert ask(path, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]
    assert not journal.exists()


def test_an_export_that_was_finished_and_not_put_in_place_can_be_continued(path: Path) -> None:
    export(path, demo_records(20))
    export(path, demo_records(20)[15:], before=demo_records(20)[:15])
    assert [row["id"] for row in ask(path, "SELECT id FROM records ORDER BY id")] == list(range(1, 21))
    assert ask(path, "PRAGMA integrity_check") == [{"integrity_check": "ok"}]


def test_what_an_earlier_run_has_left_is_no_part_of_a_new_export(path: Path) -> None:
    export(path, demo_records(20))
    path.with_name(f"{path.name}-journal").write_bytes(b"left")
    export(path, demo_records(2))
    assert ask(path, "SELECT count(*) AS records FROM records") == [{"records": 2}]


def lose_a_page(path: Path) -> None:
    """Of an index, so that nothing but a check of the whole file comes upon it."""
    (where,) = ask(
        path,
        "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'records_by_author'",
    )
    with path.open("r+b") as file:
        file.seek((where["rootpage"] - 1) * where["page_size"])
        file.write(bytes(where["page_size"]))


def replaced_by(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(statement)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path: os.truncate(path, 0),
    "no database": lambda path: replaced_by(path, b"no database" * 1_000),
    "a page lost": lose_a_page,
    "a record lost": lambda path: change(path, "DELETE FROM records WHERE id = 7"),
    "a record changed": lambda path: change(path, "UPDATE records SET author = 'nobody' WHERE id = 7"),
    "an object more": lambda path: change(path, "INSERT INTO associated_objects VALUES (7, 99, '', '')"),
    "a trigger": lambda path: change(
        path, "CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM records; END"
    ),
    "a view of another meaning": lambda path: change(
        path, "DROP VIEW timeline; CREATE VIEW timeline AS SELECT 'nothing happened' AS changes"
    ),
    "a record elsewhere": lambda path: change(path, "UPDATE records SET id = 0 WHERE id = 7"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_not_continued(path: Path, damage: str) -> None:
    export(path, demo_records(200))
    DAMAGES[damage](path)
    with path.open("r+b") as stream, pytest.raises(ExportFailed, match="cannot be continued") as caught:
        SQLITE.open(Destination(stream, path, 200, content_of(demo_records(200))), OCCASION)
    assert caught.value.remedy == "Export anew."


def test_what_somebody_noted_in_the_file_is_not_gone_on_with(path: Path) -> None:
    export(path, demo_records(20))
    change(path, "INSERT INTO export VALUES ('approved by', 'nobody')")
    export(path, before=demo_records(20))
    assert ask(path, "SELECT * FROM export WHERE key = 'approved by'") == []


def test_standard_output_is_refused_with_a_way_out() -> None:
    with Path(os.devnull).open("wb") as stream, pytest.raises(ExportFailed) as caught:
        SQLITE.open(Destination(stream, None), OCCASION)
    assert caught.value.sentences() == (
        "A SQLite database needs a file of its own. "
        "SQLite writes here and there in it. Export to a file, or in another format."
    )


@pytest.mark.parametrize("foreign", ["a link", "a pipe", "somebody else's"])
def test_a_journal_that_is_not_ours_changes_nothing(path: Path, tmp_path: Path, foreign: str) -> None:
    export(path, demo_records(20))
    journal = path.with_name(f"{path.name}-journal")
    if foreign == "a link":
        journal.symlink_to(tmp_path / "elsewhere")
    elif foreign == "a pipe":
        os.mkfifo(journal)
    elif os.getuid() == 0:
        journal.touch()
        os.chown(journal, 65_534, 65_534)
    else:
        pytest.skip("only root can make a file somebody else's")
    before = path.read_bytes()
    with path.open("r+b") as stream, pytest.raises(ExportFailed, match="not of auditui's making"):
        SQLITE.open(Destination(stream, path, 20), OCCASION)
    assert path.read_bytes() == before


def test_a_full_disk_is_an_error_of_the_disk(path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    assert (ran.stdout, ran.stderr) == ("OSError\n", "")


def test_an_export_can_be_abandoned_at_any_moment(path: Path) -> None:
    with path.open("r+b") as stream:
        writer = SQLITE.open(Destination(stream, path), OCCASION)
        writer.write(demo_records(5))
        writer.flush()
        writer.write(demo_records(5))
        writer.abandon()
        writer.abandon()
        assert not stream.closed
    assert ask(path, "SELECT count(*) AS records FROM records") == [{"records": 5}]
