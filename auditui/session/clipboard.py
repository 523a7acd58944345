"""Brings a copy where it can be pasted from, and says what can truly be said of that.

Knows neither records nor Textual: what goes to the terminal itself is given to whoever can write there. Nothing can tell
whether a terminal took what OSC 52 brought it, so of those ways no more than "sent" is said.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import stat
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

from auditui.model.errors import ExportFailed
from auditui.model.when import Zone, show_time_exactly
from auditui.private_file import is_own, replace_whole
from auditui.private_folder import is_own_folder, prepare_folder
from auditui.programs import ended, harmless
from auditui.session.clipboard_route import VARIABLE, Route, Tool, Way, osc52, route, through_screen
from auditui.session.copies import Copy
from auditui.session.run import now_in_milliseconds

_MOST = 74_994 // 4 * 3
"""Bytes: some terminals drop an OSC 52 of more than 74,994 signs in base64 without a word. Source: k9s."""

_WEEK = 7 * 24 * 60 * 60 * 1000  # milliseconds
_NAME = re.compile(r"copied-\d{8}T\d{6}\.\d{3}Z\.txt", re.ASCII)


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a copy."""

    what: str
    """`1 record as one line`."""
    size: int
    """Bytes."""
    way: Way
    place: str
    """Where it is, or was sent, in words, or the path of a file with its mode; not inert."""
    why: str = ""
    """Why it is in a file, the beginning of a sentence; "" where that was asked for."""
    spelled_out: bool = False
    """Whether characters in it were spelled out."""


def told(copied: Copied, otherwise: str = "Y f") -> str:
    """What the status line says, the important part first. Not inert.

    Args:
        copied: what became of the copy.
        otherwise: what to do where it was sent and cannot be pasted.
    """
    what = f"{copied.what}, {copied.size:,} B,"
    match copied.way:
        case Way.FILE:
            told = f"{copied.why}: wrote" if copied.why else "Wrote"
            text = f"{told} {what} to {copied.place}."
        case Way.OSC52:
            text = f"Sent {what} by OSC 52. No paste? {otherwise}."
        case Way.SCREEN:
            text = f"Sent {what} via screen. No paste? {otherwise}."
        case _:
            text = f"Copied {what} to {copied.place}."
    return f"{text} Unseen characters are spelled out." if copied.spelled_out else text


@dataclass(frozen=True, slots=True)
class Clipboard:
    """Brings copies where they can be pasted from."""

    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    clock: Callable[[], int] = now_in_milliseconds
    """Milliseconds since the epoch, for the names of files."""
    patience: float = 3.0
    """Seconds that a program gets."""

    @property
    def route(self) -> Route:
        """The way a copy goes here."""
        path = self.environ.get("PATH")
        return route(self.environ, lambda program: shutil.which(program, path=path) is not None)

    async def send(self, copy: Copy, write: Callable[[str], None]) -> Copied:
        """Send a copy the way that is right here; into a file where that way is closed.

        Args:
            copy: what to send.
            write: writes to the terminal, at once and in one piece.

        Raises:
            ExportFailed: not even a file can be written.
        """
        chosen, data = self.route, copy.text.encode()
        if chosen.way in (Way.OSC52, Way.SCREEN):
            if len(data) > _MOST:
                return await self.keep(copy, "Too long for OSC 52")
            sequence = osc52(data)
            write(through_screen(sequence) if chosen.way is Way.SCREEN else sequence)
            return _copied(copy, chosen.way, chosen.words)
        for tool in chosen.tools:
            if await _taken(tool, data, self.environ, self.patience):
                return _copied(copy, chosen.way, tool.place)
        return await self.keep(copy, chosen.why or _failed(chosen))

    async def keep(self, copy: Copy, why: str = "") -> Copied:
        """Write a copy into a file of its own that only the user can read; those of more than a week ago go.

        Args:
            copy: what to write.
            why: why it is no better place, the beginning of a sentence.

        Raises:
            ExportFailed: there is no place for it.
        """
        place = await asyncio.to_thread(_kept, copy.text.encode(), self._places(), self.clock())
        return _copied(copy, Way.FILE, place, why)

    def _places(self) -> tuple[Path, ...]:
        """The folder that goes with the log-in where there is one, else that of the cache."""
        runtime = self.environ.get("XDG_RUNTIME_DIR")
        cache = user_cache_path("auditui")  # as `store/places.py` has it
        # after `su` or `sudo -E` it is another user's
        ours = runtime is not None and is_own_folder(Path(runtime))
        return (Path(runtime) / "auditui", cache) if runtime and ours else (cache,)


def _copied(copy: Copy, way: Way, place: str, why: str = "") -> Copied:
    return Copied(copy.what, len(copy.text.encode()), way, place, why, copy.spelled_out)


def _failed(chosen: Route) -> str:
    return f"{chosen.tools[0].command[0]} took nothing" if chosen.tools else ""


async def _taken(tool: Tool, data: bytes, environ: Mapping[str, str], seconds: float) -> bool:
    """Whether the program took it, and said so, within its time."""
    try:
        # a session of its own: neither ctrl+z nor the end of the terminal reaches what it leaves running
        process = await asyncio.create_subprocess_exec(
            *tool.command,
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=DEVNULL,
            env=harmless(environ),
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(process.communicate(data), seconds)
    finally:
        await ended(process)
    return process.returncode == 0


# Files


def _file_name(now: int) -> str:
    at = show_time_exactly(now, Zone("UTC"))[:23]
    return f"copied-{at.translate({ord('-'): None, ord(':'): None, ord(' '): 'T'})}Z.txt"


def _kept(data: bytes, places: tuple[Path, ...], now: int) -> str:
    """Write the file in the first folder that takes it, and remove old ones in all; its path and mode."""
    told = _written(data, places, _file_name(now))
    for folder in places:
        with suppress(OSError):  # a later one may not be there
            _sweep(folder, _file_name(now - _WEEK))
    return told


def _written(data: bytes, places: tuple[Path, ...], name: str) -> str:
    problem: OSError | None = None
    for folder in places:
        try:
            prepare_folder(folder)
            path = folder / name
            replace_whole(path, data)
            return f"{path} ({stat.S_IMODE(path.stat().st_mode):04o})"
        except OSError as error:
            problem = error
    raise ExportFailed(
        f"The copy could not be written to {places[-1]} ({problem.strerror if problem else 'no place'}).",
        remedy=f"Make room there, or choose another way by {VARIABLE}.",
    )


def _sweep(folder: Path, oldest: str) -> None:
    """Remove the copies there, as far as they are this user's, whose names come before the oldest that stays."""
    with os.scandir(folder) as entries:
        old = [entry for entry in entries if _NAME.fullmatch(entry.name) and entry.name < oldest]
    for entry in old:
        if is_own(entry.stat(follow_symlinks=False)):
            os.unlink(entry)  # noqa: PTH108 - an entry is no Path
