"""What the status line and the table's foot say. Pure, so that the claims can be read, and tested, in one place.

"Loaded" never passes for "all": only a search whose end was reached says "all".
"""

from __future__ import annotations

from auditui.model.query import Query, range_title
from auditui.model.text import inert
from auditui.session.exploring import Situation
from auditui.session.search import Progress


def counters(progress: Progress) -> str:
    """`3,000 loaded · more below`, or `all 41,207 loaded`."""
    if progress.whole:
        return f"all {progress.loaded:,} loaded" if progress.loaded else "no records"
    return f"{progress.loaded:,} loaded · {'stopped' if progress.notice else 'more below'}"


def status_text(now: Situation) -> str:
    """The status line, most urgent first."""
    parts: list[str] = []
    if now.doing:
        parts.append(f"{now.doing} (esc cancels)")
    elif now.error is not None:
        parts.append(f"{inert(now.error.happened)} r tries again")
    if now.progress.loaded or now.progress.whole:
        parts.append(counters(now.progress))
    if now.progress.late:
        late = now.progress.late
        parts.append(f"{late:,} record{'s' if late > 1 else ''} arrived late above: r re-reads")
    parts.extend(inert(text) for text in (now.progress.notice, now.notice) if text)
    return " · ".join(parts)


def foot(now: Situation, query: Query) -> tuple[str, ...]:
    """What stands below the last row, or in place of rows: five states, told apart."""
    if now.progress.loaded:
        return (_below(now),)
    if now.doing:
        return (f"{now.doing} …",)
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
        return f"… {now.doing.lower()}"
    if now.error is not None:
        return f"✗ {inert(now.error.happened)} r tries again"
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
