"""Splits the text of a filter, whether it can be read or is still on the way to that, into clauses and alternatives.

Knows no field and no meaning: that is `filter_parse.py`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAMED = re.compile(r"([^\W\d_](?:[^\W\d_]|-)*)([:=])")
"""A name and its operator, at the beginning of an alternative."""

_MINUS = re.compile(r"-(?=[^\s|])")
_PLAIN = re.compile(r'[^\s|"]*')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.?)*)("?)', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_BLANKS = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """One alternative of a clause as it stands in the text."""

    start: int
    end: int
    name: str
    """As written before the operator; its predecessor's where it has none of its own, "" where none has."""
    operator: str
    """`:`, `=` or "", taken from where the name is."""
    named: bool
    """Whether the name is its own."""
    value: str
    """Without quotes and escapes."""
    value_start: int
    """Where the value begins, its quote included."""
    quoted: bool
    closed: bool
    """False where the quote is still open."""


@dataclass(frozen=True, slots=True)
class Written:
    """One clause as it stands in the text."""

    start: int
    end: int
    negated: bool
    pieces: tuple[Piece, ...]
    glued: bool
    """Whether no blank stands before it, as in `a"b"`."""


def unescaped(body: str) -> str:
    """What stands between two quotes, without its escapes."""
    return _ESCAPE.sub(r"\1", body)


def scan(text: str) -> Iterator[Written]:
    """The clauses of any text at all, whether it is a filter or on the way to one."""
    end = -1
    while (start := _past(_BLANKS, text, max(end, 0))) < len(text):
        pieces = tuple(_pieces(text, _past(_MINUS, text, start)))
        yield Written(start, pieces[-1].end, bool(_MINUS.match(text, start)), pieces, glued=start == end)
        end = pieces[-1].end


def _past(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _pieces(text: str, place: int) -> Iterator[Piece]:
    piece = _piece(text, place, "", "")
    yield piece
    while text.startswith("|", piece.end):
        piece = _piece(text, piece.end + 1, piece.name, piece.operator)
        yield piece


def _piece(text: str, start: int, name: str, operator: str) -> Piece:
    named = NAMED.match(text, start)
    if named:
        name, operator = named.groups()
    begin = named.end() if named else start
    if found := _QUOTED.match(text, begin):
        value, closed = unescaped(found[1]), bool(found[2])
        return Piece(
            start, found.end(), name, operator, bool(named), value, begin, quoted=True, closed=closed
        )
    end = _past(_PLAIN, text, begin)
    return Piece(start, end, name, operator, bool(named), text[begin:end], begin, quoted=False, closed=True)
