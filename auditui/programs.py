"""Other programs that we start: what they may know of us, and how they end. Knows nothing of what they are asked for."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process


def harmless(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that the token does not concern: without any variable of ours."""
    # what it leaves running could be asked for its environment by other programs of this user
    return {name: value for name, value in environ.items() if not name.startswith("AUDITUI_")}


async def ended(process: Process) -> None:
    """End a program that was started with `start_new_session`, and all that it has started, if it has not ended yet."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
