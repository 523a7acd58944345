"""One record in words: the text of the detail pane.

Pure: a record and a zone in, `Content` out. Every foreign text goes through `present`. Nothing is told by colour
alone: a removed value begins with `-`, an added one with `+`, and each kind of change is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from textual.content import Content

from auditui.model.record import MOST_REMARKS, AuditObject, Author, ChangedValue, Record
from auditui.model.text import TEXT_CAP, inert, inert_line
from auditui.model.when import Zone, invalid_date, show_time, show_time_exactly
from auditui.ui.difference import ADDED, REMOVED, Work, difference
from auditui.ui.present import content_of, one_line, plain

_LABEL = 12
_SHORT = 48  # characters of both values together that are still read on one line
_UTC = Zone("UTC")
_RELATED = 8  # lines of one relation that are shown
_MOST = 3 * TEXT_CAP  # characters of a record, after which no further line begins

_LABEL_STYLE = "$foreground-muted"
_REMARK_STYLE = "$foreground-muted italic"
_WARNING_STYLE = "$text-warning"


@dataclass(frozen=True, slots=True)
class Relation:
    """Other records that have something to do with this one."""

    title: str
    """What, in a few words."""
    lines: tuple[tuple[int | None, str, str, str], ...]
    """Of each record when (milliseconds since the epoch, None where it has no date), its author, event and affected
    object, raw."""


def record_content(
    record: Record, zone: Zone, remarks: tuple[str, ...] = (), relations: tuple[Relation, ...] = ()
) -> Content:
    """The whole record, section by section.

    Args:
        record: the record.
        zone: the zone its times are shown in, besides UTC.
        remarks: of what it is the first among the loaded records, to be read behind “First”.
        relations: other records that have to do with it.
    """
    sections: tuple[Iterator[Content], ...] = (
        _head(record, zone),
        _remarks(remarks),
        _affected(record.affected),
        _associated(record.associated),
        _changes(record.changes),
        _description(record.description),
        _unusual(record.unusual),
    )
    related = (line for relation in relations for line in _relation(relation, record.created, zone))
    return Content("\n").join([*_bounded(chain.from_iterable(sections)), *related])


def _bounded(lines: Iterator[Content]) -> Iterator[Content]:
    """As many lines as one may read: a hostile record has a hundred thousand objects, and nobody waits for them."""
    left = _MOST
    for line in lines:
        if left < 0:
            yield _remark("… and more: x shows all of the record")
            return
        left -= len(line) + 1
        yield line


def _head(record: Record, zone: Zone) -> Iterator[Content]:
    yield one_line(record.event or "(no event named)", "bold")
    yield from _times(record, zone)
    yield from _author(record.author)
    yield _field("Address", one_line(record.address) if record.address else _remark("not recorded"))
    yield _field("Category", one_line(record.category) if record.category else _remark("none"))
    yield from _flags(record)


def _field(label: str, value: Content) -> Content:
    return Content.assemble((label.ljust(_LABEL), _LABEL_STYLE), value)


def _remark(text: str) -> Content:
    return Content.styled(text, _REMARK_STYLE)


def _heading(text: str) -> Iterator[Content]:
    yield Content("")
    yield Content.styled(text, "bold underline")


def _times(record: Record, zone: Zone) -> Iterator[Content]:
    if record.created is None:
        yield _field(
            "Time", one_line(invalid_date(record.date_text)) if record.date_text else _remark("no date")
        )
        return
    yield _field("Time", Content(f"{show_time_exactly(record.created, zone)}  {zone.name}"))
    if zone.name != "UTC":
        yield _field("", Content(f"{show_time_exactly(record.created, _UTC)}  UTC"))


def _author(author: Author) -> Iterator[Content]:
    marks = [("guest", author.guest), ("from outside the organisation", author.external)]
    if author.kind not in ("", "user"):
        marks.append((f"of type {author.kind}", True))
    if author.account_type:
        marks.append((f"{author.account_type} account", True))
    named = one_line(author.label)
    if told := ", ".join(text for text, true in marks if true):
        named = Content.assemble(named, "  ", one_line(f"({told})", _REMARK_STYLE))
    yield _field("Author", named)
    if author.account_id and author.name:
        yield _field("", one_line(author.account_id, _LABEL_STYLE))
    elif not author.account_id:
        yield _field("", _remark("no account id, as for automatic events"))


def _flags(record: Record) -> Iterator[Content]:
    flags = [
        name
        for name, true in (("system admin", record.sys_admin), ("super admin", record.super_admin))
        if true
    ]
    if flags:
        yield _field("Flags", Content.styled(", ".join(flags), "bold"))


def _remarks(remarks: tuple[str, ...]) -> Iterator[Content]:
    for remark in remarks:
        yield _field("First", one_line(remark, "bold"))


def _affected(affected: AuditObject) -> Iterator[Content]:
    if affected.name or affected.kind:
        yield from _object("Affected", affected)
    else:
        yield _field("Affected", _remark("not named; a neighbouring record may name it"))


def _associated(associated: Iterable[AuditObject]) -> Iterator[Content]:
    label = "Associated"
    for other in associated:
        yield from _object(label, other)
        label = ""


def _object(label: str, shown: AuditObject) -> Iterator[Content]:
    kind = Content.assemble("  ", one_line(f"({shown.kind})", _LABEL_STYLE)) if shown.kind else Content("")
    yield _field(label, Content.assemble(one_line(shown.label or "(no name)"), kind))
    if shown.group_id:
        yield _field("", one_line(f"id {shown.group_id}", _LABEL_STYLE))


def _changes(changes: tuple[ChangedValue, ...]) -> Iterator[Content]:
    if not changes:
        return
    yield from _heading("Changed values")
    real = [change for change in changes if not change.same]
    if len(real) > 1 and not any(change.old or change.hidden_old for change in real):
        yield _remark("A snapshot: Confluence names no old values.")
    work = Work()
    for change in changes:
        yield from _change(change, work)


def _change(change: ChangedValue, work: Work) -> Iterator[Content]:
    name = one_line(change.name or "(unnamed)", "bold")
    if change.hidden:
        name = Content.assemble(name, "  ", Content.styled("[hidden in Confluence]", _WARNING_STYLE))
    old, new = change.old or change.hidden_old, change.new or change.hidden_new
    if change.same:
        yield Content.assemble(
            name, "  ", one_line(old) if old else _remark("empty"), "  ", _remark("(no change)")
        )
    elif len(old) + len(new) <= _SHORT and "\n" not in old + new:
        before = one_line(old, REMOVED) if old else _remark("(none)")
        after = one_line(new, ADDED) if new else _remark("(none)")
        yield Content.assemble(name, "  ", before, " → ", after)
    else:
        yield name
        yield from _long(old, new, work)


def _long(old: str, new: str, work: Work) -> Iterator[Content]:
    if old and new:
        yield from difference(old, new, work)
    elif old:
        yield Content.assemble(("- ", REMOVED), plain(old, REMOVED))
    else:
        yield Content.assemble(("+ ", ADDED), plain(new, ADDED))


def _description(description: str) -> Iterator[Content]:
    if description:
        yield from _heading("Description")
        yield plain(description)


def _unusual(unusual: tuple[str, ...]) -> Iterator[Content]:
    if unusual:
        count = f"More than {MOST_REMARKS}" if len(unusual) > MOST_REMARKS else len(unusual)
        yield from _heading(f"{count} unusual field{'s' if len(unusual) > 1 else ''}")
        yield from (Content.assemble(("! ", _WARNING_STYLE), one_line(remark)) for remark in unusual)


def _relation(relation: Relation, created: int | None, zone: Zone) -> Iterator[Content]:
    if not relation.lines:
        return
    yield from _heading(f"Related: {inert(relation.title)}")
    year = show_time(created, zone)[:5] if created is not None else ""
    for line in relation.lines[:_RELATED]:
        yield _related(line, year, zone)
    if (more := len(relation.lines) - _RELATED) > 0:
        yield _remark(f"… and {more:,} more")


def _related(line: tuple[int | None, str, str, str], year: str, zone: Zone) -> Content:
    """One line; the year only where it is not the record's own."""
    milliseconds, *texts = line
    time = "(no date)" if milliseconds is None else show_time(milliseconds, zone)
    told = [content_of(inert_line(text)) if text else _remark("—") for text in texts]
    return Content("  ").join([Content(time.removeprefix(year)), *told])
