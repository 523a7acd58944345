"""Makes foreign text visible and inert: the one choke point between a record and a terminal.

Control, bidirectional, zero-width, surrogate, private and unassigned characters are spelled out as `‹ESC›` or
`‹U+202E›`. What comes out is printable, encodable, one column per `wcwidth`, and free of anything a terminal obeys.
It is *not* free of square brackets: show it only through APIs that parse no markup. The raw text stays in the record,
for search and export.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

LINE_CAP = 512
"""Characters of one field that are looked at for a table cell; a longer one ends in `‹+N chars›`."""

TEXT_CAP = 20_000
"""The same for the detail pane, where line feeds are kept."""

MARKS_KEPT = 4
"""Combining marks on one character; hundreds of them would pile up over the neighbouring rows."""

_NAMES = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
).split()

_SPELLED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# Letters and signs that draw nothing, so that two different names would look the same.
_INVISIBLE = frozenset(
    {0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5, 0x034F, 0x2800, 0x180B, 0x180C, 0x180D, 0x180E, 0x180F}
)

_ZERO_WIDTH_JOINER = 0x200D
_EMOJI_SELECTOR = 0xFE0F


class Inert(NamedTuple):
    """Text that a terminal may be given."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    """Where something was spelled out, as (start, end) in characters of `text`: drawn in a style of its own, so that
    a literal `‹ESC›` in the data still differs."""


def inert_line(text: str, cap: int = LINE_CAP) -> Inert:
    """One line for a cell: line feeds are spelled out, too."""
    if text.isascii() and text.isprintable() and len(text) <= cap:
        return Inert(text)
    return _inert(text, cap, keep_line_feeds=False)


def inert_text(text: str, cap: int = TEXT_CAP) -> Inert:
    """Text for the detail pane: line feeds stay, everything else is as in `inert_line`."""
    if text.isascii() and text.isprintable() and len(text) <= cap:
        return Inert(text)
    return _inert(text, cap, keep_line_feeds=True)


def spells_out(text: str) -> bool:
    """Whether something in the text is spelled out, other than line feeds; quick on long texts without anything odd."""
    if all(map(_shows_anywhere, set(text))):
        return False
    piled = 0
    for index, character in enumerate(text):
        piled = piled + 1 if _is_mark(character) else 0
        piece = _show(text, index, piled, keep_line_feeds=True)
        if len(piece) > 1 and piece[0] == "‹":
            return True
    return False


def _shows_anywhere(character: str) -> bool:
    """Whether it is never spelled out, whatever stands beside it."""
    return not _is_mark(character) and _show(character, 0, 0, keep_line_feeds=True) != _spell(ord(character))


def inert(text: str) -> str:
    """`inert_line` without the marks, for messages and for output of the command line."""
    return inert_line(text).text


def _inert(text: str, cap: int, *, keep_line_feeds: bool) -> Inert:
    seen = text[:cap]
    pieces: list[str] = []
    marks: list[tuple[int, int]] = []
    length = piled = 0
    for index, character in enumerate(seen):
        piled = piled + 1 if _is_mark(character) else 0
        piece = _show(seen, index, piled, keep_line_feeds=keep_line_feeds)
        if len(piece) > 1 and piece[0] == "‹":
            marks.append((length, length + len(piece)))
        pieces.append(piece)
        length += len(piece)
    if more := len(text) - len(seen):
        pieces.append(f"‹+{more:,} chars›")
        marks.append((length, length + len(pieces[-1])))
    return Inert("".join(pieces), tuple(marks))


def _show(text: str, index: int, piled: int, *, keep_line_feeds: bool) -> str:
    character = text[index]
    if " " <= character <= "~" or (keep_line_feeds and character == "\n"):
        return character
    if piled:
        return _show_mark(character, piled, leading=index == 0 or text[index - 1] == "\n")
    if _part_of_emoji(text, index):
        return ""
    category = unicodedata.category(character)
    if category in _SPELLED or _disputed(ord(character)):
        return _spell(ord(character))
    return " " if category == "Zs" else character


def _show_mark(character: str, piled: int, *, leading: bool) -> str:
    if piled > MARKS_KEPT:
        return "‹+marks›" if piled == MARKS_KEPT + 1 else ""
    return f"\u25cc{character}" if leading else character


def _spell(code: int) -> str:
    if code < len(_NAMES):
        return f"‹{_NAMES[code]}›"
    return "‹DEL›" if code == 0x7F else f"‹U+{code:04X}›"


def _is_mark(character: str) -> bool:
    if character.isascii() or unicodedata.category(character) not in ("Mn", "Me"):
        return False
    return not _disputed(ord(character))


def _disputed(code: int) -> bool:
    """Invisible, or of a width on which terminals differ: variation selectors, flag letters, skin tones."""
    return (
        code in _INVISIBLE
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0100 <= code <= 0xE01EF
        or 0x1F1E6 <= code <= 0x1F1FF
        or 0x1F3FB <= code <= 0x1F3FF
    )


def _part_of_emoji(text: str, index: int) -> bool:
    """A joiner or selector inside an emoji: without it the same pictures stand side by side, at a sure width."""
    code, before, after = ord(text[index]), text[index - 1 : index], text[index + 1 : index + 2]
    if code == _ZERO_WIDTH_JOINER:
        return bool(before and after) and (_pictograph(before) or before == "\ufe0f") and _pictograph(after)
    return code == _EMOJI_SELECTOR and bool(before) and (_pictograph(before) or before in "#*0123456789")


def _pictograph(character: str) -> bool:
    code = ord(character)
    return code >= 0x1F000 or 0x2190 <= code <= 0x2BFF or code in (0x3030, 0x303D, 0x3297, 0x3299, 0xA9, 0xAE)
