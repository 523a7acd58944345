"""What a run leaves of an export that did not come to its end: a part, and with a note, something to go on from.

A note is opaque here: whoever exports knows what is in it. Every call is about the files beside one export, and opens
nothing but plain files of this user.
"""

from __future__ import annotations

import os
import re
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from auditui.export.claim import is_private, take
from auditui.export.names import belongs_to, note_of, part_of
from auditui.export.origin import is_signed, sign
from auditui.model.errors import FileRefused
from auditui.private_file import is_own, open_plain_file, replace_whole

_HEAD = re.compile(rb"auditui-note 2 (?:([0-9]{1,18})|all) ([0-9a-f]{64}|-) ([0-9a-f]{64})\n")
_HOUR = 3_600  # seconds
_WEEK = 604_800


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An export that can be continued."""

    note: bytes
    """What the run that was broken off has noted for it."""
    kept: int | None
    """Bytes of the part that were on the disk when it noted that; what is behind them is given up. None where the format
    writes here and there in the file, as SQLite does, and itself knows what to give up."""
    content: str
    """The SHA-256 of the bytes that are kept; where `kept` is None, what the format knows its work by."""
    signature: str
    """What only the run that left it can have said of all that."""
    at: int
    """When the part was last written to, in milliseconds since the epoch."""


def unfinished(path: Path) -> Unfinished | None:
    """What a dead run left of the export at this path; None where there is nothing to continue. Raises nothing."""
    try:
        descriptor = take(path)
    except (OSError, FileRefused):
        return None
    try:
        return left(path, descriptor)
    finally:
        os.close(descriptor)


def left(path: Path, descriptor: int) -> Unfinished | None:
    """The same for a part that is open and held."""
    status = os.fstat(descriptor)
    if not is_private(status):
        return None
    try:
        content = _note(path)
    except OSError:
        return None
    head = _HEAD.match(content)
    if head is None:
        return None
    kept = int(head[1]) if head[1] else None
    if kept is not None and kept > status.st_size:
        return None
    note, known, signature = content[head.end() :], head[2].decode().strip("-"), head[3].decode()
    return Unfinished(note, kept, known, signature, status.st_mtime_ns // 1_000_000)


def is_ours(found: Unfinished) -> bool:
    """Whether a run of this user on this machine noted just that: what was unpacked or copied here looks like it.

    Raises:
        OSError: it cannot be told.
    """
    return is_signed(found.signature, _kept(found.kept), found.content.encode(), found.note)


def write_note(path: Path, note: bytes, kept: int | None, content: str) -> None:
    """Note for the export at this path what `Unfinished` tells.

    Raises:
        OSError: it cannot be written, or not be signed; an older note stays.
    """
    signature = sign(_kept(kept), content.encode(), note)
    head = b"auditui-note 2 %s %s %s\n" % (_kept(kept), content.encode() or b"-", signature.encode())
    replace_whole(note_of(path), head + note)


def _kept(kept: int | None) -> bytes:
    return b"all" if kept is None else b"%d" % kept


def _note(path: Path) -> bytes:
    with open_plain_file(note_of(path)) as file:
        status = os.fstat(file.fileno())
        return file.read() if is_own(status) and is_private(status) else b""


def sweep(folder: Path) -> None:
    """Remove what dead runs of this user left in the folder: after an hour, or a week where it can be continued.

    A living run's files stay, however old. Raises nothing.
    """
    found: dict[str, list[Path]] = defaultdict(list)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if name := belongs_to(entry.name):
                found[name].append(folder / entry.name)
    for name, files in found.items():
        with suppress(OSError, FileRefused):
            _sweep(folder / name, files)


def _sweep(path: Path, files: list[Path]) -> None:
    newest = max(each.lstat().st_mtime for each in files)
    if time.time() - newest < (_WEEK if note_of(path) in files else _HOUR):
        return
    descriptor = take(path) if part_of(path) in files else None
    try:
        # the part last: without it nobody would hold the others
        for each in sorted(files, key=lambda file: file == part_of(path)):
            if is_own(each.lstat()):
                each.unlink()
    finally:
        if descriptor is not None:
            os.close(descriptor)
