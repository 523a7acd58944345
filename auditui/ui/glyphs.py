"""Plain glyphs: for terminals whose font has only ASCII, one for each sign that auditui or Textual draws with.

The one place that knows them. All is drawn as ever, and each sign is exchanged last, cell for cell, so that no layout
changes and nothing can be forgotten. Letters of any script are left alone: they belong to records, and what a record says
is never changed into something else that it might have said. Where the terminal reads no UTF-8, a letter that it has not is
a question mark.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS = {
    "…": "~",
    "┃": "#",
    "·": "|",
    "•": "*",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "‹": "<",
    "›": ">",
    "«": "<",
    "»": ">",
    "–": "-",
    "—": "-",
    "−": "-",
    "←": "<",
    "↑": "^",
    "→": ">",
    "↓": "v",
    "✓": "v",
    "✗": "x",
    "×": "x",
    "◌": "o",
    "⏎": "<",
}

_BARS = dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True))
"""The levels of a bar that grows upwards; the whole block is also what lying bars are made of."""

_OTHER_BLOCKS = {"▀": '"', "▔": "-", "░": "~", "▒": "%", "▓": "#", "■": "#", "□": "o"}


def _boxes() -> Iterator[tuple[str, str]]:
    """Lines, corners and crossings; and the parts of blocks, which are the edges of boxes or the end of a lying bar."""
    for number in range(0x2500, 0x25A0):
        sign = chr(number)
        yield (
            sign,
            "-"
            if sign in "─━┄┅┈┉╌╍═╴╶╸╺╼╾"
            else "|"
            if sign in "│┃┆┇┊┋╎╏║╵╷╹╻╽╿" or number > 0x257F
            else "+",
        )


_TABLE = str.maketrans(dict(_boxes()) | _OTHER_BLOCKS | _BARS | _SIGNS)


def plain_glyphs(text: str) -> str:
    """The text with ASCII for each sign, in as many cells."""
    return text if text.isascii() else text.translate(_TABLE)


class PlainGlyphs(LineFilter):
    """Draws with ASCII, and with such letters as the terminal has."""

    def __init__(self, encoding: str = "utf-8") -> None:
        """Take what the terminal reads."""
        super().__init__()
        self._encoding = encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments with plain glyphs."""
        return [Segment(self._plain(text), style, control) for text, style, control in segments]

    def _plain(self, text: str) -> str:
        text = plain_glyphs(text)
        if text.isascii() or self._encoding == "utf-8":
            return text
        return "".join(sign if self._has(sign) else "?" * cell_len(sign) for sign in text)

    def _has(self, sign: str) -> bool:
        return sign.encode(self._encoding, "ignore") != b""
