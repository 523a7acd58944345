"""From one record to all that share something with it: the filters that a record suggests. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditui.model.filter import NO_FILTER
from auditui.model.filter_edit import between, clause_text
from auditui.model.record import AuditObject, Record
from auditui.model.when import Zone, utc_time

_MINUTE = 60_000  # milliseconds
_OTHERS = "123456789"


@dataclass(frozen=True, slots=True)
class Pivot:
    """A filter for all records that share something with one."""

    letter: str
    """The key that stands for it in a menu."""
    label: str
    value: str
    """What is shared, raw."""
    filter: str
    """The filter's text."""


def pivots(record: Record, zone: Zone) -> tuple[Pivot, ...]:
    """What a record leads to; what it does not name is left out."""
    return tuple(_pivots(record, zone))


def _pivots(record: Record, zone: Zone) -> Iterator[Pivot]:
    author = record.author
    yield Pivot("a", "Author", author.label, clause_text("author", author.label))
    if author.account_id:
        yield Pivot("u", "Account", author.account_id, clause_text("account", author.account_id))
    if record.address:
        yield Pivot("i", "Address", record.address, clause_text("ip", record.address))
    if record.event:
        yield Pivot("e", "Event", record.event, clause_text("event", record.event))
    if record.category:
        yield Pivot("c", "Category", record.category, clause_text("category", record.category))
    yield from _objects(record)
    if record.created is not None:
        yield from _minute(record.created, zone)


def _minute(created: int, zone: Zone) -> Iterator[Pivot]:
    start = created - created % _MINUTE
    # Beyond the years 1 to 9999 no filter can name it.
    if utc_time(start) and utc_time(start + _MINUTE):
        text = between("", NO_FILTER, start, start + _MINUTE, zone)
        yield Pivot("m", "This minute", text, text)


def _objects(record: Record) -> Iterator[Pivot]:
    if record.affected.name:
        yield _object("o", "Object", record.affected)
    others = [other for other in record.associated if other.name]
    spaces = [each for each in (record.affected, *others) if each.kind.casefold() == "space" and each.name]
    if spaces:
        yield _object("s", "Space", spaces[0])
    rest = [other for other in others if other not in spaces[:1]]
    for letter, other in zip(_OTHERS, rest, strict=False):
        yield _object(letter, other.kind or "Associated", other)


def _object(letter: str, label: str, shown: AuditObject) -> Pivot:
    return Pivot(letter, label, shown.label, clause_text("object", shown.name))
