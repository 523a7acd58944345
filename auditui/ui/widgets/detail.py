"""The pane that shows one record whole. Draws what `record_view` makes of it and knows nothing of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from auditui.model.record import Record
from auditui.model.when import Zone
from auditui.ui.keymap import key

if TYPE_CHECKING:
    from auditui.ui.record_view import Relation


class Detail(VerticalScroll, can_focus=True):
    """One record, scrollable."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("detail.down", "j,down", "scroll_by(1)", "Down", "Scroll down"),
        key("detail.up", "k,up", "scroll_by(-1)", "Up", "Scroll up"),
        key("detail.page_down", "pagedown,ctrl+d", "scroll_by(10)", "Page down", "Scroll down by ten lines"),
        key("detail.page_up", "pageup,ctrl+u", "scroll_by(-10)", "Page up", "Scroll up by ten lines"),
        key("detail.top", "g,home", "scroll_by(-100000)", "Top", "The record's first line"),
        key("detail.bottom", "G,end", "scroll_by(100000)", "Bottom", "The record's last line"),
    ]

    DEFAULT_CSS = """
    Detail {
        height: 1fr;
        padding: 0 1;
        scrollbar-size: 0 0;
        border-top: solid $foreground 30%;
        border-title-style: bold;
        &:focus { border-top: solid $foreground; border-title-style: bold reverse; }
    }
    """

    ALLOW_MAXIMIZE = False
    _text = query_one("#detail-text", Static)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """The text, without markup."""
        yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        """The pane's name stands in its upper border."""
        self.border_title = "Record"

    def show(
        self,
        record: Record | None,
        zone: Zone,
        remarks: tuple[str, ...] = (),
        relations: tuple[Relation, ...] = (),
    ) -> None:
        """Show a record from its first line on; nothing where there is none. What is shown already stays as it is.

        Args:
            record: the record.
            zone: the zone its times are shown in.
            remarks: of what it is the first among the loaded records.
            relations: other records that have to do with it.
        """
        before, self._shown = self._shown, (record, zone, remarks, relations)
        if before == self._shown:
            return
        self._text.update(_content(record, zone, remarks, relations) if record else Content(""))
        if before[:1] != (record,):
            self.scroll_home(animate=False)

    def action_scroll_by(self, lines: int) -> None:
        """Scroll by some lines, at once."""
        self.scroll_relative(y=lines, animate=False)


def _content(
    record: Record, zone: Zone, remarks: tuple[str, ...], relations: tuple[Relation, ...]
) -> Content:
    # Only when there is a record: it follows the first ones on the screen, which would wait 5 ms for it.
    from auditui.ui.record_view import record_content

    return record_content(record, zone, remarks, relations)
