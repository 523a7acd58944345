"""Where somebody is in an investigation, as values that can be kept, and how one comes back to it.

Knows nothing of screens, nor of the file that keeps it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from auditui.model.resumption import Former, Owner, Resumption, Spot, Step, fingerprint
from auditui.session.investigation import Investigation, Place
from auditui.session.search import Search

MOST_MARKS = 5_000
"""Marks that are kept, of all searches together."""

_AT_ONCE = 500  # records read in one go, some 3 ms


class Whereabouts:
    """Tells where one is; what it has learnt of marked records it need not read again."""

    def __init__(self, investigation: Investigation) -> None:
        self._investigation = investigation
        self._known: WeakKeyDictionary[Search, dict[int, str]] = WeakKeyDictionary()

    async def told(self, here: Place, owner: Owner) -> Resumption | None:
        """All of it, with `here` for the place one is at; None before anything was searched.

        Raises:
            StoreFailed: the records cannot be read back.
        """
        exploring, trail = self._investigation.exploring, self._investigation.trail
        places = [here if number == trail.at else place for number, place in enumerate(trail.places)]
        asked = [place.search or place.former for place in places]
        searches = [each for each in dict.fromkeys((asked[trail.at], *asked)) if each] if places else []
        if not searches or None in asked or exploring.connection is None:
            return None
        steps = tuple(
            Step(place.view, searches.index(each), Spot(place.row, place.fingerprint), place.only_marked)
            for place, each in zip(places, asked, strict=True)
            if each is not None
        )
        at, zone, demo = trail.at, exploring.zone, exploring.connection.demo
        marked = sum(len(each.marks if isinstance(each, Former) else each.marked) for each in searches)
        formers = _limited([await self._former(each) for each in searches])
        left_out = max(0, marked - MOST_MARKS)
        return Resumption(owner, zone, formers, steps, at, demo, left_out)

    async def _former(self, asked: Search | Former) -> Former:
        if isinstance(asked, Former):
            return asked
        found = await self._fingerprints(asked, sorted(asked.marked)[:MOST_MARKS])
        marks = (*found, *self._investigation.pending(asked))
        return Former(asked.pinned, asked.zone, tuple(sorted(marks, key=lambda mark: mark.row)))

    async def _fingerprints(self, search: Search, rows: Sequence[int]) -> Sequence[Spot]:
        known = self._known.setdefault(search, {})
        missing = [row for row in rows if row not in known]
        for at in range(0, len(missing), _AT_ONCE):
            if not self._investigation.is_open(search):
                break
            texts = search.texts(missing[at : at + _AT_ONCE])
            known.update((row, fingerprint(raw)) for row, raw in texts.items())
            await asyncio.sleep(0)  # keys come first
        return [Spot(row, known[row]) for row in rows if row in known]


def _limited(formers: Sequence[Former]) -> tuple[Former, ...]:
    """The same with as many marks as are kept, those of the first search first."""
    room, kept = MOST_MARKS, []
    for former in formers:
        kept.append(replace(former, marks=former.marks[:room]))
        room -= len(kept[-1].marks)
    return tuple(kept)


def places_of(kept: Resumption) -> list[Place]:
    """The places of a trail that were kept, none of them searched yet."""
    return [
        Place(
            step.view,
            None,
            step.spot.row,
            step.spot.fingerprint,
            step.only_marked,
            kept.formers[step.former],
        )
        for step in kept.steps
    ]
