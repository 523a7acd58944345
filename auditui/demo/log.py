"""The demo site's log as it grows: the corpus, and what arrived after it was made.

New records enter at the head, created after the corpus's `now`; late ones enter inside the log, as Confluence files
some minutes after they happened. Both move the offsets of whatever lies below them. Knows nothing of HTTP.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from auditui.demo.chance import mix
from auditui.demo.corpus import Corpus

_SEARCHES: Final = 4
"""Searches whose matches are kept; of 5,000,000 records at most 20 MB each."""
_WORD: Final = re.compile(r"[^\s,;()“”\"']+")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A record that entered after the corpus was made."""

    depth: int
    """It lies before the corpus's record of this index."""
    created: int
    number: int
    """Which arrival it is; the record follows from it."""


class Log:
    """The corpus and its arrivals as one list, newest first. Safe to use from several threads."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._arrivals: tuple[Arrival, ...] = ()
        self._grown = 0
        self._searches: OrderedDict[tuple[frozenset[str], int, int], _Search] = OrderedDict()
        self._lock = Lock()

    def grow(self, count: int) -> None:
        """Let `count` new records enter at the head, some seconds apart from each other, the first after `now`."""
        with self._lock:
            number = len(self._arrivals)
            steps = range(self._grown + 1, self._grown + count + 1)
            self._grown += count
            created = [self._corpus.now + each * 7_000 + mix(each) % 6_000 for each in steps]
            self._enter([Arrival(0, when, number + each) for each, when in enumerate(created)])

    def arrive_late(self, count: int, depth: int) -> None:
        """Let `count` records enter right before the corpus's record `depth`, created between its neighbours."""
        depth = min(depth, len(self._corpus))
        newer = self._corpus.created(depth - 1) if depth else self._corpus.now
        older = self._corpus.created(depth) if depth < len(self._corpus) else newer
        with self._lock:
            number = len(self._arrivals)
            self._enter([Arrival(depth, (newer + older) // 2, number + each) for each in range(count)])

    def _enter(self, arrivals: list[Arrival]) -> None:
        # A new tuple each time, so that a page being put together keeps the one it began with.
        self._arrivals = tuple(
            sorted((*self._arrivals, *arrivals), key=lambda each: (each.depth, -each.created, -each.number))
        )

    def page(
        self, start_date: int | None, end_date: int | None, search: str, start: int, limit: int
    ) -> tuple[list[dict[str, Any]], bool]:
        """Up to `limit` records from the offset `start`, and whether more follow.

        The dates are milliseconds since the epoch, both included. All words of `search` must occur.
        """
        oldest = 0 if start_date is None else start_date
        newest = (1 << 62) if end_date is None else end_date
        words = frozenset(_words(search))
        arrivals = [
            each
            for each in self._arrivals
            if oldest <= each.created <= newest and (not words or words <= self._words_of(each))
        ]
        base = self._base(oldest, newest, words, start + limit + 1)
        return self._merged(base, arrivals, start, limit), len(base) + len(arrivals) > start + limit

    def _merged(
        self, base: Sequence[int], arrivals: Sequence[Arrival], start: int, limit: int
    ) -> list[dict[str, Any]]:
        # Where the arrivals lie in the merged list; they are few, the records are many.
        points = [bisect_left(base, each.depth) + before for before, each in enumerate(arrivals)]
        records: list[dict[str, Any]] = []
        for offset in range(start, min(start + limit, len(base) + len(arrivals))):
            before = bisect_left(points, offset)
            if before < len(points) and points[before] == offset:
                records.append(self._corpus.arrival(arrivals[before].number, arrivals[before].created))
            else:
                records.append(self._corpus.record(base[offset - before]))
        return records

    def _base(self, oldest: int, newest: int, words: frozenset[str], wanted: int) -> Sequence[int]:
        """The corpus's records in the window that match, as indices: all of them, or at least the `wanted` newest."""
        indices = range(len(self._corpus))
        first = bisect_left(indices, -newest, key=lambda index: -self._corpus.created(index))
        last = bisect_left(indices, -oldest + 1, key=lambda index: -self._corpus.created(index))
        if not words:
            return range(first, max(first, last))
        with self._lock:
            search = self._searches.setdefault(
                (words, first, last), _Search(self._corpus, words, first, last)
            )
            self._searches.move_to_end((words, first, last))
            while len(self._searches) > _SEARCHES:
                self._searches.popitem(last=False)
        return search.reach(wanted)

    def _words_of(self, arrival: Arrival) -> set[str]:
        record = self._corpus.arrival(arrival.number, arrival.created)
        texts = (
            record["author"]["displayName"],
            record["summary"],
            record["category"],
            record["remoteAddress"],
        )
        return {word for text in texts for word in _words(text)}


class _Search:
    """The corpus's records that hold all words, found as far as somebody asked for them."""

    def __init__(self, corpus: Corpus, words: frozenset[str], first: int, last: int) -> None:
        self._corpus = corpus
        self._words = words
        self._next = first
        self._last = last
        self._found = array("I")
        self._known: dict[tuple[str, str, str, str], bool] = {}
        self._lock = Lock()

    def reach(self, wanted: int) -> Sequence[int]:
        """At least the `wanted` newest matches, or all where there are fewer."""
        searchable, known, found = self._corpus.searchable, self._known, self._found
        with self._lock:
            while len(found) < wanted and self._next < self._last:
                texts = searchable(self._next)
                matches = known.get(texts)
                if matches is None:
                    matches = known[texts] = self._words <= {word for text in texts for word in _words(text)}
                if matches:
                    found.append(self._next)
                self._next += 1
            return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
