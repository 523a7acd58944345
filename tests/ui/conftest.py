"""The app as a user has it, against a site on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from auditui.account.settings import Settings
from auditui.demo.corpus import Corpus
from auditui.demo.site import DemoSite
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp
from tests.ui.driving import NOW, Open, Opened


@pytest.fixture(autouse=True)
def home(home: Path) -> Path:
    """For every test of the screens."""
    return home


@pytest.fixture
def site() -> DemoSite:
    """5,000 records in pages of 250 at most."""
    return DemoSite(Corpus(5_000, NOW), page_cap=250, remember=1_000)


@pytest.fixture
def open_app() -> Open:
    """Opens the app at a size, and closes it with all that it keeps."""

    @asynccontextmanager
    async def opening(chosen: Options, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Opened]:
        run = Run(chosen, Settings(), clock=lambda: NOW)
        app = AudituiApp(run)
        try:
            async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
                yield app, pilot
        finally:
            run.close()

    return opening
