"""A value that must not be shown, and what others say without it. Knows nothing of where it comes from or goes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import NoReturn
from weakref import WeakValueDictionary

_LIVING: WeakValueDictionary[int, Secret] = WeakValueDictionary()
"""Every secret of this process that is still in use."""

_TELLING = 8
"""Characters from which on a token is told from an ordinary word."""

_HIDDEN = "(hidden)"
_BASE64 = "".join(chr(number) for number in range(128) if chr(number).isalnum()) + "+/-_="


class Secret:
    """An API token on its way to one place.

    `repr`, `str` and `format` show dots, so that no log line, traceback, worker description or f-string can carry
    the value. It cannot be pickled. Only `reveal` gives the text.
    """

    __slots__ = ("__weakref__", "_value")

    def __init__(self, value: str) -> None:
        self._value = value
        _LIVING[id(self)] = self

    def reveal(self) -> str:
        """The secret itself. Every call site is a place to review."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled")


def without_secrets(text: str) -> str:
    """Somebody else's words without the secrets of this process: a server, a proxy or a library may repeat a request.

    Each is known in clear and in base64, as Basic authentication carries it, also where its signs are written for a URL,
    for JSON or for HTML. One of less than eight characters may be a part of any word, and is left.
    """
    values = {secret.reveal() for secret in list(_LIVING.values())}
    for value in sorted(values, key=len, reverse=True):
        if len(value) < _TELLING:
            continue
        text = re.sub(_spelled(value), _HIDDEN, text, flags=re.IGNORECASE)
        for within in _in_base64(value):
            text = _without_run(text, rf"{_spelled(within)}[A-Za-z0-9+/_=-]*")
    return text


def _spelled(value: str) -> str:
    """A pattern for the value, however the signs in it that are no letters are written."""
    return "".join(sign if sign.isalnum() else _written(sign) for sign in value)


def _written(sign: str) -> str:
    number = ord(sign)
    ways = [re.escape(sign), rf"\\{re.escape(sign)}", f"%{number:02x}", rf"\\u{number:04x}"]
    ways += [f"&#{number};", f"&#x{number:x};", *({"+": "-", "/": "_"}.get(sign, ""))]
    return f"(?:{'|'.join(ways)})"


def _in_base64(value: str) -> Iterator[str]:
    """What is sure to stand in the base64 of any text with the value in it, whatever comes before and after."""
    data = value.encode(errors="replace")
    for before in range(3):
        whole = b64encode(bytes(before) + data).decode()
        ends = len(whole) if (before + len(data)) % 3 == 0 else len(whole) - 4
        yield whole[(0, 2, 3)[before] : ends]


def _without_run(text: str, pattern: str) -> str:
    """The text without what matches, and without the base64 right before it."""
    parts, at = [], 0
    for found in re.finditer(pattern, text):
        parts.append(text[at : found.start()].rstrip(_BASE64) + _HIDDEN)
        at = found.end()
    return "".join([*parts, text[at:]])
