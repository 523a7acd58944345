"""Where a run's records can be kept while it lasts, and what runs have left there. Looks, and changes nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

PREFIX = "run-"
"""What the name of a run's folder begins with."""


def places() -> tuple[Path, ...]:
    """The folders in which one is made, best first: the user's cache, else one of the user's own in the temporary folder."""
    cache = user_cache_path("auditui")
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError:  # there is none that can be written to
        return (cache,)
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return cache, temporary / f"auditui-{user}"


def runs(place: Path) -> tuple[Path, ...]:
    """The folders of runs there: of those that go on, and of those that were killed, which the next start removes.

    Raises:
        OSError: the place cannot be listed.
    """
    try:
        found = list(place.iterdir())
    except FileNotFoundError:
        return ()
    return tuple(folder for folder in found if folder.name.startswith(PREFIX) and folder.is_dir())
