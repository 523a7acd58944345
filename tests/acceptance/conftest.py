"""What the checks start from. They are the 16 by which a terminal program may say that it works over SSH, in order. The first
two, of escape sequences and of brackets in records, are `tests/hostile`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.started import bare_environ


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A terminal's environment, with nothing of the developer's own in it."""
    return bare_environ(tmp_path)
