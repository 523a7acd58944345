"""Where auditui's own files of a user live. Knows nothing of what is in them."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def config_folder() -> Path:
    """The folder of settings and the credentials file; it need not exist."""
    return platformdirs.user_config_path("auditui", appauthor=False)


def state_folder() -> Path:
    """The folder of what is remembered between runs without being asked to; it need not exist."""
    return platformdirs.user_state_path("auditui", appauthor=False)
