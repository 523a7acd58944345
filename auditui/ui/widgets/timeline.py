"""The timeline: how many records fall into each span of time, oldest on the left, newest on the right.

Owns the bucket cursor and the brush; both are kept as moments, so that they stay where they are when another picture
comes. Pictures come from the screen, which is told what is wanted. Only cells that changed are repainted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from auditui.ui.keymap import key
from auditui.ui.widgets.timeline_lines import Line, Picture, Scene, draw

__all__ = ["Picture", "Timeline"]

_ZOOM = 4
_SHORTEST = 1_000
"""Milliseconds that zooming in shows at least."""


class Timeline(Widget, can_focus=True):
    """Counts over time; one row is a sparkline, the last of several is the axis."""

    BINDINGS: ClassVar[list[BindingType]] = [
        key("timeline.older", "h,left", "move(-1)", "Older", "One bar to the left"),
        key("timeline.newer", "l,right", "move(1)", "Newer", "One bar to the right"),
        key("timeline.ten_older", "pageup", "move(-10)", "Ten older", "Ten bars to the left"),
        key("timeline.ten_newer", "pagedown", "move(10)", "Ten newer", "Ten bars to the right"),
        key("timeline.oldest", "g,home", "oldest", "Oldest", "The first bar"),
        key("timeline.newest", "G,end", "newest", "Newest", "The last bar"),
        key(
            "timeline.brush",
            "space",
            "brush",
            "Brush",
            "Begin a range at this bar; once more ends it",
            show=True,
        ),
        key(
            "timeline.apply",
            "enter,ctrl+j",
            "apply",
            "Apply",
            "Show the records of the range, or of this bar",
            show=True,
            label="enter",
        ),
        key(
            "timeline.zoom_in",
            "z",
            "zoom_in",
            "Zoom in",
            "Spread the range, or a quarter around this bar",
            show=True,
        ),
        key("timeline.zoom_out", "Z", "zoom_out", "Zoom out", "Show four times as much", show=True),
        key("timeline.whole", "0", "whole", "Whole", "Show all that was asked for"),
        key("timeline.drop", "escape", "drop", "Drop range", "Drop the range"),
    ]
    """| Key | Does |
    | :- | :- |
    | h, l, arrows, page keys, g, G | move from bar to bar |
    | space | begin or end a range |
    | enter | show the records of the range or the bar |
    | z, Z, 0 | zoom in and out, show the whole |
    | esc | drop the range |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "timeline--bar",
        "timeline--not-loaded",
        "timeline--cursor",
        "timeline--brush",
        "timeline--axis",
        "timeline--mark",
    }
    """| Class | What |
    | :- | :- |
    | `timeline--bar` | the bars |
    | `timeline--not-loaded` | where records are still to be loaded |
    | `timeline--cursor` | the bar under the cursor |
    | `timeline--brush` | the bars of the range |
    | `timeline--axis` | the texts below the bars |
    | `timeline--mark` | the signs on the axis: where the cursor or the table's record is, the ends of the range |
    """

    DEFAULT_CSS = """
    Timeline {
        height: 3;
        .timeline--bar { color: $text-secondary; }
        .timeline--not-loaded { color: $foreground-muted; }
        .timeline--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        .timeline--brush { color: $text-secondary; text-style: reverse; }
        .timeline--axis { color: $foreground-muted; }
        .timeline--mark { color: $foreground; text-style: bold; }
        &:focus .timeline--axis { color: $foreground; text-style: bold; }
    }
    """

    ALLOW_SELECT = False

    @dataclass
    class Resized(Message):
        """Another number of buckets would fit."""

        buckets: int

        def can_replace(self, message: Message) -> bool:
            """Only the last size matters."""
            return isinstance(message, Timeline.Resized)

    @dataclass
    class Applied(Message):
        """Somebody wants the records from `start` on and before `end`, in milliseconds."""

        start: int
        end: int

    @dataclass
    class SpanWanted(Message):
        """Somebody wants a picture from `start` on and before `end`, in milliseconds."""

        start: int
        end: int

    class WholeWanted(Message):
        """Somebody wants a picture of all that was asked for."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picture: Picture | None = None
        self._marked: int | None = None
        self._at: int | None = None  # the cursor; until it is moved it goes with the mark
        self._brush: tuple[int, int] | None = None
        self._open: tuple[int, int] | None = None  # the bar where a brush began that still follows the cursor
        self._wanted = 0
        self._lines: tuple[Line, ...] = ()

    # What is shown

    @property
    def buckets_wanted(self) -> int:
        """Buckets a picture should have at most; two more, which the calendar may add, still fit."""
        return max(1, self.size.width - 2)

    def show(self, picture: Picture | None) -> None:
        """Show other counts; cursor and brush stay on their moments."""
        picture = picture if picture and picture.counts else None
        if picture == self._picture:
            return
        self._picture = picture
        if self._brushed is None:
            self._brush = self._open = None
        self._redraw()

    def mark(self, at: int | None) -> None:
        """Say where the table's record lies, in milliseconds; None where there is none or it has no date."""
        if at != self._marked:
            self._marked = at
            self._redraw()

    @property
    def span(self) -> tuple[int, int] | None:
        """What `enter` applies, half-open in milliseconds: the brush, else the cursor's bucket."""
        if self._picture is None:
            return None
        first, end = self._brushed or (self._cursor, self._cursor + 1)
        return self._picture.edges[first], self._picture.edges[end]

    # Moving

    @property
    def _cursor(self) -> int:
        """The cursor's bucket: the one of its moment, else of the table's record, else the newest."""
        if self._picture is None:
            return 0
        at = self._marked if self._at is None else self._at
        return self._picture.bucket_of(self._picture.edges[-1] if at is None else at)

    @property
    def _brushed(self) -> tuple[int, int] | None:
        """The buckets of the brush, half-open; None without one, or where it lies outside the picture."""
        picture, brush = self._picture, self._brush
        if not picture or not brush or brush[1] <= picture.edges[0] or brush[0] >= picture.edges[-1]:
            return None
        return picture.bucket_of(brush[0]), picture.bucket_of(brush[1] - 1) + 1

    def move_to(self, bucket: int) -> None:
        """Put the cursor on a bucket, or on the nearest there is; an open brush follows."""
        if self._picture is None:
            return
        bucket = max(0, min(bucket, len(self._picture.counts) - 1))
        begin, end = self._picture.edges[bucket : bucket + 2]
        self._at = (begin + end) // 2  # where further zooming leads, too
        if self._open:
            self._brush = min(self._open[0], begin), max(self._open[1], end)
        self._redraw()

    def action_move(self, buckets: int) -> None:
        """Move the cursor by some buckets."""
        self.move_to(self._cursor + buckets)

    def action_oldest(self) -> None:
        """Go to the first bucket."""
        self.move_to(0)

    def action_newest(self) -> None:
        """Go to the last bucket."""
        self.move_to(len(self._picture.counts) if self._picture else 0)

    def on_click(self, event: events.Click) -> None:
        picture = self._picture
        if not picture or not 0 <= event.x < self.size.width:
            return
        self.move_to(event.x * len(picture.counts) // self.size.width)
        if event.chain > 1:
            self.action_apply()

    # Brush and zoom

    def action_brush(self) -> None:
        """Begin a brush at the cursor, or fix the one that follows it."""
        if self._open:
            self._open = None
            return
        self._brush = None
        self._brush = self._open = self.span
        self.move_to(self._cursor)

    def action_drop(self) -> None:
        """Drop the brush.

        Raises:
            SkipAction: there is none, so that the key means what it means around here.
        """
        if self._brush is None:
            raise SkipAction
        self._brush = self._open = None
        self._redraw()

    def action_apply(self) -> None:
        """Ask for the records of the brush, or of the cursor's bucket."""
        span = self.span
        self._brush = self._open = None
        self._redraw()
        if span:
            self.post_message(self.Applied(*span))

    def action_zoom_in(self) -> None:
        """Ask for a picture of the brush, or of a quarter around the cursor."""
        if not (picture := self._picture) or not (span := self.span):
            return
        begin, end = picture.edges[0], picture.edges[-1]
        if self._brush and span != (begin, end):
            self._open = None  # the range stays, and is all that is shown then: enter applies it
        else:
            self._brush = self._open = None
            length = max((end - begin) // _ZOOM, _SHORTEST)
            middle = sum(picture.edges[self._cursor : self._cursor + 2]) // 2
            start = max(begin, min(middle - length // 2, end - length))
            span = (start, start + length)
        self._want(span)

    def action_zoom_out(self) -> None:
        """Ask for a picture of four times as much."""
        if not (picture := self._picture):
            return
        begin, end = picture.edges[0], picture.edges[-1]
        middle = sum(picture.edges[self._cursor : self._cursor + 2]) // 2
        length = (end - begin) * _ZOOM
        start = max(end - length, min(middle - length // 2, begin))
        self._want((start, start + length))

    def action_whole(self) -> None:
        """Ask for a picture of all that was asked for."""
        self.post_message(self.WholeWanted())

    def _want(self, span: tuple[int, int]) -> None:
        if self._picture and span != (self._picture.edges[0], self._picture.edges[-1]):
            self.post_message(self.SpanWanted(*span))

    # Drawing

    def on_resize(self, event: events.Resize) -> None:
        self._redraw()
        if self.buckets_wanted != self._wanted:
            self._wanted = self.buckets_wanted
            self.post_message(self.Resized(self._wanted))

    def watch_has_focus(self, _has_focus: bool) -> None:
        """The cursor, and what is told of its bucket, are there for somebody who can move it."""
        super().watch_has_focus(_has_focus)
        self._redraw()

    def _redraw(self) -> None:
        """Draw all lines, and repaint the cells that are not what they were."""
        before, self._lines = self._lines, self._draw()
        if len(before) != len(self._lines):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            if len(old) != len(new):
                self.refresh()
            elif changed := [x for x, cell in enumerate(new) if cell != old[x]]:
                self.refresh(Region(changed[0], y, changed[-1] - changed[0] + 1, 1))

    def _draw(self) -> tuple[Line, ...]:
        if self._picture is None:
            return ()
        cursor = self._cursor if self.has_focus else None
        width, height = self.size
        return draw(Scene(self._picture, width, height, cursor, self._brushed, self._marked))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        line = self._lines[y] if y < len(self._lines) else ()
        styles = {role: self.get_component_rich_style(f"timeline--{role}") for _sign, role in line}
        segments = [
            Segment("".join(sign for sign, _role in run), styles[role])
            for role, run in groupby(line, key=lambda cell: cell[1])
        ]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)
