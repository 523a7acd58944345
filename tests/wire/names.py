"""The machine's resolver, in the place where Python asks it: it finds everybody on loopback, or nobody, or never answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class Names:
    """What becomes of a look-up."""

    def __init__(self) -> None:
        self.manner = "found"
        """found, unknown or never found."""
        self.asked = 0
        self._over = threading.Event()

    def look_up(self, host: str | None, port: str | int | None, *_: Any, **__: Any) -> list[Any]:
        """In place of `socket.getaddrinfo`."""
        self.asked += 1
        if self.manner == "never found":
            self._over.wait()
        if self.manner != "found":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        address = ("127.0.0.1", int(port or 0))
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]

    def let_go(self) -> None:
        """Let whoever still waits go, without an address."""
        self._over.set()


@contextmanager
def naming(patch: pytest.MonkeyPatch) -> Iterator[Names]:
    """A resolver of ours, for as long as the block takes."""
    names = Names()
    patch.setattr(socket, "getaddrinfo", names.look_up)
    try:
        yield names
    finally:
        names.let_go()
