"""Folders that are this user's alone, and whether others can change what a path leads to.

Knows nothing of what is in them, nor what a failure means to the user: it raises `OSError`. Windows has neither owners nor
modes of this kind, and the user's profile is closed to others there: nothing is asked of a folder.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ROOT = 0
_MOST_LINKS = 40
"""As Linux has it."""
_OTHERS = 0o022
"""The right of group and others to write."""


def make_folder(folder: Path) -> None:
    """Make the folder and those it is in, as far as they are missing, closed to others whatever the umask.

    One that is there stays as it is.

    Raises:
        OSError: one cannot be made.
    """
    for each in (*reversed(folder.parents), folder):
        # `mkdir(parents=True)` would leave the parents to the umask
        if not os.path.lexists(each):
            each.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(exist_ok=True)  # something else may have the name


def prepare_folder(folder: Path) -> None:
    """Make the folder if it is missing, and close it to others.

    A link in its place is followed where it is this user's own, as of those who keep their settings elsewhere.

    Raises:
        OSError: it cannot be made, or is somebody else's.
    """
    make_folder(folder)
    if sys.platform != "win32":
        if folder.is_symlink():
            _require_ours(folder.lstat())
            folder = folder.resolve()
        _close_to_others(folder)


def is_own_folder(folder: Path) -> bool:
    """Whether it is a folder of this user's in which nobody else can put anything; links are followed. Raises nothing."""
    try:
        found = folder.stat()
    except (OSError, ValueError):
        return False
    if not stat.S_ISDIR(found.st_mode):
        return False
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not found.st_mode & _OTHERS)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why others can change what a path leads to."""

    what: str
    """Which place is open to whom, without a full stop."""
    remedy: str
    """What to do about it, as a second half of a sentence."""


def changeable_by_others(path: Path) -> Doubt | None:
    """Where another user than root can decide what is read under this path, as OpenSSH's StrictModes asks it.

    That is whoever owns the file, a folder or a link on the way, or may write to one; a folder in which everybody can
    only touch what is theirs (sticky, as /tmp) is none of these. None where there is no such place.

    Raises:
        OSError: one of them is missing, or cannot be looked at.
    """
    if sys.platform == "win32":
        return None
    for each in _on_the_way(path.absolute()):
        if doubt := _doubt(each, each.lstat()):
            return doubt
    return None


def _on_the_way(path: Path) -> Iterator[Path]:
    """All that is passed to open the path: each folder, each link and what that leads through, the file at last."""
    at, links = Path(path.anchor), 0
    left = list(reversed(path.parts[1:]))
    yield at
    while left:
        part = left.pop()
        if part == "..":
            at = at.parent
            continue
        here = at / part
        yield here
        if not here.is_symlink():
            at = here
            continue
        if (links := links + 1) > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        target = here.readlink()
        at = Path(target.anchor) if target.anchor else at
        left.extend(reversed(target.parts[bool(target.anchor) :]))


def _doubt(place: Path, found: os.stat_result) -> Doubt | None:
    if sys.platform == "win32" or found.st_uid not in (_ROOT, os.geteuid()):
        return Doubt(f"{place} belongs to another user", "put the file where all folders are yours or root's")
    sticky = stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_ISVTX
    if found.st_mode & _OTHERS and not sticky and not stat.S_ISLNK(found.st_mode):
        mode = f"mode {stat.S_IMODE(found.st_mode):04o}"
        return Doubt(f"{place} can be changed by other users ({mode})", f"run: chmod go-w {place}")
    return None


def _close_to_others(folder: Path) -> None:
    if sys.platform != "win32":
        # by a descriptor: what was looked at is what is closed
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            found = os.fstat(descriptor)
            _require_ours(found)
            if found.st_mode & 0o077:
                os.fchmod(descriptor, 0o700)
        finally:
            os.close(descriptor)


def _require_ours(found: os.stat_result) -> None:
    if sys.platform != "win32" and found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, "it belongs to another user")
