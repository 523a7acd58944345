"""How an export ends: file and manifest in their places, and what can truly be said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from auditui.export.exporter import Ending
from auditui.export.files import Sealed
from auditui.export.manifest import FileFacts, FilterFacts, Manifest, QueryFacts, RecordFacts
from auditui.model.retention import Retention
from auditui.model.view import Order, order_title
from auditui.session.doubts import NONE, Doubts
from auditui.session.outgoing import Counts, Outgoing
from auditui.session.plan import Plan

WHOLE = "whole answer"
_NATURAL = order_title(Order())
_UNORDERED = "as the site gave them, which is not newest first"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known in the end besides what was planned and counted."""

    ending: Ending
    late: int
    """Records that arrived above those already read, while reading."""
    retention: Retention | None
    """How long the site keeps its records; None where that is not known."""
    finished: int
    """Milliseconds since the epoch."""
    doubts: Doubts = NONE
    """What speaks against taking the records for what was asked."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished export."""

    path: Path | None
    """The file; None at standard output."""
    counts: Counts
    ending: Ending
    sealed: Sealed
    warnings: tuple[str, ...]


def ending_of(written: int, *, late: int, notice: str) -> Ending:
    """What can be said of a log that was read to where it ends, or to where it had to stop.

    Args:
        written: records in the export.
        late: records that arrived above those already read.
        notice: why it had to stop; "" where it did not.
    """
    if notice:
        return Ending(written, complete=False, completeness=notice)
    told = (
        f"{WHOLE} as it stood when it was asked; {late:,} that arrived above while it was read are not in it"
    )
    return Ending(written, complete=True, completeness=told if late else WHOLE)


def finish(out: Outgoing, plan: Plan, known: Circumstances, path: Path | None) -> Outcome:
    """Put an export and its manifest in their places; blocks.

    Raises:
        ExportFailed: they could not be.
    """
    unusual = out.counts.unusual
    told = (f"{unusual:,} of the records hold something that no record should have.",) if unusual else ()
    ending = replace(known.ending, warnings=known.doubts.warnings)
    warnings = (*ending.warnings, *told, *out.warnings)

    def manifest(sealed: Sealed) -> bytes:
        return _manifest(plan, out.counts, known, warnings, sealed, path.name if path else "")

    return Outcome(path, out.counts, ending, out.finish(ending, manifest), warnings)


def _manifest(
    plan: Plan, counts: Counts, known: Circumstances, warnings: tuple[str, ...], sealed: Sealed, name: str
) -> bytes:
    query, pinned = plan.query, plan.pinned
    return Manifest(
        file=FileFacts(name, plan.format, sealed.bytes, sealed.sha256),
        site=plan.site,
        account=plan.account,
        demo=plan.demo_records is not None,
        query=QueryFacts(query.since, query.until, query.text, pinned.start, pinned.end),
        filter=FilterFacts(plan.filter, plan.filter_read_at),
        selection=plan.selection,
        order=_UNORDERED if known.doubts.risen and plan.order == _NATURAL else plan.order,
        zone=plan.zone.name,
        records=RecordFacts(counts.received, counts.written, counts.written, counts.newest, counts.oldest),
        complete=known.ending.complete,
        completeness=known.ending.completeness,
        late=known.late,
        retention=known.retention.words if known.retention else None,
        warnings=warnings,
        began=plan.began,
        finished=known.finished,
    ).to_json()
