"""How a filter is written: from its text to its tree.

`parse_filter` gives clauses and alternatives (`filter_scan.py`) their meaning, or says what is wrong and where. `FORMS` is the language in a dozen lines. Knows nothing of how a filter is carried out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from auditui.model.errors import UsageError
from auditui.model.fields import ADMIN, FIELDS, FLAGS, field_named
from auditui.model.filter import Clause, Filter, Flagged, InField, Moment, Test, Word
from auditui.model.filter_scan import NAMED, Piece, Written, scan
from auditui.model.fold import fold
from auditui.model.when import Edge, Zone, parse_when

FORMS: tuple[tuple[str, str], ...] = (
    ("backup", "any text of the record contains it, in any case of letters"),
    ('"added to group"', 'a phrase; \\" and \\\\ stand for " and \\ in it'),
    ("author:ana event:space", "both hold: each in its field"),
    ("-author:system", "a minus in front: does not hold"),
    ('author:ana|ben|"Ben B"', "any of them"),
    ("author:ana|ip:10.0.", "any of them, each in a field of its own"),
    ('author="Ana A"', "the whole value, not a part of it"),
    ('ip=""', "nothing stands in the field"),
    ("ip:10.1.", "the address begins so"),
    ("ip:10.0.0.0/8|2001:db8::/32", "the address lies in a block"),
    ("has:control|unusual", "the record has such a thing"),
    ("admin:yes", "done with an administrator's rights"),
    ("after:7d before:yesterday", "from then on, and before then"),
    ("after:2026-11-01T09:30Z", "a moment in any zone"),
)
"""An example of each form, and what it means."""

KEYWORDS: tuple[tuple[str, str], ...] = (
    ("has", "what a record can have"),
    ("admin", "done with an administrator's rights: yes or no"),
    ("before", "before a day or moment"),
    ("after", "from a day or moment on"),
)
"""What can stand before a `:` and is no field, and what it says."""

_NAMES = (
    *(name for field in FIELDS for name in (field.name, *field.aliases)),
    *(word for word, _ in KEYWORDS),
)

TEXTS_CAP = 400
"""Words, phrases, flags, dates and values of list fields that one filter can have."""

_YES = ("yes", "y", "true")
_NO = ("no", "n", "false")
_SHOWN = 40  # characters of what somebody typed that an error repeats


class FilterFault(UsageError):
    """A filter that cannot be read, and where.

    `start` and `end` are places in its text, in characters: `end` is greater, or both are the text's end.
    """

    def __init__(
        self, happened: str, *, start: int, end: int, expected: str, why: str = "", remedy: str = ""
    ) -> None:
        super().__init__(happened, why=why, remedy=remedy)
        self.start = start
        self.end = end
        self.expected = expected
        """What could stand there, to be read behind “expected”."""


def parse_filter(text: str, *, now: int, zone: Zone) -> Filter:
    """The filter that the text says; `now` is in milliseconds since the epoch.

    Raises:
        FilterFault: it says none.
    """
    reader = _Reader(text, now, zone)
    clauses = tuple(reader.clause(written) for written in scan(text))
    _refuse_too_much(text, clauses)
    return Filter(text, clauses, read_at=now)


def may_become_a_field(text: str) -> bool:
    """Whether the last word of a text that is being typed is a plain word as yet, and the beginning of a field's name."""
    last = next(iter(reversed(list(scan(text)))), None)
    if last is None or last.end != len(text) or last.pieces[-1].named or last.pieces[-1].quoted:
        return False
    word = fold(last.pieces[-1].value)
    return not last.pieces[-1].name and any(name.startswith(word) for name in _NAMES)


def _refuse_too_much(text: str, clauses: tuple[Clause, ...]) -> None:
    """Each text that is looked for everywhere costs a look at every record; lists of values of one field do not."""
    texts = 0
    for clause in clauses:
        texts += sum(not (isinstance(test, InField) and test.field.single) for test in clause.tests)
        if texts > TEXTS_CAP:
            raise FilterFault(
                f"A filter can look for {TEXTS_CAP} texts at most.",
                start=clause.start,
                end=clause.end,
                expected="fewer words",
                remedy="Long lists are quick in fields such as ip= and author=.",
            )


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    now: int
    zone: Zone

    def clause(self, written: Written) -> Clause:
        if written.glued:
            raise FilterFault(
                "A quote begins or ends inside a word.",
                start=written.start,
                end=written.end,
                expected="a blank or “|”",
                remedy='Put the quotes around the whole of it; \\" is a quote inside quotes.',
            )
        tests = tuple(self._test(piece) for piece in written.pieces)
        return Clause(tests, written.negated, written.start, written.end)

    def _test(self, piece: Piece) -> Test:
        self._refuse_the_unfinished(piece)
        match fold(piece.name):
            case "":
                return Word(fold(piece.value))
            case "has":
                return self._has(piece)
            case "admin":
                return self._admin(piece)
            case "before" | "after" as word:
                return self._moment(piece, before=word == "before")
        return self._in_field(piece)

    def _refuse_the_unfinished(self, piece: Piece) -> None:
        if not piece.closed:
            raise self._open(piece)
        if piece.name and fold(piece.name) not in _NAMES:
            raise self._no_field(piece)
        if not piece.quoted and (hint := foreign_hint(piece.value, bare=not piece.name)):
            raise self._foreign(piece, hint)
        if not (piece.named or piece.quoted) and _names_something(piece.value.lstrip("-")):
            raise self._inner_minus(piece)
        if not piece.value and not (piece.quoted and piece.operator == "="):
            raise self._missing(piece)

    def _foreign(self, piece: Piece, hint: str) -> FilterFault:
        return FilterFault(
            f"“{_short(piece.value)}” is not of this language.",
            start=piece.value_start,
            end=piece.end,
            expected="a word or a field",
            remedy=f"{hint} Quotes search for the text itself.",
        )

    def _has(self, piece: Piece) -> Test:
        for flag in FLAGS:
            if flag.name == fold(piece.value):
                return Flagged(flag, wanted=True)
        names = [flag.name for flag in FLAGS]
        raise self._not(piece, f"one of {', '.join(names)}", _nearest(piece.value, names))

    def _admin(self, piece: Piece) -> Test:
        answer = fold(piece.value)
        if answer not in _YES + _NO:
            raise self._not(piece, "yes or no")
        return Flagged(ADMIN, wanted=answer in _YES)

    def _moment(self, piece: Piece, *, before: bool) -> Test:
        try:
            at = parse_when(piece.value, Edge.SINCE, now=self.now, zone=self.zone)
        except UsageError as error:
            raise self._not(piece, "a date or a span of time", error.remedy) from None
        return Moment(at, before)

    def _in_field(self, piece: Piece) -> Test:
        field = field_named(piece.name)
        if field is None:
            raise self._no_field(piece)
        if field.reading and piece.operator == ":":
            try:
                field.reading(piece.value)
            except ValueError as error:
                raise self._not(piece, str(error)) from None
        return InField(field, fold(piece.value), piece.operator == "=", piece.value)

    def _open(self, piece: Piece) -> FilterFault:
        return FilterFault(
            "The quote is still open.",
            start=piece.value_start,
            end=piece.end,
            expected="a closing quote",
            remedy='Close it with ".',
        )

    def _no_field(self, piece: Piece) -> FilterFault:
        near = _nearest(piece.name, _NAMES)
        return FilterFault(
            f"There is no field “{_short(piece.name)}”.",
            start=piece.start,
            end=piece.value_start,
            expected="the name of a field",
            remedy=f"{near} Quotes search for the text itself.".strip(),
        )

    def _inner_minus(self, piece: Piece) -> FilterFault:
        return FilterFault(
            "A minus stands inside the clause.",
            start=piece.start,
            end=piece.end,
            expected="the minus before the whole clause",
            remedy="One minus at its beginning negates all alternatives.",
        )

    def _missing(self, piece: Piece) -> FilterFault:
        start, end = piece.start, piece.end
        if end == len(self.text) and not piece.quoted:
            start = end
        elif start == end:  # beside a “|”, which is then what can be pointed at
            start, end = (start, start + 1) if self.text[start] == "|" else (start - 1, start)
        name = self.text[piece.start : piece.value_start] if piece.named else ""
        empty = ' The empty value is "".' if piece.operator == "=" else ""
        return FilterFault(
            f"“{_short(name)}” waits for what to look for." if name else "Something to look for is missing.",
            start=start,
            end=end,
            expected="what to look for",
            remedy=f"Write it right behind, without a blank.{empty}" if name else "",
        )

    def _not(self, piece: Piece, expected: str, remedy: str = "") -> FilterFault:
        return FilterFault(
            f"“{_short(piece.value)}” is not {expected}.",
            start=piece.value_start,
            end=piece.end,
            expected=expected,
            remedy=remedy,
        )


def foreign_hint(value: str, *, bare: bool = True) -> str:
    """What to write instead of an unquoted value that other languages read as an operator; "" where it is a plain text.

    Such a filter would let nothing through without a word. `bare` says that the value stands without a field.
    """
    if value.endswith("*"):
        return "There are no wildcards: author:ana finds a part, author=ana the whole."
    if not bare:
        return ""
    if value in _OPERATORS:
        return _OPERATORS[value]
    if _BRACKETS.fullmatch(value):
        return "There are no brackets: blanks mean and, | means or."
    return "A minus in front means not: -author=ana." if _NOT_EQUAL.match(value) else ""


_OPERATORS = {
    "AND": "Blanks mean and.",
    "&&": "Blanks mean and.",
    "OR": "Without blanks, | means or: author:ana|ben.",
    "||": "Without blanks, | means or: author:ana|ben.",
    "NOT": "A minus in front means not: -author:ana.",
    "=": "Write the field and its value without blanks: author=ana.",
    ":": "Write the field and its value without blanks: author:ana.",
    "!=": "A minus in front means not: -author=ana.",
}
_BRACKETS = re.compile(r"\([^)]*|[^(]*\)|\(.*[:=].*\)?")
_NOT_EQUAL = re.compile(r"[!~]|[^\W\d_][\w-]*(?:!=|!:|<>|>=|<=|=~|>|<)")


def _names_something(text: str) -> bool:
    found = NAMED.match(text)
    return bool(found and fold(found[1]) in _NAMES)


def _nearest(typed: str, names: Sequence[str]) -> str:
    near = get_close_matches(fold(typed[:_SHOWN]), names, n=1)
    return f"Did you mean {near[0]}?" if near else ""


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
