"""The views one can go to: those one came through, saved and recent ones; and the question for a name.

Gets the views as data and a way to delete a saved one; does not know where they are kept. Names, searches and filters are
somebody's input and shown inert.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from auditui.model.errors import AudituiError, UsageError
from auditui.model.text import inert_line
from auditui.model.view import NAME_MOST, Named, View, name_of, title
from auditui.ui.keymap import key
from auditui.ui.present import content_of, error_content, one_line, plain
from auditui.ui.widgets.cells import fit_cell
from auditui.ui.widgets.date_field import Field, LineInput

_NAME_MOST = 24  # cells of a name in the list
_WHOLE = 1_000  # characters of a search or filter that are shown of the view under the cursor


@dataclass(frozen=True, slots=True)
class Choice:
    """The view to open, and where it stood in the list."""

    view: View
    step: int | None = None
    """Which view of this session it is, counted from 0; None for a saved or recent one."""
    name: str = ""
    """The name it was saved under."""


class ViewsScreen(ModalScreen[Choice | None]):
    """Gives the view to open; None on esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("views.close", "escape,q", "close", "Close", "Stay in the view where you are"),
        key("views.open", "ctrl+j", "open", "Open", "Open this view", label="enter"),
        key("views.down", "j,down", "move(1)", "Down", "The next view"),
        key("views.up", "k,up", "move(-1)", "Up", "The view before"),
        key("views.narrow", "slash", "narrow", "Narrow", "Only views that hold a text", label="/"),
        key("views.delete", "d", "delete", "Delete", "Delete the saved view, when pressed twice"),
    ]

    VERTICAL_BREAKPOINTS = [(0, "-short"), (22, "-tall")]
    AUTO_FOCUS = "OptionList"

    DEFAULT_CSS = """
    ViewsScreen {
        align: center middle;
        #views {
            width: 78; max-width: 100%; height: auto; max-height: 22;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
        #views-text { display: none; background: $panel; }
        &.-narrowed #views-text { display: block; }
        #views-words { height: 3; color: $text-muted; }
        OptionList { height: auto; max-height: 16; scrollbar-size: 0 0; text-wrap: nowrap; text-overflow: ellipsis; }
        OptionList > .option-list--option-disabled { color: $foreground; text-style: bold; }
        &.-short #views { max-height: 100%; }
        &.-short OptionList { max-height: 10; }
        &:ansi #views-text { text-style: underline; }
    }
    """

    _list = query_one(OptionList)
    _text = query_one("#views-text", LineInput)
    _words = query_one("#views-words", Static)

    def __init__(
        self,
        trail: Sequence[View],
        at: int,
        saved: Sequence[Named],
        recent: Sequence[View],
        delete: Callable[[str], Awaitable[None]],
    ) -> None:
        """Offer the views.

        Args:
            trail: the views one came through in this session, the first one first.
            at: which of them is the current one.
            saved: the saved views, in the order in which they are shown.
            recent: views of this and earlier runs, newest first.
            delete: deletes the saved view of a name; raises an `AudituiError` where it cannot.
        """
        super().__init__()
        self._trail = tuple(trail)
        self._at = at
        self._saved = tuple(saved)
        self._recent = tuple(recent)
        self._delete = delete
        self._asked: Named | None = None
        self._lines: list[Choice | None] = []

    def compose(self) -> ComposeResult:
        """What narrows the list, the list, and the view under the cursor in full."""
        with Vertical(id="views") as box:
            box.border_title = "Views"
            box.border_subtitle = "enter opens · / narrows · d deletes · esc closes"
            field = LineInput(
                placeholder="text in the view; enter keeps, esc drops", compact=True, id="views-text"
            )
            field.cursor_blink = False
            yield field
            yield OptionList(compact=True, markup=False)
            yield Static(id="views-words", markup=False)

    def on_mount(self) -> None:
        """Begin at the view where one is."""
        self._offer(Choice(self._trail[self._at], step=self._at) if self._trail else None)

    def on_resize(self) -> None:
        """Keep the cursor in sight; on opening, too, as the list has no height before."""
        self.call_after_refresh(self._list.scroll_to_highlight)

    # The list

    def _offer(self, at: Choice | None = None) -> None:
        """Show the views that hold the text, with the cursor on `at` or the first."""
        text = self._text.value.strip().casefold()
        options: list[Option] = []
        self._lines = []
        for heading, choices in self._groups():
            if found := [choice for choice in choices if text in _all_of(choice).casefold()]:
                self._lines += [None, *found]
                options.append(Option(Content(heading), disabled=True))
                options += [Option(self._prompt(choice)) for choice in found]
        with self.prevent(OptionList.OptionHighlighted):
            self._list.set_options(options)
            if options:
                self._list.highlighted = self._lines.index(at) if at and at in self._lines else 1
        self._moved()

    def _groups(self) -> tuple[tuple[str, list[Choice]], ...]:
        return (
            ("This session", [Choice(view, step=step) for step, view in enumerate(self._trail)]),
            ("Saved", [Choice(named.view, name=named.name) for named in self._saved]),
            ("Recent", [Choice(view) for view in self._recent]),
        )

    def _prompt(self, choice: Choice) -> Content:
        if choice.step is not None:
            front = Content("here  " if choice.step == self._at else "      ")
        elif choice.name:
            width = min(_NAME_MOST, max(cell_len(inert_line(named.name).text) for named in self._saved))
            front = Content.assemble("  ", content_of(fit_cell(inert_line(choice.name), width)), "  ")
        else:
            front = Content("  ")
        return Content.assemble(front, one_line(title(choice.view)))

    def _highlighted(self) -> Choice | None:
        index = self._list.highlighted
        return None if index is None else self._lines[index]

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        """Say the view under the cursor in full; who moves on has not agreed to delete."""
        self._asked = None
        if choice := self._highlighted():
            self._say(one_line(_all_of(choice)))
        else:
            self._say(Content("No view holds this text." if self._text.value else "There are no views yet."))

    def _say(self, words: Content) -> None:
        self._words.update(words, layout=False)

    # Keys

    @on(OptionList.OptionSelected)
    def _selected(self, selected: OptionList.OptionSelected) -> None:
        self.dismiss(self._lines[selected.option_index])

    def action_open(self) -> None:
        """The same as enter."""
        if self.focused is self._text:
            self._list.focus()
        else:
            self._list.action_select()

    def action_move(self, rows: int) -> None:
        """Move the cursor by one row, also from within the text."""
        if rows > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def action_close(self) -> None:
        """Keep the view that was to be deleted; else show all views again; else close."""
        if self._asked:
            self._moved()
        elif self.has_class("-narrowed"):
            with self.prevent(Input.Changed):
                self._text.value = ""
            self.remove_class("-narrowed")
            self._list.focus()
            self._offer(self._highlighted())
        else:
            self.dismiss(None)

    def action_narrow(self) -> None:
        """Ask for a text that the views are to hold."""
        self._moved()
        self.add_class("-narrowed")
        self._text.focus()

    @on(Input.Changed)
    def _narrow(self) -> None:
        self._offer(self._highlighted())

    @on(Input.Submitted)
    def _narrowed(self) -> None:
        self._list.focus()

    # Deleting

    def action_delete(self) -> None:
        """Delete the saved view under the cursor; asks the first time."""
        choice = self._highlighted()
        named = next((named for named in self._saved if choice and named.name == choice.name), None)
        if named is None:
            self._say(Content("Only a saved view can be deleted."))
        elif named != self._asked:
            self._asked = named
            self._say(Content.assemble("Press d again to delete “", one_line(named.name), "”; esc keeps it."))
        else:
            self._asked = None
            self._delete_now(named)

    @work(group="views", description="delete a saved view")
    async def _delete_now(self, named: Named) -> None:
        try:
            await self._delete(named.name)
        except AudituiError as error:
            self._say(error_content(error))
            return
        near = self._list.highlighted or 0
        around = [*self._lines[near + 1 :], *reversed(self._lines[:near])]
        self._saved = tuple(other for other in self._saved if other.name != named.name)
        self._offer(next(filter(None, around), None))
        self._say(Content.assemble("Deleted: “", one_line(named.name), "”."))


def _all_of(choice: Choice) -> str:
    """All that a view is, so far as anybody reads it."""
    named = f"{choice.name}: " if choice.name else ""
    return f"{named}{title(choice.view, _WHOLE)}"


class NameScreen(ModalScreen[str | None]):
    """Asks for the name under which a view is to be saved: the name, or None on esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("view_name.save", "ctrl+j", "save", "Save", "Save under this name", label="enter"),
        key("view_name.cancel", "escape", "cancel", "Cancel", "Save nothing"),
    ]

    AUTO_FOCUS = "LineInput"

    DEFAULT_CSS = """
    NameScreen {
        align: center middle;
        #view-name {
            width: 78; max-width: 100%; height: auto;
            border: solid $foreground; padding: 0 1; background: $surface;
        }
    }
    """

    _field = query_one(Field)

    def __init__(self, view: View, taken: Collection[str]) -> None:
        """Propose the view's title.

        Args:
            view: what is to be saved.
            taken: the names that other views have; taking one of them replaces its view.
        """
        super().__init__()
        self._proposed = " ".join(inert_line(title(view)).text.split())[:NAME_MOST].strip()
        self._taken = frozenset(taken)
        self._asked = ""

    def compose(self) -> ComposeResult:
        """The field."""
        with Vertical(id="view-name") as box:
            box.border_title = "Save this view"
            box.border_subtitle = "enter saves · esc cancels"
            yield Field("Name", self._proposed)

    @on(Input.Changed)
    def _read(self) -> None:
        """Say below the field what saving would do."""
        try:
            name = name_of(self._field.text)
        except UsageError as fault:
            self._field.refuse(fault)
            return
        taken = "There is a view of this name; saving replaces it." if name in self._taken else ""
        self._field.explain(plain(taken or "The name to find it by in the list of views."))

    @on(Input.Submitted)
    def action_save(self) -> None:
        """Leave with the name, if it can be one."""
        self._read()
        if self._field.fault:
            return
        name = name_of(self._field.text)
        if name in self._taken and name != self._asked:
            self._asked = name
            self._field.explain(plain("There is a view of this name: enter again replaces it."))
            return
        self.dismiss(name)

    def action_cancel(self) -> None:
        """Save nothing."""
        self.dismiss(None)
