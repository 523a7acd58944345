"""The folders and files that auditui keeps: whether it can use them, and whether others could. Changes nothing.

Its calls block for as long as the disk does.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from auditui.account.folder import config_folder, state_folder
from auditui.account.memory import memory_path
from auditui.account.remembered import Condition, remembered_from
from auditui.account.settings import Settings, settings_path
from auditui.account.vault import Vault
from auditui.model.errors import CredentialFileRefused
from auditui.private_file import open_plain_file, unreadable
from auditui.session.checkup import there
from auditui.session.checkup.finding import Finding, Verdict, note, of_error, ok, skipped, warning
from auditui.store.places import places, runs

_LITTLE = 250_000_000
"""Bytes of free room, under which it is said."""

_RECORD = 1_200
"""Bytes on disk, measured with those of the demo site."""

_MOST = 4 << 20
"""Bytes that are read of what is remembered."""


def folders(settings: Settings) -> Iterator[Finding]:
    """All of them."""
    yield _folder("Settings", config_folder(), "Settings and tokens cannot be kept.")
    yield _settings(settings)
    yield _credentials()
    yield _folder("State", state_folder(), "Views and columns cannot be remembered.")
    yield _remembered(memory_path())
    yield from _cache()


def _folder(topic: str, folder: Path, otherwise: str) -> Finding:
    """One folder; `otherwise` is what is lost where it cannot be used."""
    if trouble := _trouble(folder):
        return warning(topic, f"{folder} {trouble}. {otherwise}", _USE_ANOTHER)
    return _usable(topic, folder)


def _trouble(folder: Path) -> str:
    """Why nothing can be kept there: the end of a sentence; "" where it can."""
    try:
        status = folder.stat()
    except FileNotFoundError:
        above = next(parent for parent in folder.parents if there.anything(parent))
        return "" if _open_to_us(above) else f"cannot be made in {above}"
    except OSError as error:
        return f"cannot be looked at ({error.strerror})"
    if not stat.S_ISDIR(status.st_mode):
        return "is no folder"
    if sys.platform != "win32" and status.st_uid != os.geteuid():
        return "belongs to another user"
    return "" if _open_to_us(folder) else "cannot be written to"


def _open_to_us(folder: Path) -> bool:
    return there.a_folder(folder) and os.access(folder, os.W_OK | os.X_OK)


def _usable(topic: str, folder: Path) -> Finding:
    if not there.anything(folder):
        return ok(topic, f"{folder} (made when it is needed)")
    mode = stat.S_IMODE(folder.stat().st_mode)
    if sys.platform != "win32" and mode & 0o077:
        return warning(topic, f"{folder} is open to other users (mode {mode:04o}).", f"chmod 700 {folder}")
    return ok(topic, f"{folder} (mode {mode:04o}, {_size(_free(folder))} free)")


def _settings(settings: Settings) -> Finding:
    if settings.notices:
        return warning("settings.toml", " ".join(settings.notices), "Correct the file.")
    found = there.anything(settings_path())
    return ok("settings.toml", "read, and understood" if found else "none, so the defaults are used")


def _credentials() -> Finding:
    file = Vault().file
    try:
        kept = file.read()
    except CredentialFileRefused as error:
        return of_error("Credentials", error, Verdict.WARNING)
    if not there.anything(file.path):
        return ok("Credentials", "no file of unencrypted tokens")
    words = f"{file.path} holds {_many(len(kept), 'token')} UNENCRYPTED; only your user can read it."
    return note("Credentials", words, "auditui auth logout removes them.")


def _remembered(path: Path) -> Finding:
    topic = "Remembered"
    try:
        with open_plain_file(path) as file:
            reading = remembered_from(file.read(_MOST))
    except FileNotFoundError:
        return ok(topic, "nothing yet")
    except OSError as error:
        return warning(
            topic, f"{path} {unreadable(error)}.", "Delete it, if the saved views in it are not needed."
        )
    match reading.condition:
        case Condition.WHOLE:
            return ok(topic, _many(len(reading.remembered.saved), "saved view"))
        case Condition.NEWER:
            return note(topic, f"{path} was written by a newer auditui; nothing is kept.", "Update auditui.")
        case _:
            return note(
                topic,
                f"Not all of {path} can be read.",
                "The next auditui that writes it keeps a copy of it.",
            )


def _cache() -> Iterator[Finding]:
    """Where a run keeps what it loads."""
    topic, passed_over = "Cache", list[str]()
    for place in places():
        # `store/spool.py` takes no link, as somebody else may have made it
        trouble = "is a symbolic link" if there.a_link(place) else _trouble(place)
        if not trouble:
            if passed_over:
                yield warning(topic, f"{' '.join(passed_over)} {place} is used instead.", _USE_ANOTHER)
            yield _usable(topic, place)
            yield from _room(place)
            return
        passed_over.append(f"{place} {trouble}.")
    words = f"{' '.join(passed_over)} There is no place for the loaded records."
    yield Finding(topic, Verdict.FAILED, words, _USE_ANOTHER)


def _room(place: Path) -> Iterator[Finding]:
    if (free := _free(place)) < _LITTLE:
        words = f"{_size(free)} are free there, room for some {free // _RECORD:,} records."
        yield warning("Room", words, "Make room, or name another folder by XDG_CACHE_HOME.")
    try:
        left = runs(place)
    except OSError as error:
        yield skipped("Runs", f"{place} cannot be listed ({error.strerror}).")
        return
    if left:
        words = f"{_many(len(left), 'folder')} of runs; those of runs that have ended go with the next start."
        yield note("Runs", words)


def _free(folder: Path) -> int:
    """Bytes that can be written there, or where it would be made."""
    try:
        return shutil.disk_usage(
            next(place for place in (folder, *folder.parents) if there.anything(place))
        ).free
    except OSError:
        return 0


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


_USE_ANOTHER = "Make it a folder that you can write to, or name another by XDG_CONFIG_HOME, XDG_STATE_HOME or XDG_CACHE_HOME."
