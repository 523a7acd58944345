"""One Parquet file, row group by row group. Memory holds one row group, however many records there are.

The columns have the names of the SQLite export. Knows nothing of files: it is given a stream.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, BinaryIO

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from auditui.export.circumstances import circumstances, outcome
from auditui.export.exporter import Ending, Occasion
from auditui.export.json_text import as_json
from auditui.export.moments import dates
from auditui.export.plain import Plain, columns, plainly
from auditui.model.record import Record

GROUP_ROWS = 50_000
"""Records of a row group, at most."""

GROUP_BYTES = 64 << 20
"""Bytes of a row group in memory at which it is written though it has fewer records."""

_BATCH_ROWS = 1_000
_BATCH_CHARACTERS = 4 << 20  # of JSON text; of hostile records a thousand would not fit into memory

_OBJECTS = pa.list_(pa.struct([("name", pa.string()), ("type", pa.string())]))
_CHANGES = pa.list_(
    pa.struct([(name, pa.string()) for name in ("name", "old", "new", "hidden_old", "hidden_new")])
)
_SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("created", pa.timestamp("ms", tz="UTC")),
        pa.field("date_text", pa.string()),
        pa.field("author", pa.string(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("author_type", pa.string(), nullable=False),
        pa.field("event", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("affected_object", pa.string(), nullable=False),
        pa.field("affected_object_type", pa.string(), nullable=False),
        pa.field("address", pa.string(), nullable=False),
        pa.field("description", pa.string(), nullable=False),
        pa.field("sys_admin", pa.bool_(), nullable=False),
        pa.field("super_admin", pa.bool_(), nullable=False),
        pa.field("unusual", pa.string(), nullable=False),
        pa.field("associated_objects", _OBJECTS, nullable=False),
        pa.field("changed_values", _CHANGES, nullable=False),
        pa.field("raw", pa.string(), nullable=False),
    ]
)

# Of values that come again and again a dictionary is kept; those of raw and description hardly ever do.
_REPEATED = [
    "author",
    "account_id",
    "author_type",
    "event",
    "category",
    "affected_object",
    "affected_object_type",
    "address",
    "unusual",
    "associated_objects.list.element.name",
    "associated_objects.list.element.type",
    "changed_values.list.element.name",
    "changed_values.list.element.old",
    "changed_values.list.element.new",
]


class ParquetWriter:
    """Gathers records into row groups, and writes these."""

    content = ""  # its bytes tell it

    def __init__(self, stream: BinaryIO, occasion: Occasion) -> None:
        """Begin a file.

        Raises:
            ImportError: this pyarrow cannot add what is known only at the end.
        """
        if not hasattr(pq.ParquetWriter, "add_key_value_metadata"):
            raise ImportError(f"pyarrow {pa.__version__} is too old")
        self._sink = _Sink(stream)
        self._circumstances = circumstances(plainly(occasion))
        self._file = pq.ParquetWriter(self._sink, _SCHEMA, compression="zstd", use_dictionary=_REPEATED)
        self._written = 0
        self._plain = Plain()
        self._records: list[Record] = []
        self._characters = 0
        self._batches: list[pa.RecordBatch] = []
        self._bytes = 0

    @property
    def warnings(self) -> Sequence[str]:
        """Whether texts had to be spelled out."""
        return self._plain.warnings

    def write(self, records: Sequence[Record]) -> None:
        """Add records, in their order."""
        for record in records:
            self._records.append(self._plain(record))
            self._characters += len(record.raw)
            if len(self._records) == _BATCH_ROWS or self._characters >= _BATCH_CHARACTERS:
                self._gather()

    def flush(self) -> None:
        """Flush the stream; a row group that has begun waits for more."""
        self._sink.flush()

    def finish(self, ending: Ending) -> None:
        """Write the last row group, the circumstances and the directory at the end of the file."""
        self._gather()
        self._write_group()
        facts = {**self._circumstances, **outcome(plainly(ending))}
        self._file.add_key_value_metadata({f"auditui.{name}": _told(fact) for name, fact in facts.items()})
        self._file.close()
        self._sink.flush()

    def abandon(self) -> None:
        """Write nothing more, though pyarrow ends a file whenever it lets go of it."""
        self._sink.stop()
        self._records.clear()
        self._batches.clear()

    def _gather(self) -> None:
        """Make columns of the records that wait."""
        if not self._records:
            return
        rows = (_row(place, each) for place, each in enumerate(self._records, self._written + 1))
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*rows, strict=True), _SCHEMA, strict=True)
        ]
        batch = pa.RecordBatch.from_arrays(columns, schema=_SCHEMA)
        self._batches.append(batch)
        self._bytes += batch.nbytes
        self._written += len(self._records)
        self._records.clear()
        self._characters = 0
        if self._bytes >= GROUP_BYTES or sum(each.num_rows for each in self._batches) >= GROUP_ROWS:
            self._write_group()

    def _write_group(self) -> None:
        if self._batches:
            self._file.write_table(pa.Table.from_batches(self._batches), row_group_size=GROUP_ROWS)
        self._batches.clear()
        self._bytes = 0


def _row(place: int, record: Record) -> tuple[Any, ...]:
    time, text = dates(record)
    return (
        place,
        record.created if time else None,
        text,
        *columns(record),
        tuple((each.name, each.kind) for each in record.associated),
        tuple((each.name, each.old, each.new, each.hidden_old, each.hidden_new) for each in record.changes),
        record.raw,
    )


def _told(fact: str | int | None) -> str:
    """A text as it is, anything else as in JSON: the metadata of a file are texts."""
    return fact if isinstance(fact, str) else as_json(fact)


class _Sink(io.RawIOBase):
    """The stream as pyarrow sees it: it can be written to until `stop`, and is closed by somebody else."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream: BinaryIO | None = stream

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return len(content) if self._stream is None else self._stream.write(content)

    def flush(self) -> None:
        if self._stream is not None:
            self._stream.flush()

    def stop(self) -> None:
        self._stream = None
