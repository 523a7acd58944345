"""A record for those who are stricter than JSON: in texts that every database takes.

Knows no format. What had to be spelled out here is exact in the record's JSON text.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from auditui.model.record import Record

T = TypeVar("T")

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


def plainly(value: T) -> T:
    """The dataclass with every text in it `plain`, those of its tuples and dataclasses, too."""
    kept: T = _plainly(value)
    return kept


def _plainly(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(map(_plainly, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _plainly(getattr(value, each.name)) for each in fields(value)})
    return value


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
        kept = plainly(record)
        if kept != record:
            self.warnings = (SPELLED_OUT,)
        return kept


def columns(record: Record) -> tuple[str | bool, ...]:
    """The columns that databases have of a record by the same names, from `author` to `unusual`."""
    return (
        record.author.name,
        record.author.account_id,
        record.author.kind,
        record.event,
        record.category,
        record.affected.name,
        record.affected.kind,
        record.address,
        record.description,
        record.sys_admin,
        record.super_admin,
        "; ".join(record.unusual),
    )
