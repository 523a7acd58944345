"""The part of the explorer that copies: a record, a cell, the marked records, the command; and tells where the copy went.

What is copied is `session/copies.py`'s, which way it goes `session/clipboard.py`'s. One copy goes after the other, so that the
last one that was asked for is the one that is pasted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from textual import work

from auditui.model.errors import AudituiError
from auditui.model.record import Record
from auditui.model.text import inert
from auditui.session.clipboard import Clipboard, told
from auditui.session.clipboard_route import VARIABLE, problem
from auditui.session.copies import Copy, as_json, as_lines, as_markdown, cell, command_line, selection
from auditui.session.investigation import Line
from auditui.session.run import Run
from auditui.session.search import Search
from auditui.ui.present import notify_error, notify_text
from auditui.ui.screens.menu import Entry, Menu
from auditui.ui.screens.remembering import RememberingScreen

COPIED_MOST = 1_000
"""Marked records that are copied at once; more are an export's business."""

_AT_ONCE = 200  # records, read in some 10 ms; keys are heeded in between

Form = Callable[[Sequence[Record]], Copy]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A copy that may be chosen."""

    copy: Copy | Callable[[], Awaitable[Copy]]
    """It, or what makes it."""
    to_file: bool = False


class CopyingScreen(RememberingScreen):
    """Copies what is shown."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._clipboard = Clipboard(run.options.environ)
        self._copying = asyncio.Lock()
        self._copied: Copy | None = None
        """The last copy."""

    def on_mount(self) -> None:
        """Say what is wrong with the way that was asked for."""
        if wrong := problem(self._run.options.environ):
            notify_text(self.app, wrong)

    def action_copy_row(self) -> None:
        """Copy the cursor's record as one line."""
        if line := self._line_here:
            self._copy(_Wanted(as_lines([line.record], self._exploring.zone)))

    def copy_selected(self, text: str) -> None:
        """Copy what is selected somewhere on the screen or in a field."""
        self._copy(_Wanted(selection(text)))

    async def action_copy_menu(self) -> None:
        """Choose what is copied, and how."""
        line = self._line_here
        entries = [
            *(self._of_record(line) if line else ()),
            self._of_command(),
            *self._of_marked(),
            *self._into_file(line),
        ]
        where = f"Goes to {self._clipboard.route.words}; {VARIABLE} chooses another way."
        await self.app.push_screen(Menu("Copy …", entries, where), self._copy_chosen)

    def _copy_chosen(self, wanted: _Wanted | None) -> None:
        if wanted is not None:
            self._copy(wanted)

    @work(group="copy", description="copy")
    async def _copy(self, wanted: _Wanted) -> None:
        async with self._copying:
            try:
                copy = wanted.copy if isinstance(wanted.copy, Copy) else await wanted.copy()
                way = self._clipboard
                copied = await (way.keep(copy) if wanted.to_file else way.send(copy, self._write))
            except AudituiError as error:
                notify_error(self.app, error)
                return
        self._copied = copy
        if self.is_active:
            self._hint(inert(told(copied)))
        else:
            notify_text(self.app, told(copied))

    def _write(self, sequence: str) -> None:
        """Write to the terminal, in one piece. Textual draws a frame in one go on this thread, so never amid one."""
        if (driver := self.app._driver) is not None:  # noqa: SLF001  # `App.copy_to_clipboard` knows one way only
            driver.write(sequence)

    # What can be chosen

    def _of_record(self, line: Line) -> Iterator[Entry[_Wanted]]:
        some, zone = [line.record], self._exploring.zone
        whole = as_lines(some, zone)
        yield Entry("l", "One line", whole.text, _Wanted(whole))
        if (column := self._table.column) is not None:
            value = cell(line.record, column, zone)
            what = value.text or "empty"
            yield Entry("c", column.title, what, _Wanted(value), enabled=bool(value.text))
        yield Entry("n", "JSON", "as the site sent it, on one line", _Wanted(as_json(some)))
        yield Entry("m", "Markdown", "an item of a list, for a ticket", _Wanted(as_markdown(some, zone)))

    def _of_command(self) -> Entry[_Wanted]:
        line = command_line(self._command_parts())
        return Entry("s", "Shell command", line.text, _Wanted(line))

    def _of_marked(self) -> Iterator[Entry[_Wanted]]:
        search, zone = self._exploring.search, self._exploring.zone
        if search is None or not search.marked:
            return
        rows = sorted(search.marked)
        few = len(rows) <= COPIED_MOST
        forms: tuple[tuple[str, str, str, Form], ...] = (
            ("L", "lines", "a line a record", partial(as_lines, zone=zone)),
            ("N", "JSON", "JSON Lines, as the site sent them", as_json),
            ("M", "Markdown", "a list, for a ticket", partial(as_markdown, zone=zone)),
        )
        for letter, name, what, form in forms:
            told = what if few else f"more than {COPIED_MOST:,}: export them, by e"
            wanted = _Wanted(partial(_of_rows, search, rows, form))
            yield Entry(letter, f"{len(rows):,} marked: {name}", told, wanted, enabled=few)

    def _into_file(self, line: Line | None) -> Iterator[Entry[_Wanted]]:
        """The last copy, for whom nothing was pasted; before there is one, the record."""
        if (last := self._copied) is not None:
            yield Entry("f", "To a file", f"the last copy again: {last.what}", _Wanted(last, to_file=True))
        elif line is not None:
            copy = as_lines([line.record], self._exploring.zone)
            yield Entry("f", "To a file", "the record as one line", _Wanted(copy, to_file=True))


async def _of_rows(search: Search, rows: Sequence[int], form: Form) -> Copy:
    records: list[Record] = []
    for at in range(0, len(rows), _AT_ONCE):
        records += search.records(rows[at : at + _AT_ONCE])
        await asyncio.sleep(0)
    return await asyncio.to_thread(form, records)
