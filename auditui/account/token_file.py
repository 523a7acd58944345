"""The credentials file: tokens in plain text, kept with the user's consent. Knows nothing of keyrings.

It is readable by its owner only, or it is not used. Its calls block for as long as the disk does.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from auditui.account.entries import credentials_from, credentials_text
from auditui.model.account import Account, Credential
from auditui.model.errors import CredentialFileRefused
from auditui.private_file import open_plainly, prepare_folder, replace_whole, unreadable

_MOST = 1 << 20
"""Bytes that the file can have."""


class TokenFile:
    """A small list of credentials in one file, last used first."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Credential, ...]:
        """What is kept; nothing where there is no file, and what can be read of a damaged one.

        Raises:
            CredentialFileRefused: others can read it, it belongs to somebody else, it is no plain file, or it cannot
                be read.
        """
        try:
            return credentials_from(self._bytes())
        except FileNotFoundError:
            return ()
        except OSError as error:
            self._refuse(unreadable(error), error)

    def put(self, credential: Credential) -> None:
        """Keep this credential at the front, in the place of an older one of the same account.

        Raises:
            CredentialFileRefused: as for `read`, or the disk does not take it.
        """
        self._change(lambda kept: (credential, *_without(kept, credential.account)))

    def move_first(self, account: Account) -> None:
        """Put the account at the front, if it is kept here and not there already.

        Raises:
            CredentialFileRefused: as for `put`.
        """
        kept = self.read()
        mine = tuple(credential for credential in kept if credential.account == account)
        if mine and kept[:1] != mine:
            self.put(mine[0])

    def drop(self, account: Account) -> bool:
        """Remove the account's token; whether there was one. A file in which nothing else can be read is deleted.

        Raises:
            CredentialFileRefused: as for `put`.
        """
        kept = self.read()
        rest = _without(kept, account)
        if not rest:
            # also a damaged file, which may hold the token in a form that was not understood
            self._delete()
        elif rest != kept:
            self._change(lambda now: _without(now, account))
        return rest != kept

    def _change(self, change: Callable[[tuple[Credential, ...]], tuple[Credential, ...]]) -> None:
        kept = self.read()
        try:
            prepare_folder(self.path.parent)
            replace_whole(self.path, credentials_text(change(kept)).encode())
        except OSError as error:
            self._refuse(f"cannot be written ({error.strerror})", error)

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

    def _delete(self) -> None:
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            self._refuse(f"cannot be deleted ({error.strerror})", error)

    def _refuse(self, reason: str, error: OSError | None = None, *, remedy: str = "") -> NoReturn:
        raise CredentialFileRefused(
            f"The credentials file {self.path} {reason}.", remedy=remedy or "Correct or delete the file."
        ) from error


def _without(kept: Iterable[Credential], account: Account) -> tuple[Credential, ...]:
    return tuple(credential for credential in kept if credential.account != account)
