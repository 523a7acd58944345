"""A part file as one run's own: made by it, held with a lock as long as it lives, and taken over only from a dead run.

The lock is the kernel's and ends with the process, however that ends. Where there is none (Windows, some network file
systems) every other run looks dead; `is_still` then tells a run that its part is gone. Knows nothing of what is in parts.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auditui.export.names import draft_of, note_of, part_of
from auditui.model.errors import FileRefused
from auditui.private_file import is_own

if sys.platform != "win32":
    import fcntl

_SAFELY = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
_TRIES = 5
_DATABASE = ("-journal", "-wal", "-shm")
"""What SQLite puts beside a file; left behind, it would be mixed into the next file of the name."""


def make(path: Path) -> int:
    """A new, empty part for the export at this path, held; what a dead run left of it is removed. Its descriptor.

    Raises:
        FileRefused: a living run holds it, or something else has its name.
        OSError: it cannot be made.
    """
    for _ in range(_TRIES):
        with suppress(FileExistsError):
            descriptor = _make(part_of(path))
            with closed_on_failure(descriptor):
                _remove_companions(path)  # a note left alone would speak for the new part
            return descriptor
        with suppress(FileNotFoundError):
            remove_dead(path)
    raise _busy()


def _make(part: Path) -> int:
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | _SAFELY, 0o600)
    with closed_on_failure(descriptor):
        if not (_lock(descriptor) and is_still(descriptor, part)):
            raise FileExistsError(part)  # before it was locked, another start took it for a dead run's
        if sys.platform != "win32":
            os.fchmod(descriptor, 0o600)  # a umask may have taken away too much
    return descriptor


def take(path: Path) -> int:
    """The part that a dead run left of the export at this path, held. Its descriptor.

    Raises:
        FileNotFoundError: there is none.
        FileRefused: a living run holds it, or it is none that a run of this user made.
        OSError: it cannot be opened.
    """
    part = part_of(path)
    _require_own(part, part.lstat())
    descriptor = os.open(part, os.O_RDWR | _SAFELY)
    with closed_on_failure(descriptor):
        _require_own(part, os.fstat(descriptor))
        if not _lock(descriptor):
            raise _busy()
        if not is_still(descriptor, part):
            raise FileNotFoundError(part)
    return descriptor


@contextmanager
def closed_on_failure(descriptor: int) -> Iterator[None]:
    """Lets go of a part when what is done to it fails."""
    try:
        yield
    except BaseException:
        os.close(descriptor)
        raise


def remove_dead(path: Path) -> None:
    """Remove what a dead run left of the export at this path.

    Raises: as `take`.
    """
    descriptor = take(path)
    try:
        remove(path)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove part, note and draft of the export at this path, as far as they are there.

    Raises:
        OSError: one cannot be removed.
    """
    _remove_companions(path)
    # the part last: without it nobody would hold the others
    part_of(path).unlink(missing_ok=True)


def _remove_companions(path: Path) -> None:
    part = part_of(path)
    for each in (note_of(path), draft_of(path), *(part.with_name(part.name + end) for end in _DATABASE)):
        each.unlink(missing_ok=True)


def hold(descriptor: int) -> int | None:
    """Something that keeps the lock when the descriptor is closed; None where there are no locks."""
    return None if sys.platform == "win32" else os.dup(descriptor)


def is_still(descriptor: int, part: Path) -> bool:
    """Whether the open file still has this name."""
    try:
        return os.path.samestat(os.fstat(descriptor), part.lstat())
    except FileNotFoundError:
        return False


def is_private(status: os.stat_result) -> bool:
    """Whether nobody else can have changed the part, and it has no second name: one left by `place` is whole already."""
    return sys.platform == "win32" or (not stat.S_IMODE(status.st_mode) & 0o077 and status.st_nlink == 1)


def _lock(descriptor: int) -> bool:
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # this file system has no locks
    return True


def _require_own(part: Path, status: os.stat_result) -> None:
    if not is_own(status):
        raise FileRefused(
            f"{part} is in the way: it is not a plain file of yours.",
            remedy="Remove it, or choose another name.",
        )


def _busy() -> FileRefused:
    return FileRefused(
        "Another run is writing this file just now.", remedy="Wait until it is done, or choose another name."
    )
