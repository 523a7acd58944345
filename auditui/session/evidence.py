"""What is known of a finished export, as its manifest tells it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from auditui.export.exporter import Ending
from auditui.export.files import Sealed
from auditui.export.manifest import FileFacts, FilterFacts, Manifest, QueryFacts, RecordFacts
from auditui.model.retention import Retention
from auditui.session.outgoing import Counts
from auditui.session.plan import Plan


@dataclass(frozen=True, slots=True)
class Evidence:
    """All but what the file itself tells."""

    plan: Plan
    counts: Counts
    ending: Ending
    late: int
    """Records that arrived above those already read, while reading."""
    warnings: tuple[str, ...]
    retention: Retention | None
    """How long the site keeps its records; None where that is not known."""
    finished: int
    """Milliseconds since the epoch."""
    name: str = ""
    """The file's, without its folder; "" at standard output."""

    def manifest(self, sealed: Sealed) -> bytes:
        """The manifest of the file that the export became."""
        plan, counts = self.plan, self.counts
        query, pinned = plan.query, plan.pinned
        return Manifest(
            file=FileFacts(self.name, plan.format, sealed.bytes, sealed.sha256),
            site=plan.site,
            account=plan.account,
            demo=plan.demo_records is not None,
            query=QueryFacts(query.since, query.until, query.text, pinned.start, pinned.end),
            filter=FilterFacts(plan.filter, plan.filter_read_at),
            selection=plan.selection,
            order=plan.order,
            zone=plan.zone.name,
            records=RecordFacts(counts.received, counts.passed, counts.written, counts.newest, counts.oldest),
            complete=self.ending.complete,
            completeness=self.ending.completeness,
            late=self.late,
            retention=self.retention.words if self.retention else None,
            warnings=self.warnings,
            began=plan.began,
            finished=self.finished,
        ).to_json()
