"""A record for those who are stricter than JSON: texts that every database takes, dates that every calendar knows.

Knows no format. What had to be spelled out here is exact in the record's JSON text.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

from auditui.export.exporter import Ending, Occasion
from auditui.model.record import Record
from auditui.model.when import utc_time

SPELLED_OUT = (
    "Some texts hold a NUL or half of a character, which are spelled out as \\u0000 or \\ud800; "
    "the record's JSON text has them as they came."
)
"""The warning where `Plain` changed something."""

_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def plain(text: str) -> str:
    r"""The text with NUL and lone surrogates written as `\u0000` and `\ud800`; the same object where there are none.

    UTF-8 has no lone surrogates, and SQLite's functions, like much else that is written in C, stop reading at a NUL:
    what stands behind one could not be found. In the JSON text of a record these are the escapes of JSON itself.
    """
    if "\0" in text:
        text = text.replace("\0", "\\u0000")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


class Plain:
    """Makes records plain, and knows whether there was a need."""

    def __init__(self) -> None:
        self.warnings: tuple[str, ...] = ()
        """What to tell of the records so far."""

    def __call__(self, record: Record) -> Record:
        """The record with every text `plain`."""
        # All its texts come out of its JSON text: what is neither there nor escaped there is in none of them.
        if not _ESCAPED.search(record.raw) and plain(record.raw) is record.raw:
            return record
        kept: Record = _plainly(record)
        if kept != record:
            self.warnings = (SPELLED_OUT,)
        return kept


def _plainly(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(map(_plainly, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _plainly(getattr(value, each.name)) for each in fields(value)})
    return value


def dates(record: Record) -> tuple[str | None, str | None]:
    """When it happened in UTC, else what stands in place of a date: one of both is None, or both where nothing stands."""
    if record.created is None:
        return None, record.date_text or None
    time = utc_time(record.created)
    return time, None if time else str(record.created)


def circumstances(occasion: Occasion) -> dict[str, str | int]:
    """What is known of an export before its first record: texts, and moments in milliseconds and in UTC."""
    moments = {"start": occasion.start, "end": occasion.end, "exported_at": occasion.exported_at}
    texts = {
        "site": occasion.site,
        "account": occasion.account,
        "zone": occasion.zone.name,
        "search": occasion.search,
        "filter": occasion.filter,
        "selection": occasion.selection,
        "order": occasion.order,
    }
    shown = {f"{name}_utc": utc_time(moment) or "" for name, moment in moments.items()}
    return {name: plain(text) for name, text in {**texts, **shown}.items()} | moments


def outcome(ending: Ending) -> dict[str, str | int]:
    """What is known of an export when its last record was written; `complete` is 0 or 1."""
    return {
        "written": ending.written,
        "complete": int(ending.complete),
        "completeness": plain(ending.completeness),
    }
