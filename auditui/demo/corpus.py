"""The demo site's audit log as it stands when the demo starts: a record by its index, newest first.

`Corpus` holds no records. Index 0 is the newest; any record, and when it was created, follows from the index, the
size, `now` and the seed alone, at the same cost wherever it lies. Knows nothing of HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log1p
from typing import Any, Final

from auditui.demo import cast, incident
from auditui.demo.chance import mix, share
from auditui.demo.events import ALONE, WHEEL, Episode, Told
from auditui.demo.oddities import ODDITIES
from auditui.demo.timing import CELL, Timing

_PATTERNS: Final = 128
_ODD_EVERY: Final = 32
"""Cells: one record in 512 is an oddity."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """One of a cell's sixteen records: where it lies, and which part of which episode it is."""

    place: float
    """Of its episode's newest record, as a fraction of the cell."""
    next_place: float
    """Of the next older episode: no record of this one may lie behind it."""
    lag: int
    """Milliseconds before the episode's newest record."""
    number: int
    """Of the episode in the cell; with the cell's draw it gives the episode's own."""
    episode: Episode
    step: int


def _choose(draw: int, room: int) -> Episode:
    """An episode by its weight that leaves room for one more record."""
    episode = WHEEL[draw % len(WHEEL)]
    return episode if len(episode.steps) < room else ALONE[draw % len(ALONE)]


@cache
def _pattern(number: int) -> tuple[_Slot, ...]:
    """One way to fill a cell; its last record is an episode of its own. All of them at once would take 30 ms of the start."""
    episodes: list[Episode] = []
    room = CELL
    while room:
        episodes.append(_choose(mix(number * CELL + room), room))
        room -= len(episodes[-1].steps)
    # Uneven waits, so that records come in sittings rather than like a clock.
    waits = [0.05 + (-log1p(-share(number * CELL - each))) ** 1.7 for each in range(1, len(episodes) + 2)]
    places = [sum(waits[: each + 1]) / sum(waits) for each in range(len(episodes))] + [1.0]
    slots: list[_Slot] = []
    for each, episode in enumerate(episodes):
        lag = 0
        for step in reversed(range(len(episode.steps))):
            slots.append(_Slot(places[each], places[each + 1], lag, each, episode, step))
            least, most = episode.gap
            lag += least + mix(number * 977 + len(slots)) % (most - least + 1)
    return tuple(slots)


class Corpus:
    """`size` records of the 365 days before `now`, newest first."""

    def __init__(self, size: int, now: int, seed: int = 7) -> None:
        """`now` in milliseconds since the epoch. Takes a few milliseconds for any size."""
        self.size = size
        self.now = now
        self._seed = mix(seed)
        deeds = len(incident.DEEDS)
        self._timing = Timing(
            size, now, self._seed, incident=deeds, begins=incident.BEGINS, lasts=incident.LASTS
        )
        first = self._timing.before
        self.incident = range(0) if first is None else range(first, first + deeds)
        """The indices of the incident's records, newest first; empty in a log too small to hold one."""

    def __len__(self) -> int:
        return self.size

    def created(self, index: int) -> int:
        """When the record was created, in milliseconds since the epoch; never rises with the index.

        Raises:
            IndexError: there is no such record.
        """
        if index in self.incident:
            return self._incident_began + self._deed(index).after
        cell, number = divmod(self._ordinary(index), CELL)
        return self._created(cell, self._slot(mix(self._seed + cell), cell, number))

    def record(self, index: int) -> dict[str, Any]:
        """The record as the server would send it, keys in its order; a new object every time.

        Raises:
            IndexError: there is no such record.
        """
        if index in self.incident:
            return self._incident_record(index)
        cell, number = divmod(self._ordinary(index), CELL)
        chance = mix(self._seed + cell)
        slot = self._slot(chance, cell, number)
        draw = mix(chance + slot.number)
        author, address = _who(slot.episode, draw, chance)
        step = slot.episode.steps[slot.step]
        told = step.tell(draw, slot.step)
        created = self._created(cell, slot)
        return _json(author, address, created, step.summary, step.category, step.sys_admin, told)

    def searchable(self, index: int) -> tuple[str, str, str, str]:
        """What the server's search looks at: author, summary, category and address; quicker than the whole record.

        Users named as affected are not among it (community.atlassian.com qaq-p/2984472).
        """
        if index in self.incident:
            deed = self._deed(index)
            return deed.author.name, deed.summary, deed.category, incident.ADDRESS
        cell, number = divmod(self._ordinary(index), CELL)
        chance = mix(self._seed + cell)
        slot = self._slot(chance, cell, number)
        author, address = _who(slot.episode, mix(chance + slot.number), chance)
        step = slot.episode.steps[slot.step]
        return author.name, step.summary, step.category, address

    def arrival(self, number: int, created: int) -> dict[str, Any]:
        """A record that is not in the corpus, for a log that grows: the same for the same number and time."""
        draw = mix(self._seed - 1 - number)
        episode = ALONE[draw % len(ALONE)]
        author, address = _who(episode, draw, draw >> 8)
        step = episode.steps[0]
        return _json(
            author, address, created, step.summary, step.category, step.sys_admin, step.tell(draw, 0)
        )

    @property
    def _incident_began(self) -> int:
        return self.now - self._timing.incident_age

    def _deed(self, index: int) -> incident.Deed:
        return incident.DEEDS[self.incident.stop - 1 - index]

    def _incident_record(self, index: int) -> dict[str, Any]:
        deed = self._deed(index)
        affected, changes, around = deed.told
        told = dict(affected), [dict(each) for each in changes], [dict(each) for each in around]
        created = self._incident_began + deed.after
        return _json(
            deed.author, incident.ADDRESS, created, deed.summary, deed.category, deed.sys_admin, told
        )

    def _ordinary(self, index: int) -> int:
        """The record's number among those that are not the incident's."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        return index if index < self.incident.stop else index - len(self.incident)

    @staticmethod
    def _slot(chance: int, cell: int, number: int) -> _Slot:
        slot = _pattern(chance % _PATTERNS)[number]
        if number == CELL - 1 and cell % _ODD_EVERY == 5:
            odd = ODDITIES[cell // _ODD_EVERY % len(ODDITIES)]
            return _Slot(slot.place, slot.next_place, 0, slot.number, odd, 0)
        return slot

    def _created(self, cell: int, slot: _Slot) -> int:
        age = self._timing.age(cell + slot.place)
        if slot.lag:
            age = min(age + slot.lag, self._timing.age_up_to(cell + slot.next_place))
        return self.now - age


def _who(episode: Episode, draw: int, chance: int) -> tuple[cast.Person, str]:
    """The author and the address; a person keeps to one address for the length of a cell."""
    number = (draw >> 52) % len(episode.authors)
    author = episode.authors[number]
    return author, author.addresses[(chance >> 40 ^ number) & 7]


def _json(
    author: cast.Person, address: str, created: int, summary: str, category: str, sys_admin: bool, told: Told
) -> dict[str, Any]:
    affected, changes, around = told
    return {
        "author": author.author.copy(),
        "remoteAddress": address,
        "creationDate": created,
        "summary": summary,
        "description": "",
        "category": category,
        "sysAdmin": sys_admin,
        "superAdmin": False,
        "affectedObject": affected,
        "changedValues": changes,
        "associatedObjects": around,
    }
