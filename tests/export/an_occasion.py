"""One export's circumstances, as formats get them, and what databases can hold of a text."""

from __future__ import annotations

from auditui.export.exporter import Ending, Occasion
from auditui.model.when import Zone
from tests.model.records import DAY, NOW

OCCASION = Occasion(
    site="acme.atlassian.net",
    account="ana@example.com",
    zone=Zone("Europe/Berlin"),
    start=NOW - DAY,
    end=NOW,
    search="group",
    filter="author:\udc80na",
    selection="those that pass the filter",
    order="newest first",
    exported_at=NOW + 7,
)


def whole(written: int) -> Ending:
    """The end of an export that has everything."""
    return Ending(written, complete=True, completeness="whole answer")


def held(text: str) -> str:
    """The text as UTF-8 can have it, without the character at which much software stops reading."""
    return text.replace("\0", "\\u0000").encode("utf-8", "backslashreplace").decode()
