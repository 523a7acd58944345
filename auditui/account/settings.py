"""settings.toml: what the user set once. Holds no site, e-mail or token. Knows nothing of what uses the settings.

A setting that cannot be used is told and its default taken; the file itself is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from auditui.account.folder import config_folder
from auditui.private_file import open_without_waiting, read_plain_file
from auditui.private_folder import changeable_by_others

_MOST = 1 << 15
"""Bytes the file can have: `tomllib` takes a time that grows with their square, 3 s for so many of the worst kind."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    token_command: tuple[str, ...] = ()
    """The program that prints the API token, and its arguments; empty where none is set."""
    tz: str = "local"
    """`local`, `utc`, or an IANA zone such as `Europe/Berlin`."""
    theme: str = ""
    """The name of a Textual theme; empty for auditui's own choice."""
    mouse: bool | None = None
    """Whether the mouse is captured; None decides by whether this is an SSH session."""
    slow: bool | None = None
    """Whether the line to the terminal is slow; None has it measured in an SSH session."""
    page_size: int = 1000
    """Records asked for in one request, 1 to 1000."""
    keymap: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Binding id to keys, such as `export` to `ctrl+e`. Whether the id exists is for the interface to say."""
    notices: tuple[str, ...] = ()
    """What was not understood, a sentence each. No value of the file is repeated in them."""


def settings_path() -> Path:
    """Where the settings are looked for; the file need not exist."""
    return config_folder() / "settings.toml"


def read_settings(path: Path) -> Settings:
    """The settings of this file; the defaults where there is none. Raises nothing."""
    try:
        content = read_plain_file(path, _MOST, open_without_waiting)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return Settings()
        return Settings(notices=(f"{path} could not be read ({error.strerror}); the defaults are used.",))
    import tomllib  # its patterns take 8 ms, which a start without the file need not pay

    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Settings(
            notices=(f"{path} is not valid TOML; the defaults are used and the file is left as it is.",)
        )
    return _trusted(_settings(table), path)


def _trusted(settings: Settings, path: Path) -> Settings:
    """Without the command, which somebody else would run as this user, where somebody else can have written it."""
    if not settings.token_command or not (why := _doubt(path)):
        return settings
    notice = f"Setting token_command is not used, and nothing was run: {why}"
    return replace(settings, token_command=(), notices=(*settings.notices, notice))


def _doubt(path: Path) -> str:
    try:
        found = changeable_by_others(path)
    except OSError as error:
        return f"who can change {path} cannot be told ({error.strerror})."
    return f"{found.what}. See that the command is still yours, then {found.remedy}" if found else ""


class _Unusable(Exception):
    """A value of the wrong kind; the text says what is expected instead."""


def _settings(table: Mapping[str, object]) -> Settings:
    used: dict[str, object] = {}
    notices: list[str] = []
    for name, value in table.items():
        if name not in _READERS:
            notices.append(_unknown(name))
            continue
        try:
            used[name] = _READERS[name](value)
        except _Unusable as expected:
            notices.append(f"Setting {name}: expected {expected}; the default is used.")
    return Settings(**used, notices=tuple(notices))  # type: ignore[arg-type]  # each reader gives its field's type


def _unknown(name: str) -> str:
    if name in ("site", "email", "token"):
        return f"Setting {name} is not read: site, e-mail and token are kept in the keyring, not in the settings."
    return f"Setting {name} is unknown and was left out."


def _command(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) and "\0" not in part for part in value):
        raise _Unusable('a list of texts such as ["pass", "atlassian/audit"]')
    if value and not value[0]:
        raise _Unusable("a list that begins with the name of a program")
    return tuple(value)


def _zone(value: object) -> str:
    if isinstance(value, str):
        if value.lower() in ("local", "utc"):
            return value.lower()
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(value).key
    raise _Unusable('"local", "utc" or a zone such as "Europe/Berlin"')


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Unusable("a text")
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unusable("true or false")
    return value


def _page_size(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        raise _Unusable("a whole number from 1 to 1000")
    return value


def _keymap(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(keys, str) and keys.strip() for keys in value.values()
    ):
        raise _Unusable('a table of texts such as { export = "ctrl+e" }')
    return MappingProxyType(value)


_READERS: Mapping[str, Callable[[object], object]] = {
    "token_command": _command,
    "tz": _zone,
    "theme": _text,
    "mouse": _switch,
    "slow": _switch,
    "page_size": _page_size,
    "keymap": _keymap,
}
