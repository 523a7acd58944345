"""The one way in which two texts count as equal when somebody looks for something.

Whoever compares texts of a filter folds both sides here, in Python and in SQL alike. Knows nothing of fields.

Who wrote a text must not decide how long it takes to fold: `unicodedata.normalize` puts the marks on a letter in order by
steps that grow with the square of their number, and lets nothing else of Python run meanwhile. So runs of marks are broken,
as UAX #15 does in its "Stream-Safe Text Format", and long texts are folded piece by piece.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MOST_MARKS = 30
"""Marks in a row, with letters taken apart; no language comes near (UAX #15)."""

PIECE = 4096
"""Characters folded at a time, and as many more as there are up to one that joins nothing before it."""

_ROUNDS = 4  # folding and composing feed each other; two rounds have always been enough
_BREAK = "\u034f"  # no letter and no mark to the normaliser; nothing shows (UAX #15)
_LETTERS_OR_MARKS = re.compile(r"[\u0300-\U0010ffff]{14}")
_MANY_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u06d6-\u2fff\u302a-\u302f\u3099\u309a"
    r"\ua66f-\uabff\ufb00-\U0010ffff]{14}"
)
"""In any text with too many marks in a row (three at most at the end of a letter, two at most in a mark) and in few others:
it leaves out most letters that are written without blanks in between, or in long words."""
_JOINING = re.compile(
    "[\u1100-\u11ff\u3130-\u318f\uff60-\uffef\U00016d40-\U00016d7f]"
)  # syllables are built of these


def fold(text: str) -> str:
    """The text without the differences of case and form that readers overlook: `ＡＮＡ` and `Ana` are `ana`.

    Folding twice changes nothing more. Any string will do, lone surrogates too; the time grows with its length alone.
    """
    if text.isascii():
        return text.lower()
    if len(text) <= PIECE:
        return _folded(text)
    return "".join([_folded(piece) for piece in _pieces(text)])


def _folded(text: str) -> str:
    if _LETTERS_OR_MARKS.search(text) and _MANY_MARKS.search(text):
        text = _broken(text)
    # Composed first: case folding turns some marks into letters, which then no longer find their place.
    text = unicodedata.normalize("NFKC", text)
    for _ in range(_ROUNDS):
        folded = unicodedata.normalize("NFKC", text.casefold())
        if folded == text:
            break
        text = folded
    return text


def _broken(text: str) -> str:
    """The text with `_BREAK` wherever more than `MOST_MARKS` would follow each other."""
    found: list[str] = []
    run = 0
    for character in text:
        before, behind = marks_of(character)
        if run + before > MOST_MARKS:
            found.append(_BREAK)
            run = 0
        run = run + before if behind is None else behind
        found.append(character)
    return "".join(found)


@lru_cache(4096)
def marks_of(character: str) -> tuple[int, int | None]:
    """How many marks a character begins with and ends with, taken apart; None where it is nothing but marks."""
    marks = [unicodedata.combining(part) > 0 for part in unicodedata.normalize("NFKD", character)]
    if all(marks):
        return len(marks), None
    return marks.index(False), marks[::-1].index(False)


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + PIECE
        while end < len(text) and not begins(text[end]):
            end += 1
        yield text[start:end]
        start = end


def begins(character: str) -> bool:
    """Whether it never becomes one with what stands before it, nor changes places with it."""
    if character.isascii() or character == _BREAK:
        return True
    return unicodedata.category(character)[0] in "LNPSZ" and not _JOINING.match(character)
