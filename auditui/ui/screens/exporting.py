"""The part of the explorer that exports: asks which records, in which format, and under which name.

What is loaded first for it is loaded into the explorer, so that it stays whatever becomes of the export.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from auditui.ui.present import notify_text
from auditui.ui.screens.copying import CopyingScreen
from auditui.ui.screens.menu import Entry, Menu

if TYPE_CHECKING:
    from auditui.session.export_files import Exporter
    from auditui.session.rows_export import RowsExport
    from auditui.session.scope import Offer


class ExportingScreen(CopyingScreen):
    """Takes records home."""

    @work(group="export", exclusive=True, description="choose what to export")
    async def action_export(self) -> None:
        """Ask which records, in which format and under which name, and export them."""
        from auditui.session.scope import hindrance

        if (why := hindrance(self._exploring)) is not None:
            notify_text(self.app, why.sentences())
            return
        if (offer := await self._which()) is not None and (exporter := await self._format()) is not None:
            await self._export(offer, exporter)

    async def _which(self) -> Offer | None:
        from auditui.session.scope import offers
        from auditui.ui.export_text import SCOPES, offer_text

        if not (found := offers(self._investigation)):
            self._hint("Nothing is loaded that could be exported.")
            return None
        entries = [Entry(*SCOPES[offer.scope], offer_text(offer), offer) for offer in found]
        return await self.app.push_screen_wait(Menu("Export which records?", entries))

    async def _format(self) -> Exporter | None:
        from auditui.session.export_files import EXPORTERS

        entries = []
        for exporter in EXPORTERS:
            missing = exporter.missing()
            what = missing or exporter.what
            entries.append(Entry(exporter.letter, exporter.title, what, exporter, enabled=not missing))
        return await self.app.push_screen_wait(Menu("In which format?", entries))

    async def _export(self, offer: Offer, exporter: Exporter) -> None:
        from auditui.session.export_files import proposed
        from auditui.ui.export_text import SCOPES, offer_text
        from auditui.ui.screens.export import ExportScreen

        place = self._exploring.connection.place if self._exploring.connection else ""
        name = await asyncio.to_thread(proposed, place, self._now(), exporter)
        order = self._investigation.view.order
        told = "" if order.natural else " In the order shown." if offer.scope.filtered else " Newest first."
        what = f"{SCOPES[offer.scope][1]}: {offer_text(offer)}.{told}\n{exporter.title}: {exporter.what}."

        def begin(path: Path, overwrite: bool) -> RowsExport:
            return self._rows_export(offer, exporter, path, overwrite=overwrite)

        screen = ExportScreen(what, name, begin)
        if (done := await self.app.push_screen_wait(screen)) is not None and done.path is not None:
            self._hint(f"Exported {done.counts.written:,} records to {done.path.name}.")

    def _rows_export(self, offer: Offer, exporter: Exporter, path: Path, *, overwrite: bool) -> RowsExport:
        from auditui.session.rows_export import RowsExport

        return RowsExport(
            self._investigation,
            offer.scope,
            exporter,
            path,
            load=self._load_all,
            overwrite=overwrite,
            demo_records=self._run.options.demo_records,
        )
