"""What the explorer's question for an export needs to know of formats and of the disk. Calls block."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditui.export.exporter import Exporter
from auditui.export.formats import EXPORTERS
from auditui.export.names import free_name, target_of
from auditui.export.place import standing
from auditui.export.unfinished import unfinished

__all__ = ["EXPORTERS", "Exporter", "Looked", "look", "proposed"]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is under a name."""

    path: Path
    """Absolute."""
    there: str
    """What an export would replace: `a file`, `an unfinished export`; "" for nothing."""


def look(text: str) -> Looked:
    """What is under the name that somebody typed.

    Raises:
        FileRefused: no export can have that name.
    """
    path = target_of(text)
    if there := standing(path):
        return Looked(path, "a file" if path in there else "another file's manifest")
    return Looked(path, "an unfinished export" if unfinished(path) is not None else "")


def proposed(host: str, at: int, exporter: Exporter) -> str:
    """A name for a file in the folder where auditui was started, that nothing has yet.

    Args:
        host: the site's.
        at: milliseconds since the epoch.
        exporter: the format.
    """
    try:
        return free_name(Path.cwd(), host, at, exporter.suffix)
    except OSError:
        return free_name(Path("/"), host, at, exporter.suffix)  # the folder was removed: `look` says so
