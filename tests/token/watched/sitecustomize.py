"""Python imports this before a program that is started with this folder in PYTHONPATH: it watches, and breaks on demand.

TOKEN_WATCH  a file: a line of JSON for each program that is started, file opened to write, name looked up, and connection
TOKEN_BREAK  which library function raises what only a bug makes it raise; the message holds what it was given
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any


def watch(path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if (seen := NOTED.get(event)) and (told := seen(arguments)) is not None:
            os.write(log, json.dumps([event, told]).encode() + b"\n")

    sys.addaudithook(note)


def started(arguments: tuple[Any, ...]) -> object:
    executable, words, _, environ = arguments
    variables = {
        str(name): str(value) for name, value in (os.environ if environ is None else environ).items()
    }
    return [str(executable), [str(word) for word in words], variables]


def opened(arguments: tuple[Any, ...]) -> object:
    path, mode, flags = arguments
    writes = flags & (os.O_WRONLY | os.O_RDWR) if isinstance(flags, int) else "r" not in (mode or "r")
    return os.fsdecode(path) if writes and isinstance(path, str | bytes) else None


def connected(arguments: tuple[Any, ...]) -> object:
    address = arguments[1]
    return list(address[:2]) if isinstance(address, tuple) else str(address)


NOTED: Mapping[str, Callable[[tuple[Any, ...]], object]] = {
    "subprocess.Popen": started,
    "os.exec": lambda arguments: [str(each) for each in arguments],
    "os.system": lambda arguments: [str(each) for each in arguments],
    "os.posix_spawn": lambda arguments: [str(each) for each in arguments],
    "open": opened,
    "socket.getaddrinfo": lambda arguments: str(arguments[0]),
    "socket.connect": connected,
}


def put(owner: type, name: str, method: Callable[..., object]) -> None:
    setattr(owner, name, method)


def break_http() -> None:
    """h11 chokes on the request, and repeats it."""
    import h11

    def send(self: object, event: Any) -> bytes:
        raise RuntimeError(f"a bug in h11 \x1b]0;PWNED\x07: {event!r} {list(event.headers)!r}")

    put(h11.Connection, "send", send)


def break_http_together() -> None:
    """The same in a group of several errors, with a cause and a note."""
    import h11

    def send(self: object, event: Any) -> bytes:
        told = f"\x1b]0;PWNED\x07 {list(event.headers)!r}"
        error = RuntimeError(told)
        error.add_note(told)
        raise ExceptionGroup("several bugs in h11", [error, ValueError(told)]) from KeyError(told)

    put(h11.Connection, "send", send)


def break_field() -> None:
    """Textual chokes on the enter in a field, and repeats what stands in it."""
    from textual.widgets import Static

    update = Static.update

    def broken(self: Any, *arguments: Any, **options: Any) -> None:
        if self.id == "sign-in-findings":
            told = " ".join(field.value for field in self.screen.query("Input"))
            raise RuntimeError(f"a bug in Textual: {told}")
        update(self, *arguments, **options)

    put(Static, "update", broken)


def break_handler() -> None:
    """Textual chokes on a key in the field of the token, and repeats what stands in it."""
    from textual.widgets import Input

    def broken(self: Any, *_: Any) -> None:
        raise RuntimeError(f"a bug in Textual: {self.value}")

    put(Input, "action_cursor_left", broken)


if path := os.environ.get("TOKEN_WATCH"):
    watch(path)
if name := os.environ.get("TOKEN_BREAK"):
    globals()[f"break_{name}"]()
