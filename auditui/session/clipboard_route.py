"""Which way leads from here to a clipboard, and what a terminal is sent for it. Pure.

Going the way is `clipboard.py`'s. Sources: tmux 3.3a drops OSC 52 of a program by default and takes `load-buffer`, which
knows `-w` since 3.2; GNU screen 4.9 passes on what comes wrapped in DCS, in short pieces.
"""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

VARIABLE = "AUDITUI_CLIPBOARD"
"""Forces one of the ways by its name; `auto`, or nothing, leaves it to us."""

_AUTO = "auto"
_PIECE = 700  # bytes; screen cuts off a string after 768


class Way(Enum):
    """A kind of way, by its name in `AUDITUI_CLIPBOARD`."""

    TMUX = "tmux"
    SCREEN = "screen"
    OSC52 = "osc52"
    NATIVE = "native"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that takes a text by standard input."""

    command: tuple[str, ...]
    place: str
    """Where the text is then, in words: `the tmux buffer`."""


_TMUX = (
    Tool(("tmux", "load-buffer", "-w", "-"), "the tmux buffer"),
    Tool(("tmux", "load-buffer", "-"), "tmux's buffer only (tmux is older than 3.2)"),
)
_WAYLAND = (Tool(("wl-copy",), "the clipboard (wl-copy)"),)
_X11 = (
    Tool(("xclip", "-selection", "clipboard"), "the clipboard (xclip)"),
    Tool(("xsel", "--clipboard", "--input"), "the clipboard (xsel)"),
)
_MACOS = (Tool(("pbcopy",), "the clipboard (pbcopy)"),)


@dataclass(frozen=True, slots=True)
class Route:
    """A way to go here."""

    way: Way
    tools: tuple[Tool, ...] = ()
    """The programs to try, one after the other."""
    why: str = ""
    """Why nothing better than a file is left, the beginning of a sentence; "" where one was asked for."""

    @property
    def words(self) -> str:
        """Where it leads, in words: `the tmux buffer`."""
        if self.tools:
            return self.tools[0].place
        return {
            Way.OSC52: "the terminal (OSC 52)",
            Way.SCREEN: "the terminal, through screen (OSC 52)",
        }.get(self.way, "a file")


def route(
    environ: Mapping[str, str], installed: Callable[[str], bool], platform: str = sys.platform
) -> Route:
    """The way to go, by the environment.

    Args:
        environ: the environment.
        installed: whether there is a program of this name.
        platform: as `sys.platform`.
    """
    tools = _native(environ, installed, platform)
    match _asked(environ) or _suitable(environ, tools):
        case Way.TMUX:
            return Route(Way.TMUX, _TMUX)
        case Way.NATIVE if not tools:
            return Route(Way.FILE, why="No display with a clipboard program here")
        case Way.NATIVE:
            return Route(Way.NATIVE, tools)
        case Way.FILE if _asked(environ) is None:
            return Route(Way.FILE, why="This terminal has no clipboard")
        case way:
            return Route(way)


def problem(environ: Mapping[str, str]) -> str:
    """What is wrong with `AUDITUI_CLIPBOARD`, a sentence; not inert. "" where nothing is."""
    value = environ.get(VARIABLE, "")
    if _name(environ) in ("", _AUTO) or _asked(environ) is not None:
        return ""
    known = ", ".join((_AUTO, *(way.value for way in Way)))
    return f"{VARIABLE} is “{value}”, which is none of {known}; auto is used."


def _name(environ: Mapping[str, str]) -> str:
    return environ.get(VARIABLE, "").strip().casefold()


def _asked(environ: Mapping[str, str]) -> Way | None:
    return next((way for way in Way if way.value == _name(environ)), None)


def _suitable(environ: Mapping[str, str], tools: tuple[Tool, ...]) -> Way:
    if environ.get("TMUX"):
        return Way.TMUX
    if environ.get("STY"):
        return Way.SCREEN
    if tools and not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")):
        return Way.NATIVE
    term = environ.get("TERM", "")
    return Way.FILE if term == "linux" or term.startswith("vt") else Way.OSC52


def _native(environ: Mapping[str, str], installed: Callable[[str], bool], platform: str) -> tuple[Tool, ...]:
    """The programs that can reach the clipboard of the display there is."""
    tools: tuple[Tool, ...] = _MACOS if platform == "darwin" else ()
    if environ.get("WAYLAND_DISPLAY"):
        tools += _WAYLAND
    if environ.get("DISPLAY"):
        tools += _X11
    return tuple(tool for tool in tools if installed(tool.command[0]))


# What goes to the terminal


def osc52(data: bytes) -> str:
    """What has a terminal put text into its clipboard."""
    return f"\x1b]52;c;{base64.b64encode(data).decode()}\a"


def through_screen(sequence: str) -> str:
    """The same in pieces that GNU screen passes on to its terminal as they are."""
    pieces = (sequence[at : at + _PIECE] for at in range(0, len(sequence), _PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
