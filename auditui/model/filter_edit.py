"""Changes a filter's text as somebody would who types: texts in, texts out.

What it does not touch stays character for character. It takes texts that parse; of how a filter is carried out it
knows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from whenever import ZonedDateTime

from auditui.model.fields import Field, field_named
from auditui.model.filter import Clause, Filter, InField, Moment, Test
from auditui.model.filter_parse import foreign_hint
from auditui.model.filter_scan import NAMED, Written, scan
from auditui.model.fold import fold
from auditui.model.when import Zone

_SAFE = re.compile(r'[^\s|"-][^\s|"]*')
_FIRST = -62_135_596_800_000  # the year 1
_LAST = 253_402_300_799_999  # the end of the year 9999


def quoted(value: str) -> str:
    """The value as it can stand behind a field's operator or a `|`: as it is where that is safe, else in quotes."""
    if _SAFE.fullmatch(value) and not NAMED.match(value) and not foreign_hint(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def clause_text(field_name: str, value: str, *, exact: bool = True, negated: bool = False) -> str:
    """`field=value`; contained rather than equal where not `exact`. The empty value can only be equalled."""
    operator = "=" if exact or not value else ":"
    return f"{'-' if negated else ''}{field_name}{operator}{quoted(value)}"


def added(text: str, clause: str) -> str:
    """The text with one more clause at its end, unless it stands there already; its opposite gives way to it."""
    wanted = list(scan(clause))
    for written in scan(text):
        if len(wanted) == 1 and _meaning(written) == _meaning(wanted[0]):
            if written.negated == wanted[0].negated:
                return text
            return text[: written.start] + clause + text[written.end :]
    return _appended(text, clause)


def without(text: str, start: int, end: int) -> str:
    """The text without what stands from `start` to `end`, and with one blank where that was."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return f"{before} {after}" if before and after else before + after


def chosen(filter: Filter, field: Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values that clauses of nothing but `field=value` ask for, and those they shut out; as typed, none twice."""
    clauses = list(_clauses_of(filter, _chooses(field)))
    included = [clause for clause in clauses if not clause.negated]
    excluded = [clause for clause in clauses if clause.negated]
    return _typed(included), _typed(excluded)


def choose(
    text: str, filter: Filter, field: Field, included: Collection[str], excluded: Collection[str]
) -> str:
    """The text with exactly these values of the field asked for and shut out; `filter` is its parse."""
    clauses = (_any_of(field, included), _any_of(field, excluded, "-"))
    wanted = " ".join(clause for clause in clauses if clause)
    return _replaced(text, list(_clauses_of(filter, _chooses(field))), wanted)


def between(text: str, filter: Filter, start: int | None, end: int | None, zone: Zone) -> str:
    """The text limited to the half-open range of milliseconds, in place of all its moments; `filter` is its parse.

    Ends beyond the years 1 to 9999 are written as these years' ends.
    """
    ends = (("after", start), ("before", end))
    wanted = " ".join(f"{word}:{moment(at, zone)}" for word, at in ends if at is not None)
    return _replaced(text, list(_clauses_of(filter, lambda test: isinstance(test, Moment))), wanted)


def moment(milliseconds: int, zone: Zone) -> str:
    """A moment in milliseconds as a WHEN that any zone reads alike: `2026-11-01T02:12Z`, seconds only where needed.

    One beyond the years 1 to 9999 is written as these years' end.
    """
    at = _at(min(max(milliseconds, _FIRST), _LAST), zone)
    text = f"{at.year:04}-{at.month:02}-{at.day:02}T{at.hour:02}:{at.minute:02}"
    thousandths = at.nanosecond // 1_000_000
    if at.second or thousandths:
        text += f":{at.second:02}"
    if thousandths:
        text += f".{thousandths:03}"
    return text + _offset(at)


def _meaning(written: Written) -> tuple[tuple[str, str, str], ...]:
    """What tells clauses apart, the minus left aside."""
    return tuple((_canonical(piece.name), piece.operator, fold(piece.value)) for piece in written.pieces)


def _canonical(name: str) -> str:
    field = field_named(name)
    return field.name if field else fold(name)


def _chooses(field: Field) -> Callable[[Test], bool]:
    return lambda test: isinstance(test, InField) and test.exact and test.field == field


def _clauses_of(filter: Filter, only: Callable[[Test], bool]) -> Iterator[Clause]:
    return (clause for clause in filter.clauses if all(map(only, clause.tests)))


def _typed(clauses: list[Clause]) -> tuple[str, ...]:
    tests = (test for clause in clauses for test in clause.tests)
    return tuple(dict.fromkeys(test.typed for test in tests if isinstance(test, InField)))


def _any_of(field: Field, values: Collection[str], minus: str = "") -> str:
    alternatives = "|".join(map(quoted, dict.fromkeys(values)))
    return f"{minus}{field.name}={alternatives}" if values else ""


def _replaced(text: str, clauses: Sequence[Clause], wanted: str) -> str:
    for clause in reversed(clauses[1:]):  # the last one first, so that the places before it stay true
        text = without(text, clause.start, clause.end)
    if not clauses:
        return _appended(text, wanted) if wanted else text
    start, end = clauses[0].start, clauses[0].end
    return text[:start] + wanted + text[end:] if wanted else without(text, start, end)


def _appended(text: str, clause: str) -> str:
    if not text.strip():
        return clause
    return text + clause if text[-1].isspace() else f"{text} {clause}"


def _at(milliseconds: int, zone: Zone) -> ZonedDateTime:
    """The moment in the zone; in UTC where the zone's offset cannot be written or leads past the calendar."""
    try:
        at = zone.at(milliseconds)
    except (ValueError, OverflowError):
        return Zone("UTC").at(milliseconds)
    return at if at.offset.in_seconds() % 60 == 0 else Zone("UTC").at(milliseconds)


def _offset(at: ZonedDateTime) -> str:
    minutes = round(at.offset.in_minutes())
    if not minutes:
        return "Z"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
