"""tmux and GNU screen, as far as they stand between auditui and the terminal. Asks them; changes nothing."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from auditui.programs import harmless
from auditui.session.checkup.finding import Finding, note, ok, warning

_FORMAT = "#{version}|#{escape-time}|#{set-clipboard}|#{allow-passthrough}|#{client_termname}|#{client_termfeatures}"
_LIMIT = 2.0  # seconds
_DELAY = 100  # milliseconds; a longer one is felt
_LOADS_CLIPBOARD = (3, 2)  # the first tmux with `load-buffer -w`


@dataclass(frozen=True, slots=True)
class Tmux:
    """What a tmux says of itself and of the terminal that looks at it."""

    version: str
    escape_time: int | None
    """Milliseconds."""
    set_clipboard: str
    allow_passthrough: bool
    terminal: str
    """Its TERM; "" where nobody looks."""
    features: frozenset[str]
    """What tmux knows that terminal to have."""

    @property
    def loads_clipboard(self) -> bool:
        """Whether `load-buffer -w` is known to it."""
        numbers = re.search(r"(\d+)\.(\d+)", self.version)
        return numbers is None or (int(numbers[1]), int(numbers[2])) >= _LOADS_CLIPBOARD


def checks(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What the multiplexers we are in mean for keys and copies."""
    if environ.get("TMUX"):
        found = ask_tmux(environ)
        yield from of_tmux(found) if found else (note("tmux", "TMUX is set, and tmux does not answer."),)
    if environ.get("STY"):
        version = _said(("screen", "-v"), environ).partition("\n")[0].strip()
        yield ok("screen", f"{version or 'of an unknown version'}; copies go through it by OSC 52")


def ask_tmux(environ: Mapping[str, str]) -> Tmux | None:
    """The tmux that we are in; None where it does not answer in time."""
    parts = _said(("tmux", "display-message", "-p", _FORMAT), environ).strip().split("|")
    if len(parts) != 6:
        return None
    version, escape, clipboard, passthrough, terminal, features = parts
    return Tmux(
        version,
        int(escape) if escape.isdecimal() else None,
        clipboard,
        passthrough not in ("", "0", "off"),
        terminal,
        frozenset(features.split(",")),
    )


def of_tmux(tmux: Tmux) -> Iterator[Finding]:
    """What is to be said of it."""
    delay = tmux.escape_time
    words = f"{tmux.version}, escape-time {'unknown' if delay is None else f'{delay} ms'}"
    if delay is not None and delay > _DELAY:
        yield note("tmux", f"{words}: esc comes that much later.", "In ~/.tmux.conf: set -s escape-time 20")
    else:
        yield ok("tmux", words)
    yield _of_copies(tmux)


def _of_copies(tmux: Tmux) -> Finding:
    """Measured with 3.3a: `load-buffer -w` asks nothing but that the terminal is known to have a clipboard."""
    topic = "tmux copies"
    if not tmux.loads_clipboard:
        return warning(
            topic, f"tmux {tmux.version} keeps copies in its own buffer only.", "Update tmux to 3.2 or newer."
        )
    if tmux.terminal and "clipboard" not in tmux.features:
        return note(
            topic,
            f"tmux does not know that the terminal ({tmux.terminal}) has a clipboard, and keeps copies in its own buffer.",
            f"If it has one, in ~/.tmux.conf: set -as terminal-features ',{tmux.terminal}:clipboard'",
        )
    passthrough = "on" if tmux.allow_passthrough else "off"
    options = f"set-clipboard {tmux.set_clipboard} and allow-passthrough {passthrough} do not matter"
    return ok(topic, f"go to its buffer, and on to the terminal's clipboard; {options}")


def _said(command: tuple[str, ...], environ: Mapping[str, str]) -> str:
    """What a program prints; "" where it cannot be started or does not end."""
    try:
        done = subprocess.run(  # noqa: S603 - commands of ours
            command,
            env=harmless(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
