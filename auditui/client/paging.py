"""Walks a log that has offsets and nothing else, so that each record comes out exactly once.

The endpoint gives no total and no record id. Records enter at the head (the pinned `endDate` keeps those out) and,
minutes late, inside (which moves every offset below them). Four rules follow:

* The position is counted in records received, never in multiples of `limit` or by `size`; the end is an empty page or
  one without `_links.next`, never a short page alone.
* Each page is asked for from a few records *before* the position. Where these come back as they were, the offsets have
  not moved. The overlap reaches past every record that shares the last one's date, so that equal records, which can be
  real, are told from repeated ones by where they stand. Where these are more than half a page, half a page will do if a
  record in it has no twin.
* A page whose overlap proves nothing, as one of twins, is held back until all known records of that date were read once
  more: where they stand as they stood, it stood behind them.
* Where the offsets have moved, the walk finds its place again: by date, as the log is in order of date, newest first,
  and from the first record of the last one's date on, of which those are passed over that were handed out (`owed`);
  else by looking for the overlap itself. Records that arrived above the place are counted, not shown: `late`.

Pure: asks for a page with `ask`, is told the answer with `take`. Knows nothing of HTTP, and of a record only its date
and whether it equals another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditui.client.page import Entry, Page, entry_of
from auditui.client.sameness import equal, found, in_order, same_date_at_end, single, without

LEAST_OVERLAP = 3
"""Records by which two pages overlap at least."""

_MOST_KEPT = 5_000  # accepted records of one date that are remembered
_MOST_REREAD = 32  # pages of records of one date that are read once more for each page of twins behind them
_MOST_STEPS = (
    64  # requests in which no record comes, before giving up; more where more records are read once more
)

_REPEATS = (
    "The site sent the same page again and again, so auditui stopped here: what is below cannot be read."
)
_LOST = "The log changed so much while it was read that the place was lost: what is below was not read."
_ALIKE = "So many records of one millisecond are alike here that their number cannot be known: what is below was not read."


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
    """The offset behind the last record whose place is known."""
    recent: tuple[str, ...] = ()
    """The texts of the records above it, by which the place is found again."""
    owed: tuple[str, ...] = ()
    """The texts of records that were handed out and stand below it."""


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
        self._owed = [entry_of(raw) for raw in mark.owed]
        self._held: Page | None = None  # new records that are not proven yet
        self._checked = 0  # known records that were read once more since then
        self._room = 0  # records that a page of this site holds, as far as that is known
        self._bare = False  # nothing stood behind the overlap: the next page is asked for without one
        self._probe: int | None = None
        self._back = 0  # times the place was sought further up
        self._newer_to = -1  # the end of a page of nothing but newer records
        self._steps = 0
        self._last: tuple[int, int] | None = None
        self._again = self._late_before = 0

    def ask(self) -> Ask:
        """The next page to ask for."""
        if self._held is not None:
            known = self._known()
            start = self._position - len(known) + self._checked
            return Ask(start, min(self._limit, len(known) - self._checked))
        start = self._position - len(self._overlap()) if self._probe is None else self._probe
        return Ask(start, self._size(start))

    def _size(self, start: int) -> int:
        if self._probe is not None or self._first == self._limit or self._position >= self._limit:
            return self._limit
        return self._limit - start if self._position else self._first

    def mark(self) -> Mark:
        """Where the walk stands: behind the records handed out so far."""
        recent, owed = (tuple(entry.raw for entry in each) for each in (self._recent, self._owed))
        return Mark(self.accepted, self.late, self._position, recent, owed)

    def take(self, page: Page, above: int = 0, *, ahead: bool = False) -> tuple[Entry, ...]:
        """The records of the answer to `ask` that are new, newest first; often none while the place is sought.

        Args:
            page: the answer.
            above: records by which it begins further up than `ask` says.
            ahead: whether it was asked for ahead of its turn, so that it may be older than answers that were taken before
                it: it is only trusted where it proves that it continues what was accepted.
        """
        ask = self.ask()
        if self._repeats(ask.start - above, page):
            return self._stop(_REPEATS)
        came = len(page.entries)
        page = Page(page.entries[above:], page.more)
        if self._held is not None:
            fresh = self._confirmed(ask.start, page)
        elif not page.entries:
            fresh = self._beyond_the_end(ask.start)
        elif self._probe is None and self._continues(page.entries):
            fresh = self._in_place(page, ahead=ahead)
        else:
            fresh = [] if ahead else self._realigned(ask.start, page)
        if came < ask.limit or ask.limit == self._limit:
            self._room = max(self._room, came)
        if fresh:
            self._steps = 0
        elif not self.exhausted and not ahead:
            self._count_step()
        return tuple(fresh)

    # The overlap

    def _known(self) -> list[Entry]:
        """The records above the position, as far as they are remembered and the log has places for them."""
        return self._recent[max(0, len(self._recent) - self._position) :]

    def _overlap(self) -> list[Entry]:
        """The known records that the next page should begin with."""
        known = self._known()
        return known[len(known) - self._overlap_size(known) :]

    def _overlap_size(self, known: Sequence[Entry]) -> int:
        room, size = min(self._room or self._limit, self._limit), len(known)
        half = max(room // 2, LEAST_OVERLAP)
        if self._bare:
            return 0
        if size > half and (size >= room or single(known[-half:], known)):
            size = half if single(known[-half:], known) else 0
        return min(size, room - 1)

    def _remember(self, entries: Sequence[Entry]) -> None:
        """Keep the records of the last date and one before them, three at least."""
        self._recent.extend(entries)
        keep = len(same_date_at_end(self._recent)) + 1
        keep = min(max(keep, LEAST_OVERLAP), _MOST_KEPT)
        del self._recent[:-keep]

    def _forgot(self) -> bool:
        """Whether records of the last one's date are not remembered any more."""
        return len(self._recent) == _MOST_KEPT and self._recent[0].created == self._recent[-1].created

    # A page where it was foreseen

    def _continues(self, entries: Sequence[Entry]) -> bool:
        overlap = self._overlap()
        return equal(entries[: len(overlap)], overlap[: len(entries)])

    def _in_place(self, page: Page, *, ahead: bool) -> Sequence[Entry]:
        overlap = self._overlap()
        new = page.entries[len(overlap) :]
        if not new:
            self._bare, self._room = len(page.entries) == len(overlap), 0  # pages may be smaller from now on
            self.exhausted = not page.more
        elif self._proven(overlap, page.entries):
            return self._accept(new, self._position + len(new), page)
        elif self._forgot() or len(self._recent) > _MOST_REREAD * (self._room or self._limit):
            return self._stop(_ALIKE)
        elif not ahead:
            self._held, self._checked = Page(new, page.more), 0
        return ()

    def _proven(self, overlap: Sequence[Entry], entries: Sequence[Entry]) -> bool:
        """Whether a page that begins with the overlap can stand nowhere else."""
        if not overlap:
            return not self._position
        last = overlap[-1].created
        if last is None or len(overlap) == self._position or overlap[0].created != last:
            return True
        return single(overlap, self._recent, self._owed, entries)

    def _confirmed(self, start: int, page: Page) -> Sequence[Entry]:
        """The new records of the page that is held back, once all that is known above it was read as it was."""
        known, held = self._known()[self._checked :], self._held
        seen = page.entries[: len(known)]  # a site may give more than it is asked for
        if not seen or held is None or not equal(seen, known[: len(seen)]):
            self._held = None
            return self._realigned(start, page) if page.entries else self._beyond_the_end(start)
        self._checked += len(seen)
        if len(seen) < len(known):
            return ()
        return self._accept(held.entries, self._position + len(held.entries), held)

    # A page where the offsets have moved

    def _realigned(self, start: int, page: Page) -> Sequence[Entry]:
        """The new records of the page; none where the place is not on it."""
        if not self._recent:
            return self._accept(page.entries, start + len(page.entries), page)
        if (last := self._recent[-1].created) is None or not in_order(page.entries):
            return self._by_overlap(start, page)
        newer = sum(1 for entry in page.entries if entry.created is not None and entry.created > last)
        if newer == len(page.entries):
            return self._look_below(start, page)
        if newer or not start:
            return self._from_first_of_date(start, page, newer)
        return self._within_date(start, page)

    def _within_date(self, start: int, page: Page) -> Sequence[Entry]:
        """The new records behind the overlap, where that stands further down on the page and could be no other."""
        overlap = self._overlap()
        at = found(overlap, page.entries)
        if at is None or not single(overlap, self._recent, self._owed, page.entries):
            return self._look_back(start)
        new = page.entries[at + len(overlap) :]
        return self._accept(new, start + len(page.entries), page, moved=True)

    def _from_first_of_date(self, start: int, page: Page, newer: int) -> Sequence[Entry]:
        """All that is older than the last date, and what of that date was not handed out yet, from its first record on."""
        if self._forgot():
            return self._stop(_LOST)
        self._owed = [*same_date_at_end(self._recent), *self._owed]
        self._recent = list(page.entries[:newer])
        return self._accept(page.entries[newer:], start + len(page.entries), page, moved=True)

    def _by_overlap(self, start: int, page: Page) -> Sequence[Entry]:
        """For dates that are missing or out of order: where does the overlap, or the end of it, stand?"""
        entries, known = page.entries, self._recent[-LEAST_OVERLAP:]
        for lost in range(len(known)):
            seen = known[lost:]
            at = found(seen, entries[: len(seen)] if lost else entries)
            if at is not None:
                return self._accept(entries[at + len(seen) :], start + len(entries), page, moved=True)
        return self._look_back(start) if start else self._stop(_LOST)

    def _look_back(self, start: int) -> Sequence[Entry]:
        """Ask further up next, twice as far each time."""
        start = min(start, self._position - len(self._known()))
        self._probe = max(0, start - (self._room or self._limit) * 2**self._back // 2)
        self._back += 1
        return ()

    def _look_below(self, start: int, page: Page) -> Sequence[Entry]:
        """Ask further down next: all of this page is newer than the place. So is one record of the next, if pages hold two."""
        self._newer_to = start + len(page.entries)
        self._probe = self._newer_to - (len(page.entries) > 1)
        self.exhausted = not page.more
        return ()

    def _beyond_the_end(self, start: int) -> Sequence[Entry]:
        """An empty page. Where records were seen before at this offset, the log has shrunk: look further up."""
        if 0 < start < self._position and start != self._newer_to:
            return self._look_back(start)
        self.exhausted = True
        return ()

    # What becomes of it

    def _accept(
        self, new: Sequence[Entry], position: int, page: Page, *, moved: bool = False
    ) -> Sequence[Entry]:
        """Records that stand next, down to a position; of these the ones that were not handed out yet."""
        fresh = without(new, self._owed)
        self._owed = self._still_owed(new)
        self.accepted += len(fresh)
        self._position = position
        self._remember(new)
        self._held, self._probe, self._bare, self._back, self._newer_to = None, None, False, 0, -1
        self.exhausted = not page.more
        if moved or self._owed:
            self.late = position - (self.accepted - len(self._owed))
        return fresh

    def _still_owed(self, new: Sequence[Entry]) -> list[Entry]:
        """Handed out and not met yet; behind the last record of their date, those have left the log."""
        if not self._owed or not new or new[-1].created != self._owed[0].created:
            return self._owed if not new else []
        return without(self._owed, new)

    def _count_step(self) -> None:
        self._steps += 1
        known = len(self._recent) + len(self._owed)
        if self._steps > _MOST_STEPS + 4 * known // max(1, self._room):
            self._stop(_LOST)

    def _repeats(self, start: int, page: Page) -> bool:
        """Whether one page came three times in a row. It can come twice: where as many records arrived late as it is long."""
        if (
            page.entries
            and page.entries[0].created == page.entries[-1].created is not None
            and in_order(page.entries)
        ):
            return False  # twins of one millisecond can make such pages; what is not proven of them is read once more
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
