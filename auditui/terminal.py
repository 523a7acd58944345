"""The terminal, before Textual is imported: is there one, and what must be set for Textual to suit it.

Textual reads its variables when it is imported, so all of this has to come first. Sources: measurements with Textual
8.2.8 over SSH, in tmux and in screen.
"""

from __future__ import annotations

import codecs
import locale
import logging
import os
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from io import TextIOWrapper
from typing import NoReturn

from auditui.model.errors import UsageError

# Terminals that draw 24-bit colours and do not say so in COLORTERM over SSH, where that is not passed on.
_TRUECOLOR = frozenset({"alacritty", "foot", "xterm-ghostty", "wezterm", "xterm-direct", "contour"})
_COLORS = {"truecolor": "truecolor", "256": "256", "16": "standard"}
COLORS = ("auto", *_COLORS, "none")

_FEW = "terminal"
"""The theme for few colours (`ui/themes.py`, which cannot be imported before Textual's variables are set)."""

KEEPING = frozenset({_FEW, "ansi-dark", "ansi-light"})
"""The themes that keep the terminal's own colours: with sixteen of them, no other can be read."""


def require_terminal(environ: Mapping[str, str]) -> None:
    """Refuse to start where nothing could be seen or typed.

    Raises:
        UsageError: standard input or error is no terminal, or TERM says that it cannot move its cursor.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):  # Textual draws on standard error
        raise UsageError(
            "auditui needs a terminal.",
            remedy="Over SSH, ask for one: ssh -t HOST auditui; in scripts, use auditui export.",
        )
    if environ.get("TERM") == "dumb":
        raise UsageError(
            "This terminal (TERM=dumb) cannot place text on its screen.",
            remedy="Use another one, or set TERM to what it really is; in scripts, use auditui export.",
        )


def is_remote(environ: Mapping[str, str]) -> bool:
    """Whether we are at the far end of an SSH connection."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def has_few_glyphs(environ: Mapping[str, str]) -> bool:
    """Whether the terminal can be expected to lack the signs that lines and bars are drawn with."""
    return _is_old(environ) or "utf" not in locale.getpreferredencoding(False).lower()


def _is_old(environ: Mapping[str, str]) -> bool:
    term = environ.get("TERM", "")
    return term == "linux" or term.startswith("vt")


def prepare(
    environ: MutableMapping[str, str], *, color: str = "auto", theme: str = "", usual: str = ""
) -> None:
    """Set what Textual reads at import; what the user has set stays, but for the log, which would hold every key.

    Args:
        environ: `os.environ`.
        color: one of `COLORS`.
        theme: one of Textual's, whatever the colours; "" for one that suits them.
        usual: one that is taken without `theme` where it suits the colours; "" for none.
    """
    if theme:
        environ["TEXTUAL_THEME"] = theme
    environ.pop("TEXTUAL_LOG", None)
    # without a handler, what libraries log, with their arguments in it, would be written over the screen
    logging.getLogger().addHandler(logging.NullHandler())
    environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if is_remote(environ):
        environ.setdefault("ESCDELAY", "400")  # a key's escape sequence may arrive in two pieces
    if environ.get("TMUX") or environ.get("STY") or _is_old(environ):
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")  # half-implemented there, or drawn as text
    _choose_colors(environ, color)
    if usual and not theme and (usual in KEEPING or _many_colors(environ)):
        environ["TEXTUAL_THEME"] = usual
    drawn_on = sys.__stderr__
    if isinstance(drawn_on, TextIOWrapper):
        # By itself Python prints the escape, `\u2500`, of what the locale lacks.
        drawn_on.reconfigure(encoding=_encoding(locale.getpreferredencoding(False)), errors="replace")


def _encoding(of_locale: str) -> str:
    """In what is drawn: UTF-8, or one whose letters are no orders to a terminal of eight bits, where bytes from 80 to 9F are.

    UTF-8 would give those orders there, in any word that is not English; so would a code page.
    """
    if "utf" in of_locale.lower():
        return "utf-8"
    try:
        name = codecs.lookup(of_locale).name
    except LookupError:
        return "ascii"
    return name if name.startswith("iso8859") else "ascii"


def _choose_colors(environ: MutableMapping[str, str], color: str) -> None:
    if color == "none":
        environ["NO_COLOR"] = "1"
    elif color != "auto":
        environ.pop("NO_COLOR", None)  # what is asked for now comes before what is asked for always
        environ["TEXTUAL_COLOR_SYSTEM"] = _COLORS[color]
    elif environ.get("TERM") in _TRUECOLOR:
        environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")
    if environ.get("NO_COLOR") == "":
        del environ["NO_COLOR"]  # means nothing by its own rule (no-color.org), but Textual would heed it
    if not _many_colors(environ):
        environ.setdefault("TEXTUAL_THEME", _FEW)


def _many_colors(environ: Mapping[str, str]) -> bool:
    """As Rich tells it: COLORTERM, else what follows the last dash of TERM."""
    if chosen := environ.get("TEXTUAL_COLOR_SYSTEM"):
        return chosen != "standard"
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return True
    return environ.get("TERM", "").rpartition("-")[2] in ("256color", "kitty")


def harden() -> None:
    """No core dumps, and no other process of this user may look into ours: it holds a token. Where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def open_streams() -> None:
    """Make sure that there are standard streams: what is opened later must not take the place of a closed one. Signs that
    the locale lacks come out as question marks."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def leave(status: int) -> NoReturn:
    """End the process at once: a thread that hangs in a name look-up or a keyring must not keep it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError, ValueError):  # closed, or nobody reads it
            stream.flush()
    os._exit(status)
