"""Makes the pictures in this folder from the demo site, at a fixed moment, so that they change only when auditui does.

usage: python screenshots/make.py
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.pilot import Pilot

FOLDER = Path(__file__).parent
NOW = 1_795_423_911_962  # 2026-11-23 08:51:51 UTC
RECORDS = 20_000
SIZES = ((80, 24), (120, 36), (160, 45))


async def main() -> None:
    """Draw every picture."""
    for size in SIZES:
        await draw("explorer", size, [])
    await draw("record", (80, 24), ["enter"])
    await draw("search", (80, 24), ["s"])
    await draw("filter", (120, 36), ["slash", "s", "v", "c", "enter"])
    await draw("facets", (80, 24), ["f"])
    await draw("export", (80, 24), ["e", "a"])


async def draw(title: str, size: tuple[int, int], keys: list[str]) -> None:
    """One picture: the explorer on the incident's records, then some keys."""
    from auditui.account.settings import Settings
    from auditui.account.sources import Given
    from auditui.demo.corpus import Corpus
    from auditui.model.query import Query
    from auditui.model.when import Zone
    from auditui.session.run import Options, Run
    from auditui.ui.app import AudituiApp
    from auditui.ui.widgets.record_table import RecordTable

    options = Options(given=Given(), zone=Zone("UTC"), query=Query("30d"), demo_records=RECORDS)
    run = Run(options, Settings(), clock=lambda: NOW)
    app = AudituiApp(run)
    async with app.run_test(size=size) as pilot:
        table = app.screen.query_one(RecordTable)
        await settled(pilot, lambda: table.loaded > 0)
        incident = Corpus(RECORDS, NOW - NOW % 3_600_000).incident
        table.move_to(incident.start + 24)
        table.move_to(incident.start + 9)
        await pilot.press(*keys)
        await settled(pilot, lambda: True)
        name = f"{title}-{size[0]}x{size[1]}.svg"
        (FOLDER / name).write_text(quiet(app.export_screenshot(title="auditui")), encoding="utf-8")
    run.close()


async def settled(pilot: Pilot[Any], condition: Any) -> None:
    """Let the app come to rest: the record follows the cursor after a moment."""
    for _ in range(500):
        await pilot.pause(0.02)
        if condition() and _ > 15:
            return
    raise RuntimeError("the demo did not come up")


def quiet(svg: str) -> str:
    """Without fonts to fetch and random identifiers, and with blanks that every viewer keeps."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+-", "terminal-", svg)
    svg = svg.replace("font-variant-east-asian: full-width;", "")
    svg = svg.replace('<svg class="rich-terminal"', '<svg xml:space="preserve" class="rich-terminal"')
    return svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


if __name__ == "__main__":
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home, "COLORTERM": "truecolor"}
        asyncio.run(main())
