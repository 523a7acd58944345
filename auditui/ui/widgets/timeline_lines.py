"""How the timeline looks: a picture and where things stand in it go in, lines of characters with a role each come out.

Pure. Knows neither keys nor colours: nothing here is told by a role alone, so that all of it can be read without any.
Every text is ours or a number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from auditui.model.buckets import SCALES, Scale, edges, scale_for
from auditui.model.when import Zone, show_time

Line = tuple[tuple[str, str], ...]
"""A character and its role for every cell: `bar`, `not-loaded`, `cursor`, `brush`, `axis` or `mark`."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_NOT_LOADED = "░"
_NOT_KEPT = "·"
"""What fills the part that is not loaded, and the part from before the site's records begin."""

_DAY = 86_400_000
_MINUTE = 60_000
_TICK = 9
"""Cells a tick's label takes at least, with the gap before the next."""
_LEFT = 16
"""Cells from the left edge in which its date is put, where the caret is in the way; inside a brush it would mislead."""


@dataclass(frozen=True, slots=True)
class Picture:
    """How many records fall into each bucket, oldest first."""

    edges: tuple[int, ...]
    """n + 1 ascending milliseconds."""
    counts: tuple[int, ...]
    """n counts."""
    title: str
    """Of the scale: `1 h`."""
    zone: Zone
    """The zone the axis is written in."""
    loaded_from: int | None
    """The oldest moment that is loaded for sure, in milliseconds; None where nothing is."""
    whole: bool
    """Whether everything that was asked for is loaded."""
    aside: int = 0
    """Matching records with no usable date, or outside the edges."""
    filtered: bool = False
    """Whether only the records that match a filter are counted."""
    kept_from: int | None = None
    """The moment before which the site keeps nothing, in milliseconds; None where it does not say."""

    def bucket_of(self, moment: int) -> int:
        """The bucket of a moment, or the nearest there is."""
        return max(0, min(bisect_right(self.edges, moment) - 1, len(self.counts) - 1))

    def loaded(self, bucket: int) -> bool:
        """Whether all of a bucket's records are loaded."""
        return self.whole or (self.loaded_from is not None and self.loaded_from <= self.edges[bucket])

    def not_loaded(self, bucket: int) -> bool:
        """Whether none of a bucket's records need be loaded."""
        return not self.whole and (self.loaded_from is None or self.edges[bucket + 1] <= self.loaded_from)

    def not_kept(self, bucket: int) -> bool:
        """Whether a bucket is empty because the site keeps nothing as old, and not because nothing happened."""
        if self.kept_from is None or self.loaded_from is None or self.counts[bucket]:
            return False
        return self.whole and self.edges[bucket + 1] <= min(self.kept_from, self.loaded_from)


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture, and all that decides how it is drawn now."""

    picture: Picture
    width: int
    height: int
    cursor: int | None
    """The cursor's bucket; None where nobody is here to move it."""
    brush: tuple[int, int] | None
    """The brushed buckets, half-open."""
    mark: int | None
    """The moment of the table's record, in milliseconds."""

    def cells_of(self, bucket: int) -> tuple[int, int]:
        """The cells of a bucket, half-open; at least one."""
        count = len(self.picture.counts)
        first, end = (-(-number * self.width // count) for number in (bucket, bucket + 1))
        return min(first, self.width - 1), max(end, first + 1)

    def buckets_of(self, cell: int) -> range:
        """The buckets drawn in a cell: more than one only until there is a picture for this width."""
        count = len(self.picture.counts)
        first, end = cell * count // self.width, (cell + 1) * count // self.width
        return range(first, max(end, first + 1))

    def cell_of(self, moment: int) -> int:
        """The cell of a moment between the edges."""
        bucket = self.picture.bucket_of(moment)
        begin, end = self.picture.edges[bucket : bucket + 2]
        first, after = self.cells_of(bucket)
        return min(after - 1, first + (moment - begin) * (after - first) // (end - begin))

    def column(self, cell: int) -> tuple[int, str, str]:
        """What stands in a cell: how many records, what is above their bar, its role where it has one of its own."""
        buckets = self.buckets_of(cell)
        count = max(self.picture.counts[bucket] for bucket in buckets)
        empty = " " if all(map(self.picture.loaded, buckets)) else _NOT_LOADED
        if all(map(self.picture.not_kept, buckets)):
            empty = _NOT_KEPT
        return count, empty, max(map(self._chosen, buckets), key=("", "brush", "cursor").index)

    def _chosen(self, bucket: int) -> str:
        if bucket == self.cursor:
            return "cursor"
        return "brush" if self.brush and self.brush[0] <= bucket < self.brush[1] else ""


def draw(scene: Scene) -> tuple[Line, ...]:
    """All lines: bars and, from two lines on, the axis."""
    if not scene.picture.counts or scene.width < 1 or scene.height < 1:
        return ()
    if scene.height == 1:
        (bars,) = _bars(scene, 1)
        signs = _signs(replace(scene, mark=None))  # which belongs to the axis, and would hide a bar
        return (tuple((signs[at], "mark") if at in signs else cell for at, cell in enumerate(bars)),)
    return (*_bars(scene, scene.height - 1), _axis(scene))


# Bars


def _bars(scene: Scene, rows: int) -> Iterator[Line]:
    highest = max(1, *scene.picture.counts)
    columns = [
        (-(-count * rows * (len(_EIGHTHS) - 1) // highest), empty, role)
        for count, empty, role in map(scene.column, range(scene.width))
    ]
    for row in reversed(range(rows)):
        lower = row * (len(_EIGHTHS) - 1)  # what the rows below this one show
        yield tuple(
            _bar(_EIGHTHS[max(0, min(level - lower, len(_EIGHTHS) - 1))], empty, role)
            for level, empty, role in columns
        )


def _bar(sign: str, empty: str, role: str) -> tuple[str, str]:
    if sign == " " != empty:
        return empty, role or "not-loaded"
    return sign, role or "bar"


# The axis


class _Row:
    """One line of texts that never cover each other: two blanks between them, one before and after a sign."""

    def __init__(self, width: int, signs: dict[int, str]) -> None:
        self.width = width
        self._cells = [(signs[at], "mark") if at in signs else (" ", "axis") for at in range(width)]
        self._taken = set(signs)

    def _free(self, at: int, text: str) -> bool:
        end = at + len(text)
        return at >= 0 and end <= self.width and self._taken.isdisjoint(range(at - 1, end + 1))

    def put(self, at: int, text: str) -> None:
        """Write a text."""
        for cell, character in enumerate(text, at):
            self._cells[cell] = (character, "axis")
        self._taken.update(range(at - 1, at + len(text) + 1))

    def put_first(self, places: range, text: str) -> bool:
        """Write a text at the first of some places where it fits; whether there was one."""
        place = next((at for at in places if self._free(at, text)), None)
        if place is not None:
            self.put(place, text)
        return place is not None

    def put_anyway(self, text: str) -> None:
        """Write a text where it fits, or else, as much as can be, over the signs at the right."""
        if not self.put_first(range(self.width - len(text), -1, -1), text):
            self.put(max(0, self.width - len(text)), text[: self.width])

    @property
    def line(self) -> Line:
        """What was written."""
        return tuple(self._cells)


def _axis(scene: Scene) -> Line:
    row = _Row(scene.width, _signs(scene))
    edge = _moment(scene.picture, scene.picture.edges[0], year=True, midnight=False)
    dated = row.put_first(range(1 if scene.brush else _LEFT), edge)
    if not _put_legend(row, scene):
        # What is told of the cursor is worth more than the left edge.
        row, dated = _Row(scene.width, _signs(scene)), False
        if not _put_legend(row, scene):
            row.put_anyway(_told(scene)[1])
    _put_ticks(row, scene, dated=dated)
    return row.line


def _signs(scene: Scene) -> dict[int, str]:
    """`^` under the cursor's bucket, or else under the table's record; `[` and `]` outside the brush."""
    picture, signs = scene.picture, {}
    if scene.cursor is not None:
        signs[sum(scene.cells_of(scene.cursor)) // 2] = "^"
    elif scene.mark is not None and picture.edges[0] <= scene.mark < picture.edges[-1]:
        signs[scene.cell_of(scene.mark)] = "^"
    if scene.brush:
        signs[max(0, scene.cells_of(scene.brush[0])[0] - 1)] = "["
        signs[min(scene.width - 1, scene.cells_of(scene.brush[1] - 1)[1])] = "]"
    return signs


def _put_legend(row: _Row, scene: Scene) -> bool:
    """As much of it as fits, as far right as the signs allow; whether all that must be told is."""
    told, _short = _told(scene)
    for parts in _legends(scene, told):
        text = "  ".join(parts)
        if row.put_first(range(row.width - len(text), -1, -1), text):
            return True
    return not told


def _legends(scene: Scene, told: str) -> Iterator[tuple[str, ...]]:
    """The parts of the legend, and then ever fewer of them; the least needed go first."""
    picture, peak = scene.picture, max(scene.picture.counts)
    nothing = "" if told else "no matches" if picture.filtered else "no records"
    buckets = range(len(picture.counts))
    ranked = (
        (0, told),
        (2, "" if told and not scene.brush else f"{picture.title} a bar"),
        (4, f"peak {peak:,}" if peak else nothing),
        (3, "filtered" if picture.filtered else ""),
        (5, f"{picture.aside:,} not in view" if picture.aside else ""),
        (1, f"{_NOT_LOADED} not loaded" if not all(map(picture.loaded, buckets)) else ""),
        (1, f"{_NOT_KEPT} not kept" if any(map(picture.not_kept, buckets)) else ""),
    )
    parts = [(rank, text) for rank, text in ranked if text]
    for last in sorted((rank for rank, _text in parts), reverse=True):
        yield tuple(text for rank, text in parts if rank <= last)


# What is under the cursor or in the brush


def _told(scene: Scene) -> tuple[str, str]:
    """`11-03 02:00 +1 h: 14 records`, and the same without what can be missed; "" without a cursor."""
    picture = scene.picture
    if scene.cursor is None:
        return "", ""
    first, end = scene.brush or (scene.cursor, scene.cursor + 1)
    when = _moment(picture, picture.edges[first])
    span = f"{when} to {_until(picture, first, end)}" if end - first > 1 else f"{when} +{picture.title}"
    count = sum(picture.counts[first:end])
    for so, why in ((picture.not_loaded, "not loaded"), (picture.not_kept, "not kept")):
        if not count and all(map(so, range(first, end))):
            return f"{span}: {why}", f"{when}: {why}"
    noun = ("match" if picture.filtered else "record") + _plural(count, filtered=picture.filtered)
    so_far = "" if all(map(picture.loaded, range(first, end))) else " so far"
    return f"{span}: {count:,} {noun}{so_far}", f"{span if scene.brush else when}: {count:,}{so_far}"


def _plural(count: int, *, filtered: bool) -> str:
    return "" if count == 1 else "es" if filtered else "s"


def _until(picture: Picture, first: int, end: int) -> str:
    """Where some buckets end: the last day of them, or the hour; without the date where that is the same."""
    if _fineness(picture) >= _DAY:
        return _moment(picture, picture.edges[end] - 1)
    date, _, time = _moment(picture, picture.edges[end]).partition(" ")
    return time if _moment(picture, picture.edges[first]).startswith(date) else f"{date} {time}"


def _fineness(picture: Picture) -> int:
    """The usual width of its buckets, in milliseconds: some are longer or shorter."""
    average = (picture.edges[-1] - picture.edges[0]) // len(picture.counts)
    return next((scale.width for scale in reversed(SCALES) if scale.width * 0.8 <= average), SCALES[0].width)


def _moment(picture: Picture, moment: int, *, year: bool | None = None, midnight: bool = True) -> str:
    """As exact as the buckets are wide; with the year where there are several, or if asked for.

    Args:
        picture: gives zone and width.
        moment: milliseconds.
        year: whether the year is written; None for where it is needed.
        midnight: whether `00:00` is written, too.
    """
    text, fineness = show_time(moment, picture.zone), _fineness(picture)
    if text.startswith("("):
        return "?"
    date, time = text.split(" ")
    if year is None:
        year = _year(picture, picture.edges[0]) != _year(picture, picture.edges[-1] - 1)
    date = date if year else date[5:]
    if fineness >= _DAY or (not midnight and time == "00:00:00"):
        return date
    return f"{date} {time if fineness < _MINUTE else time[:5]}"


def _year(picture: Picture, moment: int) -> str:
    return show_time(moment, picture.zone).partition("-")[0]


# Ticks


def _put_ticks(row: _Row, scene: Scene, *, dated: bool) -> None:
    """Labels where days, hours or months begin, as many as find room."""
    picture = scene.picture
    first, last = picture.edges[0], picture.edges[-1] - 1
    scale = scale_for(first, last, max(1, min(scene.width // _TICK, len(picture.counts))))
    before = show_time(first, picture.zone)
    written = before if dated else ""
    for moment in edges(first, last, scale, picture.zone):
        if first < moment <= last:
            text, at = show_time(moment, picture.zone), scene.cell_of(moment)
            label = _label(text, written, scale, day_begins=text[:10] != before[:10])
            before = text
            if row.put_first(range(at, at + 1), label):
                written = text


def _label(text: str, written: str, scale: Scale, *, day_begins: bool) -> str:
    """What differs from the label to its left: the time, the date, the year."""
    if scale.months >= 12:
        return text[:4]
    date = text[5:10] if text[:4] == written[:4] else text[:10]
    time = text[11:19] if scale.width < _MINUTE else text[11:16]
    if scale.width < _DAY and text[:10] == written[:10]:
        return time
    return date if scale.width >= _DAY or day_begins else f"{date} {time}"
