"""The pane of facets: the values that occur in some fields, how often, and which of them are chosen.

Owns the cursor and what can be seen. Draws a `FacetsPicture` and says what somebody wants; it counts nothing, knows no
filter and never changes its picture: the owner answers with another one. Values are foreign and drawn as inert text.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from auditui.model.text import Inert, inert_line
from auditui.ui.keymap import key
from auditui.ui.widgets.cells import fit_cell, segments
from auditui.ui.widgets.facets_picture import (
    Choice,
    Facet,
    FacetsPicture,
    Row,
    bar,
    largest,
    rows_of,
    title,
)

_HEAD = 1
_NARROWEST = 20
_WITH_BARS = 40
_BEFORE_NAME = 5  # the cursor's sign, the box and a blank

_NONE = Inert("(none)", ((0, 6),))
"""The empty value: set apart, so that a value of these very letters differs."""


class Facets(Widget, can_focus=True):
    """Values with counts, a line each, facet after facet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("facets.down", "j,down", "move(1)", "Down", "Next value"),
        key("facets.up", "k,up", "move(-1)", "Up", "Previous value"),
        key("facets.page_down", "pagedown", "page(1)", "Page down", "One screen further"),
        key("facets.page_up", "pageup", "page(-1)", "Page up", "One screen back"),
        key("facets.first", "g,home", "go(0)", "First", "The first value"),
        key("facets.last", "G,end", "go(-1)", "Last", "The last value"),
        key("facets.next_facet", "n", "facet(1)", "Next facet", "The first value of the next facet"),
        key(
            "facets.previous_facet",
            "N",
            "facet(-1)",
            "Previous facet",
            "This facet's first value, or the last facet's",
        ),
        key(
            "facets.include",
            "space",
            "choose('IN')",
            "Choose",
            "Show records with this value, or not only them",
            show=True,
        ),
        key(
            "facets.exclude",
            "x",
            "choose('OUT')",
            "Exclude",
            "Leave out records with this value, or show them",
            show=True,
        ),
        key(
            "facets.only",
            "enter,ctrl+j",
            "only",
            "Only this",
            "Show only this value and go to the records",
            show=True,
            label="enter",
        ),
        key(
            "facets.invert",
            "v",
            "invert",
            "Invert",
            "Exclude what is chosen here, choose what is excluded",
            show=True,
        ),
        key("facets.clear", "u", "clear", "Clear facet", "Choose nothing in this facet"),
        key("facets.clear_all", "U", "clear_all", "Clear all", "Choose nothing in any facet"),
    ]
    """| Key | Does |
    | :- | :- |
    | j, k, arrows, page keys, g, G, n, N | move |
    | space, x, enter | choose, exclude, only this |
    | v, u, U | invert, clear |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "facets--head",
        "facets--told",
        "facets--title",
        "facets--cursor",
        "facets--bar",
        "facets--spelled-out",
    }
    """| Class | What |
    | :- | :- |
    | `facets--head` | the pane's name, in reverse with the focus |
    | `facets--told` | how many records are counted, and what stands in place of facets |
    | `facets--title` | the name of a facet |
    | `facets--cursor` | the cursor's line |
    | `facets--bar` | the bars |
    | `facets--spelled-out` | characters that were spelled out |
    """

    DEFAULT_CSS = """
    Facets {
        height: 1fr;
        .facets--head { color: $foreground-muted; }
        .facets--told { color: $foreground-muted; }
        .facets--title { text-style: bold; }
        .facets--cursor { color: $foreground; }
        .facets--bar { color: $primary; }
        .facets--spelled-out { text-style: underline; }
        &:focus .facets--head { text-style: bold reverse; color: $foreground; }
        &:focus .facets--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """

    ALLOW_SELECT = False

    @dataclass
    class Chosen(Message):
        """Somebody wants this choice in the facet, whole as it stands here."""

        field: str
        included: tuple[str, ...]
        """Values as the records have them."""
        excluded: tuple[str, ...]

    class Cleared(Message):
        """Somebody wants no choice in any facet."""

    class Done(Message):
        """Somebody has chosen one value and wants to see its records."""

    @dataclass
    class MoreWanted(Message):
        """Somebody wants more values of this field."""

        field: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0
        """The cursor's line, counted from the first facet's title; of no meaning where nothing is counted."""
        self.top = 0
        """The line below the head."""
        self._picture: FacetsPicture | None = None
        self._failed = False
        self._rows: tuple[Row, ...] = ()
        self._count_width = 0
        self._kept: tuple[int, int, tuple[str, str | None]] | None = None
        self._asked: dict[str, Facet] = {}
        self._strips: list[Strip] = []

    # What is shown

    @property
    def filled(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self._rows)

    def show(self, picture: FacetsPicture | None, *, failed: bool = False) -> None:
        """Show other counts; the cursor stays on its value, or near where that was. Only lines that differ are drawn.

        Args:
            picture: the counts; None where there are none.
            failed: whether that is because they could not be had.
        """
        self._picture, self._failed = picture, failed
        self._rows = tuple(rows_of(picture)) if picture else ()
        self._count_width = max((len(row.number) for row in self._rows), default=0)
        self._asked.clear()
        if self._rows:
            self.cursor = self._found()
        self._settle()

    def _found(self) -> int:
        """Where the cursor's value is now."""
        if self._kept is None:
            return self._stop(0, 1)
        row, at, (field, text) = self._kept
        here = [index for index, each in enumerate(self._rows) if each.facet.field == field and each.at >= 0]
        same = [index for index in here if self._rows[index].place == (field, text)]
        near = here[min(at, len(here) - 1)] if here else row
        return self._stop(same[0] if same else near, 1)

    def _stop(self, row: int, step: int) -> int:
        """The nearest line the cursor may stand on, looked for in the direction of `step` first."""
        stops = [index for index, each in enumerate(self._rows) if each.at >= 0]
        ahead = [index for index in stops if (index - row) * step >= 0]
        return min(ahead or stops or [0], key=lambda index: abs(index - row))

    # Moving

    def move_to(self, row: int, step: int = 1) -> None:
        """Put the cursor on a line, or, where a title stands there, on the next in the direction of `step`."""
        self.cursor = self._stop(row, step)
        self._settle()

    def action_move(self, rows: int) -> None:
        """Move the cursor by some lines; titles do not count."""
        self.move_to(self.cursor + rows, rows)

    def action_page(self, screens: int) -> None:
        """Move view and cursor by a screen."""
        self.top += screens * self._lines
        self.move_to(self.cursor + screens * self._lines, screens)

    def action_go(self, row: int) -> None:
        """Go to the first value, or, with -1, to the last."""
        self.move_to(row if row >= 0 else len(self._rows) - 1, 1 if row >= 0 else -1)

    def action_facet(self, step: int) -> None:
        """Go to the first value of the next facet; backwards, first to that of this one."""
        starts = [index for index, row in enumerate(self._rows) if row.at == 0]
        ahead = [index for index in starts if (index - self.cursor) * step > 0]
        if ahead:
            self.move_to(min(ahead) if step > 0 else max(ahead))

    def on_click(self, event: events.Click) -> None:
        row = self.top + event.y - _HEAD
        if event.y < _HEAD or row >= len(self._rows):
            return
        self.move_to(row)
        if self.cursor == row and (event.x < _BEFORE_NAME or self._rows[row].value is None):
            self.action_choose("IN")

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.action_move(-3)

    def on_resize(self) -> None:
        self._strips = []
        self._settle()

    @property
    def _lines(self) -> int:
        return max(1, self.size.height - _HEAD)

    def _settle(self) -> None:
        """Bring the cursor into view, with the title over a facet's first value, and draw what differs."""
        if not self.size:
            return
        if self._rows:
            row = self._rows[self.cursor]
            self._kept = self.cursor, row.at, row.place
            first = self.cursor - 1 if row.at == 0 and self._lines > 1 else self.cursor
            last = min(max(self.top, 0), max(0, len(self._rows) - self._lines))
            self.top = min(max(last, self.cursor + 1 - self._lines), first)
        else:
            self.top = 0
        self._redraw()

    # Choosing

    def action_choose(self, choice: str) -> None:
        """Give the cursor's value this choice, or take it away; on the last line, ask for more values."""
        row = self._here
        if row is None:
            return
        if row.value is None:
            if choice == Choice.IN.name:
                self.post_message(self.MoreWanted(row.facet.field))
            return
        facet = self._chosen_so_far(row.facet)
        before = facet.values[row.at].choice
        now = Choice.NONE if before is Choice[choice] else Choice[choice]
        self._choose(facet, {row.value.text: now}, rest=None)

    def action_only(self) -> None:
        """Choose the cursor's value alone in its facet, and be done."""
        row = self._here
        if row is None or row.value is None:
            self.action_choose(Choice.IN.name)
            return
        self._choose(self._chosen_so_far(row.facet), {row.value.text: Choice.IN}, rest=Choice.NONE)
        self.post_message(self.Done())

    def action_invert(self) -> None:
        """Exclude what is chosen in this facet, and choose what is excluded."""
        if row := self._here:
            facet = self._chosen_so_far(row.facet)
            turned = {Choice.IN: Choice.OUT, Choice.OUT: Choice.IN}
            choices = {value.text: turned.get(value.choice, value.choice) for value in facet.values}
            self._choose(facet, choices, rest=None)

    def action_clear(self) -> None:
        """Choose nothing in this facet."""
        if row := self._here:
            self._choose(self._chosen_so_far(row.facet), {}, rest=Choice.NONE)

    def action_clear_all(self) -> None:
        """Choose nothing in any facet."""
        self._asked = {
            facet.field: replace(
                facet, values=tuple(replace(value, choice=Choice.NONE) for value in facet.values)
            )
            for facet in (self._picture.facets if self._picture else ())
        }
        self.post_message(self.Cleared())

    @property
    def _here(self) -> Row | None:
        return self._rows[self.cursor] if self._rows and self._rows[self.cursor].at >= 0 else None

    def _chosen_so_far(self, facet: Facet) -> Facet:
        """With the choices asked for since the picture came: keys may be quicker than the owner's answer."""
        return self._asked.get(facet.field, facet)

    def _choose(self, facet: Facet, choices: dict[str, Choice], *, rest: Choice | None) -> None:
        """Ask for these choices; all other values get `rest`, or keep what they have."""
        values = tuple(
            replace(value, choice=choices.get(value.text, rest or value.choice)) for value in facet.values
        )
        if values == facet.values:
            return
        self._asked[facet.field] = replace(facet, values=values)
        included, excluded = (
            tuple(value.text for value in values if value.choice is choice)
            for choice in (Choice.IN, Choice.OUT)
        )
        self.post_message(self.Chosen(facet.field, included, excluded))

    # Drawing

    def _redraw(self) -> None:
        """Repaint the lines that differ from what was drawn before."""
        before, self._strips = self._strips, self._draw()
        if len(before) != len(self._strips):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._strips, strict=True)):
            if old != new:
                self.refresh(Region(0, y, self.size.width, 1))

    def notify_style_update(self) -> None:
        """Another theme, or the focus: the strips hold styles."""
        self._strips = []
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if not self._strips:
            self._strips = self._draw()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def _draw(self) -> list[Strip]:
        """Every line of the pane."""
        if not self._rows or self.size.width < _NARROWEST:
            return [self._head(), *self._nothing()][: self.size.height]
        widest = {row.facet.field: largest(row.facet) for row in self._rows}
        shown = range(self.top, min(self.top + self.size.height - _HEAD, len(self._rows)))
        lines = [self._line(self._rows[row], widest, under_cursor=row == self.cursor) for row in shown]
        blank = [self._strip([])] * (self.size.height - _HEAD - len(lines))
        return [self._head(), *lines, *blank]

    def _head(self) -> Strip:
        told = f"  {self._picture.told}" if self._picture and self._picture.told else ""
        head, style = (
            self.get_component_rich_style("facets--head"),
            self.get_component_rich_style("facets--told"),
        )
        return self._strip([(Inert("Facets"), head), (inert_line(told), style)])

    def _nothing(self) -> list[Strip]:
        style = self.get_component_rich_style("facets--told")
        said = "They could not be counted; below is said why." if self._failed else "Nothing to count yet."
        words = textwrap.wrap(said, max(10, self.size.width - 2))
        return [self._strip([]), *(self._strip([(Inert(f" {line}"), style)]) for line in words)]

    def _line(self, row: Row, widest: dict[str, int], *, under_cursor: bool) -> Strip:
        style = self.get_component_rich_style("facets--cursor") if under_cursor else self.rich_style
        sign = Inert(">" if under_cursor and self.has_focus else " ")
        if row.at < 0:
            heading = self.get_component_rich_style("facets--title")
            return self._strip([(sign, style), (inert_line(title(row.facet)), heading)])
        bar_width = min(20, self.size.width // 5) if self.size.width >= _WITH_BARS else 0
        behind = self._count_width + 1 + (bar_width + 1 if bar_width else 0)
        name = fit_cell(self._shown(row), max(1, self.size.width - _BEFORE_NAME - behind))
        box = row.value.choice.value if row.value else "   "
        parts = [(sign, style), (Inert(f"{box} "), style), (name, style)]
        if bar_width:
            drawn = bar(row.value, widest[row.facet.field], bar_width)
            parts.append(
                (Inert(f" {drawn}"), style if under_cursor else self.get_component_rich_style("facets--bar"))
            )
        return self._strip([*parts, (Inert(f" {row.number:>{self._count_width}}"), style)])

    def _shown(self, row: Row) -> Inert:
        if row.value is None:
            return Inert(f"… {row.facet.others:,} more")
        return inert_line(row.value.text) if row.value.text else _NONE

    def _strip(self, parts: list[tuple[Inert, Style]]) -> Strip:
        """Inert texts in a row, exactly as wide as the pane."""
        odd = self.get_component_rich_style("facets--spelled-out", partial=True)
        pieces = [segment for shown, style in parts for segment in segments(shown, style, style + odd)]
        last = parts[-1][1] if parts else self.rich_style
        strip = Strip(pieces).simplify()
        if strip.cell_length > self.size.width:
            return strip.crop(0, self.size.width)
        return strip.extend_cell_length(self.size.width, last)
