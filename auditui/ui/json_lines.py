"""A record's JSON text as lines, indented, one value a line; which of them are folded away; where a text occurs.

Keeps every name, number and string as it was written, each with its escapes: nothing is read into a Python value and
written again. What is shown of them is inert. Knows nothing of widgets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NoReturn

from textual.content import Content

from auditui.model.text import TEXT_CAP, inert_line
from auditui.ui.present import content_of

LINES_CAP = 50_000
"""Lines that are laid out; a text of more is shown as it came."""

MATCHES_CAP = 10_000
"""Matches of a search that are counted."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')
_CLOSING = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line: a value, or the bracket that begins or ends one."""

    depth: int
    """Objects and lists it stands in."""
    name: str
    """The field's name with its quotes; "" in a list, at a closing bracket and at the top."""
    value: str
    """As it was written; of an object or list the bracket, or both where it is empty."""
    parent: int
    """The line that begins the object or list it stands in, or ends; -1 at the top."""
    end: int
    """The line that ends what begins here; -1 where nothing begins."""
    entries: int = 0
    """Fields or items of what begins here."""
    comma: bool = False
    """Whether another value follows."""

    @property
    def opens(self) -> bool:
        """An object or list with something in it begins here."""
        return self.end >= 0

    @property
    def text(self) -> str:
        """What is shown of it unfolded, without the indentation."""
        name = f"{inert_line(self.name, TEXT_CAP).text}: " if self.name else ""
        return f"{name}{inert_line(self.value, TEXT_CAP).text}{',' if self.comma else ''}"

    def content(self, *, folded: bool, name_style: str = "", fold_style: str = "") -> Content:
        """What is drawn of it, without the indentation."""
        pieces: list[Content | tuple[str, str]] = []
        if self.name:
            pieces += [content_of(inert_line(self.name, TEXT_CAP), name_style), (": ", name_style)]
        if folded:
            kind = "field" if self.value == "{" else "item"
            number = f" {self.entries:,} {kind}{'s' if self.entries > 1 else ''}"
            pieces += [(f"{self.value}…{_CLOSING[self.value]}", ""), (number, fold_style)]
        else:
            pieces += [content_of(inert_line(self.value, TEXT_CAP)), ("," if self.comma else "", "")]
        return Content.assemble(*pieces)


def json_lines(raw: str) -> tuple[JsonLine, ...]:
    """The lines of a JSON text; of any other text, and of one with more than `LINES_CAP` lines, its own."""
    return (_laid_out(raw) if _is_json(raw) else ()) or tuple(
        JsonLine(0, "", line, parent=-1, end=-1) for line in raw.split("\n", LINES_CAP)
    )


def _is_json(raw: str) -> bool:
    try:
        # As text, because Python reads no number of thousands of digits.
        json.loads(raw, parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _laid_out(raw: str) -> tuple[JsonLine, ...]:
    """The lines of a text that is JSON; none where they are too many."""
    draft = _Draft()
    for found in _TOKEN.finditer(raw):
        draft.take(found.group())
        if len(draft.begun) > LINES_CAP:
            return ()
    return draft.lines()


class _Draft:
    """Lines of which it is not yet known what follows them."""

    def __init__(self) -> None:
        self.begun: list[tuple[int, str, str, int]] = []
        """Of each line the depth, name, value and parent."""
        self._within: list[int] = []
        self._name = ""
        self._ends: dict[int, int] = {}
        self._entries: dict[int, int] = {}
        self._commas: set[int] = set()

    def take(self, piece: str) -> None:
        """The next bracket, sign or value."""
        if piece == ":":
            self._name = self.begun.pop()[2]
        elif piece == ",":
            self._commas.add(len(self.begun) - 1)
            self._entries[self._within[-1]] += 1
        elif piece in "}]":
            self._close(piece)
        else:
            parent = self._within[-1] if self._within else -1
            self.begun.append((len(self._within), self._name, piece, parent))
            self._name = ""
            if piece in _CLOSING:
                self._within.append(len(self.begun) - 1)
                self._entries[self._within[-1]] = 1

    def _close(self, bracket: str) -> None:
        opener = self._within.pop()
        depth, name, value, parent = self.begun[opener]
        if opener == len(self.begun) - 1:
            self.begun[opener] = depth, name, value + bracket, parent
            del self._entries[opener]
        else:
            self._ends[opener] = len(self.begun)
            self.begun.append((depth, "", bracket, opener))

    def lines(self) -> tuple[JsonLine, ...]:
        """The lines, whole."""
        return tuple(
            JsonLine(*begun, self._ends.get(index, -1), self._entries.get(index, 0), index in self._commas)
            for index, begun in enumerate(self.begun)
        )


class Outline:
    """Lines of which some are folded away."""

    def __init__(self, lines: Sequence[JsonLine]) -> None:
        self.lines = lines
        """All of them."""
        self.folded: frozenset[int] = frozenset()
        """The lines whose object or list is folded; of no effect inside another that is."""

    def visible(self) -> tuple[int, ...]:
        """The lines that can be seen."""
        seen: list[int] = []
        index = 0
        while index < len(self.lines):
            seen.append(index)
            index = (self.lines[index].end if index in self.folded else index) + 1
        return tuple(seen)

    def object_of(self, index: int) -> int | None:
        """The line that begins the object or list that begins or ends on this one."""
        line = self.lines[index]
        if line.opens:
            return index
        return line.parent if line.parent >= 0 and self.lines[line.parent].end == index else None

    @property
    def inner(self) -> frozenset[int]:
        """The lines of all objects and lists but the outermost."""
        return frozenset(index for index, line in enumerate(self.lines) if line.opens and line.depth)

    def reveal(self, index: int) -> None:
        """Unfold whatever hides the line."""
        self.folded -= set(self._around(index))

    def seen_at(self, index: int) -> int:
        """The line itself, or that of the outermost fold that hides it."""
        return min((around for around in self._around(index) if around in self.folded), default=index)

    def _around(self, index: int) -> Iterator[int]:
        while (index := self.lines[index].parent) >= 0:
            yield index


@dataclass(frozen=True, slots=True)
class Found:
    """A place where a text occurs."""

    line: int
    start: int
    """In characters of the line's text."""
    end: int


def find(lines: Sequence[JsonLine], wanted: str) -> tuple[Found, ...]:
    """Where a text occurs in what is shown, whether in capitals or not; no more than `MATCHES_CAP` places."""
    found = (
        Found(index, *place) for index, line in enumerate(lines) for place in occurrences(line.text, wanted)
    )
    return tuple(islice(found, MATCHES_CAP)) if wanted else ()


def occurrences(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where `wanted` occurs in `text`, as (start, end) in characters of `text`."""
    wanted, folded = wanted.casefold(), text.casefold()
    # Some letters fold to two or three; then a place has to be traced back to the letter it came from.
    origin: Sequence[int] = range(len(text))
    if len(folded) != len(text):
        origin = [index for index, character in enumerate(text) for _ in character.casefold()]
    at, after = folded.find(wanted) if wanted else -1, 0
    while at >= 0:
        end = at + len(wanted)
        if origin[at] >= after:
            after = origin[end - 1] + 1
            yield origin[at], after
        at = folded.find(wanted, end)
