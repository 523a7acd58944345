"""Small files of which only their owner knows: opened as what they seem, written whole or not at all.

Knows nothing of what is in them, nor what a failure means to the user: it raises `OSError`.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path


def open_plainly(path: str, flags: int) -> int:
    """An opener for `open` that follows no symbolic link and does not wait at a pipe."""
    return open_without_waiting(path, flags | getattr(os, "O_NOFOLLOW", 0))


def open_without_waiting(path: str, flags: int) -> int:
    """An opener for `open` that follows links: a pipe must not hold us until somebody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def open_plain_file(path: Path, opener: Callable[[str, int], int] = open_plainly) -> BufferedReader:
    """Open a file to read it, if it is a plain one. Whose it is, and who else can read it, is for the caller to see.

    Raises:
        OSError: it is a link or something else that has no content of its own, is not there, or cannot be read.
    """
    file = open(path, "rb", opener=opener)  # noqa: SIM115 - the caller closes it
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise OSError(errno.EINVAL, "it is not a plain file")


def read_plain_file(path: Path, most: int, opener: Callable[[str, int], int] = open_plainly) -> bytes:
    """The content of a plain file.

    Raises:
        OSError: as for `open_plain_file`, or it has more than `most` bytes.
    """
    with open_plain_file(path, opener) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return content


def is_own(status: os.stat_result) -> bool:
    """Whether it is a plain file that belongs to this user; on Windows, which has no such owners, a plain file."""
    return stat.S_ISREG(status.st_mode) and (sys.platform == "win32" or status.st_uid == os.geteuid())


def unreadable(error: OSError) -> str:
    """What is wrong with a file that was not opened: the end of a sentence."""
    # what O_NOFOLLOW answers: ELOOP on Linux and macOS, EMLINK on FreeBSD
    if error.errno in (errno.ELOOP, errno.EMLINK):
        return "is a symbolic link"
    return f"cannot be read ({error.strerror})"


def replace_whole(path: Path, content: bytes) -> None:
    """Put a new file with this content, readable by its owner only, in the place of the old one; the folder must exist.

    A kill leaves what was written so far: see `unfinished`.
    """
    descriptor, name = tempfile.mkstemp(prefix=_unfinished(path.name), dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if sys.platform != "win32":
                # mkstemp gives others nothing; a umask can take from the owner, too
                os.fchmod(descriptor, 0o600)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _unfinished(name: str) -> str:
    return f".{name.removeprefix('.')}-"


def unfinished(path: Path) -> list[Path]:
    """The beginnings of new files for this place: of whoever writes it now, and of those who were killed at it.

    Raises:
        OSError: the folder cannot be listed.
    """
    try:
        found = os.listdir(path.parent)  # noqa: PTH208 - quicker, and there are many
    except FileNotFoundError:
        return []
    return [path.parent / name for name in found if name.startswith(_unfinished(path.name))]


def remove_unfinished(path: Path) -> None:
    """Remove the beginnings of new files for this place. Only for whoever alone may write there: else one is in use.

    Raises:
        OSError: one cannot be removed.
    """
    for each in unfinished(path):
        each.unlink(missing_ok=True)
