"""Reads one record, whatever JSON stands in it.

Any value may stand in any field: a row is never dropped and nothing raises. What does not fit the documented shape is
shown (as JSON text where a plain text was expected) and listed in `Record.unusual`. Knows nothing of HTTP or pages.

Sources of the shape: AuditRecord in Atlassian's OpenAPI description, and records captured from a real site, in which
"System" has no ids at all and `publicName` is "Unknown user" even for named people.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from auditui.client.page import LongNumber, read_record
from auditui.model.record import MOST_REMARKS, AuditObject, Author, ChangedValue, Record

_RECORD_FIELDS = frozenset(
    "author remoteAddress creationDate summary description category sysAdmin superAdmin affectedObject changedValues "
    "associatedObjects".split()
)
_AUTHOR_FIELDS = frozenset(
    "type displayName operations isExternalCollaborator isGuest username userKey accountId accountType publicName "
    "externalCollaborator".split()
)
_OBJECT_FIELDS = frozenset(("name", "objectType"))
_CHANGE_FIELDS = frozenset("name oldValue newValue hiddenOldValue hiddenNewValue".split())

_MISSING: Any = object()
_BEFORE_CONFLUENCE = 946_684_800_000  # the year 2000: a smaller date is a mistake, most often seconds
_YEAR_10000 = 253_402_300_800_000


def decode(raw: str, value: object = _MISSING) -> Record:
    """The record whose JSON text this is. Never raises for a text that `read_page` has cut out.

    Args:
        raw: the text.
        value: what it says, where that was read already.
    """
    unusual = _Remarks()
    value = read_record(raw) if value is _MISSING else value
    fields = _object(value, "the record", _RECORD_FIELDS, unusual)
    created, date_text = _date(_field(fields, "creationDate"), unusual)
    return Record(
        created=created,
        date_text=date_text,
        author=_author(_field(fields, "author"), unusual),
        address=_text(fields, "remoteAddress", unusual),
        event=_text(fields, "summary", unusual),
        category=_text(fields, "category", unusual),
        description=_text(fields, "description", unusual),
        affected=_audit_object(_field(fields, "affectedObject"), "affectedObject", unusual),
        associated=tuple(_associated(fields, unusual)),
        changes=tuple(_changes(fields, unusual)),
        sys_admin=_flag(fields, "sysAdmin", unusual),
        super_admin=_flag(fields, "superAdmin", unusual, required=False),
        unusual=unusual.told(),
        raw=raw,
    )


class _Remarks:
    """What is unusual in one record: the first of it, and how much more."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._count = 0

    def append(self, remark: str) -> None:
        self._count += 1
        if self._count <= MOST_REMARKS:
            self._first.append(remark)

    def told(self) -> tuple[str, ...]:
        more = self._count - len(self._first)
        return (*self._first, f"and {more:,} more") if more else tuple(self._first)


Fields = dict[str, Any] | None
"""The fields of an object; None where there is no object, and a remark says so once."""


def _object(value: Any, name: str, known: frozenset[str], unusual: _Remarks) -> Fields:
    if not isinstance(value, dict):
        unusual.append(f"{name} is {_kind(value)}")
        return None
    if not value.keys() <= known:
        for field in value:
            if field not in known:
                unusual.append(f"{name} has the unknown field “{field}”")
    return value


def _field(fields: Fields, name: str) -> Any:
    return _MISSING if fields is None else fields.get(name, _MISSING)


def _text(fields: Fields, name: str, unusual: _Remarks, *, required: bool = True) -> str:
    value = _MISSING if fields is None else fields.get(name, _MISSING)
    if type(value) is str:  # a number that is too long is one by inheritance
        return value
    if fields is None or (not required and (value is _MISSING or value is None)):
        return ""
    unusual.append(f"{name} is {_kind(value)}")
    return "" if value is None or value is _MISSING else as_json(value)


def _flag(fields: Fields, name: str, unusual: _Remarks, *, required: bool = True) -> bool:
    value = _field(fields, name)
    if value is True or value is False:
        return value
    if fields is not None and (required or value is not _MISSING):
        unusual.append(f"{name} is {_kind(value)}")
    return False


def _date(value: Any, unusual: _Remarks) -> tuple[int | None, str]:
    """Milliseconds, or None and what stood there instead. A date is shown as it came, never guessed at."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _YEAR_10000:
        unusual.append(f"creationDate is written as {as_json(value)}")
        return int(value), ""
    if not isinstance(value, int) or isinstance(value, bool):
        unusual.append(f"creationDate is {_kind(value)}")
        return None, "" if value is None or value is _MISSING else as_json(value)
    if not -_YEAR_10000 < value < _YEAR_10000:
        unusual.append("creationDate is beyond the year 9999")
    elif value < _BEFORE_CONFLUENCE:
        unusual.append(f"creationDate {value} is before the year 2000; it may be in seconds")
    return value, ""


def _author(value: Any, unusual: _Remarks) -> Author:
    if isinstance(value, str):
        unusual.append("author is text")
        return Author(value)
    fields = _object(value, "author", _AUTHOR_FIELDS, unusual)
    return Author(
        name=_text(fields, "displayName", unusual),
        account_id=_text(fields, "accountId", unusual, required=False),
        kind=_text(fields, "type", unusual),
        account_type=_text(fields, "accountType", unusual, required=False),
        guest=_flag(fields, "isGuest", unusual, required=False),
        external=_flag(fields, "isExternalCollaborator", unusual, required=False)
        | _flag(fields, "externalCollaborator", unusual, required=False),
    )


def _audit_object(value: Any, name: str, unusual: _Remarks) -> AuditObject:
    if texts := _texts_alone(value, 2, _OBJECT_TEXTS):
        return AuditObject(*texts)
    if isinstance(value, str):
        unusual.append(f"{name} is text")
        return AuditObject(value, "")
    fields = _object(value, name, _OBJECT_FIELDS, unusual)
    return AuditObject(_text(fields, "name", unusual), _text(fields, "objectType", unusual))


_OBJECT_TEXTS = itemgetter("name", "objectType")
_CHANGE_TEXTS = itemgetter("name", "oldValue", "newValue", "hiddenOldValue", "hiddenNewValue")


def _texts_alone(value: Any, fields: int, texts: Callable[[Any], Any]) -> tuple[str, ...] | None:
    """The texts of an object that has just these fields and texts in all of them, as nearly all have; None for any other."""
    if type(value) is not dict or len(value) != fields:
        return None
    try:
        found: tuple[str, ...] = texts(value)
    except KeyError:
        return None
    return found if {*map(type, found)} == {str} else None


def _list(fields: Fields, name: str, unusual: _Remarks) -> list[Any]:
    value = _field(fields, name)
    if isinstance(value, list):
        return value
    if fields is not None:
        unusual.append(f"{name} is {_kind(value)}")
    return [] if value is None or value is _MISSING else [value]


def _associated(fields: Fields, unusual: _Remarks) -> list[AuditObject]:
    items = _list(fields, "associatedObjects", unusual)
    return [
        _audit_object(item, f"associated object {number}", unusual) for number, item in enumerate(items, 1)
    ]


def _changes(fields: Fields, unusual: _Remarks) -> list[ChangedValue]:
    items = _list(fields, "changedValues", unusual)
    return [_change(item, f"changed value {number}", unusual) for number, item in enumerate(items, 1)]


def _change(value: Any, name: str, unusual: _Remarks) -> ChangedValue:
    if texts := _texts_alone(value, 5, _CHANGE_TEXTS):
        return ChangedValue(*texts)
    if not isinstance(value, dict):
        unusual.append(f"{name} is {_kind(value)}")
        return ChangedValue("", "", as_json(value))
    fields = _object(value, name, _CHANGE_FIELDS, unusual)
    return ChangedValue(
        name=_text(fields, "name", unusual),
        old=_text(fields, "oldValue", unusual),
        new=_text(fields, "newValue", unusual),
        hidden_old=_text(fields, "hiddenOldValue", unusual, required=False),
        hidden_new=_text(fields, "hiddenNewValue", unusual, required=False),
    )


def _kind(value: Any) -> str:
    if value is _MISSING:
        return "missing"
    if value is None or isinstance(value, bool):
        return as_json(value)
    kinds = {
        str: "text",
        LongNumber: "a number",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return kinds[type(value)]


def as_json(value: Any) -> str:
    """The value as compact JSON text."""
    if isinstance(value, LongNumber):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
