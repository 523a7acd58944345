"""What a program sent to a terminal, read as a terminal reads it: each order is either one of the few that auditui gives, or
it is somebody else's."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_MODES: Final = ("7", "25", "1000", "1003", "1004", "1006", "1015", "1049", "2004", "2026", "2048")
"""Private modes that Textual sets: cursor, mouse, focus, alternate screen, paste, frames, size, line ends."""

_ORDER: Final = re.compile(
    r"\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<other>\x1b[^\[\]]?|[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f])"
)
_COLOUR: Final = re.compile(r"[345]8;(?:2;\d{1,3};\d{1,3};\d{1,3}|5;\d{1,3})")
_STYLES: Final = frozenset({"", "0", "1", "2", "3", "4", "7", *map(str, (*range(30, 38), 39, *range(40, 48), 49)),
                            *map(str, (*range(90, 98), *range(100, 108)))})  # fmt: skip
_INVISIBLE: Final = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u034f\u2800\u180b\u180c\u180d\u180f")
_MARKS: Final = 4
"""Combining marks on one letter, at most."""


def foreign(sent: bytes, *, columns: int, rows: int, copied: bool = False) -> list[str]:
    """What was sent and is not auditui's: orders that it never gives, and signs that a reader cannot see.

    Args:
        sent: all of it, in UTF-8.
        columns, rows: of the terminal; a cursor that is sent out of it was sent there by somebody else.
        copied: whether something was copied, so that it may put something into the clipboard.
    """
    text, found, at = sent.decode(), list[str](), 0
    for order in _ORDER.finditer(text):
        found += _unseen(text[at : order.start()])
        at = order.end()
        if not _ours(order, columns, rows, copied=copied):
            found.append(order.group())
    return found + _unseen(text[at:])


def _ours(order: re.Match[str], columns: int, rows: int, *, copied: bool) -> bool:
    if (csi := order["csi"]) is not None:
        return _our_csi(csi[:-1], csi[-1], columns, rows)
    if (osc := order["osc"]) is not None:
        return osc in ("22;default", "22;text", "22;pointer") or (
            copied and re.fullmatch(r"52;c;[A-Za-z0-9+/=]*", osc) is not None
        )
    return False


_OURS: Final = {
    "h": re.compile(rf"\?(?:{'|'.join(_MODES)})"),
    "l": re.compile(rf"\?(?:{'|'.join(_MODES)})"),
    "p": re.compile(r"\?(?:2026|2048)\$"),
    "u": re.compile(r"[<>=?]\d*"),
    "n": re.compile(r"6"),
    "c": re.compile(r""),
}
"""By its last letter, what stands before it in an order of ours."""


def _our_csi(numbers: str, final: str, columns: int, rows: int) -> bool:
    if final == "m":
        return all(each in _STYLES for each in _COLOUR.sub("0", numbers).split(";"))
    if final == "H":
        row, _, column = numbers.partition(";")
        return int(row or 1) <= rows and int(column or 1) <= columns
    return final in _OURS and _OURS[final].fullmatch(numbers) is not None


def _unseen(text: str) -> list[str]:
    odd = [sign for sign in text if sign not in "\r\n" and (not sign.isprintable() or _disputed(sign))]
    if any(len(run) > _MARKS for run in _runs_of_marks(text)):
        odd.append("too many marks on one letter")
    return odd


def _disputed(sign: str) -> bool:
    return (
        sign in _INVISIBLE
        or "\ufe00" <= sign <= "\ufe0f"
        or "\U000e0100" <= sign <= "\U000e01ef"
        or "\U0001f1e6" <= sign <= "\U0001f1ff"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )


def _runs_of_marks(text: str) -> list[str]:
    if text.isascii():
        return []
    return "".join(sign if unicodedata.category(sign) in ("Mn", "Me") else " " for sign in text).split()
