"""Standard output as the place of an export: exact in a pipe or a file, inert on a terminal.

Knows nothing of what is written.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from auditui.export.files import Sealed, failing_kindly
from auditui.export.names import draft_of
from auditui.export.place import HOW_TO_REPLACE, put_new, refuse_standing, standing
from auditui.model.text import inert_text
from auditui.private_file import replace_whole

_OUTPUT = 1  # the file descriptor
_BUFFER = 1 << 16  # bytes


class StandardOutput(io.RawIOBase):
    """Takes bytes, counts them, and passes them on.

    Python's own `sys.stdout` is passed by: it would translate line ends on some systems, and complain at the end of a
    process whose reader has left.
    """

    def __init__(self, descriptor: int = _OUTPUT) -> None:
        super().__init__()
        self.size = 0
        """Bytes passed on."""
        self._descriptor = descriptor
        self._hash = hashlib.sha256()
        self._text = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._held = ""
        self.is_terminal = os.isatty(descriptor)
        """Whether a person reads it: then what a terminal would obey is spelled out."""

    @property
    def sha256(self) -> str:
        """Of what was passed on, in hexadecimal."""
        return self._hash.hexdigest()

    def writable(self) -> bool:
        """It is."""
        return True

    def buffered(self) -> io.BufferedWriter:
        """The same for whoever writes little at a time."""
        return io.BufferedWriter(self, _BUFFER)

    def write(self, content: Any, /) -> int:
        """Pass all of some bytes on.

        Raises:
            BrokenPipeError: nobody reads it any more.
            OSError: it cannot be written, as on a full disk.
        """
        length = len(content)
        self._pass(self._shown(bytes(content)) if self.is_terminal else content)
        return length

    def _shown(self, content: bytes) -> bytes:
        # CSV ends its lines with both, and the second may come with the next piece.
        text = self._held + self._text.decode(content)
        self._held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r").replace("\r\n", "\n")
        return inert_text(text, cap=len(text)).text.encode("utf-8", "backslashreplace")

    def _pass(self, content: bytes | bytearray | memoryview) -> None:
        left = memoryview(content)
        self._hash.update(left)
        self.size += len(left)
        while left:
            left = left[os.write(self._descriptor, left) :]


class Piped:
    """Standard output as the place of an export, with its manifest in a file where one is named."""

    part = None
    """It is no file."""
    content = ""
    """Nothing is gone on with."""

    def __init__(self, manifest: Path | None, *, overwrite: bool = False, how: str = HOW_TO_REPLACE) -> None:
        """Look whether the manifest can be written.

        Args:
            manifest: absolute; None for no manifest.
            overwrite: whether it was agreed that a plain file there is replaced.
            how: what to do about a file that is there, in a sentence.

        Raises:
            FileRefused: something stands there, or nothing can be put there.
        """
        self._manifest = manifest
        self._overwrite = overwrite
        self._how = how
        if manifest is not None:
            standing(manifest) if overwrite else refuse_standing(manifest, self._how)
        self._output = StandardOutput()
        self.stream: BinaryIO = self._output.buffered()

    def checkpoint(self, note: bytes, content: str = "") -> None:
        """What is in a pipe cannot be gone on with."""

    def set_aside(self) -> None:
        """What was passed on has no name."""

    def commit(self, beside: Callable[[Sealed], bytes]) -> Sealed:
        """Pass on the rest, and write the manifest.

        Raises:
            BrokenPipeError: nobody reads it any more.
            ExportFailed: it cannot be written.
        """
        with failing_kindly(None):
            self.stream.flush()
        sealed = Sealed(self._output.size, self._output.sha256)
        if self._manifest is not None:
            draft = draft_of(self._manifest)
            with failing_kindly(draft):
                replace_whole(draft, beside(sealed))
                if self._overwrite:
                    draft.replace(self._manifest)
                else:
                    put_new(((draft, self._manifest),), self._how)
        return sealed

    def abandon(self, *, keep: bool) -> None:
        """What was passed on is passed on; a draft of the manifest goes."""
        if self._manifest is not None:
            with suppress(OSError):
                draft_of(self._manifest).unlink(missing_ok=True)
