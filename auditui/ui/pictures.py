"""What facets and timeline show, made from counts. Every number is a count, and those of a picture add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditui.model.buckets import counted, edges, scale_for
from auditui.model.fields import FACETS, Field
from auditui.model.filter import Filter
from auditui.model.filter_edit import chosen
from auditui.model.fold import fold
from auditui.model.when import Zone
from auditui.session.search import Search
from auditui.session.tally import Tally
from auditui.ui.widgets.facets_picture import Choice, Facet, FacetsPicture, FacetValue
from auditui.ui.widgets.timeline_lines import Picture

_YEAR_10000 = 253_402_300_800_000
_FINE = 1_000  # milliseconds; the finest grain by which a narrow span is counted

_UNKNOWN_PART = 8
"""Where nobody knows how far back the log goes, one part in so many is left for what is not loaded."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the timeline spans, in milliseconds since the epoch."""

    start: int
    end: int
    loaded_from: int | None
    """The oldest moment from which on all is loaded; None where nothing is."""
    whole: bool


def whole_span(search: Search, counted: int) -> Span | None:
    """All that a search asks for, as far as it is known; None before anything came.

    Args:
        search: what is loaded.
        counted: how many of its records, the first so many, are in the counts: what is older passes for not loaded.
    """
    progress, pinned = search.progress, search.pinned
    oldest = _oldest(search, counted)
    if oldest is None:
        return None
    if progress.whole and counted == progress.loaded:
        return Span(pinned.start or oldest, pinned.end, oldest, whole=True)
    if pinned.start:
        return Span(pinned.start, pinned.end, oldest, whole=False)
    stub = max(1, (pinned.end - oldest) // _UNKNOWN_PART)
    return Span(max(0, oldest - stub), pinned.end, oldest, whole=False)


def _oldest(search: Search, counted: int) -> int | None:
    """When the last counted record with a date that can be drawn was made."""
    for row in range(counted - 1, max(-1, counted - 20), -1):
        created = search.records((row,))[0].created
        if created is not None and 0 <= created < _YEAR_10000:
            return min(created, search.pinned.end)
    return None


async def timeline_picture(
    tally: Tally,
    span: Span,
    shown: tuple[int, int] | None,
    most: int,
    zone: Zone,
    *,
    filtered: bool,
    kept_from: int | None = None,
) -> Picture:
    """The counts over time, in at most `most` buckets.

    Args:
        tally: has counted.
        span: all that is asked for.
        shown: the part of it that is shown, half-open in milliseconds; None for all.
        most: buckets.
        zone: by whose days and hours the buckets are cut.
        filtered: whether only what passes a filter was counted.
        kept_from: the moment before which the site keeps nothing, in milliseconds; None where it does not say.

    Raises:
        StoreFailed: the records cannot be read back.
    """
    start, end = (shown[0], shown[1] - 1) if shown else (span.start, span.end)
    scale = scale_for(max(0, start), max(0, end), most)
    bounds = edges(max(0, start), max(0, end), scale, zone)
    if all(bound % tally.grain == 0 for bound in bounds):
        counts, before, after = counted(bounds, tally.times, tally.grain)
        aside = before + after + tally.undated
    else:
        grain = _FINE if all(bound % _FINE == 0 for bound in bounds) else 1
        counts, _, _ = counted(bounds, await tally.finer(bounds[0], bounds[-1], grain), grain)
        aside = tally.matched - sum(counts)
    return Picture(
        bounds, counts, scale.title, zone, span.loaded_from, span.whole, aside, filtered, kept_from
    )


async def facets_picture(
    tally: Tally, wider: Mapping[str, Tally], wanted: Filter, most: Mapping[str, int], told: str
) -> FacetsPicture:
    """The values of every facet with their counts.

    Args:
        tally: has counted what is shown.
        wider: for the fields in which values are asked for, counts without that.
        wanted: the filter.
        most: how many values of a field are listed.
        told: what the head line says.

    Raises:
        StoreFailed: the records cannot be read back.
    """
    facets = [await _facet(tally, wider.get(field.name), wanted, field, most[field.name]) for field in FACETS]
    return FacetsPicture(tuple(facets), tally.matched, told)


async def _facet(tally: Tally, wider: Tally | None, wanted: Filter, field: Field, most: int) -> Facet:
    included, excluded = chosen(wanted, field)
    top = await tally.top(field, most)
    values = [
        FacetValue(text, count, Choice.IN if _among(text, included) else Choice.NONE)
        for text, count in top.values
    ]
    others = top.others
    if wider is not None:
        more = await wider.top(field, most)
        new = [(text, count) for text, count in more.values if not _among(text, _texts(values))]
        values += [FacetValue(text, count, Choice.NONE, adds=True) for text, count in new]
        others = more.others + len(more.values) - sum(_among(text, _texts(values)) for text, _ in more.values)
    values += [FacetValue(text, 0, Choice.IN) for text in included if not _among(text, _texts(values))]
    values += [FacetValue(text, None, Choice.OUT) for text in excluded]
    return Facet(field.name, field.title, tuple(values), others, top.other_count)


def _texts(values: list[FacetValue]) -> tuple[str, ...]:
    return tuple(value.text for value in values)


def _among(text: str, values: tuple[str, ...]) -> bool:
    return any(fold(text) == fold(value) for value in values)
