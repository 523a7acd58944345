"""remembered.json: the views and columns that auditui keeps between runs by itself. Holds no site, e-mail or token.

Two runs at once lose nothing of each other: each change is made to what the file holds at that moment. A file that cannot
be read is never overwritten before it was set aside. The calls block for as long as the disk does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from auditui.account.folder import state_folder
from auditui.account.remembered import (
    Condition,
    Reading,
    Remembered,
    remembered_from,
    remembered_text,
    with_recent,
    with_saved,
)
from auditui.model.columns import Layout
from auditui.model.errors import NotRemembered
from auditui.model.view import Named, View, name_of
from auditui.model.when import Zone, show_time
from auditui.private_file import read_plain_file, remove_unfinished, replace_whole, unreadable
from auditui.private_folder import prepare_folder

_MOST = 4 << 20
"""Bytes the file can have."""

_NEWER = "was written by a newer auditui"


def memory_path() -> Path:
    """Where it is kept; the file need not exist."""
    return state_folder() / "remembered.json"


class Memory:
    """What is remembered from one run to the next."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        patience: float = 2.0,
    ) -> None:
        """Name the file; nothing is read yet.

        Args:
            path: the file, the one in the user's state folder where none is given.
            clock: milliseconds since the epoch, for the name of a file that is set aside.
            patience: seconds for another run to be through with its writing.
        """
        self.path = path or memory_path()
        self._clock = clock
        self._patience = patience
        self._notices: dict[str, None] = {}

    @property
    def notices(self) -> tuple[str, ...]:
        """What was wrong with the file so far, a sentence each. No value of the file is repeated in them."""
        return tuple(self._notices)

    def saved(self) -> tuple[Named, ...]:
        """The saved views, by name. Raises nothing."""
        return self._read().saved

    def recent(self) -> tuple[View, ...]:
        """The views that were noted, newest first. Raises nothing."""
        return self._read().recent

    def layout(self) -> Layout:
        """The columns that were chosen, else the default. Raises nothing."""
        return self._read().layout

    def save(self, name: str, view: View) -> None:
        """Keep a view under a name, in the place of one that has it.

        Raises:
            UsageError: it cannot be a name.
            NotRemembered: the file cannot be changed.
        """
        named = Named(name_of(name), view)
        self._change(lambda kept: replace(kept, saved=with_saved(kept.saved, named)))

    def delete(self, name: str) -> None:
        """Forget the view of this name, if there is one.

        Raises:
            NotRemembered: the file cannot be changed.
        """
        self._change(
            lambda kept: replace(kept, saved=tuple(named for named in kept.saved if named.name != name))
        )

    def note(self, view: View) -> None:
        """Remember that this was looked at.

        Raises:
            NotRemembered: the file cannot be changed.
        """
        self._change(lambda kept: replace(kept, recent=with_recent(kept.recent, view)))

    def keep_layout(self, layout: Layout) -> None:
        """Remember the columns.

        Raises:
            NotRemembered: the file cannot be changed.
        """
        self._change(lambda kept: replace(kept, layout=layout))

    # Reading

    def _read(self) -> Remembered:
        try:
            reading = remembered_from(self._content())
        except OSError as error:
            self._tell(f"{self.path} {unreadable(error)}.")
            return Remembered()
        match reading.condition:
            case Condition.BROKEN:
                return self._start_anew()
            case Condition.DAMAGED:
                self._tell(f"Parts of {self.path} could not be read and are left out.")
            case Condition.NEWER:
                self._tell(f"{self.path} {_NEWER}: what this one knows of is shown, and nothing is kept.")
        return reading.remembered

    def _content(self) -> bytes:
        try:
            return read_plain_file(self.path, _MOST)
        except FileNotFoundError:
            return b""

    def _start_anew(self) -> Remembered:
        """Rename a file of which nothing can be read, if it is that still once nobody is writing."""
        with suppress(OSError), self._lock():
            reading = remembered_from(self._content())
            if reading.condition is Condition.BROKEN:
                aside = self.path.rename(self._aside())
                self._tell(f"{self.path} could not be read; it is now {aside.name}.")
            return reading.remembered
        self._tell(f"{self.path} could not be read and is left as it is.")
        return Remembered()

    def _aside(self) -> Path:
        """A name that is free, for a file that cannot be read."""
        at = show_time(self._clock(), Zone("UTC")).translate({ord("-"): None, ord(":"): None, ord(" "): "T"})
        aside, number = self.path.with_name(f"{self.path.stem}.bad-{at}Z.json"), 1
        while aside.exists():
            number += 1
            aside = self.path.with_name(f"{self.path.stem}.bad-{at}Z-{number}.json")
        return aside

    def _tell(self, notice: str) -> None:
        self._notices.setdefault(notice)

    # Writing

    def _lock(self) -> FileLock:
        return FileLock(self.path.with_suffix(".lock"), timeout=self._patience, mode=0o600)

    def _change(self, change: Callable[[Remembered], Remembered]) -> None:
        try:
            prepare_folder(self.path.parent)
            with self._lock():
                for place in (self.path, self.path.with_name(f"{self.path.stem}.bad")):
                    remove_unfinished(place)
                self._rewrite(change)
        except Timeout as error:
            raise NotRemembered(
                "Another auditui is writing what it remembers, and did not end.", remedy="Try it again."
            ) from error
        except OSError as error:
            raise NotRemembered(
                f"{self.path} cannot be changed ({error.strerror}).",
                remedy="Make room, or make the folder one that you can write to.",
            ) from error

    def _rewrite(self, change: Callable[[Remembered], Remembered]) -> None:
        content = self._content()
        reading = remembered_from(content)
        if reading.condition is Condition.NEWER:
            raise NotRemembered(
                f"{self.path} {_NEWER}.", remedy="Save with that one; this one only reads it."
            )
        kept = change(reading.remembered)
        if kept == reading.remembered:
            return
        text = remembered_text(kept).encode()
        if len(text) > _MOST:
            raise NotRemembered("There is more to remember than fits.", remedy="Delete some saved views.")
        self._set_aside(reading, content)
        replace_whole(self.path, text)

    def _set_aside(self, reading: Reading, content: bytes) -> None:
        """Keep a copy of what would be lost by writing."""
        if reading.condition is not Condition.WHOLE:
            aside = self._aside()
            replace_whole(aside, content)
            self._tell(f"Not all of {self.path} could be read; as it was, it is now {aside.name}.")
