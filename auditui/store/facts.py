"""What is written down of each record so that it can be filtered, counted and sorted without being read again.

Fields that always have one value are kept as the number of that value in `names`; fields with several values as one blob.
All texts are folded (`model/fold.py`) and encoded so that a byte that no text holds stands between two of them. Owns
the tables' shape; what is asked of them is `looker.py`'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from auditui.model.fields import FIELDS, FLAGS, Field
from auditui.model.first import First
from auditui.model.fold import fold
from auditui.model.record import Record

SINGLES = tuple(field for field in FIELDS if field.single)
LISTS = tuple(field for field in FIELDS if not field.single)

EDGE = b"\xff"
"""Stands around each text of a blob; no text holds it, however odd, as it never occurs in UTF-8."""

_DATE_CAP = 1 << 62  # milliseconds; farther dates are no dates, and SQLite's numbers end there
_ODD_CAP = 5_000  # texts that are not plain ASCII of which flags and folding are remembered
_SHORT = 200  # characters of those
_KNOWN_CAP = 50_000  # names whose numbers are remembered; memory must not grow with the log


_SINGLE_VALUES = [field.values for field in SINGLES]
_LIST_VALUES = [field.values for field in LISTS]


def column(field: Field) -> str:
    """The column in which a field is kept."""
    return field.name.replace("-", "_")


SCHEMA = f"""
CREATE TABLE names (id INTEGER PRIMARY KEY, folded BLOB NOT NULL UNIQUE, text BLOB NOT NULL);
CREATE TABLE facts (row INTEGER PRIMARY KEY, created INTEGER, flags INTEGER NOT NULL,
  {", ".join(f"{column(field)} INTEGER NOT NULL" for field in SINGLES)});
CREATE TABLE texts (row INTEGER PRIMARY KEY, singles BLOB NOT NULL,
  {", ".join(f"{column(field)} BLOB NOT NULL" for field in LISTS)});
CREATE TABLE firsts (kind INTEGER, person INTEGER, other INTEGER, created INTEGER NOT NULL, row INTEGER NOT NULL,
  PRIMARY KEY (kind, person, other)) WITHOUT ROWID;
CREATE INDEX firsts_by_row ON firsts (row);
CREATE TABLE marks (row INTEGER PRIMARY KEY);
"""

_INSERT_FACTS = f"INSERT INTO facts VALUES ({', '.join('?' * (3 + len(SINGLES)))})"
_INSERT_TEXTS = f"INSERT INTO texts VALUES ({', '.join('?' * (2 + len(LISTS)))})"
_INSERT_FIRST = """
INSERT INTO firsts VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, person, other)
DO UPDATE SET created = excluded.created, row = excluded.row
WHERE excluded.created < created OR (excluded.created = created AND excluded.row > row)
"""

_OF_RECORDS = [(1 << place, flag.holds) for place, flag in enumerate(FLAGS) if flag.holds is not None]
_OF_TEXTS = [(1 << place, flag.in_text) for place, flag in enumerate(FLAGS) if flag.in_text is not None]
"""Flags by their bits. What makes a text so is never plain ASCII that prints: that is looked at no closer."""

_Which = tuple[int, int, int]


def encoded(text: str) -> bytes:
    """A text as bytes, whatever it holds."""
    return text.encode("utf-8", "surrogatepass")


def decoded(text: bytes) -> str:
    """What `encoded` was given."""
    return text.decode("utf-8", "surrogatepass")


def blob(texts: Sequence[str]) -> bytes:
    """Folded texts, an `EDGE` before and behind each; empty where there is none."""
    if not texts:
        return b""
    joined = "\0".join(texts)
    if joined.isascii() and joined.count("\0") == len(texts) - 1:  # several times as quick
        return EDGE + joined.lower().encode().replace(b"\0", EDGE) + EDGE
    return EDGE + EDGE.join([_folded(text) for text in texts]) + EDGE


def _folded(text: str) -> bytes:
    """Folded, as bytes. Most of the texts that are not plain are names, which come again and again."""
    return _short_folded(text) if len(text) <= _SHORT else encoded(fold(text))


@lru_cache(_ODD_CAP)
def _short_folded(text: str) -> bytes:
    return encoded(fold(text))


def _blobs_of_plain(groups: Sequence[Sequence[str]]) -> list[bytes]:
    """The same of several groups of texts that are plain: one folding for all, several times as quick."""
    joined = "\n".join(["\0" + "\0".join(texts) + "\0" if texts else "" for texts in groups])
    return joined.lower().encode().replace(b"\0", EDGE).split(b"\n")


def _is_plain(record: Record) -> bool:
    """Whether all its texts are ASCII that prints, as of nearly all records: JSON has no other way to write the rest."""
    raw = record.raw
    return raw.isascii() and "\\" not in raw and "\x7f" not in raw


class FactWriter:
    """Writes facts through one connection, within whatever transaction is open there."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, int] = {}
        self._odd: dict[str, int] = {}

    def write(self, first: int, records: Sequence[Record]) -> None:
        """Write the facts of records, the first of which has the row `first`.

        Raises:
            sqlite3.Error: nothing is to be trusted before a rollback and `forget`.
        """
        singles = [tuple([values(record)[0] for values in _SINGLE_VALUES]) for record in records]
        lists = [[values(record) for values in _LIST_VALUES] for record in records]
        plain = [_is_plain(record) for record in records]
        numbers = self._numbers(dict.fromkeys(chain.from_iterable(singles)))
        rows = range(first, first + len(records))
        filed = [tuple([numbers[text] for text in texts]) for texts in singles]
        dates = [_date(record.created) for record in records]
        groups = [[texts, *several] for texts, several in zip(singles, lists, strict=True)]
        flags = map(self._flags, records, groups, plain)
        self._connection.executemany(
            _INSERT_FACTS,
            [(row, *rest, *ids) for row, *rest, ids in zip(rows, dates, flags, filed, strict=True)],
        )
        blobs = [
            _blobs_of_plain(each) if is_plain else map(blob, each)
            for each, is_plain in zip(groups, plain, strict=True)
        ]
        self._connection.executemany(
            _INSERT_TEXTS, [(row, *each) for row, each in zip(rows, blobs, strict=True)]
        )
        firsts = _firsts(rows, dates, filed, numbers.get(""))
        self._connection.executemany(_INSERT_FIRST, [(*which, *when) for which, when in firsts.items()])

    def _flags(self, record: Record, groups: Sequence[Sequence[str]], plain: bool) -> int:
        bits = 0
        for bit, holds in _OF_RECORDS:
            if holds(record):
                bits |= bit
        for text in () if plain else chain.from_iterable(groups):
            if not (text.isascii() and text.isprintable()):
                bits |= self._of_text(text)
        return bits

    def _of_text(self, text: str) -> int:
        """The flags that an unusual text makes so; most of them come again and again."""
        found = self._odd.get(text)
        if found is None:
            found = sum(bit for bit, in_text in _OF_TEXTS if in_text(text))
            if len(self._odd) > _ODD_CAP:
                self._odd.clear()
            if len(text) <= _SHORT:
                self._odd[text] = found
        return found

    def forget(self) -> None:
        """After a rollback: the numbers of names may be gone."""
        self._known.clear()

    def _numbers(self, texts: Collection[str]) -> Mapping[str, int]:
        """The number of each text, in the order in which they first occur; spellings that fold to the same share one."""
        if len(self._known) > _KNOWN_CAP:
            self._known.clear()
        new = [text for text in texts if text not in self._known]
        pairs = [(encoded(fold(text)), encoded(text)) for text in new]
        self._connection.executemany("INSERT OR IGNORE INTO names (folded, text) VALUES (?, ?)", pairs)
        for text, (folded, _) in zip(new, pairs, strict=True):
            (self._known[text],) = self._connection.execute(
                "SELECT id FROM names WHERE folded = ?", (folded,)
            ).fetchone()
        return {text: self._known[text] for text in texts}


def _date(created: int | None) -> int | None:
    return None if created is None else max(-_DATE_CAP, min(created, _DATE_CAP))


_PLACE = {field.name: place for place, field in enumerate(SINGLES)}
_AUTHOR, _ACCOUNT, _EVENT, _ADDRESS = (_PLACE[name] for name in ("author", "account", "event", "ip"))
_FIRST_RECORD, _FIRST_EVENT, _FIRST_ADDRESS = map(int, (First.RECORD, First.EVENT, First.ADDRESS))
"""As plain numbers: those of an enumeration are hashed ten times as slowly."""


def _firsts(
    rows: range, dates: Sequence[int | None], filed: Sequence[tuple[int, ...]], nothing: int | None
) -> Mapping[_Which, tuple[int, int]]:
    """The earliest (created, row) of each kind of first among these records; rows go back in time."""
    found: dict[_Which, tuple[int, int]] = {}
    for row, created, ids in zip(rows, dates, filed, strict=True):
        if created is None:
            continue
        account, address = ids[_ACCOUNT], ids[_ADDRESS]
        person = ids[_AUTHOR] if account == nothing else account
        kinds = [(_FIRST_RECORD, person, 0), (_FIRST_EVENT, person, ids[_EVENT])]
        if address != nothing:
            kinds.append((_FIRST_ADDRESS, person, address))
        for kind in kinds:
            if (before := found.get(kind)) is None or created <= before[0]:
                found[kind] = created, row
    return found
