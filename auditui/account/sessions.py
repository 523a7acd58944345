"""The files session-….json in the state folder: where each run's user is, kept so that a later run can go on there.

One file a run, locked while the run lives, so that several at once do not touch each other's and what a dead run left is
told from what is in use. The calls block for as long as the disk does.
"""

from __future__ import annotations

import errno
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from auditui.account.folder import state_folder
from auditui.account.resumption_text import Unreadable, resumption_from, resumption_text
from auditui.model.errors import NotRemembered
from auditui.model.resumption import Resumption
from auditui.private_file import (
    open_plain_file,
    remove_unfinished,
    replace_whole,
    unreadable,
)
from auditui.private_folder import prepare_folder

_PREFIX, _SUFFIX, _LOCK = "session-", ".json", ".lock"
_GUARD = "sessions.lock"
_PATIENCE = 2.0  # seconds for another run to be through
_MOST = 4 << 20  # bytes a file can have
_KEPT = 20  # files of runs that have ended
_DAYS = 30  # that they are kept


class SessionFile:
    """The file of one run, which holds it until it releases it or dies."""

    def __init__(self, path: Path, lock: FileLock | None) -> None:
        """Take over a file that is held; one that nobody can hold, as in a folder for reading only, is not written."""
        self.path = path
        self._lock = lock

    def write(self, kept: Resumption) -> None:
        """Put this in the place of what was kept before.

        Raises:
            NotRemembered: it cannot be written; what was kept before stays.
        """
        content = resumption_text(kept).encode()
        if len(content) > _MOST:
            raise NotRemembered("There is more to keep for --resume than fits.", remedy="Mark fewer records.")
        with _failing_kindly(self.path):
            if self._lock is None:
                raise OSError(errno.EROFS, "nothing can be written there")
            replace_whole(self.path, content)

    def remove(self) -> None:
        """Forget what was kept."""
        if self._lock is not None:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    def release(self) -> None:
        """Leave it to whoever resumes it."""
        if self._lock is not None:
            self._lock.release()


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be resumed."""

    file: SessionFile
    kept: Resumption
    notices: tuple[str, ...] = ()
    """What was passed over, a sentence each."""


class Sessions:
    """What runs have kept in a folder."""

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.time) -> None:
        """Name the folder, the user's state folder where none is given; `clock` is in seconds since the epoch."""
        self.folder = folder or state_folder()
        self._clock = clock

    def begin(self) -> SessionFile:
        """A file for a run, with nothing in it yet.

        Raises:
            NotRemembered: there is no place for it.
        """
        path = self.folder / f"{_PREFIX}{secrets.token_hex(4)}{_SUFFIX}"
        with _failing_kindly(path):
            prepare_folder(self.folder)
            with self._guard():
                lock = _lock(path)
                lock.acquire()
                self._sweep()
        return SessionFile(path, lock)

    def take(self, *, demo: bool = False, owner: str = "") -> Taken | None:
        """The best that no living run holds, held from now on; None where there is none that can be read.

        That is the newest of those that one would miss the most: a glance does not come before an investigation, nor the
        demo site before a real one. Where nothing can be written nobody can hold any, so that each may be read.

        Args:
            demo: whether only one of the demo site will do.
            owner: the key of the account whose it must be; "" for any.

        Raises:
            NotRemembered: the folder cannot be used, or none of the files can be read.
        """
        if not self.folder.is_dir():
            return None
        notices: list[str] = []
        with _failing_kindly(self.folder):
            dead = self._held(notices)
        found = [each for each in dead if _suits(each.kept, demo=demo, owner=owner)]
        best = max(found, key=lambda each: (each.kept.worth, each.kept.demo is None), default=None)
        for each in dead:
            if each is not best:
                each.file.release()
        if best is None:
            if notices:
                raise NotRemembered(" ".join(notices), remedy="Start auditui without --resume.")
            return None
        return Taken(best.file, best.kept, tuple(f"{notice} It was passed over." for notice in notices))

    def _held(self, notices: list[str]) -> list[Taken]:
        try:
            with self._guard():
                self._sweep()
                return list(self._dead(notices))
        except Timeout:
            raise
        except (OSError, NotImplementedError):
            return list(self._read(((path, None) for path in self._files()), notices))

    def held_elsewhere(self, taken: Taken | None, *, demo: bool = False) -> bool:
        """Whether a run that still lives holds one that is newer than what was taken, and no worse; any, where nothing was.

        Raises nothing.
        """
        worth = taken.kept.worth if taken else 0
        files = self._files()
        newer = files[: files.index(taken.file.path)] if taken and taken.file.path in files else files
        held = self._read(((path, None) for path in newer if _is_held(path)), [])
        return any(_suits(each.kept, demo=demo, owner="") and each.kept.worth >= worth for each in held)

    def broken_off(self) -> bool:
        """Whether the last run that has ended did not end by its user's will. Raises nothing."""
        with suppress(OSError):
            if self.folder.is_dir():
                with self._guard():
                    return self._last_broken_off()
        return False

    def _last_broken_off(self) -> bool:
        found = list(self._dead([]))
        for each in found:
            each.file.release()
        return bool(found) and found[0].kept.worth_keeping and not found[0].kept.closed

    def _guard(self) -> FileLock:
        return FileLock(self.folder / _GUARD, timeout=_PATIENCE, mode=0o600)

    def _dead(self, notices: list[str]) -> Iterator[Taken]:
        """Those of dead runs that can be read, newest first, each held; what is wrong with others goes to `notices`."""
        return self._read(((path, lock) for path in self._files() if (lock := _try(path))), notices)

    def _read(self, files: Iterable[tuple[Path, FileLock | None]], notices: list[str]) -> Iterator[Taken]:
        for path, lock in files:
            file = SessionFile(path, lock)
            try:
                yield Taken(file, resumption_from(_content(path)))
            except OSError as error:
                notices.append(f"{path} {unreadable(error)}.")
                file.release()
            except Unreadable as error:
                notices.append(f"{path} {error}.")
                file.release()

    def _files(self) -> list[Path]:
        """Newest first."""
        dated = []
        for path in self.folder.glob(f"{_PREFIX}*{_SUFFIX}"):
            with suppress(OSError):
                dated.append((path.lstat().st_mtime_ns, path))
        return [path for _, path in sorted(dated, reverse=True)]

    def _sweep(self) -> None:
        """Remove what is too old or too much, what killed runs were writing, and the locks of runs that kept nothing."""
        oldest = (self._clock() - _DAYS * 86_400) * 1e9
        over = 0
        for path in self._files():
            with suppress(OSError):
                if (lock := _try(path)) is None:
                    continue
                over += 1
                if over > _KEPT or path.lstat().st_mtime_ns < oldest:
                    path.unlink()
                lock.release()
        for begun in self.folder.glob(f".{_PREFIX}*{_SUFFIX}-*"):
            path = begun.with_name(begun.name[1:].rpartition("-")[0])
            with suppress(OSError):
                if (lock := _try(path)) is not None:
                    remove_unfinished(path)
                    lock.release()
        for path in self.folder.glob(f"{_PREFIX}*{_LOCK}"):
            with suppress(OSError):
                if not path.with_suffix(_SUFFIX).exists() and (lock := _try(path)) is not None:
                    path.unlink(missing_ok=True)
                    lock.release()


def _suits(kept: Resumption, *, demo: bool, owner: str) -> bool:
    return bool(kept.demo or not demo) and (not owner or kept.owner.owns(owner))


def _lock(path: Path) -> FileLock:
    # one thread may take it, and another one release it
    return FileLock(path.with_suffix(_LOCK), timeout=0, mode=0o600, thread_local=False)


def _try(path: Path) -> FileLock | None:
    """The lock of a run, if that is dead."""
    lock = _lock(path)
    try:
        lock.acquire()
    except (OSError, NotImplementedError):  # Timeout is an OSError, too
        return None
    return lock


def _is_held(path: Path) -> bool:
    try:
        with _lock(path):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):  # nobody can hold it
        return False


def _content(path: Path) -> bytes:
    with open_plain_file(path) as file:
        content = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise Unreadable("is too large to be one")
    return content


@contextmanager
def _failing_kindly(path: Path) -> Iterator[None]:
    """Turns what the disk raises into `NotRemembered`."""
    try:
        yield
    except Timeout as error:
        raise NotRemembered("Another auditui is at its session files, and did not end.") from error
    except (OSError, NotImplementedError) as error:  # the latter where a file system has no locks
        reason = getattr(error, "strerror", None) or error
        raise NotRemembered(
            f"{path} cannot be used ({reason}).",
            remedy="Make room, or make the folder one that you can write to.",
        ) from error
