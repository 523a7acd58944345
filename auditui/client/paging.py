"""Walks a log that has offsets and nothing else, so that each record comes out exactly once.

The endpoint gives no total and no record id. Records enter at the head (the pinned `endDate` keeps those out) and,
minutes late, inside (which moves every offset below them). Three rules follow:

* The position is counted in records received, never in multiples of `limit` or by `size`; the end is an empty page or
  one without `_links.next`, never a short page alone.
* Each page is asked for from a few records *before* the position. Where these come back as they were, the offsets have
  not moved. The overlap reaches past every record that shares the last one's date, so that equal records, which can be
  real, are told from repeated ones by where they stand.
* Where they have moved, the walk finds its place again: by date, as the log is in order of date, newest first; else by
  looking for the overlap itself. Records that arrived above the place are counted, not shown: `late`.

Pure: asks for a page with `ask`, is told the answer with `take`. Knows nothing of HTTP, and of a record only its date
and whether it equals another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from auditui.client.page import Entry, Page, entry_of

LEAST_OVERLAP = 3
"""Records by which two pages overlap at least."""

_MOST_KEPT = 2_000  # accepted records remembered, for the rare second that holds hundreds of them
_MOST_STEPS = 64  # requests spent on finding the place again before giving up

_REPEATS = (
    "The site sent the same page again and again, so auditui stopped here: what is below cannot be read."
)
_LOST = "The log changed so much while it was read that the place was lost: what is below was not read."


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask the endpoint for: an offset and a number, both in records."""

    start: int
    limit: int


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a walk stands, as a value that another run can go on from."""

    accepted: int = 0
    late: int = 0
    position: int = 0
    """The offset behind the last accepted record."""
    recent: tuple[str, ...] = ()
    """The texts of the records accepted last, by which the place is found again."""


_BEGINNING = Mark()


class Walk:
    """One reading of the log from its newest record to its oldest."""

    def __init__(self, limit: int, mark: Mark = _BEGINNING, *, first: int | None = None) -> None:
        """Nothing is asked yet.

        Args:
            limit: records asked for at a time.
            mark: where an earlier walk of the same question stood.
            first: records asked for at first, where somebody waits for them; what is missing to `limit` comes next.
        """
        self.accepted = mark.accepted
        """Records handed out so far."""
        self.late = mark.late
        """Records that arrived above the place while the walk went on, less those that left."""
        self.exhausted = False
        """Nothing more will come: the end was reached, or `notice` says what else."""
        self.notice = ""
        """Why the walk stopped before the end; "" where it did not."""
        self._limit = max(limit, LEAST_OVERLAP + 1)  # fewer would leave no room for a new record
        self._first = min(first or self._limit, self._limit)
        self._position = mark.position
        self._recent = [entry_of(raw) for raw in mark.recent]
        self._overlap_cap = _MOST_KEPT
        self._widest = 0
        self._probe: int | None = None
        self._steps = 0
        self._last: tuple[int, int] | None = None
        self._again = self._late_before = 0

    def ask(self) -> Ask:
        """The next page to ask for."""
        start = self._position - len(self._overlap()) if self._probe is None else self._probe
        return Ask(start, self._size(start))

    def _size(self, start: int) -> int:
        if self._probe is not None or self._first == self._limit or self._position >= self._limit:
            return self._limit
        return self._limit - start if self._position else self._first

    def mark(self) -> Mark:
        """Where the walk stands: behind the records handed out so far."""
        return Mark(self.accepted, self.late, self._position, tuple(entry.raw for entry in self._recent))

    def take(self, page: Page, above: int = 0) -> tuple[Entry, ...]:
        """The records of the answer to `ask` that are new, newest first; often none while the place is sought.

        Args:
            page: the answer. It may have been given before the answers that were taken before it, to a question asked
                ahead of its turn: it is only ever trusted where it continues what was accepted.
            above: records by which it begins further up than `ask` says.
        """
        start = self.ask().start
        if self._repeats(start - above, page):
            return self._stop(_REPEATS)
        page = Page(page.entries[above:], page.more)
        if not page.entries:
            return self._beyond_the_end(start)
        self._widest = max(self._widest, len(page.entries))
        overlap = self._overlap()
        end = start + len(page.entries)
        in_place = self._probe is None and self._continues(page.entries, overlap)
        if in_place:
            fresh: Sequence[Entry] | None = page.entries[len(overlap) :]
            end = max(self._position, end)
        else:
            fresh = self._realigned(start, page.entries, overlap)
        if fresh is None:
            return ()
        self._accept(fresh, end, page, in_place=in_place)
        return tuple(fresh)

    # The overlap

    def _overlap(self) -> list[Entry]:
        """The accepted records that the next page should begin with."""
        size = min(len(self._recent), self._overlap_cap, self._limit - 1, self._position)
        return self._recent[len(self._recent) - size :]

    def _remember(self, fresh: Sequence[Entry]) -> None:
        """Keep the records of the last date and one before them, three at least."""
        self._recent.extend(fresh)
        keep = len(_same_date_at_end(self._recent)) + 1
        keep = min(max(keep, LEAST_OVERLAP), _MOST_KEPT)
        del self._recent[:-keep]

    # One page

    def _continues(self, entries: Sequence[Entry], overlap: Sequence[Entry]) -> bool:
        """Whether a page lies where it was foreseen: it begins with the overlap as it was."""
        if overlap or not self._recent:
            return _equal(entries[: len(overlap)], overlap[: len(entries)])
        # A page of nothing but the last record came before, as at the end, or from a site that gives one at a time. Nothing
        # but the records themselves can tell whether they are new.
        last, known = self._recent[-1].created, {entry.key for entry in self._recent}
        newer = any(each.created is not None and last is not None and each.created > last for each in entries)
        return not newer and not any(each.key in known for each in entries)

    def _realigned(
        self, start: int, entries: Sequence[Entry], overlap: Sequence[Entry]
    ) -> Sequence[Entry] | None:
        """The new records of a page whose offsets have moved; None where the place is not on it."""
        if (last := self._recent[-1].created) is not None and _in_order(entries):
            return self._fresh_by_date(start, entries, last)
        return self._fresh_by_overlap(start, entries, overlap)

    def _fresh_by_date(self, start: int, entries: Sequence[Entry], last: int) -> Sequence[Entry] | None:
        """All that is older than the last accepted record, and what of its own date was not accepted yet."""
        newer = sum(1 for entry in entries if entry.created is not None and entry.created > last)
        if newer == 0 and start > 0:
            self._look_back(start)
            return None
        block = _same_date_at_end(self._recent)
        self.late = start + newer - (self.accepted - len(block))
        return _without(entries[newer:], block)

    def _fresh_by_overlap(
        self, start: int, entries: Sequence[Entry], overlap: Sequence[Entry]
    ) -> Sequence[Entry] | None:
        """For dates that are missing or out of order: where does the overlap, or the end of it, stand?"""
        for lost in range(len(overlap)):
            seen = overlap[lost:]
            for at in range(1 if lost else len(entries) - len(seen) + 1):
                if _equal(entries[at : at + len(seen)], seen):
                    self.late = start + at + len(seen) - self.accepted
                    return entries[at + len(seen) :]
        if start:
            self._look_back(start)
        else:
            self._stop(_LOST)
        return None

    def _accept(self, fresh: Sequence[Entry], position: int, page: Page, *, in_place: bool) -> None:
        moved = not in_place and position != self._position
        self._probe, self._position = None, position
        self.accepted += len(fresh)
        self._remember(fresh)
        self._overlap_cap = (
            _MOST_KEPT if fresh or moved else self._less_overlap(len(page.entries)) if in_place else 0
        )
        self.exhausted = not page.more
        if fresh:
            self._steps = 0
        else:
            self._count_step()

    def _less_overlap(self, held: int) -> int:
        """How many records are to overlap behind a page of nothing but the overlap.

        A site that gives three records a page would never get past an overlap of three. One that has given more is at its
        end: then only what stands behind tells, as fewer records could be taken for their twins.
        """
        return held // 2 if held == self._widest < self.accepted else 0

    def _look_back(self, start: int) -> None:
        """Ask further up next, twice as far each time."""
        self._overlap_cap = _MOST_KEPT
        self._probe = max(0, start - self._limit * 2**self._steps // 2)
        self._count_step()

    def _count_step(self) -> None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            self._stop(_LOST)

    def _beyond_the_end(self, start: int) -> tuple[Entry, ...]:
        """An empty page. Where records were seen before at this offset, the log has shrunk: look further up."""
        if 0 < start < self._position:
            self._look_back(start)
        else:
            self.exhausted = True
        return ()

    def _repeats(self, start: int, page: Page) -> bool:
        """Whether one page came three times in a row. It can come twice: where as many records arrived late as it is long."""
        before, self._last = self._last, (start, hash(tuple(entry.raw for entry in page.entries)))
        if (
            before is None
            or before[0] == start
            or before[1] != self._last[1]
            or len(page.entries) <= len(self._overlap())
        ):
            self._again = 0
        elif self._again:
            self.late = self._late_before  # the one in between was taken for one that had moved
            return True
        else:
            self._again, self._late_before = 1, self.late
        return False

    def _stop(self, notice: str) -> tuple[Entry, ...]:
        self.exhausted, self.notice = True, notice
        return ()


def _equal(some: Sequence[Entry], others: Sequence[Entry]) -> bool:
    return len(some) == len(others) and all(
        one.raw == other.raw or one.key == other.key for one, other in zip(some, others, strict=True)
    )


def _in_order(entries: Sequence[Entry]) -> bool:
    dates = [entry.created for entry in entries]
    return all(newer is not None and older is not None and newer >= older for newer, older in pairwise(dates))


def _same_date_at_end(entries: Sequence[Entry]) -> list[Entry]:
    """The last records, as far as they share one date."""
    block: list[Entry] = []
    for entry in reversed(entries):
        if block and (entry.created is None or entry.created != block[0].created):
            break
        block.append(entry)
    return block


def _without(entries: Sequence[Entry], accepted: Sequence[Entry]) -> list[Entry]:
    """The entries less the accepted ones, each taken away as often as it was accepted."""
    counts = Counter(entry.key for entry in accepted)
    fresh = []
    for entry in entries:
        if counts and counts[entry.key] > 0:
            counts[entry.key] -= 1
        else:
            fresh.append(entry)
    return fresh
