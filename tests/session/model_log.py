"""A site's log as a list that changes while it is read, behind the real client, and what is known of it for certain.

Answers as the endpoint does, or as badly as it is told. Whatever it answers, it remembers which records were there all
the time: these have to be read, each once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

import httpx

from tests.session.log_site import entry, page_of

LAST = 90
"""The dates of records are from 0 to this; what is newer arrives behind the pinned end."""


class Bad(NamedTuple):
    """How the next answers differ from good ones."""

    how: str
    """`short`, `empty`, `again`, `429`, `503`, `reset`, `garbage`; "" for good ones."""
    times: int = 1


GOOD = Bad("")


class Burst(NamedTuple):
    """Many records of one millisecond, as a script writes them."""

    date: int
    size: int
    kind: str
    """`distinct`, `alike`, `mixed`."""

    def names(self) -> list[str]:
        """What they say."""
        if self.kind == "alike":
            return ["user"] * self.size
        return [
            f"user {each}" if self.kind == "distinct" or each % 3 else "user" for each in range(self.size)
        ]


class ModelLog(httpx.AsyncBaseTransport):
    """The log, and the server in front of it."""

    def __init__(self, dates: list[int], cap: int, bursts: Sequence[Burst] = ()) -> None:
        """Few distinct dates, so that blocks of one date span page ends; two names, so that real twins occur, in an order
        that never repeats itself, else two pages of one date could be the same. Bursts may be longer than pages."""
        newest_first = sorted(dates, reverse=True)
        self.entries = [entry(date, "ab"[place.bit_count() % 2]) for place, date in enumerate(newest_first)]
        self.entries += [entry(burst.date, name) for burst in bursts for name in burst.names()]
        self.entries.sort(key=self._date, reverse=True)
        self.alike = any(burst.kind != "distinct" for burst in bursts) or len(
            {each.date for each in bursts}
        ) < len(bursts)
        """Whether there are bursts with twins."""
        self.cap = cap
        """Records a page holds, whatever was asked for."""
        self.always = Counter(self.entries)
        """What was there all the time."""
        self.ever = Counter(self.entries)
        """What was there at any time."""
        self.arrived = 0
        """Records that arrived inside."""
        self.shrunk = False
        self.lied = False
        """Whether it sent a page again in place of another."""
        self.bad = GOOD
        self._before = b""

    # What happens to the log

    def grow(self) -> None:
        """A record is written now, so newer than the search."""
        self.entries.insert(0, entry(LAST + 1, "new"))

    def arrive(self, date: int, count: int, *, behind: bool) -> None:
        """Records arrive late, before or behind all others of their date."""
        dates = [self._date(raw) for raw in self.entries]
        at = sum(1 for each in dates if each > date or (behind and each == date))
        numbers = range(self.arrived, self.arrived + count)
        late = [entry(date, f"late {'ab'[number.bit_count() % 2]}") for number in numbers]
        self.entries[at:at] = late
        self.ever.update(late)
        self.arrived += count

    def arrive_alike(self, place: int, count: int, *, behind: bool) -> None:
        """Twins of a record arrive late, before or behind all others of its date."""
        if self.entries:
            raw = self.entries[place % len(self.entries)]
            dates = [self._date(each) for each in self.entries]
            at = sum(1 for each in dates if each > self._date(raw) or (behind and each == self._date(raw)))
            self.entries[at:at] = [raw] * count
            self.ever.update([raw] * count)
            self.arrived += count

    def leave(self, place: int, count: int) -> None:
        """Records are removed, at the tail by retention, or elsewhere."""
        at = place % (len(self.entries) or 1)
        gone = self.entries[at : at + count]
        del self.entries[at : at + count]
        self.always.subtract(gone)
        self.shrunk = self.shrunk or bool(gone)

    def within(self, start: int, end: int) -> list[str]:
        """What the log holds of a range, newest first."""
        return [raw for raw in self.entries if start <= self._date(raw) <= end]

    @staticmethod
    def _date(raw: str) -> int:
        return int(json.loads(raw)["creationDate"])

    # How it answers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One page, by the request's own dates and offset."""
        asked = request.url.params
        found = self.within(int(asked["startDate"]), int(asked["endDate"]))
        bad, self.bad = self.bad.how, self.bad if self.bad.times > 1 else GOOD
        self.bad = self.bad._replace(times=self.bad.times - 1)
        match bad:
            case "reset":
                raise httpx.ReadError("reset")
            case "429":
                return httpx.Response(429, headers={"Retry-After": "1"}, stream=_Body(b"{}"))
            case "503":
                return httpx.Response(503, stream=_Body(b"<html>"))
            case "garbage":
                return httpx.Response(200, stream=_Body(b'{"results":['))
            case "again" if (
                self._before.count(b"creationDate") > 8
            ):  # of fewer, nobody could tell twins from a lie
                self.lied = True
                return httpx.Response(200, stream=_Body(self._before))
        self._before = self._page(found, int(asked["start"]), bad)
        return httpx.Response(200, stream=_Body(self._before))

    def _page(self, found: list[str], start: int, bad: str) -> bytes:
        rest = found[start:]
        if bad == "empty" and start and len(rest) > self.cap:
            return page_of([], more=True)
        held = rest[: max(1, self.cap // 2) if bad == "short" else self.cap]
        return page_of(held, more=len(held) < len(rest))


class UntilEmpty(ModelLog):
    """Gives `next` until an empty page."""

    def _page(self, found: list[str], start: int, bad: str) -> bytes:
        held = found[start : start + self.cap]
        return page_of(held, more=bool(held))


class _Body(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body
