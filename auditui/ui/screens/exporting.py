"""The part of the explorer that exports: asks which records, in which format, and under which name.

What is loaded first for it is loaded into the explorer, so that it stays whatever becomes of the export.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from auditui.session.scope import Offer, Scope, offers
from auditui.ui.screens.copying import CopyingScreen
from auditui.ui.screens.menu import Entry, Menu

if TYPE_CHECKING:
    from auditui.session.rows_export import Exporter, RowsExport

_SCOPES = {
    Scope.MARKED: ("m", "Marked"),
    Scope.SHOWN: ("s", "Shown"),
    Scope.FILTERED: ("f", "Filtered"),
    Scope.LOADED: ("l", "Loaded"),
    Scope.ALL: ("a", "All"),
}


class ExportingScreen(CopyingScreen):
    """Takes records home."""

    @work(group="export", exclusive=True, description="choose what to export")
    async def action_export(self) -> None:
        """Ask which records, in which format and under which name, and export them."""
        from auditui.ui.export_text import offer_text

        found = offers(self._investigation)
        if not found:
            self._hint("Nothing is loaded that could be exported.")
            return
        entries = [Entry(*_SCOPES[offer.scope], offer_text(offer), offer) for offer in found]
        offer = await self.app.push_screen_wait(Menu("Export which records?", entries))
        if offer is not None and (exporter := await self._format()) is not None:
            await self._export(offer, exporter)

    async def _format(self) -> Exporter | None:
        from auditui.session.rows_export import EXPORTERS

        entries = []
        for exporter in EXPORTERS:
            missing = exporter.missing()
            entries.append(
                Entry(
                    exporter.letter, exporter.title, missing or exporter.what, exporter, enabled=not missing
                )
            )
        return await self.app.push_screen_wait(Menu("In which format?", entries))

    async def _export(self, offer: Offer, exporter: Exporter) -> None:
        from auditui.session.rows_export import RowsExport, free_name
        from auditui.ui.export_text import offer_text
        from auditui.ui.screens.export import ExportScreen

        connection = self._exploring.connection
        if connection is None:
            return
        options = self._run.options

        def begin(path: Path, overwrite: bool) -> RowsExport:
            return RowsExport(
                self._investigation,
                offer.scope,
                exporter,
                path,
                load=self._load_all,
                overwrite=overwrite,
                demo_records=options.demo_records,
            )

        what = f"{_SCOPES[offer.scope][1]}: {offer_text(offer)}.\n{exporter.title}: {exporter.what}."
        name = free_name(Path.cwd(), connection.place, self._now(), exporter.suffix)
        done = await self.app.push_screen_wait(ExportScreen(what, name, begin, ascii=options.ascii))
        if done is not None:
            self._hint(f"Exported {done.counts.written:,} records to {done.path.name}.")
