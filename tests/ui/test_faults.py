"""The fault matrix on the screen: the words, the rows that are kept, the cursor, and what `r` does.

Each row is met twice: at once, where the words stand in the table's place, and on the way, where rows are loaded.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from auditui.account.given import Given
from auditui.account.settings import Settings
from auditui.demo.corpus import Corpus
from auditui.demo.site import EMAIL, TOKEN, DemoSite
from auditui.model.errors import TOKEN_AT_FAULT, AnswerTooBig, RateLimited
from auditui.model.query import Query
from auditui.model.site import Site
from auditui.model.when import Zone
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp
from tests.ui.driving import NOW, Opened, exploring, screen_text, shown_raws, until
from tests.wire.answers import refuses
from tests.wire.certificates import Authority
from tests.wire.fault import Door, Fault
from tests.wire.matrix import FAULTS
from tests.wire.names import naming
from tests.wire.site import FaultySite

RECORDS = 600
"""Three pages of 250, which overlap."""
OVERLAP = 3
SIZE = (320, 20)
"""Wide enough for every sentence."""
ORDERS = {0x1B: "‹ESC›", 0x9B: "‹U+009B›", 0x202E: "‹U+202E›"}
"""What must be spelled out."""
TOLD = {(fault.happened, fault.why, fault.remedy): name for name, fault in reversed(FAULTS.items())}
"""The first row of each that is told in the same words; the client's tests have them all."""


async def at_once(seconds: float) -> None:
    """A wait that does not really pass."""
    await asyncio.sleep(0)


Sleep = Callable[[float], Awaitable[None]]


@asynccontextmanager
async def opened(site: FaultySite, fault: Fault, sleep: Sleep = at_once) -> AsyncIterator[Opened]:
    """The app, at this site; it asks at once."""
    environ = {"AUDITUI_SITE": site.origin, "AUDITUI_EMAIL": EMAIL, "AUDITUI_TOKEN": fault.token}
    gateway = Site.parse(site.origin) if fault.token != TOKEN else None
    chosen = Options(Given(), Zone("UTC"), Query(), gateway=gateway, environ=environ)
    run = Run(chosen, Settings(), clock=lambda: NOW, sleep=sleep, limits=fault.limits)
    app = AudituiApp(run)
    try:
        async with app.run_test(size=SIZE, notifications=True, tooltips=True) as pilot:
            yield app, pilot
    finally:
        run.close()


Serve = Callable[..., Awaitable[FaultySite]]


@pytest.fixture
async def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    """A site that can have this fault, and is good so far; gone after the test."""
    async with AsyncExitStack() as served:

        async def start(fault: Fault, records: int = RECORDS) -> FaultySite:
            authority = Authority(tmp_path) if fault.encrypted else None
            if authority:
                monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
            names = served.enter_context(naming(monkeypatch)) if fault.named else None
            demo = DemoSite(Corpus(records, NOW), page_cap=250)
            return await served.enter_async_context(FaultySite.opened(demo, authority, names))

        yield start


def status(app: AudituiApp) -> str:
    """The lines above the footer: an error takes as many as it needs."""
    lines = [re.sub(r" +record [\d,]+$", "", line).strip() for line in screen_text(app).splitlines()]
    return " ".join(lines[-8:-1])


def in_the_table(app: AudituiApp) -> str:
    """What stands in the table's place, however it is wrapped."""
    lines = [line.partition("│")[0].strip() for line in screen_text(app).splitlines()]
    return " ".join(line for line in lines if line)


def type_keys(app: AudituiApp, *keys: str) -> None:
    """As a terminal sends them, one upon the other; a pilot waits a while after each."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


def under_the_cursor(app: AudituiApp) -> list[str]:
    return [line.partition("│")[0] for line in screen_text(app).splitlines() if line.startswith(">")]


def stands_at(app: AudituiApp) -> int:
    """The number of the record under the cursor, as it is told."""
    told = re.search(r" record ([\d,]+) *$", screen_text(app), re.MULTILINE)
    return int(told[1].replace(",", "")) if told else 0


def words(site: FaultySite, fault: Fault) -> str:
    """What is told of a fault, as it has to stand on the screen."""
    return site.words(fault).translate(ORDERS)


def ways_on(fault: Fault) -> str:
    """The keys that help."""
    signs_in = "P signs in again, " if issubclass(fault.error, TOKEN_AT_FAULT) else ""
    return f"{signs_in}r tries again"


def first_words(site: FaultySite, fault: Fault) -> str:
    return site.filled(fault.happened).translate(ORDERS)


async def failed(opened: Opened) -> None:
    """The answer is there, and it is none."""
    app, pilot = opened
    await until(pilot, lambda: exploring(app).error is not None)
    await pilot.pause()


async def meet_at_once(site: FaultySite, fault: Fault, opened: Opened) -> None:
    """Nothing is loaded yet."""
    app, pilot = opened
    await failed(opened)
    accounts = "P signs in again" if issubclass(fault.error, TOKEN_AT_FAULT) else "P accounts"
    assert f"{words(site, fault)} r tries again   s another search   {accounts}" in in_the_table(app)
    assert "loaded" not in status(app)
    asked = list(site.asked)
    type_keys(app, "j", "pagedown", "G", "g", "enter")
    await pilot.pause()
    assert site.asked == asked
    await site.mend()
    type_keys(app, "r")
    await until(pilot, lambda: "loaded · more below" in status(app))
    assert first_words(site, fault) not in screen_text(app)


async def meet_on_the_way(site: FaultySite, fault: Fault, opened: Opened) -> None:
    """Some page is loaded, the cursor stands within it, and `L` meets the fault."""
    app, pilot = opened
    type_keys(app, "pagedown")
    await until(pilot, lambda: stands_at(app) > 1)
    stood = stands_at(app)
    type_keys(app, "j", "j")
    await until(pilot, lambda: stands_at(app) == stood + 2)
    rows, line, asked = shown_raws(app), under_the_cursor(app), list(site.asked)
    assert len(line) == 1
    await site.begin(fault)
    type_keys(app, "L")
    await failed(opened)
    next_page = len(rows) - OVERLAP
    assert site.asked[len(asked) :] == [next_page] * (0 if isinstance(fault.does, Door) else fault.tries)
    assert (shown_raws(app), under_the_cursor(app)) == (rows, line)
    told = f"{len(rows)} loaded · more below · ✗ {words(site, fault)} {ways_on(fault)}"
    assert told in status(app)
    asked = list(site.asked)
    type_keys(app, "j", "pagedown", "g", "G", "k", "G")
    await pilot.pause()
    assert f"✗ more could not be loaded: {ways_on(fault)}" in screen_text(app)
    assert site.asked == asked
    await site.mend()
    type_keys(app, "r")
    await until(pilot, lambda: f"all {RECORDS} loaded" in status(app))
    assert site.asked[: len(asked) + 1] == [*asked, next_page]
    assert first_words(site, fault) not in screen_text(app)
    assert shown_raws(app)[: len(rows)] == rows
    assert len(set(shown_raws(app))) == len(shown_raws(app)) == RECORDS


@pytest.mark.parametrize("name", reversed(TOLD.values()))
async def test_a_fault_is_told_in_full_keeps_every_row_and_r_goes_on(name: str, serve: Serve) -> None:
    fault = FAULTS[name]
    site = await serve(fault)
    at_first = fault.error is not AnswerTooBig  # after it pages stay small, and scrolling asks for more
    if at_first:
        await site.begin(fault)
    async with opened(site, fault) as (app, pilot):
        if at_first:
            await meet_at_once(site, fault, (app, pilot))
        await until(pilot, lambda: exploring(app).loaded == 250)
        await meet_on_the_way(site, fault, (app, pilot))
    assert site.elsewhere.connections == 0


@pytest.mark.parametrize(
    "name",
    [
        "a reset before the headers",
        "a body that is shorter than it said",
        "500 for ever",
        "429 for ever",
        "401",
        "moved to another host",
        "JSON that is cut off",
        "nobody who listens",
    ],
)
async def test_a_fault_among_pages_side_by_side_costs_no_record(name: str, serve: Serve) -> None:
    fault, records = FAULTS[name], 3_000
    site = await serve(fault, records)
    async with opened(site, fault) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded == 250)
        if isinstance(fault.does, Door):
            type_keys(app, "L")
            await until(pilot, lambda: len(site.asked) > 3)
            await site.begin(fault)
        else:
            await site.begin(fault, after=4)
            type_keys(app, "L")
        await failed((app, pilot))
        rows = shown_raws(app)
        assert 250 <= len(rows) < records
        assert f"{len(rows):,} loaded · more below · ✗ {words(site, fault)} {ways_on(fault)}" in status(app)
        asked = len(site.asked)
        type_keys(app, "G", "pagedown", "k", "j")
        await pilot.pause()
        assert len(site.asked) == asked
        await site.mend()
        type_keys(app, "r")
        await until(pilot, lambda: f"all {records:,} loaded" in status(app))
        assert shown_raws(app)[: len(rows)] == rows
        assert len(set(shown_raws(app))) == len(shown_raws(app)) == records


BUSY = Fault("26", (refuses(429, "", "Retry-After: 9"),), RateLimited, "{host} asks for fewer requests.")


async def test_a_short_wait_is_counted_down_and_esc_cancels_it(serve: Serve) -> None:
    site = await serve(BUSY)
    for_ever = asyncio.Event()

    async def wait(seconds: float) -> None:
        assert seconds == 9.0
        await for_ever.wait()

    async with opened(site, BUSY, sleep=wait) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded == 250)
        rows = shown_raws(app)
        await site.begin(BUSY)
        type_keys(app, "L")
        told = f"Asking again in {{}} s (esc cancels): {words(site, BUSY)} · 250 loaded · more below"
        for seconds in (9, 8):
            await until(pilot, lambda seconds=seconds: told.format(seconds) in status(app))  # type: ignore[misc]
        type_keys(app, "escape")
        await until(pilot, lambda: not exploring(app).loading)
        await pilot.pause()
        assert "cancelled: r goes on · 250 loaded · more below" in status(app)
        type_keys(app, "G", "pagedown", "k", "j")
        await pilot.pause()
        assert (shown_raws(app), site.asked) == (rows, [0, 247])
        await site.mend()
        type_keys(app, "L")
        await until(pilot, lambda: f"all {RECORDS} loaded" in status(app))
        assert len(set(shown_raws(app))) == RECORDS


async def test_after_a_short_wait_the_walk_goes_on_by_itself(serve: Serve) -> None:
    site = await serve(BUSY)
    over = asyncio.Event()

    async def wait(seconds: float) -> None:
        await over.wait()

    async with opened(site, BUSY, sleep=wait) as (app, pilot):
        await until(pilot, lambda: exploring(app).loaded == 250)
        await site.begin(BUSY)
        type_keys(app, "L")
        await until(pilot, lambda: "Asking again in" in status(app))
        await site.mend()
        over.set()
        await until(pilot, lambda: f"all {RECORDS} loaded" in status(app))
        assert "Asking again" not in status(app)
        assert len(set(shown_raws(app))) == RECORDS
