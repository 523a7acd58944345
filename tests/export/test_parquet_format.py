"""The Parquet export holds what the site sent, in row groups of which one at a time is in memory."""

from __future__ import annotations

import errno
import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditui.client.decode import decode
from auditui.export.exporter import Destination, Writer
from auditui.export.parquet_file import GROUP_BYTES, GROUP_ROWS
from auditui.export.parquet_format import PARQUET
from auditui.model.errors import ExportFailed
from auditui.model.record import Record
from tests.export.an_occasion import OCCASION, held, whole
from tests.model.records import NOW, records
from tests.store.demo_records import demo_records

REPOSITORY = Path(__file__).parent.parent.parent
MENU = """
import sys
from auditui.export.parquet_format import PARQUET
assert not PARQUET.missing()
print("pyarrow" in sys.modules)
"""


def begun(stream: io.BytesIO | Pipe) -> Writer:
    return PARQUET.open(Destination(cast("io.BytesIO", stream), None), OCCASION)


def export(*batches: Sequence[Record]) -> io.BytesIO:
    stream = io.BytesIO()
    writer = begun(stream)
    for batch in batches:
        writer.write(batch)
        writer.flush()
    writer.finish(whole(sum(map(len, batches))))
    writer.abandon()
    return stream


def rows(stream: io.BytesIO) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(stream).to_pylist()
    return found


def expected(place: int, record: Record) -> dict[str, Any]:
    """The columns of a record, but for its date and its JSON text."""
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
    return {name: held(text) for name, text in texts.items()} | {
        "id": place,
        "sys_admin": record.sys_admin,
        "super_admin": record.super_admin,
        "associated_objects": [
            {"name": held(each.name), "type": held(each.kind)} for each in record.associated
        ],
        "changed_values": [
            {
                "name": held(each.name),
                "old": held(each.old),
                "new": held(each.new),
                "hidden_old": held(each.hidden_old),
                "hidden_new": held(each.hidden_new),
            }
            for each in record.changes
        ],
    }


class Pipe:
    """What can be written to, and nothing else."""

    closed = False

    def __init__(self) -> None:
        self.taken = b""

    def write(self, content: Any) -> int:
        self.taken += bytes(content)
        return len(content)

    def flush(self) -> None:
        """Nothing is held."""


class FullDisk(Pipe):
    """Has room for the four bytes that such a file begins with."""

    def write(self, content: Any) -> int:
        if len(self.taken) + len(content) > 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(st.lists(records(), max_size=6), st.integers(0, 6))
@example([decode('{"summary": "a\\u0000b \\ud800 \\udc00", "category": "\\ud83d\\ude00"}')], 0)
def test_every_value_of_any_record_can_be_read_back(some: list[Record], at: int) -> None:
    found = rows(export(some[:at], some[at:]))
    for place, (row, record) in enumerate(zip(found, some, strict=True), 1):
        assert row.items() >= expected(place, record).items()
        assert json.loads(row["raw"]) == json.loads(record.raw)


@pytest.mark.parametrize(
    ("date", "created", "text"),
    [
        (str(NOW + 123), datetime(2026, 11, 12, 10, 0, 30, 123_000, UTC), None),
        ("-1", datetime(1969, 12, 31, 23, 59, 59, 999_000, UTC), None),
        ("253402300799999", datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC), None),
        ("253402300800000", None, "253402300800000"),
        ("1" + "0" * 30, None, "1" + "0" * 30),
        ('"yesterday"', None, '"yesterday"'),
        ("null", None, None),
    ],
)
def test_a_date_is_told_as_far_as_it_is_one(date: str, created: datetime | None, text: str | None) -> None:
    (row,) = rows(export([decode(f'{{"creationDate": {date}}}')]))
    assert (row["created"], row["date_text"]) == (created, text)


def test_columns_have_the_types_that_other_tools_know() -> None:
    schema = pq.read_schema(export(demo_records(1)))
    assert schema.field("created").type == pa.timestamp("ms", tz="UTC")
    assert schema.field("associated_objects").type.value_type.names == ["name", "type"]
    assert {field.name for field in schema if field.type == pa.string()} == {
        *"author account_id author_type event category affected_object affected_object_type".split(),
        *"date_text address description unusual raw".split(),
    }


def test_values_that_repeat_are_kept_once_and_all_is_compressed() -> None:
    group = pq.read_metadata(export(demo_records(2_000))).row_group(0)
    columns = {group.column(at).path_in_schema: group.column(at) for at in range(group.num_columns)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    repeated = {name for name, column in columns.items() if column.has_dictionary_page}
    assert {"author", "event", "category", "address", "changed_values.list.element.name"} <= repeated
    assert repeated.isdisjoint({"raw", "description", "id", "created"})


def test_the_file_tells_how_it_came_to_be_and_how_it_ended() -> None:
    metadata = pq.read_metadata(export(demo_records(3))).metadata
    facts = {
        key.decode().removeprefix("auditui."): value.decode()
        for key, value in metadata.items()
        if key.startswith(b"auditui.")
    }
    assert facts == {
        "site": "acme.atlassian.net",
        "account": "ana@example.com",
        "zone": "Europe/Berlin",
        "from": "2026-11-11T10:00:30.000Z",
        "to": "2026-11-12T10:00:30.000Z",
        "startDate": str(NOW - 86_400_000),
        "endDate": str(NOW),
        "search": "group",
        "filter": "author:\\udc80na",
        "selection": "those that pass the filter",
        "order": "newest first",
        "exported": "2026-11-12T10:00:30.007Z",
        "written": "3",
        "complete": "true",
        "completeness": "whole answer",
    }


def test_an_export_of_nothing_can_be_read() -> None:
    assert rows(export()) == []


def test_row_groups_are_of_fifty_thousand_records_whatever_comes_at_once() -> None:
    many = list(demo_records(1)) * (GROUP_ROWS + 1_500)
    stream = io.BytesIO()
    writer = begun(stream)
    writer.write(many[:700])
    before = stream.tell()
    writer.write(many[700:])
    after = stream.tell()
    writer.finish(whole(len(many)))
    metadata = pq.read_metadata(stream)
    assert [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)] == [GROUP_ROWS, 1_500]
    assert before == len(b"PAR1") < after  # so the first one was written as soon as it was full


def test_memory_holds_one_row_group_however_large_the_records_are() -> None:
    (record,) = demo_records(1)
    large = replace(record, raw=json.dumps({"summary": "x" * 2_000_000}))
    stream = io.BytesIO()
    writer = begun(stream)
    before = pa.total_allocated_bytes()
    most = 0
    for _ in range(100):
        writer.write([large] * 2)
        most = max(most, pa.total_allocated_bytes() - before)
    writer.finish(whole(200))
    assert most < 2 * GROUP_BYTES
    assert pq.read_metadata(stream).num_row_groups == 400_000_000 // GROUP_BYTES + 1


def test_texts_that_were_spelled_out_are_warned_of() -> None:
    stream = io.BytesIO()
    writer = begun(stream)
    writer.write(demo_records(5))
    before = tuple(writer.warnings)
    writer.write([decode('{"summary": "\\ud800"}')])
    (warning,) = writer.warnings
    assert before == ()
    assert "half of a character" in warning
    writer.abandon()


def test_a_pipe_will_do() -> None:
    pipe = Pipe()
    writer = begun(pipe)
    writer.write(demo_records(10))
    writer.finish(whole(10))
    assert len(rows(io.BytesIO(pipe.taken))) == 10


def test_the_stream_is_left_open() -> None:
    stream = export(demo_records(3))
    gc.collect()
    assert not stream.closed


def test_nothing_is_written_once_it_was_abandoned() -> None:
    stream = io.BytesIO()
    writer = begun(stream)
    writer.write(demo_records(3))
    writer.abandon()
    before = stream.getvalue()
    stream.close()
    del writer
    gc.collect()
    assert before == b"PAR1"


def test_a_full_disk_is_an_error_of_the_disk() -> None:
    disk = FullDisk()
    writer = begun(disk)
    writer.write(demo_records(2_000))
    with pytest.raises(OSError, match="No space left") as caught:
        writer.finish(whole(2_000))
    writer.abandon()
    del writer
    gc.collect()
    assert caught.value.errno == errno.ENOSPC
    assert disk.taken == b"PAR1"


def test_pyarrow_is_loaded_only_to_export() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MENU], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    assert ran.stdout == "False\n"


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "auditui.export.parquet_file")
    assert PARQUET.missing() == "Parquet needs pyarrow: pip install 'auditui[parquet]'"
    with pytest.raises(ExportFailed) as caught:
        begun(io.BytesIO())
    assert caught.value.remedy == "Install it: pip install 'auditui[parquet]'"


def test_a_pyarrow_that_is_too_old_is_refused_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(pq.ParquetWriter, "add_key_value_metadata")
    stream = io.BytesIO()
    with pytest.raises(ExportFailed, match="Parquet needs pyarrow") as caught:
        begun(stream)
    assert "too old" in caught.value.why
    assert stream.getvalue() == b""
