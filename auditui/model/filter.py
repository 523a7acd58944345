"""A filter as a tree, and its plain meaning.

`matches` says what a filter means; whoever carries one out faster must agree with it. How a filter is written is
`filter_parse.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditui.model.fields import FIELDS, Field, Flag
from auditui.model.fold import fold
from auditui.model.record import Record


@dataclass(frozen=True, slots=True)
class Word:
    """Any value of any field contains the text."""

    text: str
    """Folded."""


@dataclass(frozen=True, slots=True)
class InField:
    """A value of the field contains the text, is what the field's `reading` makes of it, or equals it."""

    field: Field
    text: str
    """Folded."""
    exact: bool
    """Whether the whole value equals the text."""
    typed: str
    """The text as written, without its quotes."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """The record has the flag, or has it not."""

    flag: Flag
    wanted: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """The record is from before the moment, or from then on; one without a date is neither."""

    at: int
    """Milliseconds since the epoch."""
    before: bool


Test = Word | InField | Flagged | Moment


@dataclass(frozen=True, slots=True)
class Clause:
    """Any of the tests holds; negated, none does."""

    tests: tuple[Test, ...]
    negated: bool
    start: int
    """Where it begins in the filter's text, in characters; a minus is part of it."""
    end: int


@dataclass(frozen=True, slots=True)
class Filter:
    """All clauses hold. False where it has none and lets everything through."""

    text: str
    """As written."""
    clauses: tuple[Clause, ...]
    read_at: int = field(default=0, compare=False)
    """The moment from which its relative dates count back, in milliseconds since the epoch."""

    def __bool__(self) -> bool:
        return bool(self.clauses)

    @property
    def since(self) -> int | None:
        """The moment before which nothing can pass, in milliseconds since the epoch; None where there is none."""
        return max(self._bounds(before=False), default=None)

    @property
    def until(self) -> int | None:
        """The moment from which on nothing can pass, in milliseconds since the epoch; None where there is none."""
        return min(self._bounds(before=True), default=None)

    def _bounds(self, *, before: bool) -> Iterator[int]:
        """What clauses of nothing but `before:`, or nothing but `after:`, leave at most."""
        for clause in self.clauses:
            moments = [test.at for test in clause.tests if isinstance(test, Moment) and test.before == before]
            if moments and len(moments) == len(clause.tests) and not clause.negated:
                yield max(moments) if before else min(moments)


NO_FILTER = Filter("", ())


def matches(filter: Filter, record: Record) -> bool:
    """Whether the filter lets the record through: the plain reading, which looks at every value of the record."""
    known: dict[str, tuple[str, ...]] = {}

    def folded(field: Field) -> tuple[str, ...]:
        # Once for all tests: a filter has hundreds of words, and a hostile value a million letters.
        if (values := known.get(field.name)) is None:
            values = known[field.name] = tuple(map(fold, field.values(record)))
        return values

    return all(
        clause.negated != any(_holds(test, record, folded) for test in clause.tests)
        for clause in filter.clauses
    )


def _holds(test: Test, record: Record, folded: Callable[[Field], tuple[str, ...]]) -> bool:
    match test:
        case Word(text):
            return any(text in value for field in FIELDS for value in folded(field))
        case InField():
            return _holds_in_field(test, record, folded)
        case Flagged(flag, wanted):
            return flag.test(record) == wanted
        case Moment(at, before):
            return record.created is not None and (record.created < at) == before


def _holds_in_field(test: InField, record: Record, folded: Callable[[Field], tuple[str, ...]]) -> bool:
    if test.exact:
        return test.text in folded(test.field)
    if test.field.reading:
        return any(map(test.field.reading(test.typed), test.field.values(record)))
    return any(test.text in value for value in folded(test.field))
