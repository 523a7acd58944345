"""The terminal as auditui will find it, by the rules of `auditui/terminal.py`: size, colours, signs, keys, copies, speed."""

from __future__ import annotations

import locale
import os
import platform
import ssl
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from auditui import __version__
from auditui import terminal as rules
from auditui.commands.doctor import multiplexer
from auditui.commands.doctor.round_trip import may_ask
from auditui.model.errors import UsageError
from auditui.model.when import Zone, show_time
from auditui.session.checkup.finding import Finding, Verdict, note, ok, skipped, warning
from auditui.session.clipboard import Clipboard
from auditui.session.clipboard_route import Way, problem
from auditui.session.run import now_in_milliseconds
from auditui.ui.tempo import SLOW_FROM

if TYPE_CHECKING:
    from auditui.account.settings import Settings

KEYS, SCREEN = 0, 2  # descriptors; Textual draws on standard error
_LEAST = (60, 16)
_NORMAL = (100, 30)
_WIDE = 140
_SPLIT = 150  # milliseconds by which the pieces of a key may come apart
_LIBRARIES = ("textual", "httpx", "keyring")
_DEPTHS = {"truecolor": "16.7 million", "256": "256", "standard": "16"}


def about(zone: Zone) -> Iterator[Finding]:
    """What runs here, and when."""
    python = f"Python {platform.python_version()}, {platform.platform()}"
    yield ok("Version", f"auditui {__version__}, {python}")
    yield ok(
        "Libraries", ", ".join([*(f"{name} {_installed(name)}" for name in _LIBRARIES), ssl.OPENSSL_VERSION])
    )
    yield ok("Time", f"{show_time(now_in_milliseconds(), zone)}, {zone.name}")


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(version unknown)"


def checks(
    environ: Mapping[str, str], settings: Settings, ask: Callable[[], float | None]
) -> Iterator[Finding]:
    """Everything, in the order in which it would be noticed.

    Args:
        environ: `os.environ`.
        settings: what the user set once.
        ask: asks the terminal, and gives the milliseconds until it answered, or None.
    """
    there = os.isatty(KEYS) and os.isatty(SCREEN)
    usable = _usable(environ, there=there)
    yield usable
    yield _encoding(environ)
    if not there or usable.verdict is Verdict.FAILED:
        yield skipped("The rest", "looked at only where there is a terminal for the explorer")
        return
    yield _size()
    yield from by_environment(environ, settings.mouse)
    yield from multiplexer.checks(environ)
    if may_ask(KEYS):
        yield speed(environ, ask(), settings.slow)
    else:
        yield skipped("Round trip", "measured in the foreground only")


def by_environment(environ: Mapping[str, str], mouse: bool | None) -> Iterator[Finding]:
    """What the variables tell of a terminal."""
    yield _colors(environ)
    yield _glyphs(environ)
    yield from _remote(environ)
    yield _mouse(environ, mouse)
    yield from _copies(environ)


def _usable(environ: Mapping[str, str], *, there: bool) -> Finding:
    term = environ.get("TERM")
    try:
        rules.require_terminal(environ)
    except UsageError as error:
        if there:
            return Finding("Terminal", Verdict.FAILED, error.happened, error.remedy)
        words = f"{error.happened} There is none here; auditui export does without."
        return note("Terminal", words, error.remedy)
    if not term:
        return warning(
            "Terminal", "TERM is not set, so little is asked of this terminal.", "export TERM=xterm-256color"
        )
    return ok("Terminal", f"TERM={term}")


def _encoding(environ: Mapping[str, str]) -> Finding:
    encoding = locale.getpreferredencoding(False)
    named = next(
        (f" ({name}={environ[name]})" for name in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(name)), ""
    )
    if "utf" in encoding.lower():
        return ok("Encoding", f"{encoding}{named}")
    words = f"{encoding}{named} is not UTF-8: auditui draws in UTF-8 all the same, with bars in ASCII."
    return warning("Encoding", words, "Choose a locale in UTF-8: export LC_ALL=C.UTF-8")


def _size() -> Finding:
    columns, rows = os.get_terminal_size(SCREEN)
    if not columns or not rows:
        return note("Size", "The terminal does not tell its size; 80x25 is taken.", "stty cols 80 rows 24")
    if columns < _LEAST[0] or rows < _LEAST[1]:
        return warning(
            "Size", f"auditui needs {_LEAST[0]}x{_LEAST[1]}; this is {columns}x{rows}.", "Enlarge it."
        )
    if columns < _NORMAL[0] or rows < _NORMAL[1]:
        room = "one pane at a time; from 100x30 on, table and detail stand together"
    else:
        room = "facets, table and detail" if columns >= _WIDE else "table and detail together"
    return ok("Size", f"{columns}x{rows}: {room}")


def _colors(environ: Mapping[str, str]) -> Finding:
    prepared = dict(environ)
    rules.prepare(prepared)
    if prepared.get("NO_COLOR"):
        return ok("Colours", "none, as NO_COLOR is set; marks and words tell the same")
    told = prepared.get("COLORTERM", "").strip().lower()
    if chosen := prepared.get("TEXTUAL_COLOR_SYSTEM"):
        depth = _DEPTHS.get(chosen, chosen)
        why = "TEXTUAL_COLOR_SYSTEM" if "TEXTUAL_COLOR_SYSTEM" in environ else f"TERM={environ['TERM']}"
    elif told in ("truecolor", "24bit"):
        depth, why = _DEPTHS["truecolor"], f"COLORTERM={told}"
    else:
        depth, why = _by_name(term := environ.get("TERM", "")), f"TERM={term}"
    if depth != "16":
        return ok("Colours", f"{depth}, by {why}")
    more = "If it has more: export TERM=xterm-256color, or start auditui --color 256"
    return note("Colours", f"16, by {why}; auditui takes the theme {prepared.get('TEXTUAL_THEME')}.", more)


def _by_name(term: str) -> str:
    """As Rich tells the number from a terminal's name."""
    return "256" if term.rpartition("-")[2] in ("256color", "kitty") else "16"


def _glyphs(environ: Mapping[str, str]) -> Finding:
    if rules.has_few_glyphs(environ):
        return note("Signs", "plain ASCII, as this terminal is expected to have little more")
    return ok("Signs", "lines and blocks are drawn; --ascii if they look wrong")


def _remote(environ: Mapping[str, str]) -> Iterator[Finding]:
    remote = rules.is_remote(environ)
    yield ok("SSH", "yes; ssh -C makes screens many times smaller on the way" if remote else "no")
    delay = environ.get("ESCDELAY", "400" if remote else "")
    if remote and delay.isdecimal() and int(delay) < _SPLIT:
        words = f"ESCDELAY={delay}: over a slow line, an arrow key may come in pieces and be taken for esc."
        yield note("Escape delay", words, "Unset ESCDELAY; auditui then waits 400 ms over SSH.")
    elif delay:
        yield ok("Escape delay", f"{delay} ms (ESCDELAY)")


def _mouse(environ: Mapping[str, str], chosen: bool | None) -> Finding:
    on = not rules.is_remote(environ) if chosen is None else chosen
    why = "by itself" if chosen is None else "by the settings"
    other = "--no-mouse leaves it to the terminal" if on else "--mouse turns it on"
    return ok("Mouse", f"{'on' if on else 'off'}, {why}; {other}")


def _copies(environ: Mapping[str, str]) -> Iterator[Finding]:
    if wrong := problem(environ):
        yield note("Copies", wrong, "Correct the variable or remove it.")
    route = Clipboard(environ).route
    if route.way is Way.FILE and route.why:
        yield note(
            "Copies", f"{route.why}: copies are written to files.", "In tmux or screen they go to a buffer."
        )
    elif route.way in (Way.OSC52, Way.SCREEN):
        more = "If nothing can be pasted after y: Y f writes a file, and tmux has a buffer."
        yield note("Copies", f"are sent to {route.words}; whether it takes them cannot be told.", more)
    else:
        yield ok("Copies", f"go to {route.words}")


def speed(environ: Mapping[str, str], took: float | None, slow: bool | None) -> Finding:
    """What a round trip means: milliseconds, or None where the terminal did not answer; `slow` is what the settings say."""
    topic = "Round trip"
    if took is None:
        return note(
            topic, "The terminal did not answer within 1 s.", "If keys are slow, too: ssh -C, and --no-mouse."
        )
    told = f"{took:.0f} ms" if took >= 1 else "under 1 ms"
    between = next((name for name, key in (("tmux", "TMUX"), ("screen", "STY")) if environ.get(key)), "")
    if between:
        words = f"{told} to {between}, which answers itself; from there to you is not in it"
        return ok(topic, words if slow is not None else f"{words}, so a slow line needs --slow")
    spared = slow if slow is not None else rules.is_remote(environ) and took > SLOW_FROM * 1000
    does = "auditui draws less" if spared else "auditui draws all"
    if took > SLOW_FROM * 1000:
        remedy = f"ssh -C makes screens smaller on the way; {'--no-slow has all drawn' if spared else '--slow has less drawn'}."
        return note(topic, f"{told}: a slow line; {does}.", remedy)
    return ok(topic, f"{told}; {does}")
