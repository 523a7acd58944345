"""A file that comes whole or not at all, with its manifest: written beside its place, and put there in the end.

Until then the part grows under a name of its own, held by this run. What stands in the place stays as it is, whatever
happens: a full disk, an exception, a kill. Knows nothing of formats, nor what a manifest or a note says.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from auditui.export import claim
from auditui.export.grown import Grown
from auditui.export.names import draft_of, manifest_of, part_of, partial_of
from auditui.export.origin import can_sign
from auditui.export.place import HOW_TO_REPLACE, put_new, refuse_standing, standing, sync_folder
from auditui.export.unfinished import Unfinished, is_ours, left, sweep, write_note
from auditui.model.errors import ExportFailed, FileRefused
from auditui.private_file import open_plainly, replace_whole


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a finished file is known by."""

    bytes: int
    sha256: str
    """In hexadecimal."""


@contextmanager
def failing_kindly(part: Path | None) -> Iterator[None]:
    """Says in words that a disk would not take an export, whichever call met it.

    Args:
        part: what is written to; None for standard output, of which a reader that has left is no failure.

    Raises:
        ExportFailed: for any `OSError`.
    """
    try:
        yield
    except OSError as error:
        if part is None and isinstance(error, BrokenPipeError):
            raise
        raise _in_words(f"the folder {part.parent}" if part else "standard output", error) from error


def _in_words(where: str, error: OSError) -> ExportFailed:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExportFailed(
            f"There is no room left for the export in {where}.",
            remedy="Make room there, or choose another place.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FileRefused(
            f"Nothing can be written to {where} ({error.strerror}).", remedy="Choose another place."
        )
    return ExportFailed(
        f"The export could not be written to {where} ({error.strerror}).",
        remedy="Try it again, or choose another place.",
    )


class NewFile:
    """A file on its way. As a context it leaves nothing behind unless it was committed or kept."""

    def __init__(
        self,
        path: Path,
        descriptor: int,
        *,
        overwrite: bool,
        how: str,
        continued: Unfinished | None = None,
        grown: Grown | None = None,
    ) -> None:
        """See `begin` and `resume`. The descriptor, of the part, is taken over."""
        self.path = path
        self._target = path
        self.part = part_of(path)
        self.note = continued.note if continued else None
        """What the run that was broken off has noted, where this one continues an export."""
        self.content = continued.content if continued else ""
        """By what the format knows what it has written there, where it writes here and there in the file."""
        self._grown = grown or Grown()
        self.stream: BinaryIO = os.fdopen(descriptor, "wb")
        """At the end of what is kept."""
        self._hold = claim.hold(descriptor)
        self._overwrite = overwrite
        self._how = how
        self._noted = continued is not None
        self._by_path = continued is not None and continued.kept is None
        self._over = False

    @classmethod
    def begin(cls, path: Path, *, overwrite: bool = False, how: str = HOW_TO_REPLACE) -> Self:
        """Begin a new export. What a dead run left of it is given up.

        Args:
            path: absolute, as `target_of` gives it.
            overwrite: whether it was agreed that plain files of this name and of the manifest's are replaced in the end.
            how: what to do about such files, in a sentence, where that was not agreed.

        Raises:
            FileRefused: something stands there, nothing can be put there, or a living run is writing it.
            ExportFailed: the disk would not take it.
        """
        _require_place(path, overwrite=overwrite, how=how)
        sweep(path.parent)
        with failing_kindly(part_of(path)):
            return cls(path, claim.make(path), overwrite=overwrite, how=how)

    @classmethod
    def resume(cls, path: Path, *, overwrite: bool = False, how: str = HOW_TO_REPLACE) -> Self:
        """Go on with an export behind what its last checkpoint has made sure of.

        Args:
            path: as for `begin`.
            overwrite: as for `begin`.
            how: as for `begin`.

        Raises:
            FileRefused: there is nothing to continue, or as for `begin`.
            ExportFailed: the disk would not take it.
        """
        _require_place(path, overwrite=overwrite, how=how)
        with failing_kindly(part_of(path)):
            try:
                descriptor = claim.take(path)
            except FileNotFoundError:
                raise _nothing_left(path) from None
            with claim.closed_on_failure(descriptor):
                found, grown = _ours(path, descriptor)
                _cut(descriptor, found.kept)
            return cls(path, descriptor, overwrite=overwrite, how=how, continued=found, grown=grown)

    def checkpoint(self, note: bytes, content: str = "") -> None:
        """Make sure of all that was written, so that another run can continue behind it.

        Where the user's state folder cannot be used it could not be told from what others made: then none can.

        Args:
            note: what that run has to know.
            content: a SHA-256 by which the format knows what it has written, where it writes here and there in the file.

        Raises:
            ExportFailed: the disk would not take it; the checkpoint before stays good.
        """
        with failing_kindly(self.part):
            self.stream.flush()
            os.fsync(self.stream.fileno())
            if can_sign():
                kept = self._kept()
                write_note(self.path, note, kept, content if kept is None else self._hash(kept))
                self._noted = True

    def _hash(self, kept: int) -> str:
        with open(self.part, "rb", opener=open_plainly) as file:
            return self._grown.to(file, kept)

    def _kept(self) -> int | None:
        """What to note as `Unfinished.kept`."""
        at = self.stream.tell()
        # SQLite writes by the file's name, past the stream; its pages are not to be cut off behind a later commit
        self._by_path = self._by_path or at != os.fstat(self.stream.fileno()).st_size
        return None if self._by_path else at

    def commit(self, beside: Callable[[Sealed], bytes]) -> Sealed:
        """Put the file in its place, and its manifest beside it. Where nothing was to be replaced, both or none.

        Where files are replaced, a kill or a failing disk can come between the two: then the new file is whole, and the
        old manifest does not fit it, as `verify` says.

        Args:
            beside: the manifest's content, for the file as it is on the disk.

        Raises:
            FileRefused: something has one of the names meanwhile, and stays; or the part is not ours any more.
            ExportFailed: the disk would not take them.
        """
        with failing_kindly(self.part):
            self._close()
            sealed = self._sealed()
            replace_whole(draft_of(self.path), beside(sealed))
            self._put_in_place()
            sync_folder(self.path.parent)
            self._let_go(keep=False)
        return sealed

    def set_aside(self) -> Path:
        """Have `commit` put it under a name that says that it is not whole, beside what has the name; which that is."""
        self._target = partial_of(self.path)
        return self._target

    def abandon(self, *, keep: bool) -> None:
        """Give the file up; does nothing behind `commit`. Raises nothing.

        Args:
            keep: whether what the last checkpoint made sure of stays for `resume`; without a checkpoint nothing does.
        """
        with suppress(OSError):
            self.stream.close()
        self._let_go(keep=keep and self._noted)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon(keep=False)

    def _close(self) -> None:
        if not self.stream.closed:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.stream.close()

    def _sealed(self) -> Sealed:
        if not self._is_ours():
            raise FileRefused(
                f"{self.part} was removed or replaced while it was written.", remedy="Export it again."
            )
        with open(self.part, "rb", opener=open_plainly) as file:
            return Sealed(os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest())

    def _is_ours(self) -> bool:
        return self._hold is None or claim.is_still(self._hold, self.part)

    def _put_in_place(self) -> None:
        draft, manifest = draft_of(self.path), manifest_of(self._target)
        if not self._overwrite:
            put_new(((self.part, self._target), (draft, manifest)), self._how)
            return
        standing(self._target)
        self.part.replace(self._target)
        try:
            draft.replace(manifest)
        except OSError as error:
            raise ExportFailed(
                f"{self._target} is the new export, and whole, but its manifest could not be replaced ({error.strerror}).",
                remedy="Export it again under another name.",
            ) from error

    def _let_go(self, *, keep: bool) -> None:
        if self._over:
            return
        self._over = True
        with suppress(OSError):
            # where there are no locks, the part can be another run's by now
            if self._is_ours() or not os.path.lexists(self.part):
                draft_of(self.path).unlink(missing_ok=True)
                if not keep:
                    claim.remove(self.path)
        if self._hold is not None:
            os.close(self._hold)


def _require_place(path: Path, *, overwrite: bool, how: str) -> None:
    if overwrite:
        standing(path)
    else:
        refuse_standing(path, how)


def _ours(path: Path, descriptor: int) -> tuple[Unfinished, Grown]:
    """What a run of this user left in the part, and what is known of its content.

    Raises:
        FileRefused: there is nothing, or somebody else wrote it.
        OSError: it cannot be told.
    """
    found, grown = left(path, descriptor), Grown()
    if found is None:
        raise _nothing_left(path)
    if is_ours(found):
        with os.fdopen(os.dup(descriptor), "rb") as file:
            if found.kept is None or grown.to(file, found.kept) == found.content:
                return found, grown
    raise FileRefused(
        f"The unfinished export of {path} was not made here, or was changed since.",
        why="What somebody else wrote would become part of the evidence.",
        remedy="--overwrite without --resume begins it anew.",
    )


def _cut(descriptor: int, kept: int | None) -> None:
    """Leave of the part what its note speaks for, and go to the end."""
    if kept is not None:
        os.ftruncate(descriptor, kept)
    os.lseek(descriptor, 0, os.SEEK_END)


def _nothing_left(path: Path) -> FileRefused:
    return FileRefused(f"There is nothing of {path} to continue.", remedy="Begin it anew.")
