"""What is written down of each record so that it can be filtered, counted and sorted without being read again.

Fields that always have one value are kept as the number of that value in `names`; fields with several values as one blob.
All texts are folded (`model/fold.py`) and encoded so that a byte that no text holds stands between two of them. Owns
the tables' shape; what is asked of them is `looker.py`'s.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence

from auditui.model.fields import FIELDS, FLAGS, Field
from auditui.model.first import First
from auditui.model.fold import fold
from auditui.model.record import Record

SINGLES = tuple(field for field in FIELDS if field.single)
LISTS = tuple(field for field in FIELDS if not field.single)

EDGE = b"\xff"
"""Stands around each text of a blob; no text holds it, however odd, as it never occurs in UTF-8."""

_DATE_CAP = 1 << 62  # milliseconds; farther dates are no dates, and SQLite's numbers end there
_ODD_CAP = 5_000  # texts that are not plain ASCII whose flags are remembered
_SHORT = 200  # characters of those
_KNOWN_CAP = 50_000  # names whose numbers are remembered; memory must not grow with the log


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
    if joined.isascii() and joined.count("\0") == len(texts) - 1:  # nearly always, and several times as quick
        return EDGE + joined.lower().encode().replace(b"\0", EDGE) + EDGE
    return EDGE + EDGE.join(encoded(fold(text)) for text in texts) + EDGE


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
        singles = [tuple(field.values(record)[0] for field in SINGLES) for record in records]
        lists = [tuple(field.values(record) for field in LISTS) for record in records]
        numbers = self._numbers(dict.fromkeys(text for texts in singles for text in texts))
        rows = range(first, first + len(records))
        filed = [tuple(map(numbers.__getitem__, texts)) for texts in singles]
        dates = [_date(record.created) for record in records]
        flags = map(self._flags, records, singles, lists)
        self._connection.executemany(
            _INSERT_FACTS,
            ((row, *rest, *ids) for row, *rest, ids in zip(rows, dates, flags, filed, strict=True)),
        )
        self._connection.executemany(
            _INSERT_TEXTS,
            (
                (row, blob(texts), *map(blob, several))
                for row, texts, several in zip(rows, singles, lists, strict=True)
            ),
        )
        firsts = _firsts(rows, dates, filed, numbers.get(""))
        self._connection.executemany(_INSERT_FIRST, ((*which, *when) for which, when in firsts.items()))

    def _flags(self, record: Record, singles: tuple[str, ...], lists: tuple[tuple[str, ...], ...]) -> int:
        bits = sum(bit for bit, holds in _OF_RECORDS if holds(record))
        for texts in (singles, *lists):
            for text in texts:
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


def _firsts(
    rows: range, dates: Sequence[int | None], filed: Sequence[tuple[int, ...]], nothing: int | None
) -> Mapping[_Which, tuple[int, int]]:
    """The earliest (created, row) of each kind of first among these records; rows go back in time."""
    found: dict[_Which, tuple[int, int]] = {}
    for row, created, ids in zip(rows, dates, filed, strict=True):
        if created is None:
            continue
        account = ids[_PLACE["account"]]
        person = ids[_PLACE["author"]] if account == nothing else account
        kinds = [(First.RECORD, person, 0), (First.EVENT, person, ids[_PLACE["event"]])]
        if (address := ids[_PLACE["ip"]]) != nothing:
            kinds.append((First.ADDRESS, person, address))
        for kind in kinds:
            if kind not in found or created <= found[kind][0]:
                found[kind] = created, row
    return found
