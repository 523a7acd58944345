"""What a record says in one cell of the table, where that takes more than reading a field. Raw texts, not inert.

Knows no column: a text gets the cells that there are, and may be longer than they can show.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from auditui.model.change_text import change_text
from auditui.model.clock import Clock
from auditui.model.record import Record
from auditui.model.text import LINE_CAP
from auditui.model.when import invalid_date

WHOLE_TIME = 19
"""Cells of a time with its seconds."""

TIME_TO_THE_MINUTE = 16
"""Cells of a time without its seconds."""

_PARTS = 64  # of a list in one cell; a hostile record has a million of them


def time(record: Record, clock: Clock, width: int) -> str:
    """When it happened, to the second or the minute as there is room, else what stands in place of a date."""
    if record.created is None:
        return invalid_date(record.date_text) if record.date_text else "(no date)"
    whole = clock.show(record.created)
    if width >= WHOLE_TIME or whole.startswith("(") or whole.endswith("ago"):
        return whole
    # Never without a year: the log goes back twelve months, and a row of last November must not look like this one's.
    return whole[:16] if width >= TIME_TO_THE_MINUTE else whole[2:16]


def of_object(record: Record) -> str:
    """The affected object's name, or a dash where it has none."""
    return record.affected.label or "—"


def associated(record: Record, _clock: Clock, _width: int) -> str:
    """The associated objects' names, separated by commas."""
    return _listed((other.label for other in record.associated), ", ")


def changes(record: Record, _clock: Clock, _width: int) -> str:
    """The values that did change: `Active: Yes → No; Email: …`."""
    return _listed((change_text(change, cut) for change in record.changes if not change.same), "; ")


def flags(record: Record, _clock: Clock, _width: int) -> str:
    """Which administrator's rights were used, if any."""
    names = (("system admin", record.sys_admin), ("super admin", record.super_admin))
    return ", ".join(name for name, true in names if true)


def cut(text: str) -> str:
    """As much of a text as a cell can show, and one character by which it is told that there is more."""
    return text[: LINE_CAP + 1]


def _listed(texts: Iterable[str], separator: str) -> str:
    parts = list(islice(texts, _PARTS + 1))
    return separator.join([*parts[:_PARTS], "…"] if len(parts) > _PARTS else parts)
