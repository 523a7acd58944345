"""Which characters an export must not leave to somebody's eyes. What becomes of them is each format's business."""

from __future__ import annotations

from auditui.model.text import inert_line


def shows(character: str) -> bool:
    """Whether somebody who looks at the character sees it, or the blank that it is."""
    return not inert_line(character).marks
