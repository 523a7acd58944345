"""What can be copied, as entries of a menu. Knows neither where a copy goes nor how it gets there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from auditui.model.columns import Column
from auditui.model.record import Record
from auditui.model.when import Zone
from auditui.session.copies import Copy, as_json, as_lines, as_markdown, cell, command_line
from auditui.session.search import Search
from auditui.ui.screens.menu import Entry

COPIED_MOST = 1_000
"""Marked records that are copied at once; more are an export's business."""

_AT_ONCE = 200  # records, read in some 10 ms; keys are heeded in between

Form = Callable[[Sequence[Record]], Copy]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A copy that may be chosen."""

    copy: Copy | Callable[[], Awaitable[Copy]]
    """It, or what makes it."""
    to_file: bool = False

    async def made(self) -> Copy:
        """The copy."""
        return self.copy if isinstance(self.copy, Copy) else await self.copy()


def of_record(record: Record, column: Column | None, zone: Zone) -> Iterator[Entry[Wanted]]:
    """The record under the cursor, and its cell in a column."""
    some = [record]
    whole = as_lines(some, zone)
    yield Entry("l", "One line", whole.text, Wanted(whole))
    if column is not None:
        value = cell(record, column, zone)
        yield Entry("c", column.title, value.text or "empty", Wanted(value), enabled=bool(value.text))
    yield Entry("n", "JSON", "as the site sent it, on one line", Wanted(as_json(some)))
    yield Entry("m", "Markdown", "an item of a list, for a ticket", Wanted(as_markdown(some, zone)))


def of_command(parts: Sequence[str]) -> Entry[Wanted]:
    """The line for a shell that opens the view."""
    line = command_line(tuple(parts))
    return Entry("s", "Shell command", line.text, Wanted(line))


def of_marked(search: Search, zone: Zone) -> Iterator[Entry[Wanted]]:
    """All marked records, where there are any, and not too many."""
    if not (rows := sorted(search.marked)):
        return
    few = len(rows) <= COPIED_MOST
    forms: tuple[tuple[str, str, str, Form], ...] = (
        ("L", "lines", "a line a record", partial(as_lines, zone=zone)),
        ("N", "JSON", "JSON Lines, as the site sent them", as_json),
        ("M", "Markdown", "a list, for a ticket", partial(as_markdown, zone=zone)),
    )
    for letter, name, what, form in forms:
        told = what if few else f"more than {COPIED_MOST:,}: export them, by e"
        wanted = Wanted(partial(_of_rows, search, rows, form))
        yield Entry(letter, f"{len(rows):,} marked: {name}", told, wanted, enabled=few)


def into_file(last: Copy | None, record: Record | None, zone: Zone) -> Iterator[Entry[Wanted]]:
    """The last copy, for whom nothing was pasted; before there is one, the record."""
    if last is not None:
        yield Entry("f", "To a file", f"the last copy again: {last.what}", Wanted(last, to_file=True))
    elif record is not None:
        copy = as_lines([record], zone)
        yield Entry("f", "To a file", "the record as one line", Wanted(copy, to_file=True))


async def _of_rows(search: Search, rows: Sequence[int], form: Form) -> Copy:
    records: list[Record] = []
    for at in range(0, len(rows), _AT_ONCE):
        records += search.records(rows[at : at + _AT_ONCE])
        await asyncio.sleep(0)
    return await asyncio.to_thread(form, records)
