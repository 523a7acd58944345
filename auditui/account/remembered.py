"""The JSON text of what auditui remembers by itself. Knows nothing of the file that holds it.

Reading is tolerant: what cannot be read is passed over, never an exception, and how much that was is told. There is no
place in it for a site, an e-mail address or a token.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from auditui.model.columns import DEFAULT_LAYOUT, Layout, tidied
from auditui.model.errors import UsageError
from auditui.model.query import PAGE_CAP, Query
from auditui.model.view import Named, Order, View, name_of

VERSION = 1
RECENT = 20
"""Views that are remembered without being saved."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept between runs."""

    saved: tuple[Named, ...] = ()
    """By name."""
    recent: tuple[View, ...] = ()
    """Newest first, no two that look the same, `RECENT` at most."""
    layout: Layout = DEFAULT_LAYOUT


class Condition(Enum):
    """How well a text could be read."""

    WHOLE = auto()
    DAMAGED = auto()
    """Parts were passed over."""
    BROKEN = auto()
    """It is no text of this kind at all."""
    NEWER = auto()
    """A later auditui wrote it, so that parts may be missing that nobody misses here."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text holds, as far as it could be read."""

    remembered: Remembered
    condition: Condition


class _Unusable(Exception):
    """A value of the wrong kind."""


def with_saved(saved: Iterable[Named], new: Named) -> tuple[Named, ...]:
    """The views by name, with this one among them or in the place of the one of its name."""
    return _by_name((*saved, new))


def with_recent(recent: Iterable[View], new: View) -> tuple[View, ...]:
    """The views with this one at the front."""
    return _without_doubles((new, *recent))


def remembered_text(remembered: Remembered) -> str:
    """The text to keep. It is ASCII, whatever the views hold."""
    fields = {
        "version": VERSION,
        "saved": [{"name": named.name, "view": view_fields(named.view)} for named in remembered.saved],
        "recent": [view_fields(view) for view in remembered.recent],
        "layout": remembered.layout.shown,
    }
    return json.dumps(fields, indent=1) + "\n"


def remembered_from(content: bytes) -> Reading:
    """What can be read of a text."""
    if not content.strip():
        return Reading(Remembered(), Condition.WHOLE)
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return Reading(Remembered(), Condition.BROKEN)
    saved = [_named(item) for item in _items(value.get("saved", []))]
    recent = [view_from(item) for item in _items(value.get("recent", []))]
    layout = _layout(value.get("layout"))
    remembered = Remembered(
        _by_name(named for named in saved if named),
        _without_doubles(view for view in recent if view),
        layout or DEFAULT_LAYOUT,
    )
    whole = None not in saved and None not in recent and (layout is not None or value.get("layout") is None)
    return Reading(remembered, _condition(value.get("version"), whole=whole))


def _condition(version: object, *, whole: bool) -> Condition:
    if isinstance(version, int | float) and version > VERSION:
        return Condition.NEWER
    return Condition.WHOLE if whole and type(version) is int and version == VERSION else Condition.DAMAGED


def _by_name(saved: Iterable[Named]) -> tuple[Named, ...]:
    one_each = {named.name: named for named in saved}
    return tuple(sorted(one_each.values(), key=lambda named: (named.name.casefold(), named.name)))


def _without_doubles(views: Iterable[View]) -> tuple[View, ...]:
    one_each: dict[tuple[str, ...], View] = {}
    for view in views:
        one_each.setdefault(view.sought, view)
    return tuple(one_each.values())[:RECENT]


def view_fields(view: View) -> dict[str, object]:
    """A view as JSON keeps it."""
    query = view.query
    return {
        "since": query.since,
        "until": query.until,
        "text": query.text,
        "page_size": query.page_size,
        "filter": view.filter,
        "order": str(view.order),
        "columns": view.columns.shown if view.columns else None,
    }


def _items(value: object) -> list[object]:
    """The items of a list; something that cannot be read where it is none."""
    return value if isinstance(value, list) else [None]


def _named(value: object) -> Named | None:
    if not isinstance(value, dict) or not isinstance(name := value.get("name"), str):
        return None
    view = view_from(value.get("view"))
    try:
        return Named(name_of(name), view) if view else None
    except UsageError:
        return None


def view_from(value: object) -> View | None:
    """The view that was kept so; None where it cannot be read."""
    if not isinstance(value, dict):
        return None
    try:
        return View(
            Query(_text(value, "since"), _text(value, "until"), _text(value, "text"), _page_size(value)),
            _text(value, "filter"),
            Order.parse(_text(value, "order")),
            _columns(value.get("columns")),
        )
    except (_Unusable, UsageError):
        return None


def _text(fields: Mapping[str, object], name: str) -> str:
    text = fields.get(name, "")
    if not isinstance(text, str):
        raise _Unusable(name)
    return text


def _page_size(fields: Mapping[str, object]) -> int:
    size = fields.get("page_size", PAGE_CAP)
    if type(size) is not int or not 1 <= size <= PAGE_CAP:
        raise _Unusable("page_size")
    return size


def _columns(value: object) -> Layout | None:
    layout = _layout(value)
    if layout is None and value is not None:
        raise _Unusable("columns")
    return layout


def _layout(value: object) -> Layout | None:
    """A layout of the columns there are; None where there is none, or it cannot be read."""
    if not isinstance(value, list):
        return None
    shown: list[tuple[str, int]] = []
    for item in value:
        match item:
            case [str() as key, int() as extra] if not isinstance(extra, bool):
                shown.append((key, extra))
            case _:
                return None
    return tidied(shown)
