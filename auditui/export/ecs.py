"""Elastic Common Schema: a document a line, for Elasticsearch, OpenSearch and other collectors of security events.

What a document holds is `ecs_document.py`'s business. Each line is ASCII, so that nothing in it moves a terminal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import BinaryIO

from auditui.export.ecs_document import NO_DATE, TEXT_MOST, Fields, document, is_cut
from auditui.export.exporter import Destination, Ending, Exporter, Occasion, Writer
from auditui.export.plain import Plain, plainly
from auditui.model.record import Record

_UNDATED = (
    "Some records have no date that Elasticsearch takes: their @timestamp is the time of the export, "
    f"their tag {NO_DATE}."
)
_CUT = f"Texts of more than {TEXT_MOST:,} characters are cut short outside event.original."

_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


class EcsWriter:
    """Writes documents, a line each."""

    content = ""  # its bytes tell it

    def __init__(self, stream: BinaryIO, occasion: Occasion) -> None:
        self._stream = stream
        self._occasion = plainly(occasion)
        self._plain = Plain()
        self._met: set[str] = set()

    @property
    def warnings(self) -> Sequence[str]:
        """Whether records without a date, texts that are too long, or texts to be spelled out were met."""
        return (*(each for each in (_UNDATED, _CUT) if each in self._met), *self._plain.warnings)

    def write(self, records: Sequence[Record]) -> None:
        """Add records, in their order."""
        for record in records:
            kept = self._plain(record)
            fields = document(kept, self._occasion)
            self._watch(kept, fields)
            self._stream.write(_encode(fields).encode("ascii") + b"\n")

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()

    def finish(self, ending: Ending) -> None:
        """Flush the stream; nothing stands behind the last document."""
        self._stream.flush()

    def abandon(self) -> None:
        """Nothing is held."""

    def _watch(self, record: Record, fields: Fields) -> None:
        if NO_DATE in fields.get("tags", ()):
            self._met.add(_UNDATED)
        if is_cut(record):
            self._met.add(_CUT)


def _open(destination: Destination, occasion: Occasion) -> Writer:
    """Begin, or go on: each line stands alone."""
    return EcsWriter(destination.stream, occasion)


ECS = Exporter(
    key="ecs",
    letter="g",
    title="Elastic Common Schema",
    what="documents for a SIEM",
    suffix=".ecs.jsonl",
    open=_open,
)
"""Records as events in the words that security tools share."""
