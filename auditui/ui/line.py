"""The line to the terminal, which may be set to another encoding, and may drop. Importing this mends Textual's driver.

Knows nothing of the application but that SIGHUP ends it. Sources: Textual 8.2.8, and its issue 6456.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
import time


def encoding() -> str:
    """What the terminal reads and what it types in, as it was set before anything was drawn."""
    drawn_on = sys.__stderr__
    return drawn_on.encoding if drawn_on is not None else "utf-8"


class Decoder:
    """Reads what is typed: a byte that is not UTF-8 (a PuTTY set to Latin-1, a bad paste) would end Textual."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder(encoding())(errors="replace").decode
        self._ended = False

    def decode(self, data: bytes, final: bool = False) -> str:
        """What these bytes say. No bytes say that the terminal is gone, of which not everybody is told by a signal."""
        if not data and not final:
            if not self._ended:
                self._ended = True
                os.kill(os.getpid(), signal.SIGHUP)
            time.sleep(0.01)  # this thread is asked again at once, until the application has ended
        return self._decode(data, final)


if sys.platform != "win32":
    from textual.drivers import linux_driver

    from auditui.ui.writer import Writer

    linux_driver.getincrementaldecoder = lambda _encoding: Decoder  # type: ignore[attr-defined, assignment]
    linux_driver.WriterThread = Writer  # type: ignore[attr-defined, assignment]
