"""Every format of export, in the order in which they are offered. Adding one is one entry here."""

from __future__ import annotations

from auditui.export.csv_formats import CSV, CSV_EXACT
from auditui.export.ecs import ECS
from auditui.export.exporter import Exporter
from auditui.export.json_formats import JSON, JSON_LINES
from auditui.export.markdown import MARKDOWN
from auditui.export.parquet_format import PARQUET
from auditui.export.sqlite_format import SQLITE

EXPORTERS: tuple[Exporter, ...] = (CSV, CSV_EXACT, JSON_LINES, JSON, MARKDOWN, SQLITE, ECS, PARQUET)


def exporter_named(key: str) -> Exporter:
    """The format of this key.

    Raises:
        KeyError: there is none.
    """
    return _BY_KEY[key]


def exporter_for(name: str) -> Exporter | None:
    """The format whose suffix a file's name has, the longest where it has several; None where it has none."""
    found = [exporter for exporter in EXPORTERS if name.casefold().endswith(exporter.suffix)]
    return max(found, key=lambda exporter: len(exporter.suffix), default=None)


_BY_KEY = {exporter.key: exporter for exporter in EXPORTERS}
