"""Keeps where a run's user is in the run's own session file, the newest last, whichever thread comes first.

Its calls block for as long as the disk does. Knows nothing of what is kept.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import replace

from auditui.account.sessions import SessionFile, Sessions, Taken
from auditui.model.account import Account
from auditui.model.resumption import Owner, Resumption


class Keeper:
    """One run's file, made when there is something to keep."""

    def __init__(self, taken: Taken | None = None) -> None:
        """Keep in the file of the run that is resumed, else in a new one."""
        self._taken = taken
        self._file: SessionFile | None = None
        self._turn = threading.Lock()
        self._number = 0
        self._last: Resumption | None = None
        self._owner: tuple[Account, Owner] | None = None

    def exchange(self, owner: str) -> Taken | None:
        """Resume another run than was meant, one of this account's; None where it has none.

        Args:
            owner: the account's key.

        Raises:
            NotRemembered: what was kept cannot be read.
        """
        with self._turn:
            if self._taken is not None:
                self._taken.file.release()
            self._taken = Sessions().take(owner=owner)
            return self._taken

    def resume(self) -> None:
        """From now on keep in the file of the run that is resumed: what was kept there is on the screen."""
        with self._turn:
            if self._taken is not None:
                if self._file is not None:
                    self._file.release()
                self._file, self._taken, self._last = self._taken.file, None, None

    def owner(self, account: Account) -> Owner:
        """What an account is known again by."""
        if self._owner is None or self._owner[0] != account:
            self._owner = account, Owner.of(account.key, secrets.token_bytes(16))
        return self._owner[1]

    def keep(self, kept: Resumption, number: int) -> None:
        """Keep this, unless something with a higher number was kept before.

        Raises:
            NotRemembered: it cannot be written; what was kept before stays.
        """
        with self._turn:
            if number <= self._number:
                return
            self._number = number
            if kept == self._last:
                return
            if self._file is None:
                self._file = Sessions().begin()
            self._file.write(kept)
            self._last = kept

    def close(self, kept: Resumption, number: int) -> None:
        """The run was ended by its user: forget a run in which nothing was done.

        Raises:
            NotRemembered: as for `keep`.
        """
        if kept.worth_keeping:
            self.keep(replace(kept, closed=True), number)
        else:
            with self._turn:
                self._number = number
                if self._file is not None:
                    self._file.remove()

    def leave(self, kept: Resumption | None, number: int) -> None:
        """Another account's log comes: what was done with this one can be gone on with, and has a file of its own.

        Args:
            kept: where one was; None where there was nothing to tell.
            number: of the last thing that was to be kept of it; what comes late is kept no more.

        Raises:
            NotRemembered: as for `keep`.
        """
        try:
            if kept is not None:
                self.close(kept, number)
        finally:
            with self._turn:
                if self._file is not None:
                    self._file.release()
                self._file, self._last, self._number = None, None, max(number, self._number)

    def broken_off(self) -> bool:
        """Whether the last run that has ended was broken off."""
        return Sessions().broken_off()

    def release(self) -> None:
        """Leave the files to whoever resumes them."""
        for file in (self._file, self._taken.file if self._taken else None):
            if file is not None:
                file.release()
