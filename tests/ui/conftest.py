"""The app as a user has it, against a site on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from auditui.account.settings import Settings
from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import DemoSite
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp
from tests.ui.driving import NOW, Open, Opened


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the developer's own: no cache, no settings, no keyring, no proxy."""
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    for name in (
        "AUDITUI_SITE",
        "AUDITUI_EMAIL",
        "AUDITUI_TOKEN",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "ALL_PROXY",
        "NO_COLOR",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def site() -> DemoSite:
    """5,000 records in pages of 250 at most."""
    return DemoSite(Corpus(5_000, NOW), page_cap=250, remember=1_000)


@pytest.fixture
def served(site: DemoSite) -> Iterator[Served]:
    """The site over HTTP on loopback."""
    with serve(site) as served:
        yield served


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
