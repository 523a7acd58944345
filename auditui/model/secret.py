"""A value that must not be shown. Knows nothing of where it comes from or goes."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """An API token on its way to one place.

    `repr`, `str` and `format` show dots, so that no log line, traceback, worker description or f-string can carry
    the value. It cannot be pickled. Only `reveal` gives the text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

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
