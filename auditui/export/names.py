"""What an export's file may be called, and what the files that belong to it are called. Touches no file but to see names.

No name comes from a record: an own proposal is made of the site's host and the time alone.
"""

from __future__ import annotations

import os
import re
import unicodedata
from itertools import count
from pathlib import Path

from auditui.model.errors import FileRefused
from auditui.model.when import Zone, show_time

MANIFEST_SUFFIX = ".manifest.json"
"""What the name of an export's manifest has more than the export's."""

_MOST = 255 - len("..auditui-manifest-12345678")
"""Bytes of a name, so that the longest name beside it is one that file systems take."""

_HOST_MOST = 100  # characters

_OWN = re.compile(r"\.(.+)\.auditui-(?:part|note|manifest)(?:-[a-z0-9_]+)?", re.DOTALL)


def target_of(text: str, *, cwd: Path | None = None) -> Path:
    """The absolute path of the file that somebody typed. Links among its folders are followed, the file is not looked at.

    Args:
        text: as typed; `~` is a home.
        cwd: where a relative one begins, the process's own folder where none is given.

    Raises:
        FileRefused: it names no file, or one that could not be kept apart from auditui's own.
    """
    _require_typable(text)
    try:
        path = (cwd or Path.cwd()) / Path(text).expanduser()
        target = path.parent.resolve() / path.name
        is_folder = os.path.basename(text) in ("", ".", "..") or target.is_dir()  # noqa: PTH119 - Path drops them
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no such home, or links lead in a circle
        raise FileRefused(f"{text} leads to no folder.", remedy="Give the path of a file.") from error
    if is_folder:
        raise FileRefused(f"{text} is a folder.", remedy="Add the name of a file.")
    _require_apart(target.name)
    return target


def default_name(host: str, at: int, suffix: str) -> str:
    """`acme.atlassian.net_2026-11-26T1350Z.csv`.

    Args:
        host: the site's.
        at: milliseconds since the epoch.
        suffix: with the dot.
    """
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", host)[:_HOST_MOST].strip(".-")
    minute = show_time(at, Zone("UTC"))[:16].replace(" ", "T").replace(":", "")
    return f"{plain or 'site'}_{minute}Z{suffix}"


def free_name(folder: Path, host: str, at: int, suffix: str) -> str:
    """`default_name`, with -2, -3 and so on while the folder has that one, its manifest, or its beginnings."""
    name = default_name(host, at, suffix)
    for number in count(2):
        path = folder / name
        if not any(os.path.lexists(each) for each in (path, manifest_of(path), part_of(path))):
            break
        name = f"{default_name(host, at, '')}-{number}{suffix}"
    return name


def manifest_of(path: Path) -> Path:
    """The manifest of the export at this path."""
    return path.with_name(f"{path.name}{MANIFEST_SUFFIX}")


def partial_of(path: Path) -> Path:
    """Where an export that turned out not to be whole is put, so that its name says so: `october.partial.csv`."""
    return path.with_name(f"{path.stem}.partial{path.suffix}")


def part_of(path: Path) -> Path:
    """What the export at this path is until it is whole."""
    return path.with_name(f".{path.name}.auditui-part")


def note_of(path: Path) -> Path:
    """What another run needs to go on with the part."""
    return path.with_name(f".{path.name}.auditui-note")


def draft_of(path: Path) -> Path:
    """What the manifest is until the export is whole."""
    return path.with_name(f".{path.name}.auditui-manifest")


def belongs_to(name: str) -> str | None:
    """The name of the export that a part, note or draft belongs to, or a file that was made for one; None for any other."""
    found = _OWN.fullmatch(name)
    return found[1] if found else None


def _require_typable(text: str) -> None:
    if not text.strip():
        raise FileRefused("The file needs a name.", remedy="Give the path of a file.")
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise FileRefused("The file's name holds a control character.", remedy="Type it without that.")
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise FileRefused(
            "The file's name holds a character that no name can have here.", remedy="Type it without that."
        ) from None


def _require_apart(name: str) -> None:
    if len(os.fsencode(name)) > _MOST:
        raise FileRefused("The file's name is too long.", remedy=f"Give it at most {_MOST} bytes.")
    if belongs_to(name) or name.endswith(MANIFEST_SUFFIX):
        raise FileRefused(f"{name} is a name for auditui's own files.", remedy="Choose another name.")


def manifest_target_of(text: str, *, cwd: Path | None = None) -> Path:
    """The same for a manifest by itself, of an export that goes to standard output: its name may be that of a manifest.

    Args:
        text: as typed.
        cwd: as for `target_of`.

    Raises:
        FileRefused: as for `target_of`.
    """
    of = text.removesuffix(MANIFEST_SUFFIX)
    return target_of(text, cwd=cwd) if of == text else manifest_of(target_of(of, cwd=cwd))
