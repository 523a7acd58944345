"""What is being asked of the site: frozen, and free of how it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from auditui.model.errors import UsageError
from auditui.model.when import Edge, Zone, parse_when, show_time

PAGE_CAP = 1000
"""Records a page can hold at most: the specification's default `limit` ("may be restricted by fixed system limits")."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A query with both ends fixed, so that a log that grows at its head keeps its offsets."""

    start: int
    """`startDate`, in milliseconds since the epoch, included."""
    end: int
    """`endDate`, in milliseconds since the epoch, included; never after the moment of the search."""
    text: str
    limit: int

    def __post_init__(self) -> None:
        """See that it can be sent.

        Raises:
            UsageError: the text holds half a character, as of a file, or of a shell that is not in UTF-8.
        """
        try:
            self.text.encode()
        except UnicodeEncodeError:
            raise UsageError(
                "The search text holds something that is no character, so it cannot be sent.",
                remedy="Type it again, in UTF-8.",
            ) from None


@dataclass(frozen=True, slots=True)
class Query:
    """A search as its author wrote it; relative dates stay relative until it is pinned."""

    since: str = ""
    """A WHEN as typed (`7d`, `2026-11-01`); "" for the oldest record the site keeps."""
    until: str = ""
    """A WHEN as typed; "" for now."""
    text: str = ""
    """`searchString`: the site's own search, which does not find the affected object's name."""
    page_size: int = PAGE_CAP
    """Records asked for at a time, 1 to 1000. The site may give fewer."""

    def pinned(self, now: int, zone: Zone) -> Pinned:
        """Fix both ends. `now` is in milliseconds since the epoch; the end is never later.

        Raises:
            UsageError: a date that cannot be read, a range that ends before it begins, a page size out of range, a text
                that cannot be sent.
        """
        start = max(0, parse_when(self.since, Edge.SINCE, now=now, zone=zone) if self.since.strip() else 0)
        end = parse_when(self.until, Edge.UNTIL, now=now, zone=zone) if self.until.strip() else now
        if start > min(end, now):
            raise UsageError(
                _backwards(start, end, now, zone), remedy="Choose a start before the end, and before now."
            )
        if not 1 <= self.page_size <= PAGE_CAP:
            raise UsageError(
                f"A page holds 1 to {PAGE_CAP} records.", remedy=f"Choose a page size up to {PAGE_CAP}."
            )
        return Pinned(start, min(end, now), self.text.strip(), self.page_size)


def _backwards(start: int, end: int, now: int, zone: Zone) -> str:
    if start > now:
        return f"The search would begin in the future, at {show_time(start, zone)}."
    return (
        f"The search would begin at {show_time(start, zone)} and end before that, at {show_time(end, zone)}."
    )


@dataclass(frozen=True, slots=True)
class Preset:
    """A range with a name of its own."""

    key: str
    title: str
    since: str
    until: str = ""


PRESETS = (
    Preset("today", "Today", "today"),
    Preset("yesterday", "Yesterday", "yesterday", "yesterday"),
    Preset("24h", "Last 24 hours", "24h"),
    Preset("7d", "Last 7 days", "7d"),
    Preset("30d", "Last 30 days", "30d"),
    Preset("90d", "Last 90 days", "90d"),
    Preset("all", "Everything kept", ""),
)


def range_title(query: Query) -> str:
    """The range in words: a preset's title, or both ends as typed."""
    for preset in PRESETS:
        if (preset.since, preset.until) == (query.since.strip().casefold(), query.until.strip().casefold()):
            return preset.title
    return f"{query.since.strip() or 'oldest'} → {query.until.strip() or 'now'}"
