"""What is said of a fault of ours or of a library: where it is, for a bug report, and nothing that is nobody's business.

Without local variables, one of which may be the token; messages may be anybody's words, and repeat it. Knows no screen.
"""

from __future__ import annotations

import traceback

from auditui.model.secret import without_secrets
from auditui.model.text import inert


def told(error: BaseException) -> str:
    """The traceback as plain lines that a terminal can be given, with those of its causes and of a group's members."""
    trace = "".join(traceback.format_exception(error))
    return "\n".join(inert(line) for line in without_secrets(trace).rstrip("\n").split("\n"))
