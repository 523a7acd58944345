"""What tests of several packages start from: a home, a keyring, a site on loopback.

And: a CI run in which tests were skipped for want of a keyring or a program has tested less than it says, so it fails.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditui.demo.corpus import Corpus
from auditui.demo.server import Served, serve
from auditui.demo.site import DemoSite
from tests.stand_ins import ChooseKeyring, MemoryKeyring

_OWN = frozenset({"DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "TEXTUAL", "TEXTUAL_LOG"})
"""Variables that would bring the developer's own screen or habits into a test."""
_OUTSIDE = frozenset({"secret_service", "program"})
"""Markers of tests that need something from outside."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("program"):
        if shutil.which(marker.args[0]) is None:
            pytest.skip(f"{marker.args[0]} is not installed here")


class Skipped:
    """Hears of every test, whichever process ran it."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """Tests that were skipped for want of a keyring or a program."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not _OUTSIDE.isdisjoint(report.keywords):
            self.names.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.names and os.environ.get("CI"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.names and os.environ.get("CI"):
            terminalreporter.write_line(
                f"FAILED in CI: skipped for want of a keyring or a program: {', '.join(self.names)}", red=True
            )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Skipped())
    os.umask(0o022)  # not the developer's: settings that a group can write to name no command


@pytest.fixture(scope="session", autouse=True)
def not_the_developers_state(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The key by which unfinished exports are known is not made in a real home."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is not the developer's, with nothing in it: no accounts, settings, keyring, D-Bus or proxy."""
    for name in list(os.environ):
        if name in _OWN or name.startswith(("AUDITUI_", "DBUS_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return tmp_path


@pytest.fixture
def choose_keyring(home: Path, monkeypatch: pytest.MonkeyPatch) -> ChooseKeyring:
    """Makes one of the stand-ins the machine's keyring, with nothing in it."""

    def choose(kind: type[MemoryKeyring]) -> None:
        monkeypatch.setattr(kind, "entries", {})
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"{kind.__module__}.{kind.__name__}")

    return choose


@pytest.fixture
def keyring(choose_keyring: ChooseKeyring) -> type[MemoryKeyring]:
    """A keyring that works is the machine's."""
    choose_keyring(MemoryKeyring)
    return MemoryKeyring


@pytest.fixture
def site() -> DemoSite:
    """50 records until now."""
    return DemoSite(Corpus(50, time.time_ns() // 1_000_000), remember=20)


@pytest.fixture
def served(site: DemoSite) -> Iterator[Served]:
    """The site over HTTP on loopback."""
    with serve(site) as served:
        yield served


@pytest.fixture
def url(served: Served) -> str:
    """Where it is served."""
    return served.url
