"""Whether a file is the export that its manifest tells of. Reads both, changes nothing, and follows no link in their place.

Proves no more than that the two agree: the manifest is not signed. Nothing in what it tells is inert.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from auditui.export.foreign_sqlite import Endless, wary
from auditui.export.manifest import Manifest
from auditui.export.names import MANIFEST_SUFFIX, manifest_of
from auditui.model.errors import NotAsExported
from auditui.model.when import Zone, show_time_exactly
from auditui.private_file import open_plain_file, unreadable

_MANIFEST_MOST = 16 << 20  # bytes
_PIECE = 1 << 20  # bytes

NOT_SIGNED = (
    "The manifest is not signed: whoever can change both files can make them agree. "
    "Compare the SHA-256 with one that was kept elsewhere."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out of the comparison."""

    ok: bool
    """Whether the file is what the manifest says of it. An export that is not whole can be that, too."""
    lines: tuple[str, ...]
    """All there is to say, a sentence or two each; what differs comes first."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a file is."""

    bytes: int
    sha256: str
    records: int | None
    """None where they are not counted."""
    endless: bool = False
    """Whether they are not, as that would never end."""


def verify(file: Path) -> Verdict:
    """Compare an export with its manifest.

    Args:
        file: the export, beside which its manifest is, or the manifest, beside which the export is.

    Raises:
        NotAsExported: one of them is missing, is a link or no plain file, or cannot be read: there is nothing to compare.
    """
    name = file.name.removesuffix(MANIFEST_SUFFIX)
    if name in ("", ".", ".."):
        raise NotAsExported(f"{file} is not the name of an export.")
    path = file.with_name(name)
    manifest = Manifest.from_json(_manifest_bytes(manifest_of(path)))
    found = _found(path, manifest)
    differences = _differences(found, manifest)
    head = f"{path} is not what its manifest says." if differences else _agreement(path, found)
    return Verdict(not differences, (head, *differences, *_told(path, manifest), NOT_SIGNED))


# Reading


def _manifest_bytes(path: Path) -> bytes:
    try:
        with open_plain_file(path) as file:
            content = file.read(_MANIFEST_MOST + 1)
    except FileNotFoundError as error:
        raise NotAsExported(
            f"There is no manifest {path}.",
            why="Without it nothing is known of the file.",
            remedy="Put the manifest beside it, under this name.",
        ) from error
    except OSError as error:
        raise NotAsExported(f"{path} {unreadable(error)}.") from error
    if len(content) > _MANIFEST_MOST:
        raise NotAsExported(f"{path} is too big for a manifest.")
    return content


def _found(path: Path, manifest: Manifest) -> _Found:
    try:
        with open_plain_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if sha256 != manifest.file.sha256 and manifest.file.format == "sqlite":
                return _Found(size, sha256, None)  # nothing is known of it: SQLite need not meet it
            file.seek(0)
            return _counted(path, file, _Found(size, sha256, None), manifest.file.format)
    except FileNotFoundError as error:
        raise NotAsExported(
            f"There is no file {path}.", remedy="Put the export beside its manifest, under this name."
        ) from error
    except OSError as error:
        raise NotAsExported(f"{path} {unreadable(error)}.") from error


# Counting


def _counted(path: Path, file: BinaryIO, found: _Found, form: str) -> _Found:
    try:
        return replace(found, records=_count(path, file, form))
    except Endless:
        return replace(found, endless=True)


def _count(path: Path, file: BinaryIO, form: str) -> int | None:
    """The records in the file; None where it cannot be told, or not without much ado."""
    if form == "sqlite":
        return _rows_of_database(path, os.fstat(file.fileno()).st_size)
    count = _COUNTED.get(form)
    return count(file) if count else None


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """By size: a line can be as long as whoever made it likes."""
    while piece := file.read(_PIECE):
        yield piece


def _lines(file: BinaryIO) -> int:
    return sum(piece.count(b"\n") for piece in _pieces(file))


def _rows(file: BinaryIO) -> int:
    # Python's csv module has a limit for cells that records can exceed; a row ends where no quotation is open
    ends, quotes = 0, 0
    for piece in _pieces(file):
        *lines, rest = piece.split(b"\n")
        for line in lines:
            quotes += line.count(b'"')
            ends += quotes % 2 == 0
        quotes += rest.count(b'"')
    return max(ends - 1, 0)


def _rows_of_database(path: Path, size: int) -> int | None:
    try:
        # immutable: SQLite leaves nothing beside the file, and heeds no journal that somebody put there
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database,
            wary(database, size),
        ):
            return _rows_of_table(database)
    except sqlite3.Error:
        return None


def _rows_of_table(database: sqlite3.Connection) -> int | None:
    # in somebody else's database the name can be a view, which can take for ever
    kind = database.execute("SELECT type, sql LIKE '%virtual%' FROM sqlite_schema WHERE name = 'records'")
    if kind.fetchone() != ("table", 0):
        return None
    # a bare count(*) is one step to SQLite, however long it takes
    (count,) = database.execute("SELECT count(*) FROM records NOT INDEXED WHERE ?", (1,)).fetchone()
    return int(count)


_COUNTED: dict[str, Callable[[BinaryIO], int]] = {
    "jsonl": _lines,
    "ecs": _lines,
    "csv": _rows,
    "csv-exact": _rows,
}
"""How the records of a format are counted, by the exporter's key."""


# Telling


def _agreement(path: Path, found: _Found) -> str:
    counted = "" if found.records is None else f", {_records(found.records)}"
    return f"{path} is what its manifest says: {found.bytes:,} bytes, SHA-256 {found.sha256}{counted}."


def _differences(found: _Found, manifest: Manifest) -> list[str]:
    told = manifest.file
    differences = []
    if more := found.bytes - told.bytes:
        longer = (
            f"{abs(more):,} {'byte' if abs(more) == 1 else 'bytes'} {'longer' if more > 0 else 'shorter'}"
        )
        differences.append(
            f"It is {longer} than the manifest says: {found.bytes:,} instead of {told.bytes:,}."
        )
    if found.sha256 != told.sha256:
        differences.append(
            f"It has other content: its SHA-256 is {found.sha256}, the manifest says {told.sha256}."
        )
    if found.records is not None and found.records != manifest.records.written:
        differences.append(
            f"It holds {_records(found.records)}, the manifest says {manifest.records.written:,}."
        )
    if found.endless:
        differences.append(
            "It is damaged: counting its records takes longer than its size explains, and was given up."
        )
    return differences


def _told(path: Path, manifest: Manifest) -> list[str]:
    """What the manifest tells, a line each."""
    query, records, name = manifest.query, manifest.records, manifest.file.name
    return [
        *([f"It was exported under the name {name}."] if name and name != path.name else []),
        f"Site: {_site(manifest)}.",
        f"Exported: {_moment(manifest.began)} to {_moment(manifest.finished)} by auditui {manifest.version}, as {manifest.file.format}.",
        f"Asked for: {_moment(query.start)} to {_moment(query.end)} ({_typed(manifest)}).",
        f"Filter: {_filter(manifest)}.",
        f"Selection: {manifest.selection}, {manifest.order}, times in {manifest.zone}.",
        f"Records: {records.received:,} read, {records.passed:,} let through, {records.written:,} written; {_span(manifest)}.",
        f"Complete: {'yes' if manifest.complete else 'no'}, {manifest.completeness.rstrip('.')}.",
        *(
            [f"Late: {_records(manifest.late)} arrived while it was read and are missing."]
            if manifest.late
            else []
        ),
        *([f"Retention: {manifest.retention.rstrip('.')}."] if manifest.retention else []),
        *(f"Warning: {warning}" for warning in manifest.warnings),
    ]


def _site(manifest: Manifest) -> str:
    if manifest.demo:
        return f"{manifest.site} (the demo site, whose log is made up)"
    return f"{manifest.site}, read as {manifest.account}"


def _typed(manifest: Manifest) -> str:
    query = manifest.query
    search = f"search “{query.search}”" if query.search else "no search text"
    return f"typed: {query.since or 'oldest'} → {query.until or 'now'}, {search}"


def _filter(manifest: Manifest) -> str:
    if not manifest.filter.text:
        return "none"
    return f"{manifest.filter.text} (relative dates count from {_moment(manifest.filter.read_at)})"


def _span(manifest: Manifest) -> str:
    oldest, newest = manifest.records.oldest, manifest.records.newest
    if oldest is None or newest is None:
        return "none has a date"
    return f"oldest {_moment(oldest)}, newest {_moment(newest)}"


def _records(count: int) -> str:
    return f"{count:,} record" if count == 1 else f"{count:,} records"


def _moment(milliseconds: int) -> str:
    """`2026-11-01 09:30:07.123 UTC`."""
    return show_time_exactly(milliseconds, Zone("UTC")).replace(" +00:00", " UTC")
