"""What the status line and the table's foot say. Pure, so that the claims can be read, and tested, in one place.

"Loaded" never passes for "all": only a search whose end was reached says "all".
"""

from __future__ import annotations

from auditui.model.errors import TOKEN_AT_FAULT
from auditui.model.query import Query, range_title
from auditui.model.text import inert, inert_line
from auditui.model.view import order_title
from auditui.session.exploring import Situation
from auditui.session.investigation import Shown
from auditui.session.search import Progress

_ALL = Shown()

_SIGNS_IN = "P signs in again"

_ROOM = 64
"""Cells that the status line has at 80 columns, beside the number of the record; how long the site keeps is said in no more."""

_FAILURE_CAP = 600
"""Characters of an error that the status line shows."""


def counters(progress: Progress) -> str:
    """`3,000 loaded · more below`, or `all 41,207 loaded`."""
    if progress.whole:
        some = "all " if progress.all else ""
        return f"{some}{progress.loaded:,} loaded" if progress.loaded else "no records"
    return f"{progress.loaded:,} loaded · {'stopped' if progress.notice else 'more below'}"


def shown_text(shown: Shown, progress: Progress) -> str:
    """`12 of 3,000 loaded`, or `12 of all 41,207`: how many of the rows that were looked at are shown."""
    if shown.only_marked:
        return f"{shown.count:,} of {shown.marked:,} marked"
    if shown.covers < progress.loaded:
        return f"{shown.count:,} in the {shown.covers:,} looked at, of {progress.loaded:,} loaded"
    whole = progress.all and shown.covers == progress.loaded
    of = f"all {shown.covers:,}" if whole else f"{shown.covers:,} loaded"
    return f"{shown.count:,} of {of}"


def facets_text(shown: Shown) -> str:
    """The same in a few cells: `12 of 3,000`, or `3,000 loaded`."""
    chosen = shown.filtered or shown.only_marked
    return f"{shown.count:,} of {shown.covers:,}" if chosen else f"{shown.covers:,} loaded"


def _counted(progress: Progress, shown: Shown) -> list[str]:
    """What is loaded, and which part of it is shown."""
    if shown.filtered or shown.only_marked:
        below = "" if progress.whole else " · stopped" if progress.notice else " · more below"
        if shown.only_marked:
            below = ""
        return [f"{'filter' if shown.filtered else 'only'}: {shown_text(shown, progress)}{below}"]
    return [counters(progress)] if progress.loaded or progress.whole else []


def _arranged(progress: Progress, shown: Shown) -> list[str]:
    """What is marked, and by what the rows are sorted."""
    parts: list[str] = []
    if shown.marked and not shown.only_marked:
        parts.append(f"{shown.marked:,} marked")
    if not shown.order.natural:
        part = "" if progress.whole else f", of the {shown.covers:,} loaded"
        if shown.covers < progress.loaded:
            part = f", of {shown.covers:,} of them"
        parts.append(f"{order_title(shown.order)}{part}")
    return parts


def _searching_on(now: Situation, shown: Shown) -> bool:
    """Whether pages are loaded to find more of what a filter lets through."""
    return shown.filtered and bool(now.progress.loaded) and now.doing.startswith("Loading")


def _doing(now: Situation, shown: Shown) -> str:
    """What is waited for; while a filter has too few rows, how far back they were looked for.

    The key stands before all that may be long: what helps is not what is cut.
    """
    if _searching_on(now, shown):
        back = f", back to {now.oldest[:10]}" if now.oldest else ""
        return f"filter (esc stops): {shown.count:,} in {shown.covers:,} searched{back}"
    what, colon, more = inert(now.doing).partition(": ")
    return f"{what} (esc cancels){colon}{more}"


def status_text(now: Situation, shown: Shown = _ALL) -> str:
    """The status line: what is being done, what is loaded and shown, and why it stopped, as far as that is so."""
    parts: list[str] = []
    if now.doing:
        parts.append(_doing(now, shown))
    if now.cancelled:
        parts.append("cancelled: r goes on")
    if not _searching_on(now, shown):
        parts += _counted(now.progress, shown)
    parts += _arranged(now.progress, shown)
    if late := now.progress.late:
        parts.append(f"{late:,} arrived late above: r re-reads")
    parts += now.progress.doubts.brief
    if now.error is not None and not now.doing:
        parts.append(_failure(now))
    parts += [inert(now.progress.notice)] if now.progress.notice else []
    said = " · ".join(parts)
    return said + _how_far_back(now, shown, room=_ROOM - len(said)) if said else ""


def _how_far_back(now: Situation, shown: Shown, room: int) -> str:
    """How far back the log can reach, where that fits and nothing more urgent is said."""
    if now.kept is None or now.doing or now.error is not None or shown.only_marked:
        return ""
    since = f" · kept since {now.kept.since}"
    whole = f" · the site keeps {now.kept.words} (since {now.kept.since})"
    told = (whole, since) if now.progress.whole else (since,)
    return next((text for text in told if len(text) <= room), "")


def _failure(now: Situation) -> str:
    """In full where rows take the place in which else it stands in full."""
    if now.error is None or not now.progress.loaded:
        return _ways_on(now)
    return f"✗ {inert_line(now.error.sentences(), _FAILURE_CAP).text} {_ways_on(now)}"


def _ways_on(now: Situation) -> str:
    """The keys after a failure, first the one that helps."""
    return f"{_SIGNS_IN}, r tries again" if isinstance(now.error, TOKEN_AT_FAULT) else "r tries again"


def foot(now: Situation, query: Query, shown: Shown = _ALL) -> tuple[str, ...]:
    """What stands below the last row, or in place of rows: six states, told apart."""
    if now.progress.loaded and (shown.filtered or shown.only_marked) and not shown.count:
        return _nothing_passes(now, shown)
    if now.progress.loaded:
        return (_below(now, shown),)
    if now.doing:
        return (inert(now.doing) + " …",)
    if now.error is not None:
        told = [inert(line) for line in (now.error.happened, now.error.why, now.error.remedy) if line]
        accounts = _SIGNS_IN if isinstance(now.error, TOKEN_AT_FAULT) else "P accounts"
        return (*told, "", f"r tries again   s another search   {accounts}")
    return _nothing_loaded(now, query)


def _nothing_loaded(now: Situation, query: Query) -> tuple[str, ...]:
    if not now.searched:
        return ("Nothing was asked yet.", "", "s opens the search form.")
    if now.progress.notice:
        return (inert(now.progress.notice),)
    if now.progress.whole:
        return _nothing_matches(now, query)
    return ("Cancelled before anything came.", "", "r asks again.")


def _nothing_passes(now: Situation, shown: Shown) -> tuple[str, ...]:
    """The filter, or the choice of marked rows, hides all that is loaded."""
    if shown.covers < now.progress.loaded:
        if now.error is None or now.doing:
            return ("Looking …",)
        what = "matches the filter" if shown.filtered else "is marked"
        looked_at = f"{shown.covers:,} looked at, of {now.progress.loaded:,} loaded"
        return (f"None of the {looked_at}, {what}.", "", "r tries again   esc lifts the filter, M shows all.")
    if shown.only_marked:
        what = (
            f"None of the {shown.marked:,} marked records matches the filter."
            if shown.filtered
            else "None is marked."
        )
        return (what, "", "esc lifts the filter, M shows all.")
    lines = [f"None of the {now.progress.loaded:,} loaded records match the filter."]
    if now.doing:
        lines.append("More is on its way; esc stops.")
    elif now.progress.more and not shown.exhausted:
        lines.append("More is below: L loads the rest, r goes on.")
    return (*lines, "", "esc lifts the filter.")


def _below(now: Situation, shown: Shown) -> str:
    if not shown.order.natural:
        more = "" if now.progress.whole else "; L loads the rest"
        behind = shown.covers < now.progress.loaded
        of = f"{shown.covers:,} of the {now.progress.loaded:,}" if behind else f"the {shown.covers:,}"
        return f"— sorted: {of} loaded{more} —"
    if now.doing:
        return "… more is on its way"
    return _where_it_ends(now, shown) or _why_it_stops(now)


def _where_it_ends(now: Situation, shown: Shown) -> str:
    if shown.only_marked:
        return "— the marked records; M shows all again —"
    if now.progress.whole:
        told = f"{shown.count:,} of {now.progress.loaded:,}" if shown.filtered else f"{now.progress.loaded:,}"
        back = (
            f"; older than {now.kept.since} may be gone"
            if now.kept and now.kept.older
            else f", back to {now.oldest}"
        )
        return f"— end of the answer: {told} records{back} —"
    return f"— where the filter begins; all back to {now.oldest} is loaded —" if shown.exhausted else ""


def _why_it_stops(now: Situation) -> str:
    if now.error is not None:
        return f"✗ more could not be loaded: {_ways_on(now)}"
    if now.progress.notice:
        return f"✗ {inert(now.progress.notice)}"
    return "↓ more below: scroll on, or L loads the rest"


def _nothing_matches(now: Situation, query: Query) -> tuple[str, ...]:
    lines = [f"No records: {range_title(query)}" + (f", “{inert(query.text)}”" if query.text else "") + "."]
    if now.kept and now.kept.older:
        gone = "what was asked for is too old to be here" if now.kept.none else "older ones may be gone"
        lines.append(f"The site keeps records for {now.kept.words} (since {now.kept.since}): {gone}.")
    lines += _not_asked(now.progress)
    if query.text:
        lines += [
            "",
            "The site's own search does not look into the affected object's name,",
            "nor into changed values.",
        ]
    return (*lines, "", "s changes the search.")


def _not_asked(progress: Progress) -> list[str]:
    """Where there may be some."""
    minutes = progress.doubts.minutes_unasked
    return [f"The newest {minutes:,} min were not asked for: r includes them."] if minutes else []
