"""What the status line and the table's foot say. Pure, so that the claims can be read, and tested, in one place.

"Loaded" never passes for "all": only a search whose end was reached says "all".
"""

from __future__ import annotations

from auditui.model.query import Query, range_title
from auditui.model.text import inert, inert_line
from auditui.session.exploring import Situation
from auditui.session.search import Progress

_FAILURE_CAP = 600
"""Characters of an error that the status line shows."""


def counters(progress: Progress) -> str:
    """`3,000 loaded · more below`, or `all 41,207 loaded`."""
    if progress.whole:
        return f"all {progress.loaded:,} loaded" if progress.loaded else "no records"
    return f"{progress.loaded:,} loaded · {'stopped' if progress.notice else 'more below'}"


def status_text(now: Situation) -> str:
    """The status line: what is being done, what is loaded, and why it stopped, as far as that is so."""
    parts: list[str] = []
    if now.doing:
        parts.append(f"{inert(now.doing)} (esc cancels)")
    if now.progress.loaded or now.progress.whole:
        parts.append(counters(now.progress))
    if late := now.progress.late:
        parts.append(f"{late:,} arrived late above: r re-reads")
    if now.cancelled:
        parts.append("cancelled: r goes on")
    if now.error is not None and not now.doing:
        parts.append(_failure(now))
    parts.extend(inert(text) for text in (now.progress.notice, now.notice) if text)
    return " · ".join(parts)


def _failure(now: Situation) -> str:
    """In full where rows take the place in which else it stands in full."""
    if now.error is None or not now.progress.loaded:
        return "r tries again"
    return f"✗ {inert_line(now.error.sentences(), _FAILURE_CAP).text} r tries again"


def foot(now: Situation, query: Query) -> tuple[str, ...]:
    """What stands below the last row, or in place of rows: five states, told apart."""
    if now.progress.loaded:
        return (_below(now),)
    if now.doing:
        return (inert(now.doing) + " …",)
    if now.error is not None:
        told = [inert(line) for line in (now.error.happened, now.error.why, now.error.remedy) if line]
        return (*told, "", "r tries again   s another search   P accounts")
    return _nothing_loaded(now, query)


def _nothing_loaded(now: Situation, query: Query) -> tuple[str, ...]:
    if not now.searched:
        return ("Nothing was asked yet.", "", "s opens the search form.")
    if now.progress.notice:
        return (inert(now.progress.notice),)
    if now.progress.whole:
        return _nothing_matches(query)
    return ("Cancelled before anything came.", "", "r asks again.")


def _below(now: Situation) -> str:
    if now.doing:
        return "… more is on its way"
    if now.error is not None:
        return "✗ more could not be loaded: r tries again"
    if now.progress.notice:
        return f"✗ {inert(now.progress.notice)}"
    if now.progress.whole:
        return f"— end of the answer: {now.progress.loaded:,} records, back to {now.oldest} —"
    return "↓ more below: scroll on, or L loads the rest"


def _nothing_matches(query: Query) -> tuple[str, ...]:
    lines = [f"No records: {range_title(query)}" + (f", “{inert(query.text)}”" if query.text else "") + "."]
    if query.text:
        lines += [
            "",
            "The site's own search does not look into the affected object's name,",
            "nor into changed values.",
        ]
    return (*lines, "", "s changes the search.")
