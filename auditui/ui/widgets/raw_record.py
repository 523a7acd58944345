"""The record's JSON text, as the site sent it: folded and searched. Moving in it and drawing it are `json_view`'s.

Owns the search. Knows nothing of records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Static

from auditui.ui.json_lines import MATCHES_CAP, Found, find
from auditui.ui.keymap import key
from auditui.ui.widgets.date_field import LineInput
from auditui.ui.widgets.json_view import JsonView, Place


class Wanted(LineInput):
    """The text to look for. From enter or esc on it takes no key, not even one that was typed ahead."""

    @dataclass
    class Ended(Message):
        """The text is whole, or no longer of interest."""

        keep: bool

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, compact=True)
        self.cursor_blink = False
        self.can_focus = False

    @property
    def typing(self) -> bool:
        """Whether it takes keys; only then can it be focused."""
        return self.can_focus

    @typing.setter
    def typing(self, typing: bool) -> None:
        self.can_focus = typing

    def on_key(self, event: events.Key) -> None:
        """End at once: the next key may be there already."""
        if not self.typing:
            event.prevent_default()
        elif event.key in ("enter", "ctrl+j", "escape"):
            event.prevent_default()
            event.stop()
            self.typing = False
            self.post_message(self.Ended(event.key != "escape"))


class RawRecord(JsonView):
    """One record as JSON."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key(
            "raw.toggle",
            "space,enter,ctrl+j",
            "fold_or_unfold",
            "Fold",
            "Fold the object or list of this line, or unfold it",
            show=True,
            label="space",
        ),
        key(
            "raw.fold", "h,left", "fold", "Fold or go out", "Fold; where nothing unfolds, go to what it is in"
        ),
        key("raw.unfold", "l,right", "unfold", "Unfold", "Unfold the object or list of this line"),
        key("raw.unfold_all", "e", "unfold_all", "Unfold all", "Unfold every object and list"),
        key("raw.fold_all", "E", "fold_all", "Fold all", "Fold every object and list but the outermost"),
        # With priority, so that what is typed ahead over a slow line goes into the field.
        key(
            "raw.search",
            "slash",
            "search",
            "Find",
            "Find a text in this record",
            show=True,
            label="/",
            priority=True,
        ),
        key("raw.next", "n", "match(1)", "Next match", "The next place where the text stands"),
        key("raw.previous", "N", "match(-1)", "Previous match", "The place before where the text stands"),
        key("raw.close", "escape,x", "close", "Close", "Back from the JSON to the record"),
    ]
    """| Key | Does |
    | :- | :- |
    | space, enter, h, l, e, E | fold and unfold |
    | / | find; enter keeps, esc drops |
    | n, N | next and previous match |
    | esc, x | close |
    """

    DEFAULT_CSS = """
    RawRecord {
        #raw-search { dock: bottom; height: 1; display: none; }
        &.-searching #raw-search { display: block; }
        #raw-slash { width: 2; }
        #raw-wanted { width: 1fr; }
        #raw-told { width: auto; margin-left: 1; }
        &:ansi LineInput { text-style: underline; }
    }
    """

    class Closed(Message):
        """Somebody has read enough."""

    _input = query_one(Wanted)
    _told = query_one("#raw-told", Static)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: tuple[Found, ...] = ()
        self._number = 0
        self._began: Place | None = None

    def compose(self) -> ComposeResult:
        """The line for the search."""
        with Horizontal(id="raw-search"):
            yield Static("/", id="raw-slash", markup=False)
            yield Wanted(id="raw-wanted")
            yield Static(id="raw-told", markup=False)

    def show(self, raw: str | None) -> None:
        """Show a JSON text unfolded from its first line on, None for nothing; the one shown already stays as it is."""
        if raw != self._raw:
            self._forget()
        super().show(raw)

    # Folding

    def action_fold_or_unfold(self) -> None:
        """Fold the object or list that begins or ends on this line, or unfold it."""
        if (line := self._object()) is not None:
            self._fold(self.outline.folded ^ {line}, line)

    def action_fold(self) -> None:
        """Fold what begins or ends here; where there is nothing to fold, go to the line of what this is in."""
        line = self._object()
        if line is not None and line not in self.outline.folded:
            self._fold(self.outline.folded | {line}, line)
        elif self.outline.lines and (parent := self.outline.lines[self.place.line].parent) >= 0:
            self._fold(self.outline.folded, parent)

    def action_unfold(self) -> None:
        """Unfold what begins here."""
        if (line := self._object()) in self.outline.folded:
            self._fold(self.outline.folded - {line}, self.place.line)

    def action_unfold_all(self) -> None:
        """Unfold everything."""
        self._fold(frozenset(), self.place.line)

    def action_fold_all(self) -> None:
        """Fold everything but the outermost."""
        self._fold(self.outline.inner, self.place.line)

    def _object(self) -> int | None:
        return self.outline.object_of(self.place.line) if self.outline.lines else None

    def _fold(self, folded: frozenset[int], line: int) -> None:
        self.place = self.place._replace(line=line, folded=folded)

    def on_click(self, event: events.Click) -> None:
        """The second click on a line folds or unfolds it."""
        if event.chain > 1 and event.widget is self:
            event.prevent_default()
            self.action_fold_or_unfold()

    # Searching

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """While one types what to look for, the key that began it is a letter like others."""
        return action != "search" or self.screen.focused is not self._input

    def action_search(self) -> None:
        """Begin to type what to look for."""
        if self._raw is None:
            return
        self._began = self.place
        self.add_class("-searching")
        self.below = 1
        self._input.typing = True
        self.screen.set_focus(self._input)

    @on(Input.Changed, "#raw-wanted")
    def _typed(self, changed: Input.Changed) -> None:
        """Go to the first match from where the search began on, or else to the very first."""
        changed.stop()
        if self._began is None:
            return
        self._found = find(self.outline.lines, changed.value)
        line = self._began.line
        self._number = next((number for number, found in enumerate(self._found) if found.line >= line), 0)
        self.place = self._began
        self._go()

    @on(Wanted.Ended)
    def _ended(self, ended: Wanted.Ended) -> None:
        """Back to the lines, with the matches still told where the search is kept."""
        if not ended.keep and self._began is not None:
            self.place = self._began
        if not ended.keep or not self._input.value:
            self._forget()
        self.screen.set_focus(self)

    def action_match(self, way: int) -> None:
        """Go to the next match, or back to the one before; after the last comes the first."""
        if self._found:
            self._number = (self._number + way) % len(self._found)
            self._go()

    def action_close(self) -> None:
        """Say that somebody has read enough."""
        self.post_message(self.Closed())

    def _forget(self) -> None:
        """There is no search any more."""
        self._found, self._number, self._began = (), 0, None
        self.mark("", None)
        self.below = 0
        self.remove_class("-searching")
        if self.is_mounted:
            with self.prevent(Input.Changed):
                self._input.value = ""
            self._input.typing = False
            if self._input.has_focus:
                self.focus()

    def _go(self) -> None:
        """To the match whose turn it is, and say which it is."""
        here = self._found[self._number] if self._found else None
        if here is not None:
            self.go_to(here)
        self.mark(self._input.value, here)
        self._told.update(Content(self._count()))

    def _count(self) -> str:
        if not self._input.value:
            return ""
        if not self._found:
            return "no match"
        more = "+" if len(self._found) == MATCHES_CAP else ""
        return f"{self._number + 1:,} of {len(self._found):,}{more}"
