"""By what this user's runs on this machine know an unfinished export for one of theirs: a key that nobody else has.

A part and its note in a folder that came from elsewhere look like ours once they are unpacked. Knows nothing of what is
signed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sys
from pathlib import Path

from filelock import FileLock
from platformdirs import user_state_path

from auditui.private_file import is_own, open_plain_file, replace_whole
from auditui.private_folder import prepare_folder

_SIZE = 32  # bytes
_PATIENCE = 5.0  # seconds for another run to make the key


def sign(*parts: bytes) -> str:
    """What only a run of this user on this machine can say of these, in hexadecimal.

    Raises:
        OSError: the key cannot be kept, so nothing can be recognised later.
    """
    signed = hmac.new(_key(), digestmod=hashlib.sha256)
    for part in parts:
        signed.update(b"%d:" % len(part) + part)
    return signed.hexdigest()


def is_signed(signed: str, *parts: bytes) -> bool:
    """Whether `sign` said this of these.

    Raises:
        OSError: as for `sign`.
    """
    return hmac.compare_digest(signed, sign(*parts))


def can_sign() -> bool:
    """Whether there is a key, or can be one. Raises nothing."""
    try:
        _key()
    except OSError:
        return False
    return True


def _key() -> bytes:
    path = user_state_path("auditui", appauthor=False) / "unfinished.key"  # as `account/folder.py` has it
    try:
        return _read(path)
    except FileNotFoundError:
        prepare_folder(path.parent)
        try:
            _make(path)
        except NotImplementedError as error:  # this file system has no locks
            raise OSError(str(error)) from error
        return _read(path)


def _read(path: Path) -> bytes:
    with open_plain_file(path) as file:
        status, key = os.fstat(file.fileno()), file.read(_SIZE + 1)
    is_open = sys.platform != "win32" and status.st_mode & 0o077
    if not is_own(status) or is_open or len(key) != _SIZE:
        raise OSError(f"{path} is not a key of this user's own")
    return key


def _make(path: Path) -> None:
    """Put a new key there, unless another run was quicker."""
    with FileLock(path.with_suffix(".lock"), timeout=_PATIENCE, mode=0o600):
        if not os.path.lexists(path):
            replace_whole(path, secrets.token_bytes(_SIZE))
