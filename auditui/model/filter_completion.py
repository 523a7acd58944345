"""What could be meant by the word under the cursor of a filter, finished or not.

Knows the language and asks for the values that occur; knows nothing of where these come from or how they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from auditui.model.fields import FIELDS, FLAGS, Field, field_named
from auditui.model.filter_edit import clause_text, quoted
from auditui.model.filter_parse import KEYWORDS
from auditui.model.filter_scan import Piece, scan, unescaped
from auditui.model.fold import fold

Values = Callable[[Field, str, int], Sequence[str]]
"""Raw values of the field that contain the text, at most so many."""

_WHENS = (
    ("today", "since midnight"),
    ("yesterday", "the day before"),
    ("1h", "an hour ago"),
    ("24h", "a day ago"),
    ("7d", "a week ago"),
    ("30d", "30 days ago"),
)
_ANSWERS = (("yes", "with an administrator's rights"), ("no", "without them"))
_UNITS = (("m", "minutes ago"), ("h", "hours ago"), ("d", "days ago"), ("w", "weeks ago"))
_COUNT = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on: what stands from `start` to `end` becomes `text`, with the cursor behind it."""

    start: int
    end: int
    text: str
    what: str
    """A few words on what it is; "" where the text says it all."""


def completions(text: str, at: int, values: Values, most: int = 8) -> tuple[Completion, ...]:
    """Up to `most` ways to go on with the word at the cursor, which stands before character `at`.

    Any text will do, and any place. Offers that would change nothing are left out.
    """
    at = min(max(at, 0), len(text))
    offers = (
        offer for offer in _offers(text, at, values, most) if text[offer.start : offer.end] != offer.text
    )
    return tuple(islice(offers, max(most, 0)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the cursor is."""

    piece: Piece
    typed: str
    """What of the piece's value stands before the cursor, without quotes and escapes."""
    leaned_on: bool
    """Whether the alternative behind it takes its name and operator, which must then stay."""


def _offers(text: str, at: int, values: Values, most: int) -> Iterator[Completion]:
    place = _place(text, at)
    if place is None:
        if not text[at : at + 1].strip():
            yield from _names("", at, at)
        return
    piece = place.piece
    if piece.named and at < piece.value_start:
        yield from _names(text[piece.start : at], piece.start, piece.value_start)
    elif piece.named or piece.quoted:
        yield from _what_follows(place, values, most)
    else:
        yield from islice(_what_follows(place, values, most), most // 2)
        yield from _names(place.typed, piece.start, piece.end if place.typed else at)


def _place(text: str, at: int) -> _Place | None:
    """None where no word is under the cursor or right before it."""
    for written in scan(text):
        if written.end == at and text[written.start : at] == "-":
            return None
        for piece, following in zip_longest(written.pieces, written.pieces[1:]):
            if piece.start <= at <= piece.end:
                leaned_on = following is not None and not following.named
                return _Place(
                    piece if piece.closed else replace(piece, end=at), _typed(text, at, piece), leaned_on
                )
    return None


def _typed(text: str, at: int, piece: Piece) -> str:
    if not piece.quoted:
        return text[piece.value_start : at]
    return unescaped(text[piece.value_start + 1 : min(at, piece.end - piece.closed)])


def _names(typed: str, start: int, end: int) -> Iterator[Completion]:
    fields = ((field.name, field.aliases, field.what) for field in FIELDS)
    keywords = ((word, (), what) for word, what in KEYWORDS)
    for name, aliases, what in (*fields, *keywords):
        if any(each.startswith(fold(typed)) for each in (name, *aliases)):
            yield Completion(start, end, f"{name}:", what)


def _what_follows(place: _Place, values: Values, most: int) -> Iterator[Completion]:
    piece = place.piece
    if field := field_named(piece.name):
        return _values(place, field, values(field, place.typed, most))
    return (
        Completion(piece.value_start, piece.end, word, what)
        for word, what in _words(fold(piece.name), fold(place.typed))
    )


def _values(place: _Place, field: Field, values: Sequence[str]) -> Iterator[Completion]:
    piece = place.piece
    for value in values:
        what = "" if value else "empty"
        if piece.operator == "=" or (place.leaned_on and value):
            yield Completion(piece.value_start, piece.end, quoted(value), what)
        elif not place.leaned_on:
            yield Completion(piece.start, piece.end, clause_text(field.name, value), what)


def _words(name: str, typed: str) -> Iterator[tuple[str, str]]:
    """The words that can stand behind `has:` and its like, with what they mean."""
    match name:
        case "has":
            yield from ((flag.name, flag.what) for flag in FLAGS if typed in flag.name)
        case "admin":
            yield from (each for each in _ANSWERS if each[0].startswith(typed))
        case "before" | "after":
            counted = ((f"{typed}{unit}", f"{typed} {what}") for unit, what in _UNITS)
            known = (each for each in _WHENS if each[0].startswith(typed))
            yield from counted if _COUNT.fullmatch(typed) else known
