"""A terminal that goes away while it is drawn on, as when an SSH connection drops: the program must still come to its end.

Textual's thread that writes ends with the first failure, and whoever draws then waits for ever as soon as 30 pieces wait.
"""

from __future__ import annotations

import sys

if sys.platform != "win32":
    from textual.drivers import linux_driver
    from textual.drivers._writer_thread import WriterThread

    class _Writer(WriterThread):
        """Goes on taking what is drawn when nobody can see it any more."""

        def run(self) -> None:
            """Write, and once that fails, write no more."""
            try:
                super().run()
            except OSError:
                while self._queue.get() is not None:
                    pass

    linux_driver.WriterThread = _Writer  # type: ignore[attr-defined]
