"""Closes what is left open where somebody stops waiting in the middle of a TLS handshake. Knows nothing of requests.

httpcore closes such a connection after an error, and not where it is cancelled (`start_tls` in its back ends catches
`Exception`): the socket would stay open for as long as auditui runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Handshakes:
    """Told by httpcore what happens to the connection of one request: the extension `trace`."""

    def __init__(self) -> None:
        self._stream: Any = None

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Called before and after each step."""
        if event.endswith(".connect_tcp.complete"):
            self._stream = info["return_value"]
        elif event.endswith(".start_tls.failed") and self._stream is not None:
            await self._stream.aclose()
