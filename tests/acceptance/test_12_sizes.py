"""Check 12. At 80x24 each dialog shows all that it has; 60x16 works; a storm of resizes keeps the cursor's record."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from auditui.account.settings import Settings
from auditui.session.run import Run
from auditui.ui.app import AudituiApp
from tests.pty_terminal import PtyTerminal
from tests.started import DEMO
from tests.ui.driving import options, table, until

SLOW = 60.0  # seconds in which even a busy machine has drawn all these sizes
_SHOWN = re.compile(r"Time +(\S+ \S+\.\d{3}) ")
"""The time of the record in the pane beside the table, which is the cursor's."""

DIALOGS = (
    "s", "s tab down", "p", "R", "Y", "O", "e", "e a", "e a c", "b", "S", "c", "P", "question_mark", "colon", "C", "o"
)  # fmt: skip
"""The keys that open each."""


def hidden(screen: Screen[object]) -> list[Widget]:
    """What can have the focus, or frames the dialog, and cannot be seen whole."""
    parts = {*screen.focus_chain, *screen.children}
    found = ((each, screen.find_widget(each)) for each in parts if each.display and each.size)
    return [each for each, place in found if place.visible_region != place.region]


async def opened(app: AudituiApp, pilot: Pilot[Any], keys: str) -> Screen[object]:
    """The dialog behind some keys."""
    for key in keys.split():
        before, focused = app.screen, app.focused
        await pilot.press(key)
        await until(pilot, lambda: (app.screen, app.focused) != (before, focused))  # noqa: B023
        await pilot.pause()
    return app.screen


async def test_every_field_and_button_of_every_dialog_is_in_view(home: Path, url: str) -> None:
    run = Run(options(url), Settings())
    app = AudituiApp(run)
    try:
        async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
            await until(pilot, lambda: table(app).loaded > 0)
            for keys in DIALOGS:
                dialog = await opened(app, pilot, keys)
                assert app.screen_stack[1:], keys
                assert hidden(dialog) == [], keys
                await pilot.resize_terminal(60, 16)
                await pilot.pause()
                for _ in dialog.focus_chain:
                    await pilot.press("tab")
                    await pilot.pause()
                    assert app.screen is dialog
                    assert app.focused not in hidden(dialog), keys
                await pilot.resize_terminal(80, 24)
                while app.screen_stack[1:]:
                    await pilot.press("escape")
                    await pilot.pause()
    finally:
        run.close()


def test_a_storm_of_resizes_keeps_the_cursor_s_record(environ: dict[str, str]) -> None:
    arguments = [*DEMO, "--demo-records", "200000"]
    with PtyTerminal(arguments, environ, columns=200, rows=50) as terminal:
        terminal.until("record 1")
        terminal.send("jjjj")
        terminal.until("record 5")
        terminal.until_quiet(0.3)
        when = _SHOWN.findall(terminal.text)
        assert len(when) == 1
        terminal.send("L")
        terminal.until("esc cancels")
        for _ in range(3):
            for columns, rows in ((200, 50), (60, 16), (130, 20), (50, 12), (200, 50)):
                terminal.resize(columns, rows)
                terminal.listen(0.01)
        terminal.resize(50, 12)
        terminal.until("auditui needs 60x16; this is 50x12", seconds=SLOW)
        terminal.resize(60, 16)
        terminal.until("record 5")
        terminal.resize(200, 50)
        terminal.until("Facets", seconds=SLOW)
        terminal.until(when[0], seconds=SLOW)
        terminal.until("record 5", seconds=SLOW)
        terminal.send("q")
        assert terminal.exit_status() == 0
