"""Texts by which others attack who reads them, and how auditui spells each. The numbers are those of the threat list.

Every text begins with `MARK`, a sign that auditui itself never draws: where it stands on the screen, foreign text stands.
"""

from __future__ import annotations

from typing import Final, NamedTuple

MARK: Final = "¤"

NAMES = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
).split()
"""Of the controls."""


MARKS: Final = (MARK, "[@click")
"""The same where only letters of ASCII are let in."""


class Payload(NamedTuple):
    """A text, and what has to be read in its place."""

    case: str
    text: str
    shown: str


def _literal(case: str, *texts: str) -> list[Payload]:
    return [Payload(case, MARK + text, MARK + text) for text in texts]


def _spelled(case: str, *pairs: tuple[str, str]) -> list[Payload]:
    return [Payload(case, MARK + text, MARK + shown) for text, shown in pairs]


def _codes(first: int, last: int) -> tuple[str, str]:
    codes = range(first, last + 1)
    return "".join(map(chr, codes)), "".join(f"‹U+{code:04X}›" for code in codes)


PAYLOADS: Final = (
    *_literal("D1", "[/]", "x[/b]", '[link="', "[link=https://x]", "[", "[/", "[[/]]", r"\[/]"),
    *_literal("D2", "[@click=app.quit]x[/]", "[@click=app.screenshot('a','b')]x"),
    *_literal("D3", "[link='https://evil']x[/link]"),
    *_spelled(
        "D3",
        ("[link='https://e\x1b\\evil']x", "[link='https://e‹ESC›\\evil']x"),
        ("\x1b]8;;https://evil\x1b\\x\x1b]8;;\x1b\\", "‹ESC›]8;;https://evil‹ESC›\\x‹ESC›]8;;‹ESC›\\"),
    ),
    *_literal("D4", "Notes [draft] plan", "[INFO] up", "[a=b]", ":bomb: x", r"C:\[dir]", "[$x]", "[::1]"),
    *_literal("D4", "[bold]b[/bold]", "[red on blue]r", "‹ESC›[31m"),
    *_spelled("D5", *((chr(code), f"‹{name}›") for code, name in enumerate(NAMES))),
    *_spelled("D5", ("\x7f", "‹DEL›"), _codes(0x80, 0x8F), _codes(0x90, 0x9F)),
    *_spelled(
        "D6",
        ("\x1b]0;PWNED\x07", "‹ESC›]0;PWNED‹BEL›"),
        ("\x1b]2;PWNED\x1b\\", "‹ESC›]2;PWNED‹ESC›\\"),
        ("\x1b]52;c;cHduZWQ=\x07", "‹ESC›]52;c;cHduZWQ=‹BEL›"),
        ("\x1b[31;1337H", "‹ESC›[31;1337H"),
        ("\x1bc", "‹ESC›c"),
        ("\x1b[?47h", "‹ESC›[?47h"),
        ("\x1b[5n", "‹ESC›[5n"),
        ("\x1b[>c", "‹ESC›[>c"),
        ("\x1bP$qm\x1b\\", "‹ESC›P$qm‹ESC›\\"),
        ("\x1bPtmux;\x1b\x1b[2J\x1b\\", "‹ESC›Ptmux;‹ESC›‹ESC›[2J‹ESC›\\"),
        ("\x1b_Ga=T\x1b\\", "‹ESC›_Ga=T‹ESC›\\"),
        ("\x9b31m\x9d0;PWNED\x9c", "‹U+009B›31m‹U+009D›0;PWNED‹U+009C›"),
    ),
    *_spelled(
        "D7",
        ("\u202egnp.exe", "‹U+202E›gnp.exe"),
        ("\u2066a\u2069\u061c", "‹U+2066›a‹U+2069›‹U+061C›"),
        ("ad\u200bmin", "ad‹U+200B›min"),
        ("ad\u200d\u2060min", "ad‹U+200D›‹U+2060›min"),
        ("\ufeffbom", "‹U+FEFF›bom"),
        ("soft\u00adly", "soft‹U+00AD›ly"),
        ("a\u2028b\u2029", "a‹U+2028›b‹U+2029›"),
        ("\U000e0041\U000e007f", "‹U+E0041›‹U+E007F›"),
        ("\u115f\u3164\uffa0\u2800", "‹U+115F›‹U+3164›‹U+FFA0›‹U+2800›"),
        ("x\ufe0f\ufe0e\U000e0100", "x‹U+FE0F›‹U+FE0E›‹U+E0100›"),
        ("\ue000\U0010ffff", "‹U+E000›‹U+10FFFF›"),
    ),
    *_spelled("D8", ("\ud800 lone \udc9b", "‹U+D800› lone ‹U+DC9B›")),
    *_spelled("D9", ("a" + "\u0301" * 500_000, "a" + "\u0301" * 4)),
    *_spelled("D11", ("❤️☎️✈️", "❤☎✈"), ("🇩🇪", "‹U+1F1E9›‹U+1F1EA›"), ("👨‍👩‍👧", "👨👩👧"), ("👍🏽", "👍‹U+1F3FD›")),
    *_literal("D13", "日本語 Zürich עברית", "plain", "A–B “C” …"),
    *_spelled("D10", ("x" * 1_000_000, "x" * 200), ("\n" * 1_000_000, "‹LF›" * 20)),
)  # fmt: skip
"""Each case of D1 to D11, and D13, which is no attack."""

ALL_KINDS: Final = (
    MARK
    + "[@click=app.quit]go \x1b]0;PWNED\x07\x9b5n\u202e\u200b\x00\ud800[/x][link='https://e\x1b\\']x[/] \x1b[31;1337H"
)
"""One of each kind: what parses markup fails on it, loses a part of it or makes a button of it; what is not inert sends an order."""
ALL_KINDS_BEGIN: Final = MARK + "[@click=app.quit]go ‹ESC›]0;PWNED"
"""What has to be read first."""
TYPED: Final = ALL_KINDS.replace("\x00", "").replace("\ud800", "")
"""What of it can be an argument or a variable."""
HEADER: Final = "[@click=app.quit]go \x1b]0;PWNED\x07\x9b5n[/x][link='https://e\x1b\\']x[/] \x1b[31;1337H"
"""What of it can be a header, or the reason beside a status."""
EMAIL: Final = "[@click=app.quit]x[/]"
"""What of it could be an e-mail address."""
FOLDER: Final = MARK + '[@click=app.quit]go[link=" \x1b]0;PWNED\x07\x9b5n\u202e'
"""The same as the name of a folder."""
