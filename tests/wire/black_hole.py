"""A port that takes no connection and turns none away, as behind a firewall that drops what it does not like."""

from __future__ import annotations

import socket
from contextlib import suppress

_MORE_THAN_FIT = 4
"""Linux takes one more connection than it is told to keep waiting; what comes then gets no answer."""


class BlackHole:
    """There from the beginning, until it is closed."""

    def __init__(self, port: int) -> None:
        """Take a port at which nobody listens."""
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", port))
        self._listener.listen(0)
        self._waiting = [socket.socket() for _ in range(_MORE_THAN_FIT)]
        for waiting in self._waiting:
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(("127.0.0.1", port))

    def close(self) -> None:
        """Be a port like others."""
        for one in (*self._waiting, self._listener):
            one.close()
