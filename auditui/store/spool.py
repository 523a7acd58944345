"""The folder in which one run keeps the records it has loaded, and what becomes of the folders of runs that died.

A run holds a lock on its folder as long as it lives, so that a folder left by a crash is told from one in use, and is
removed at the next start. Knows nothing of what is in the files.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock, Timeout

from auditui.model.errors import StoreFailed
from auditui.private_folder import make_folder
from auditui.store.places import PREFIX, places

_LOCK = "lock"
_GUARD = "starting.lock"
_PATIENCE = 5.0  # seconds for another start to be through


class Spool:
    """A private folder (0700) for this run's files, gone when the run ends."""

    def __init__(self, parent: Path | None = None) -> None:
        """Make the folder, and remove those that dead runs left beside it.

        Args:
            parent: where to make it; the user's cache folder where that can be written, else one of the user's own in the
                system's temporary folder.

        Raises:
            StoreFailed: there is no place for it.
        """
        self._begin([parent] if parent else places())

    def _begin(self, tried: Iterable[Path]) -> None:
        problem: OSError | None = None
        for place in tried:
            try:
                self.folder, self._lock = _start(place)
            except OSError as error:  # Timeout of filelock is one, too
                problem = error
            else:
                return
        raise StoreFailed(
            f"There is no place for the loaded records: {problem}.",
            remedy="Make room, or set XDG_CACHE_HOME to a folder you can write to.",
        )

    def new_file(self) -> Path:
        """The path of a file that does not exist yet, in the folder, which is made anew where somebody has cleared it away.

        Raises:
            StoreFailed: there is no place for it any more.
        """
        if not self.folder.is_dir():
            self._lock.release()
            self._begin([self.folder.parent])
        return self.folder / f"records-{secrets.token_hex(4)}.sqlite"

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def _start(place: Path) -> tuple[Path, FileLock]:
    """Make a locked folder, and sweep. One start at a time: a folder just made has no lock yet and looks dead."""
    make_folder(place)
    _require_mine(place)
    with FileLock(place / _GUARD, timeout=_PATIENCE, mode=0o600):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))  # mkdtemp makes it 0700
        lock = FileLock(folder / _LOCK, mode=0o600)
        lock.acquire(timeout=0)
        _sweep(folder)
    return folder, lock


def _require_mine(place: Path) -> None:
    """In a temporary folder that all users share, somebody else may have made ours."""
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
        raise PermissionError(f"{place} belongs to somebody else")


def _sweep(mine: Path) -> None:
    for folder in mine.parent.glob(f"{PREFIX}*"):
        if folder != mine and folder.is_dir() and not folder.is_symlink() and _is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_dead(folder: Path) -> bool:
    """Whether no run holds the folder's lock."""
    try:
        with FileLock(folder / _LOCK, timeout=0):
            return True
    except (Timeout, OSError):
        return False
