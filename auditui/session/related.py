"""Records that belong to one: those beside it, of the same object, of the same author's burst. Knows nothing of screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditui.model.filter import NO_FILTER
from auditui.model.filter_edit import added, between, clause_text
from auditui.model.record import Record
from auditui.model.view import Order
from auditui.model.when import Zone
from auditui.session.investigation import Investigation
from auditui.session.rows import Rows
from auditui.session.search import Search

BESIDE = 1_000
"""Milliseconds within which a neighbour belongs to a record: Confluence writes what names a deactivated user 11 to 72 ms
later (records captured from a real site)."""

BURST = 600_000
"""Milliseconds before and after, in which an author's records are one burst."""

_NEAR = 50  # rows in which neighbours are looked for
_MOST = 12  # records of a group that are offered; each is offered once


@dataclass(frozen=True, slots=True)
class Related:
    """Some records that belong to one."""

    title: str
    rows: tuple[int, ...]
    """Rows of the search, at most `_MOST`, those nearest to the record; in the site's order."""
    total: int
    """How many there are among the loaded ones."""


def naming(search: Search, row: int, record: Record) -> tuple[Record, ...]:
    """The neighbours that name what a record does not: same author, within a second, with an affected object.

    Raises:
        StoreFailed: the records cannot be read back.
    """
    if record.affected.name or record.created is None:
        return ()
    first = max(0, row - _NEAR)
    window = search.window(first, row + _NEAR + 1 - first)
    return tuple(
        other
        for other in window
        if other is not record
        and other.affected.name
        and other.author == record.author
        and other.created is not None
        and abs(other.created - record.created) <= BESIDE
    )


async def related(
    investigation: Investigation, search: Search, row: int, record: Record
) -> tuple[Related, ...]:
    """What belongs to a record, among all that is loaded.

    Raises:
        StoreFailed: the records cannot be read back.
    """
    found: list[Related] = []
    told = {row}
    for title, text in _questions(record, investigation.exploring.zone):
        rows = Rows(search, investigation.read(text), Order())
        try:
            await rows.follow(lambda: None)
            others = [each for each in rows.window(0, rows.count) if each not in told]
        finally:
            rows.close()
        if others:
            nearest = sorted(sorted(others, key=lambda each: abs(each - row))[:_MOST])
            told.update(nearest)
            found.append(Related(title, tuple(nearest), len(others)))
    return tuple(found)


def _questions(record: Record, zone: Zone) -> Iterator[tuple[str, str]]:
    author = record.author
    who = (
        clause_text("account", author.account_id)
        if author.account_id
        else clause_text("author", author.label)
    )
    if (at := record.created) is not None:
        yield "Within a second", between("", NO_FILTER, at - BESIDE, at + BESIDE + 1, zone)
        burst = between("", NO_FILTER, at - BURST, at + BURST + 1, zone)
        yield "By the same author, within 10 minutes", added(burst, who)
    if record.affected.name:
        yield "Of the same object", clause_text("object", record.affected.name)
