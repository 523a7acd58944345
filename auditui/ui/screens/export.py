"""The export itself: under which name, how far it has come, and what came of it.

Gets the export as something to begin; knows neither formats nor rows. Names and words of files are shown inert.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, Static
from textual.worker import Worker

from auditui.model.errors import TOKEN_AT_FAULT, AudituiError, FileRefused
from auditui.session.evidence import Outcome
from auditui.session.export_files import Looked, look
from auditui.session.rows_export import RowsExport, Stage
from auditui.ui.export_text import outcome_lines, stage_lines
from auditui.ui.keymap import key
from auditui.ui.present import error_content, one_line, plain
from auditui.ui.widgets.date_field import Field

_EVERY = 1.0
"""Seconds between two pictures of the progress."""

_NEW = "A new file that only you can read, with its manifest beside it, in "

Begin = Callable[[Path, bool], RowsExport]
"""Makes the export, for a path, and whether a file there may be replaced."""


class ExportScreen(ModalScreen[Outcome | None]):
    """Gives what was exported; None where nothing was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "export.begin",
            "enter,ctrl+j",
            "begin",
            "Export",
            "Export under this name; close, when it is done",
        ),
        key("export.cancel", "escape", "close", "Cancel", "Cancel the export, or leave without one"),
    ]

    AUTO_FOCUS = "LineInput"

    DEFAULT_CSS = """
    ExportScreen {
        align: center middle;
        #export {
            width: 78; max-width: 100%; height: auto; max-height: 100%;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
        #export-what { margin-bottom: 1; }
        #export-words { height: auto; min-height: 2; max-height: 10; margin-top: 1; }
    }
    """

    _field = query_one(Field)
    _words = query_one("#export-words", Static)
    _box = query_one("#export", Vertical)

    def __init__(self, what: str, name: str, begin: Begin) -> None:
        """Propose a name.

        Args:
            what: which records, in which format.
            name: of the file, in the folder where auditui was started.
            begin: makes the export.
        """
        super().__init__()
        self._what = what
        self._proposed = name
        self._begin = begin
        self._agreed: Path | None = None
        """The file of which was said that it is replaced."""
        self._under_way: Worker[None] | None = None
        self._stopping = False
        self._done: Outcome | None = None
        self._progress: Timer | None = None
        self._shown: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """What is exported, the field, and words."""
        with Vertical(id="export") as box:
            box.border_title = "Export"
            box.border_subtitle = "enter exports · esc cancels"
            yield Static(plain(self._what), id="export-what", markup=False)
            yield Field("File", self._proposed)
            yield Static(id="export-words", markup=False)

    # The name

    @on(Input.Changed)
    @work(group="look", exclusive=True, description="look at a file's name")
    async def _read(self) -> None:
        """Say below the field where the export would go; in a thread, as the disk may be slow."""
        self._agreed = None
        try:
            looked = await asyncio.to_thread(look, self._field.text)
        except FileRefused as fault:
            self._field.refuse(fault)
            return
        words = f"There is {looked.there}; enter asks to replace it. In " if looked.there else _NEW
        self._field.explain(Content.assemble(words, one_line(str(looked.path.parent))))

    @on(Input.Submitted)
    def action_begin(self) -> None:
        """Begin; asks first where something would be replaced. Afterwards, close."""
        if self._done is not None:
            self.dismiss(self._done)
        elif self._under_way is None:
            self.workers.cancel_group(self, "look")
            self._under_way = self._carry_out(self._field.text)

    def _ask(self, looked: Looked) -> None:
        self._agreed = looked.path
        self._field.explain(
            Content.assemble(
                f"There is {looked.there}: enter again replaces it. ", one_line(str(looked.path))
            )
        )

    # The export

    @work(group="export", exclusive=True, description="export")
    async def _carry_out(self, name: str) -> None:
        try:
            self._say(Content())  # what was said is true of the try before
            looked = await asyncio.to_thread(look, name)
            if looked.there and self._agreed != looked.path:
                self._ask(looked)
                return
            self._field.input.disabled = True
            self._box.border_subtitle = "esc cancels"
            export = self._begin(looked.path, bool(looked.there))
            self._progress = self.set_interval(_EVERY, lambda: self._show(export.stage))
            self._finished(await export.run(_nothing))
        except FileRefused as fault:
            self._field.refuse(fault)
            self._again()
        except AudituiError as error:
            self._say(_told(error))
            self._again()
        except asyncio.CancelledError:
            self._cancelled()
            raise
        finally:
            self._under_way, self._stopping = None, False
            if self._progress is not None:
                self._progress.stop()

    def _show(self, stage: Stage) -> None:
        """Say how far it has come. Two lines are redrawn, and not the screen: bytes matter over SSH."""
        told = stage_lines(stage)
        if self._under_way is not None and not self._stopping and told != self._shown:
            self._shown = told
            self._words.update(plain("\n".join(told)), layout=False)

    def _finished(self, done: Outcome) -> None:
        self._done = done
        self._box.border_subtitle = "enter or esc closes"
        self._say(plain("\n".join(outcome_lines(done))))

    def _cancelled(self) -> None:
        if self.is_attached and self.is_mounted:
            self._say(Content("Cancelled: no file was written. What was loaded stays loaded."))
            self._again()

    def _again(self) -> None:
        """Another try may be made."""
        self._agreed = None
        self._box.border_subtitle = "enter exports · esc cancels"
        self._field.input.disabled = False
        self._field.input.focus()

    def _say(self, words: Content) -> None:
        self._shown = ()
        self._words.update(words)

    # The end

    def cancel(self) -> bool:
        """Cancel the export; whether one was going on."""
        if self._under_way is None:
            return False
        if not self._stopping:
            self._stopping = True
            self._say(Content("Stopping …"))
            self._under_way.cancel()
        return True

    def action_close(self) -> None:
        """Cancel what goes on; else close."""
        if not self.cancel():
            self.dismiss(self._done)


def _told(error: AudituiError) -> Content:
    """An error, and the way on that is not in this dialog."""
    told = error_content(error)
    if not isinstance(error, TOKEN_AT_FAULT):
        return told
    return Content("\n").join((told, Content("Here esc closes; then P signs in again.")))


def _nothing() -> None:
    """What has changed is looked at by the clock."""
