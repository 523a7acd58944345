"""What can be copied, as text that may be pasted anywhere: records as lines, JSON or Markdown, a cell, a command.

Exact, but for characters that no eye sees and that a shell, an editor or a chat may obey: those are spelled out, as in
`‹ESC›`, or escaped where the text is JSON. Knows nothing of clipboards (`clipboard.py`) nor of screens.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from auditui.export.json_text import visible
from auditui.model import cell_text
from auditui.model.change_text import change_text
from auditui.model.clock import Clock
from auditui.model.columns import Column
from auditui.model.record import AuditObject, Record
from auditui.model.text import inert
from auditui.model.when import Zone, show_time_exactly

_OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BETWEEN = " · "
_JOINERS = "\u200c\u200d"  # Persian, Hindi and emoji are other words without them


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to be pasted."""

    what: str
    """What it is, in words of ours: `1 record as one line`."""
    text: str
    """Without control characters, but for the line feeds between lines; can be encoded."""
    spelled_out: bool = False
    """Whether `‹ESC›` or the like stands in it for another character."""


def as_lines(records: Sequence[Record], zone: Zone) -> Copy:
    """A line a record: time with its offset, author, event, objects, address, and what changed."""
    what = "1 record as one line" if len(records) == 1 else f"{len(records):,} records as lines"
    return _of_lines(what, (_BETWEEN.join(_parts(record, zone)) for record in records))


def as_json(records: Iterable[Record]) -> Copy:
    """JSON Lines: the records as the site sent them, with what cannot be seen escaped, which means the same."""
    lines = [visible(record.raw) for record in records]
    what = "1 record as JSON" if len(lines) == 1 else f"{len(lines):,} records as JSON Lines"
    return Copy(what, "\n".join(lines))


def as_markdown(records: Sequence[Record], zone: Zone) -> Copy:
    """A list, a bullet a record, that reads as `as_lines` does. Foreign text in it is no Markdown, link or mention."""
    from auditui.export.markdown import inline  # 10 ms that no start should pay

    what = "1 record as Markdown" if len(records) == 1 else f"{len(records):,} records as Markdown"
    exact = [_parts(record, zone) for record in records]
    safe = [[_spelled(part) for part in parts] for parts in exact]
    return Copy(what, "\n".join(_bullet(parts, inline) for parts in safe), safe != exact)


def cell(record: Record, column: Column, zone: Zone) -> Copy:
    """The whole value of a cell, however much of it the table shows; a time with its offset."""
    return _of_lines(f"the cell {column.title}", (_cell(record, column, zone),))


def command_line(parts: Iterable[str]) -> Copy:
    """The parts of a command (`model/view.py`) on one line."""
    return _of_lines("the command", (" ".join(parts),))


def address(text: str) -> Copy:
    """The address of a page."""
    return _of_lines("the address", (text,))


def selection(text: str) -> Copy:
    """What somebody selected, on as many lines as it has."""
    return _of_lines("the selected text", text.split("\n"))


def _of_lines(what: str, lines: Iterable[str]) -> Copy:
    """Several lines; line feeds within one of them are spelled out, too."""
    exact = list(lines)
    safe = [_spelled(line) for line in exact]
    return Copy(what, "\n".join(safe), safe != exact)


def _spelled(text: str) -> str:
    if text.isprintable():
        return text
    return text.translate({ord(each): inert(each) for each in set(text) if _is_obeyed(each)})


def _is_obeyed(character: str) -> bool:
    return unicodedata.category(character) in _OBEYED and character not in _JOINERS


# A record in words


def _parts(record: Record, zone: Zone) -> list[str]:
    """What the line says of a record; what changed only where something did."""
    objects = "; ".join(filter(None, map(_object, (record.affected, *record.associated))))
    event, address = record.event or "(no event named)", record.address or "—"
    parts = [_time(record, zone), record.author.label, event, objects or "—", address]
    return [*parts, changed] if (changed := _changes(record)) else parts


def _bullet(parts: Sequence[str], show: Callable[[str], str]) -> str:
    """An item of a list; a time that is one holds nothing of others, so that it may stand as it is."""
    time, *rest = parts
    return f"- **{show(time) if time.startswith('(') else time}**{_BETWEEN}{_BETWEEN.join(map(show, rest))}"


def _time(record: Record, zone: Zone) -> str:
    if record.created is None:
        return cell_text.time(record, Clock(zone), 0)
    return show_time_exactly(record.created, zone)


def _object(each: AuditObject) -> str:
    """`admins (Group)`, or the one of both there is."""
    return f"{each.label} ({each.kind})" if each.label and each.kind else each.label or each.kind


def _changes(record: Record) -> str:
    return "; ".join(change_text(change) for change in record.changes if not change.same)


def _cell(record: Record, column: Column, zone: Zone) -> str:
    """As the table has it, where that does not cut it already."""
    match column.key:
        case "time":
            return _time(record, zone)
        case "changes":
            return _changes(record)
        case "associated":
            return ", ".join(other.label for other in record.associated)
        case "description":
            return record.description
        case _:
            return column.text(record, Clock(zone), 0)
