"""Every place that shows what others wrote, and the way there and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.pty_terminal import PtyTerminal


class Place(NamedTuple):
    """Somewhere in the explorer."""

    name: str
    keys: str
    words: str
    """What stands there and not in the explorer."""
    back: str


PLACES = (
    Place("facets", "f", "Exclude", "\x1b"),
    Place("a facet excluded", "fx\x1b", "/ -", "<"),
    Place("timeline", "i", "Brush", "\x1b"),
    Place("pivot menu", "p", "Show all of", "\x1b"),
    Place("pivot", "pa", "/ author=", "<"),
    Place("the cell filtered for", "+", "/ author=", "<"),
    Place("related records", "R", "Related records", "\x1b"),
    Place("raw JSON", "x", '"displayName": ', "x"),
    Place("filter line with completions", "/author:", "/ author:", "\x1b"),
    Place("copy menu", "Y", "Copy …", "\x1b"),
    Place("columns", "c", "Columns", "\x1b"),
    Place("sort menu", "O", "Sort by", "\x1b"),
    Place("command", "C", "from a shell", "\x1b"),
    Place("views", "b", "Views", "\x1b"),
    Place("name of a view", "S", "Save this view", "\x1b"),
    Place("what to export", "e", "Export which records?", "\x1b"),
    Place("export", "eac", "A new file", "\x1b"),
    Place("search form", "s", "Last 7 days", "\x1b"),
    Place("accounts", "P", "Accounts", "\x1b"),
    Place("palette", ":", "Search for commands", "\x1b"),
    Place("help", "?", "type to narrow", "\x1b"),
    Place("site's page", "o", "own audit log", "\x1b"),
)


def visited(terminal: PtyTerminal) -> Iterator[Place]:
    """Go to one place after the other, from the explorer and back to it."""
    for place in PLACES:
        terminal.send(place.keys)
        terminal.until(place.words)
        yield place
        terminal.send(place.back)
        terminal.until_gone(place.words)
