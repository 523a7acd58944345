"""What is told in passing."""

from __future__ import annotations

from textual.app import App
from textual.widgets._toast import Toast

from auditui.model.errors import StoreFailed
from auditui.ui.present import notify_error
from tests.ui.driving import screen_text, until

FULL = StoreFailed("The disk is full [/x].", remedy="Make room.")


async def test_what_fails_again_and_again_is_told_once_as_long_as_that_can_be_read() -> None:
    app = App[None]()
    async with app.run_test(notifications=True) as pilot:
        for _ in range(3):
            notify_error(app, FULL)
            await pilot.pause()
        notify_error(app, StoreFailed("It is gone."))
        await until(pilot, lambda: "It is gone." in screen_text(app))
        assert len(app.screen.query(Toast)) == 2
        app.clear_notifications()
        await until(pilot, lambda: not app.screen.query(Toast))
        notify_error(app, FULL)
        await until(pilot, lambda: len(app.screen.query(Toast)) == 1)
