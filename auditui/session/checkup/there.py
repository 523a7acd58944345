"""What is at a path: nothing, where it cannot be looked at. Knows nothing of what it ought to be.

`Path` itself raises before Python 3.14 where a folder above is closed to us, or the name is longer than names can be.
"""

from __future__ import annotations

import os
from pathlib import Path


def anything(path: Path) -> bool:
    """Whether there is something; a link counts as what it leads to."""
    return os.path.exists(path)  # noqa: PTH110 - see above, also below


def a_folder(path: Path) -> bool:
    """Whether it is a folder, or a link to one."""
    return os.path.isdir(path)  # noqa: PTH112


def a_link(path: Path) -> bool:
    """Whether it is a link, wherever that leads."""
    return os.path.islink(path)  # noqa: PTH114
