"""Where an export is put: what stands there already, and how whole files get their names without treading on others.

Follows no link in the place of a file, and opens nothing that stands there.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from auditui.export.names import manifest_of
from auditui.model.errors import FileRefused

HOW_TO_REPLACE = "Choose another name, or agree to replace it."
"""What to do about a file that is there already, where nobody knows better words."""

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

# what link() answers where a file system has no hard links, or a file may have no more of them; EINVAL is Windows' answer
_NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)

_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM})


def standing(path: Path) -> tuple[Path, ...]:
    """The plain files that an export to this path would replace: the file itself, its manifest.

    Raises:
        FileRefused: nothing can be put there, or only in the place of what is never replaced: a link, a pipe, a device,
            a folder.
    """
    _require_folder(path.parent)
    return tuple(each for each in (path, manifest_of(path)) if _is_plain(each))


def refuse_standing(path: Path, how: str) -> None:
    """Refuse to replace anything.

    Args:
        path: of the export.
        how: what to do to replace it nevertheless, in a sentence.

    Raises:
        FileRefused: something stands there, or as for `standing`.
    """
    for each in standing(path):
        raise _taken(each, how)


def put_new(moves: Sequence[tuple[Path, Path]], how: str) -> None:
    """Give files their names, all or none, without replacing anything, also nothing that appears at this moment.

    Args:
        moves: each file as it is called, and as it shall be called in the same folder.
        how: what to do about a file that has a name already, in a sentence.

    Raises:
        FileRefused: one of the names is taken.
        OSError: one cannot be put there.
    """
    tried: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            tried.append((source, target))
            _put(source, target, how)
    except BaseException:
        for source, target in tried:
            _take_back(source, target)
        raise


def sync_folder(folder: Path) -> None:
    """Make sure that names outlive a power failure, where the system can.

    Raises:
        OSError: the disk failed.
    """
    if sys.platform != "win32":
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno not in _NO_FOLDER_SYNC:
                raise


def _require_folder(folder: Path) -> None:
    try:
        found = folder.stat()
    except FileNotFoundError as error:
        raise FileRefused(
            f"There is no folder {folder}.", remedy="Make it, or choose another place."
        ) from error
    except OSError as error:
        raise _unusable(folder, error) from error
    if not stat.S_ISDIR(found.st_mode):
        raise FileRefused(f"{folder} is not a folder.", remedy="Choose another place.")


def _is_plain(path: Path) -> bool:
    """Whether there is a plain file; False for nothing at all."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _unusable(path, error) from error
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        raise FileRefused(f"{path} is {kind}, not a plain file.", remedy="Choose another name.")
    return True


def _put(source: Path, target: Path, how: str) -> None:
    try:
        try:
            target.hardlink_to(source)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _put_without_links(source, target)
    except FileExistsError as error:
        raise _taken(target, how) from error


def _put_without_links(source: Path, target: Path) -> None:
    # a file made for this holds the name; replacing it replaces nothing of anybody else's
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        source.replace(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _take_back(source: Path, target: Path) -> None:
    with suppress(OSError):
        if not os.path.lexists(source):
            target.rename(source)
        elif os.path.samestat(source.lstat(), target.lstat()):
            target.unlink()


def _taken(path: Path, how: str) -> FileRefused:
    return FileRefused(f"{path} is there already.", remedy=how)


def _unusable(path: Path, error: OSError) -> FileRefused:
    return FileRefused(f"{path} cannot be used ({error.strerror}).", remedy="Choose another place.")
