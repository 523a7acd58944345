"""The JSON text of a kept exploring. Knows nothing of the file that holds it.

There is no place in it for a site, an e-mail address, a token or a record.
"""

from __future__ import annotations

import json
from typing import Any

from auditui.account.remembered import view_fields, view_from
from auditui.model.errors import UsageError
from auditui.model.query import PAGE_CAP, Pinned
from auditui.model.resumption import FINGERPRINT, DemoLog, Former, Owner, Resumption, Spot, Step
from auditui.model.view import View
from auditui.model.when import Zone

VERSION = 1

_MOST_ROWS = 1 << 31
_MOST_TIME = 1 << 53  # milliseconds; what JSON holds exactly
_HEX = frozenset("0123456789abcdef")


class Unreadable(Exception):
    """It is no such text; the words say why, as the end of a sentence, and repeat nothing of it."""


def resumption_text(kept: Resumption) -> str:
    """The text to keep. It is ASCII, whatever the views hold."""
    fields = {
        "version": VERSION,
        "closed": kept.closed,
        "owner": [kept.owner.salt.hex(), kept.owner.digest.hex()],
        "zone": kept.zone.key,
        "demo": [kept.demo.records, kept.demo.moment] if kept.demo else None,
        "left_out": kept.left_out,
        "at": kept.at,
        "steps": [
            {
                "view": view_fields(step.view),
                "search": step.former,
                "cursor": [step.spot.row, step.spot.fingerprint],
                "only_marked": step.only_marked,
            }
            for step in kept.steps
        ],
        "searches": [_former_fields(former) for former in kept.formers],
    }
    return json.dumps(fields, separators=(",", ":")) + "\n"


def _former_fields(former: Former) -> dict[str, object]:
    pinned = former.pinned
    return {
        "start": pinned.start,
        "end": pinned.end,
        "text": pinned.text,
        "limit": pinned.limit,
        "zone": former.zone.key,
        "marks": [[mark.row, mark.fingerprint] for mark in former.marks],
    }


def resumption_from(content: bytes) -> Resumption:
    """Read a text back.

    Raises:
        Unreadable: it is damaged, or a newer auditui wrote it.
    """
    try:
        fields: Any = json.loads(content)
        version = fields["version"]
        if type(version) is int and version > VERSION:
            raise Unreadable("was written by a newer auditui")
        return _resumption(fields)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, UsageError):
        raise Unreadable("could not be read") from None


def _resumption(fields: dict[str, Any]) -> Resumption:
    formers = tuple(map(_former, _list(fields["searches"])))
    steps = tuple(_step(step, len(formers)) for step in _list(fields["steps"]))
    salt, digest = map(bytes.fromhex, fields["owner"])
    demo = fields["demo"]
    return Resumption(
        owner=Owner(salt, digest),
        zone=_zone(fields["zone"]),
        formers=formers,
        steps=steps,
        at=_whole(fields["at"], len(steps) - 1),
        demo=None if demo is None else DemoLog(_whole(demo[0], 5_000_000), _whole(demo[1], _MOST_TIME)),
        left_out=_whole(fields["left_out"], _MOST_ROWS),
        closed=fields["closed"] is True,
    )


def _former(fields: dict[str, Any]) -> Former:
    limit = _whole(fields["limit"], PAGE_CAP)
    pinned = Pinned(
        _whole(fields["start"], _MOST_TIME), _whole(fields["end"], _MOST_TIME), _text(fields["text"]), limit
    )
    if not limit:
        raise ValueError("limit")
    return Former(pinned, _zone(fields["zone"]), tuple(map(_spot, _list(fields["marks"]))))


def _step(fields: dict[str, Any], formers: int) -> Step:
    view: View | None = view_from(fields["view"])
    if view is None:
        raise ValueError("view")
    former, only_marked = _whole(fields["search"], formers - 1), fields["only_marked"] is True
    return Step(view, former, _spot(fields["cursor"]), only_marked)


def _spot(value: object) -> Spot:
    row, text = _list(value)
    told = _text(text)
    if told and not (len(told) == FINGERPRINT and _HEX.issuperset(told)):
        raise ValueError("fingerprint")
    return Spot(_whole(row, _MOST_ROWS), told)


def _zone(value: object) -> Zone:
    return Zone(None) if value is None else Zone.parse(_text(value))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return value


def _whole(value: object, most: int) -> int:
    """A whole number from 0 to `most`."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("number")
    return value
