"""What drives the app, or one screen, in tests: opening it, what stands there, and waiting for a condition."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual.app import App
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from auditui.account.given import Given
from auditui.demo.site import EMAIL, TOKEN, Asked, DemoSite
from auditui.model.query import Query
from auditui.model.record import Record
from auditui.model.view import Order
from auditui.model.when import Zone
from auditui.session.exploring import Exploring
from auditui.session.investigation import Investigation
from auditui.session.run import Options
from auditui.ui.app import AudituiApp
from auditui.ui.screens.explorer import ExplorerScreen
from auditui.ui.widgets.record_table import RecordTable

T = TypeVar("T")

Opened = tuple[AudituiApp, Pilot[Any]]
Open = Callable[..., AbstractAsyncContextManager[Opened]]

NOW = 1_900_000_000_000  # 2030-03-17: ahead of the real clock, as the server on loopback tells that


def options(
    url: str,
    *,
    email: str = EMAIL,
    token: str = TOKEN,
    query: Query | None = None,
    filter: str = "",
    sort: str = "",
    zone: str = "UTC",
) -> Options:
    """As from the environment and the command line."""
    environ = {"AUDITUI_SITE": url, "AUDITUI_EMAIL": email, "AUDITUI_TOKEN": token}
    order = Order.parse(sort)
    return Options(Given(), Zone(zone), query or Query(), filter=filter, order=order, environ=environ)


def screen_text(app: App[Any]) -> str:
    """What stands on the screen, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def explorer(app: AudituiApp) -> ExplorerScreen:
    """The explorer's screen."""
    screen = app.screen_stack[0]
    assert isinstance(screen, ExplorerScreen)
    return screen


def exploring(app: AudituiApp) -> Exploring:
    """What the app explores."""
    return explorer(app)._exploring


def investigation(app: AudituiApp) -> Investigation:
    """What of it is looked at."""
    return explorer(app)._investigation


def table(app: AudituiApp) -> RecordTable:
    """The table of records."""
    return explorer(app).query_one(RecordTable)


def shown(app: AudituiApp, first: int = 0, count: int = 10_000) -> list[Record]:
    """Records as the table would show them, in its order."""
    return [line.record for line in investigation(app).window(first, count)]


def loaded_records(app: AudituiApp) -> list[Record]:
    """All that is loaded, in the site's order, shown or not."""
    search = exploring(app).search
    return search.window(0, search.progress.loaded) if search else []


def pages_asked(site: DemoSite) -> list[Asked]:
    """The requests for pages, without the one for how long records are kept."""
    return [asked for asked in site.requests if asked.path.endswith("/audit")]


async def when_loaded(opened: Opened) -> Opened:
    """The same, once the first page is there."""
    app, pilot = opened
    await until(pilot, lambda: table(app).loaded > 0 and not exploring(app).loading)
    return opened


def shown_raws(app: AudituiApp) -> list[str]:
    """The texts of all of them."""
    return [record.raw for record in shown(app)]


def settled(app: AudituiApp) -> bool:
    """Whether nothing is being loaded, and all that is loaded was looked at."""
    rows = investigation(app).rows
    return not exploring(app).loading and rows is not None and not rows.behind


async def filtered(opened: Opened, *parts: str) -> None:
    """Wait until a filter with these parts decides what is shown, and all that is loaded was looked at."""
    app, pilot = opened
    await until(pilot, lambda: all(part in investigation(app).wanted.text for part in parts) and settled(app))


async def until(pilot: Pilot[Any], condition: Callable[[], bool], turns: int = 2_000) -> None:
    """Let the app go on until something is so; never by the clock."""
    for _ in range(turns):
        if condition():
            return
        await pilot.pause(0.005)
    raise AssertionError(f"it never came to be; the screen:\n{screen_text(pilot.app)}")


class Host(App[None], Generic[T]):
    """Shows one screen and remembers what it gave."""

    def __init__(self, screen: Screen[T]) -> None:
        super().__init__()
        self.given: list[T | None] = []
        self._shown = screen

    def on_mount(self) -> None:
        self.push_screen(self._shown, self.given.append)


@dataclass
class Seen(Generic[T]):
    """One screen in front of somebody."""

    app: Host[T]
    pilot: Pilot[None]

    @property
    def text(self) -> str:
        return screen_text(self.app)

    @property
    def words(self) -> str:
        """The text without lines and borders, so that a wrapped sentence is one."""
        return " ".join(self.text.replace("│", " ").split())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Until nothing that was started is still running."""
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()


@asynccontextmanager
async def seeing(
    screen: Screen[T],
    *,
    size: tuple[int, int] = (80, 24),
    hook: Callable[[Message], None] | None = None,
    settle: bool = True,
) -> AsyncIterator[Seen[T]]:
    """Opens one screen without the app; `hook` is told every message, `settle` waits for what the screen starts."""
    app = Host(screen)
    async with app.run_test(size=size, notifications=True, tooltips=True, message_hook=hook) as pilot:
        seen = Seen(app, pilot)
        await pilot.pause()
        if settle:
            await seen.settle()
        yield seen
