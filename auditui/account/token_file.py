"""The credentials file: tokens in plain text, kept with the user's consent. Knows nothing of keyrings.

It is readable by its owner only, or it is not used. Its calls block for as long as the disk does.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from filelock import FileLock, Timeout

from auditui.account.entries import credentials_from, credentials_text
from auditui.model.account import Account, Credential
from auditui.model.errors import CredentialFileRefused
from auditui.private_file import (
    open_plainly,
    remove_unfinished,
    replace_whole,
    unfinished,
    unreadable,
)
from auditui.private_folder import prepare_folder

_MOST = 1 << 20
"""Bytes that the file can have."""


class TokenFile:
    """A small list of credentials in one file, last used first."""

    def __init__(self, path: Path, *, patience: float = 2.0) -> None:
        """Name the file; nothing is read yet. `patience` is in seconds, for another run to be through with its writing."""
        self.path = path
        self._patience = patience

    def read(self) -> tuple[Credential, ...]:
        """What is kept; nothing where there is no file, and what can be read of a damaged one.

        Raises:
            CredentialFileRefused: others can read it, it belongs to somebody else, it is no plain file, or it cannot
                be read.
        """
        self._clear_away()
        return self._read()

    def put(self, credential: Credential) -> None:
        """Keep this credential at the front, in the place of an older one of the same account.

        Raises:
            CredentialFileRefused: as for `read`, or the disk does not take it, or another run does not end its writing.
        """
        self._change(lambda kept: (credential, *_without(kept, credential.account)))

    def move_first(self, account: Account) -> None:
        """Put the account at the front, if it is kept here and not there already.

        Raises:
            CredentialFileRefused: as for `put`.
        """
        if any(credential.account == account for credential in self.read()[1:]):
            self._change(lambda kept: (*_only(kept, account), *_without(kept, account)))

    def drop(self, account: Account) -> bool:
        """Remove the account's token; whether there was one. A file in which nothing else can be read is deleted.

        Raises:
            CredentialFileRefused: as for `put`.
        """
        if not os.path.lexists(self.path) and not self._begun():
            return False
        return self._change(lambda kept: _without(kept, account))

    def _change(self, change: Callable[[tuple[Credential, ...]], tuple[Credential, ...]]) -> bool:
        """Change what is kept, alone with it; whether that was a change."""
        try:
            prepare_folder(self.path.parent)
            with self._lock():
                remove_unfinished(self.path)
                kept = self._read()
                return self._write(kept, change(kept))
        except Timeout as error:
            raise CredentialFileRefused(
                "Another auditui is writing the credentials file, and did not end.", remedy="Try it again."
            ) from error
        except OSError as error:
            self._refuse(f"cannot be written ({error.strerror})", error)

    def _write(self, kept: tuple[Credential, ...], rest: tuple[Credential, ...]) -> bool:
        if not rest:
            # also a damaged file, which may hold the token in a form that was not understood
            self.path.unlink(missing_ok=True)
        elif rest != kept:
            replace_whole(self.path, credentials_text(rest).encode())
        return rest != kept

    def _clear_away(self) -> None:
        """Remove the tokens that killed runs were writing, where nobody is writing."""
        if self._begun():
            with suppress(OSError), self._lock(at_once=True):  # Timeout is an OSError, too
                remove_unfinished(self.path)

    def _begun(self) -> bool:
        try:
            return bool(unfinished(self.path))
        except OSError:
            return False  # there is more to say about the folder

    def _lock(self, *, at_once: bool = False) -> FileLock:
        patience = 0 if at_once else self._patience
        return FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=patience, mode=0o600)

    def _read(self) -> tuple[Credential, ...]:
        try:
            return credentials_from(self._bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            self._refuse(unreadable(error), error)

    def _bytes(self) -> bytes:
        with open(self.path, "rb", opener=open_plainly) as file:
            self._check(os.fstat(file.fileno()))
            content = file.read(_MOST + 1)
        if len(content) > _MOST:
            # what is not read whole would be lost by writing
            self._refuse("is larger than any that auditui writes")
        return content

    def _check(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._refuse("is not a plain file")
        # Windows has neither owners nor modes of this kind; the user's profile is closed to others there
        if sys.platform != "win32":
            if status.st_uid != os.geteuid():
                self._refuse("belongs to another user")
            if stat.S_IMODE(status.st_mode) & 0o077:
                self._refuse(
                    f"is open to other users (mode {stat.S_IMODE(status.st_mode):04o})",
                    remedy=f"If nobody else has read it, run: chmod 600 {self.path}. Otherwise revoke the token.",
                )

    def _refuse(self, reason: str, error: OSError | None = None, *, remedy: str = "") -> NoReturn:
        raise CredentialFileRefused(
            f"The credentials file {self.path} {reason}.", remedy=remedy or "Correct or delete the file."
        ) from error


def _without(kept: Iterable[Credential], account: Account) -> tuple[Credential, ...]:
    return tuple(credential for credential in kept if credential.account != account)


def _only(kept: Iterable[Credential], account: Account) -> tuple[Credential, ...]:
    return tuple(credential for credential in kept if credential.account == account)
