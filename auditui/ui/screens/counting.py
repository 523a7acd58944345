"""The part of the explorer that counts what is shown, for the timeline and the facets, and turns choices made there into filters.

Counting goes on behind everything else, and not at all where neither can be seen.
"""

from __future__ import annotations

import time
from dataclasses import replace

from textual import on, work
from textual.getters import query_one
from textual.timer import Timer

from auditui.model.errors import StoreFailed
from auditui.model.fields import FACETS
from auditui.model.filter import Filter
from auditui.model.filter_edit import between, choose, chosen
from auditui.session.run import Run
from auditui.session.tally import Tally
from auditui.ui.pictures import Span, facets_picture, timeline_picture, whole_span
from auditui.ui.screens.filtering import FilteringScreen
from auditui.ui.status_text import facets_text
from auditui.ui.widgets.facets import Facets
from auditui.ui.widgets.timeline import Timeline

_WITH_FACETS = 15.0
"""Seconds after which, at the soonest, counts follow while pages arrive where facets are drawn: they cost 2,500 bytes,
and a timeline 600 at 120 columns."""

_COST = 3
"""Times what the last counting took, that pass before the next one."""

_VALUES = 6
"""Values of a facet that are listed at first, and how many more each time somebody asks."""


class CountingScreen(FilteringScreen):
    """Counts what is shown."""

    _timeline = query_one(Timeline)
    _facets = query_one(Facets)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._tally: Tally | None = None
        self._wider: dict[str, Tally] = {}
        self._span: tuple[int, int] | None = None
        self._most = dict.fromkeys((field.name for field in FACETS), _VALUES)
        self._counting: Timer | None = None
        self._counting_at = 0.0
        self._took = 0.0

    def _shown_anew(self) -> None:
        super()._shown_anew()
        self._give_up_counts()
        self._span = None
        if self._counting is not None:
            self._counting.stop()
            self._counting = None
        self._count_soon(self._tempo.counts_follow)

    def _grown(self) -> None:
        super()._grown()
        seconds = self._tempo.counts_while_loading if self._exploring.loading else self._tempo.counts_follow
        if seconds is not None:
            self._count_soon(max(seconds, _WITH_FACETS) if self._with_facets else seconds)

    @property
    def _with_facets(self) -> bool:
        return self._exploring.loading and self._facets.display

    @property
    def _counts_seen(self) -> bool:
        return self._standing and (self._timeline.display or self._facets.display)

    def _count_soon(self, seconds: float) -> None:
        seconds = max(seconds, _COST * self._took)
        if self._counting is not None and time.monotonic() + seconds < self._counting_at:
            self._counting.stop()  # that was for as long as pages came
            self._counting = None
        if self._counting is None and self._counts_seen:
            self._counting = self.set_timer(seconds, self._count_now)
            self._counting_at = time.monotonic() + seconds

    def _count_now(self) -> None:
        self._counting = None
        if self._counts_seen:
            self._count()

    @work(group="count", exclusive=True, description="count what is shown")
    async def _count(self) -> None:
        began = time.monotonic()
        try:
            await self._follow_counts()
        except StoreFailed as error:
            self._fail(error)
            self._timeline.show(None)  # what they show may be of another filter
            self._facets.show(None, failed=True)
        self._took = time.monotonic() - began

    async def _follow_counts(self) -> None:
        rows = self._investigation.rows
        if rows is None:
            self._timeline.show(None)
            self._facets.show(None)
            return
        facets = FACETS if self._facets.display else ()
        if self._tally is not None and self._tally.facets != facets:
            self._close_tallies()  # a wider screen shows them, a narrower one does not
        if self._tally is None:
            self._tally = self._investigation.tally(facets)
            self._wider = self._wider_tallies(rows.wanted) if self._facets.display else {}
        tallies = [tally for tally in (self._tally, *self._wider.values()) if tally is not None]
        for tally in tallies:
            await tally.follow(lambda: None, patiently=self._exploring.loading)
        if self._tally is not None and tallies[0] is self._tally:
            await self._picture(self._tally, rows.wanted)

    def _wider_tallies(self, wanted: Filter) -> dict[str, Tally]:
        """Counts without what is asked for in one field, for what else could be chosen there."""
        found: dict[str, Tally] = {}
        for field in FACETS:
            included, excluded = chosen(wanted, field)
            if included:
                text = choose(wanted.text, wanted, field, (), excluded)
                if tally := self._investigation.tally((field,), without=self._investigation.read(text)):
                    found[field.name] = tally
        return found

    async def _picture(self, tally: Tally, wanted: Filter) -> None:
        if self._timeline.display and (span := whole_span(tally.search, tally.covers)):
            kept = self._exploring.kept
            picture = await timeline_picture(
                tally,
                span,
                self._span or _bounds(wanted, span),
                self._timeline.buckets_wanted,
                self._exploring.zone,
                filtered=bool(wanted),
                kept_from=kept.start if kept else None,
            )
            self._timeline.show(picture)
        if self._facets.display:
            told = facets_text(replace(self._investigation.shown, count=tally.matched, covers=tally.covers))
            self._facets.show(await facets_picture(tally, self._wider, wanted, self._most, told))

    def _give_up_counts(self) -> None:
        self.workers.cancel_group(self, "count")
        self._close_tallies()

    def _close_tallies(self) -> None:
        for tally in (self._tally, *self._wider.values()):
            if tally is not None:
                tally.close()
        self._tally, self._wider = None, {}

    async def on_unmount(self) -> None:
        """Close what is open."""
        self._give_up_counts()

    # The timeline

    @on(Timeline.Resized)
    def _timeline_resized(self) -> None:
        self._count_soon(self._tempo.counts_follow)

    @on(Timeline.SpanWanted)
    def _zoom_timeline(self, wanted: Timeline.SpanWanted) -> None:
        rows = self._investigation.rows
        if rows is not None and (span := whole_span(rows.search, rows.search.progress.loaded)):
            start, end = max(span.start, wanted.start), min(span.end + 1, wanted.end)
            self._span = (start, end) if start < end else None
            self._count()

    @on(Timeline.WholeWanted)
    def _whole_timeline(self) -> None:
        self._span = None
        self._count()

    @on(Timeline.Applied)
    def _brushed(self, applied: Timeline.Applied) -> None:
        view, wanted = self._investigation.view, self._investigation.wanted
        self._filter_by(between(view.filter, wanted, applied.start, applied.end, self._exploring.zone))
        self._table.focus()

    # The facets

    @on(Facets.Chosen)
    def _chosen(self, made: Facets.Chosen) -> None:
        field = next(field for field in FACETS if field.name == made.field)
        view, wanted = self._investigation.view, self._investigation.wanted
        self._filter_by(choose(view.filter, wanted, field, made.included, made.excluded))

    @on(Facets.Cleared)
    def _cleared(self) -> None:
        text, wanted = self._investigation.view.filter, self._investigation.wanted
        for field in FACETS:
            text = choose(text, wanted, field, (), ())
            wanted = self._investigation.read(text)
        self._filter_by(text)

    @on(Facets.MoreWanted)
    def _more_values(self, wanted: Facets.MoreWanted) -> None:
        self._most[wanted.field] += 5 * _VALUES
        self._count()


def _bounds(wanted: Filter, span: Span) -> tuple[int, int] | None:
    """The part of the span that a filter's own dates leave, half-open in milliseconds; None for all of it."""
    if wanted.since is None and wanted.until is None:
        return None
    start = max(span.start, span.start if wanted.since is None else wanted.since)
    end = min(span.end + 1, span.end + 1 if wanted.until is None else wanted.until)
    return (start, end) if start < end else None
