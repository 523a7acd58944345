"""What is to be exported, fixed to the millisecond: so that its manifest can say it, and another run can go on with it.

Pure values. Nothing of a token is in them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from auditui.client.paging import Mark
from auditui.export.exporter import Occasion
from auditui.model.errors import ExportFailed, UsageError
from auditui.model.filter import Filter
from auditui.model.query import Pinned, Query
from auditui.model.when import Zone
from auditui.session.doubts import NONE, Doubts
from auditui.session.outgoing import Counts
from auditui.session.scope import Scope

_NOTE = 1  # the version of what `note` writes


@dataclass(frozen=True, slots=True)
class Plan:
    """One export, before it begins."""

    site: str
    """The site's host, or what else the screen calls it."""
    account: str
    """The e-mail address the log is read with."""
    origin: str
    """The site's origin."""
    demo_records: int | None
    """How many records the demo site has; None for a real site."""
    format: str
    """The key of an `Exporter`."""
    query: Query
    """As it was typed."""
    pinned: Pinned
    """As it is asked."""
    zone: Zone
    """In which dates were read, and are shown."""
    began: int
    """Milliseconds since the epoch."""
    filter: str = ""
    """As it was typed; "" where it lets everything through."""
    filter_read_at: int = 0
    """The moment from which its relative dates count back, in milliseconds since the epoch."""
    selection: str = Scope.ALL.value
    """Which records, in words."""
    order: str = "newest first"

    @property
    def occasion(self) -> Occasion:
        """The same for a format."""
        pinned = self.pinned
        return Occasion(
            self.site,
            self.account,
            self.zone,
            pinned.start,
            pinned.end,
            pinned.text,
            self.filter,
            self.selection,
            self.order,
            self.began,
        )


def narrowed(pinned: Pinned, wanted: Filter) -> Pinned:
    """The query without the times from which the filter lets nothing through: they need not be asked for."""
    since, until = wanted.since, wanted.until
    start = pinned.start if since is None else max(pinned.start, since)
    end = pinned.end if until is None else min(pinned.end, until - 1)
    return replace(pinned, start=min(start, max(end, 0)), end=max(end, 0))


@dataclass(frozen=True, slots=True)
class Noted:
    """All that another run has to know to go on."""

    plan: Plan
    mark: Mark
    counts: Counts
    warnings: tuple[str, ...]
    """What has to be told of what was written."""
    doubts: Doubts = NONE
    """What speaks against taking what was read for what was asked."""

    def to_bytes(self) -> bytes:
        """As it is kept beside an unfinished export."""
        return json.dumps({"note": _NOTE, **asdict(self)}).encode("ascii")


def read_note(content: bytes) -> Noted:
    """What `Noted.to_bytes` wrote.

    Raises:
        ExportFailed: it is of another version, or was changed.
    """
    try:
        told = json.loads(content)
        parts = {_NOTE: told}[told["note"]]
        plan, counts, warnings = _plan(parts["plan"]), Counts(**parts["counts"]), parts["warnings"]
        doubts = Doubts(**parts["doubts"])
        return Noted(plan, _mark(parts["mark"]), counts, tuple(map(str, warnings)), doubts)
    except (ValueError, KeyError, TypeError, RecursionError, UsageError):
        raise ExportFailed(
            "The unfinished export cannot be continued: what is kept of it is of another version, or damaged.",
            remedy="Export anew.",
        ) from None


def _plan(told: dict[str, Any]) -> Plan:
    query, pinned, zone = Query(**told["query"]), Pinned(**told["pinned"]), Zone(**told["zone"])
    return Plan(**{**told, "query": query, "pinned": pinned, "zone": zone})


def _mark(told: dict[str, Any]) -> Mark:
    return Mark(**{**told, "recent": tuple(told["recent"]), "owed": tuple(told.get("owed", ()))})
