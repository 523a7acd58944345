"""Cuts the body of an answer into the exact text of each record.

The text of a record is kept character for character, so that what is stored, searched and exported is what the site
sent. Knows nothing of what a record means (`decode.py`), of HTTP or of offsets.

Source of the envelope: AuditRecordArray in Atlassian's OpenAPI description. Its `start`, `limit` and `size` are read by
nobody: sites give fewer records than asked for, and a `size` of -39928545 has been seen.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from auditui.model.errors import AnswerTooBig, UnreadableAnswer

DEPTH_CAP = 64
"""Levels of nesting an answer may have."""

VALUES_CAP = 1_000_000
"""JSON values of a page: a thousand for each of a thousand records, where a real one has some 20 and 5 for each change in it.

An empty list or object counts as two: it takes three bytes on the way, or a hundredth of one where it is compressed,
and some 250 in memory.
"""

_STEP = 1024 * 1024  # bytes
_DIGITS_CAP = 1000  # Python refuses to read longer numbers, and no field of a record is one
_READ = object()  # in place of the list `results`, which was read element by element
_CHANGED = "Something between here and the site may have changed it."
_blanks = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_NO_BRACKETS = re.compile(r"[^\[\]{}]+")


@dataclass(frozen=True)
class Entry:
    """One record of a page."""

    raw: str
    """Its JSON text, character for character."""
    created: int | None
    """`creationDate` where it is a whole number: milliseconds since the epoch."""
    value: object = field(repr=False, compare=False)
    """What the text says; `decode` makes a record of it without reading the text again."""

    @cached_property
    def key(self) -> str:
        """What makes two entries the same record: the text if only the order of its keys did not count."""
        return json.dumps(self.value, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the endpoint."""

    entries: tuple[Entry, ...]
    more: bool
    """Whether `_links.next` is there. Nothing else of it is ever used."""


def read_page(body: bytes) -> Page:
    """Read the body of an answer.

    Raises:
        AnswerTooBig: it holds more than `VALUES_CAP` values.
        UnreadableAnswer: it is not JSON in UTF-8, is cut off, nests deeper than `DEPTH_CAP`, or has no list `results`.
    """
    if _signs(body) > VALUES_CAP and _holds_too_many_values(body):
        raise AnswerTooBig(
            "The answer holds more values than a page of audit records can; it was not read.",
            remedy="Search a shorter time.",
        )
    text = _text(body)
    try:
        envelope = _Envelope(text)
    except json.JSONDecodeError as error:
        raise UnreadableAnswer(
            f"The answer is not JSON: {error.msg.lower()} at character {error.pos:,} of {len(text):,}.",
            why="It was cut off on the way, or something between here and the site wrote it.",
            remedy="Try again later.",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    links = envelope.fields.get("_links")
    return Page(tuple(envelope.entries), isinstance(links, dict) and bool(links.get("next")))


def _signs(body: bytes) -> int:
    """No fewer than the values in it: each, or its name, stands behind one of these."""
    return body.count(b",") + body.count(b"[") + body.count(b"{")


def _holds_too_many_values(body: bytes) -> bool:
    """The same without the signs in texts, which may be as many as they like."""
    body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    found = inside = 0
    for start in range(0, len(body), _STEP):
        parts = body[start : start + _STEP].split(b'"')
        found += _signs(b"".join(parts[inside::2]))
        inside = (inside + len(parts) - 1) % 2
        if found > VALUES_CAP:
            return True
    return False


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableAnswer(
            f"The answer is not text in UTF-8: byte {error.start:,} of {len(body):,} does not fit.",
            why=_CHANGED,
            remedy="Try again later.",
        ) from None


class _Envelope:
    """Reads the outermost object field by field, and `results` element by element."""

    def __init__(self, text: str) -> None:
        self.fields: dict[str, Any] = {}
        self.entries: list[Entry] = []
        self._body = text
        end = self._read_object(self._skip(0))
        if (rest := self._skip(end)) != len(text):
            raise json.JSONDecodeError("Extra data", text, rest)
        if "results" not in self.fields:
            raise _no_results("has no “results”")
        if self.fields["results"] is not _READ:
            raise _no_results("has something else than a list as “results”")

    def _skip(self, at: int) -> int:
        if self._body[at : at + 1] > " ":
            return at  # nearly always, and several times as quick
        match = _blanks.match(self._body, at)
        return match.end() if match else at

    def _sign(self, at: int) -> str:
        return self._body[at : at + 1]

    def _expect(self, signs: str, at: int) -> tuple[str, int]:
        """The sign that comes next, and the place after it."""
        at = self._skip(at)
        sign = self._sign(at)
        if not sign or sign not in signs:
            raise json.JSONDecodeError(f"Expecting {' or '.join(signs)}", self._body, at)
        return sign, at + 1

    def _value(self, at: int) -> tuple[Any, int]:
        value, end = _decoder.raw_decode(self._body, at)
        # Each level costs a bracket, so that few brackets need no closer look.
        if (
            self._body.count("[", at, end) + self._body.count("{", at, end) > DEPTH_CAP
            and _depth(self._body[at:end]) > DEPTH_CAP
        ):
            raise _too_deep()
        return value, end

    def _read_object(self, at: int) -> int:
        if self._sign(at) != "{":
            self._value(at)
            raise _no_results("is not an object")
        if self._sign(end := self._skip(at + 1)) == "}":
            return end + 1
        sign, at = ",", at + 1
        while sign == ",":
            name, at = self._name(self._skip(at))
            _, at = self._expect(":", at)
            sign, at = self._expect(",}", self._read_field(name, self._skip(at)))
        return at

    def _name(self, at: int) -> tuple[str, int]:
        if self._sign(at) != '"':
            raise json.JSONDecodeError("Expecting a name", self._body, at)
        return self._value(at)

    def _read_field(self, name: str, at: int) -> int:
        if name == "results":
            self.entries.clear()  # a name given twice: the last one counts, as everywhere in Python's json
        if name != "results" or self._sign(at) != "[":
            self.fields[name], at = self._value(at)
            return at
        self.fields[name] = _READ
        return self._read_results(at + 1)

    def _read_results(self, at: int) -> int:
        if self._sign(end := self._skip(at)) == "]":
            return end + 1
        sign = ","
        while sign == ",":
            start = self._skip(at)
            value, end = self._value(start)
            self.entries.append(Entry(self._body[start:end], _created(value), value))
            sign, at = self._expect(",]", end)
        return at


def _created(value: object) -> int | None:
    found = value.get("creationDate") if isinstance(value, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _depth(text: str) -> int:
    """Levels of lists and objects in a JSON text; not of its value, from which what a name given twice hides is gone."""
    level = deepest = 0
    for bracket in _NO_BRACKETS.sub("", _STRING.sub("", text)):
        level += 1 if bracket in "[{" else -1
        deepest = max(deepest, level)
    return deepest


class LongNumber(str):
    """A number of more digits than Python reads, as it was written."""

    __slots__ = ()


def _whole_number(text: str) -> int | LongNumber:
    return int(text) if len(text) <= _DIGITS_CAP else LongNumber(text)


def _not_json(name: str) -> NoReturn:
    raise UnreadableAnswer(
        f"The answer is not JSON: it holds {name}.", why=_CHANGED, remedy="Try again later."
    )


def _too_deep() -> UnreadableAnswer:
    return UnreadableAnswer(
        f"The answer nests deeper than {DEPTH_CAP} levels.",
        why="No page of audit records does; it was not read.",
        remedy="Try again later.",
    )


def _no_results(what: str) -> UnreadableAnswer:
    return UnreadableAnswer(
        f"The answer {what}, so it is not a page of audit records.",
        why="Another service may have answered in place of Confluence.",
        remedy="Check the site address.",
    )


_decoder = json.JSONDecoder(parse_int=_whole_number, parse_constant=_not_json)


def read_record(raw: str) -> object:
    """The JSON value of one record's text, as `read_page` accepted it."""
    return _decoder.decode(raw)


def entry_of(raw: str) -> Entry:
    """The entry of one record's text, as `read_page` accepted it."""
    value = read_record(raw)
    return Entry(raw, _created(value), value)
