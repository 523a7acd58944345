"""JSON Lines, and one JSON document: the site's own records, with nothing read into them and nothing lost.

Knows nothing of what a record means. How its text is made safe to look at is `json_text.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from auditui.export.circumstances import circumstances, outcome
from auditui.export.exporter import Destination, Ending, Exporter, Occasion
from auditui.export.json_text import as_json, visible
from auditui.model.record import Record

HALVED = (
    "Some texts hold half of a character, an escape such as \\ud800 by itself, as the site sent it: "
    "jq 1.6, DuckDB and others refuse that."
)
"""The warning for what is JSON, and yet no Unicode."""


class _Lines:
    """A record a line."""

    content = ""  # its bytes tell it

    def __init__(self, destination: Destination, _occasion: Occasion) -> None:
        self._stream = destination.stream
        self._halved = False

    @property
    def warnings(self) -> Sequence[str]:
        """What some programs refuse; whatever a record holds can be written."""
        return (HALVED,) if self._halved else ()

    def _heed(self, records: Sequence[Record]) -> None:
        self._halved = self._halved or any(_holds_half(record.raw) for record in records)

    def write(self, records: Sequence[Record]) -> None:
        self._heed(records)
        self._put("".join(f"{visible(record.raw)}\n" for record in records))

    def flush(self) -> None:
        self._stream.flush()

    def finish(self, ending: Ending) -> None:
        self.flush()

    def abandon(self) -> None:
        """Nothing is held."""

    def _put(self, text: str) -> None:
        self._stream.write(text.encode())


class _Document(_Lines):
    """An object of the circumstances, the records, a line each, and how it ended."""

    def __init__(self, destination: Destination, occasion: Occasion) -> None:
        super().__init__(destination, occasion)
        self._before = f'{{"export": {as_json(circumstances(occasion))},\n"records": [\n'
        """What has to come before the next record."""
        if destination.written:
            self._before = ",\n"

    def write(self, records: Sequence[Record]) -> None:
        if records:
            self._heed(records)
            self._put(self._before + ",\n".join(visible(record.raw) for record in records))
            self._before = ",\n"

    def finish(self, ending: Ending) -> None:
        before = "\n" if self._before == ",\n" else self._before
        self._put(f'{before}],\n"end": {as_json(outcome(ending))}}}\n')
        self.flush()


def _holds_half(raw: str) -> bool:
    if "\\ud" not in raw and "\\uD" not in raw:
        return False
    try:
        json.dumps(json.loads(raw, parse_int=str), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


JSON_LINES = Exporter(
    key="jsonl",
    letter="l",
    title="JSON Lines",
    what="the site's own records, one a line",
    suffix=".jsonl",
    open=_Lines,
)

JSON = Exporter(
    key="json",
    letter="o",
    title="JSON",
    what="one document, with the circumstances",
    suffix=".json",
    open=_Document,
)
