"""The SHA-256 of the beginning of a file that grows, without reading twice what was read before."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

_PIECE = 1 << 20  # bytes


class Grown:
    """What is known of one such file."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._known = hashlib.sha256()
        self._end = 0

    def to(self, file: BinaryIO, end: int) -> str:
        """The hash of the first `end` bytes, in hexadecimal; they are no fewer than the last time.

        Raises:
            OSError: they cannot be read.
        """
        file.seek(self._end)
        while self._end < end and (piece := file.read(min(_PIECE, end - self._end))):
            self._known.update(piece)
            self._end += len(piece)
        return self._known.hexdigest()
