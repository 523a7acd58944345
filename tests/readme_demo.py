"""Runs a shell command in a terminal and waits for the demo's records: the README's first command, as CI tries it.

usage: python -m tests.readme_demo COMMAND
"""

from __future__ import annotations

import os
import sys

from tests.pty_terminal import PtyTerminal

INSTALLING = 300.0
"""Seconds; the command installs auditui first."""


def main(command: str) -> None:
    """Exit with a traceback and the screen if the records do not come."""
    environ = dict(os.environ) | {"TERM": "xterm-256color"}
    with PtyTerminal(["-euo", "pipefail", "-c", command], environ, program="/bin/bash") as terminal:
        terminal.until("1,000 loaded", seconds=INSTALLING)
        sys.stdout.write(terminal.text + "\n")
        terminal.send("q")
        if status := terminal.exit_status():
            raise SystemExit(status)


if __name__ == "__main__":
    main(sys.argv[1])
