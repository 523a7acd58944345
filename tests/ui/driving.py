"""What drives the app in tests: how it is opened, what stands on its screen, and waiting for a condition."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from auditui.account.sources import Given
from auditui.demo.site import EMAIL, TOKEN
from auditui.model.query import Query
from auditui.model.when import Zone
from auditui.session.run import Options
from auditui.ui.app import AudituiApp

NOW = 1_900_000_000_000  # 2030-03-17: ahead of the real clock, as the server on loopback tells that


def options(url: str, *, email: str = EMAIL, token: str = TOKEN, query: Query | None = None) -> Options:
    """As from the environment."""
    environ = {"AUDITUI_SITE": url, "AUDITUI_EMAIL": email, "AUDITUI_TOKEN": token}
    return Options(given=Given(), zone=Zone("UTC"), query=query or Query(), environ=environ)


Opened = tuple[AudituiApp, Pilot[Any]]
Open = Callable[..., AbstractAsyncContextManager[Opened]]


def screen_text(app: App[Any]) -> str:
    """What stands on the screen, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[Any], condition: Callable[[], bool], turns: int = 2_000) -> None:
    """Let the app go on until something is so; never by the clock."""
    for _ in range(turns):
        if condition():
            return
        await pilot.pause(0.005)
    raise AssertionError(f"it never came to be; the screen:\n{screen_text(pilot.app)}")
