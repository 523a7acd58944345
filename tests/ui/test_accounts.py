"""The screen of saved accounts, over a vault with a keyring that is a dictionary and a file in a temporary home."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from keyring.backend import KeyringBackend
from textual.app import App
from textual.pilot import Pilot

from auditui.account.settings import Settings
from auditui.account.sources import Given
from auditui.account.vault import Vault
from auditui.model.account import Account
from auditui.model.errors import AudituiError, SignInNeeded
from auditui.model.query import Query
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.model.when import Zone
from auditui.session.run import Options, Run
from auditui.session.sign_in import Place
from auditui.ui.screens.accounts import AccountsScreen, Door

TOKEN = "s3cr3t-t0ken"
ANN = Account(Site.parse("acme"), "ann@example.com")
BOB = Account(Site.parse("other"), "bob@example.com")


class Drawer(KeyringBackend):
    """A keyring that works for one test, and opens when it is told to."""

    priority = 1
    entries: ClassVar[dict[tuple[str, str], str]] = {}
    opened: ClassVar[threading.Event] = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.opened.wait(20)
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a keyring."""
    for name in [name for name in os.environ if name.startswith(("AUDITUI_", "DBUS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return tmp_path


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> type[Drawer]:
    """Makes the class above the machine's keyring."""
    module = ModuleType("stand_in")
    monkeypatch.setattr(Drawer, "entries", {})
    monkeypatch.setattr(Drawer, "__module__", "stand_in")
    module.Drawer = Drawer  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "stand_in", module)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "stand_in.Drawer")
    Drawer.opened.set()
    return Drawer


class Host(App[None]):
    """Shows the screen and remembers what it gave."""

    def __init__(self, used: Account | None, reason: AudituiError | None) -> None:
        super().__init__()
        run = Run(Options(Given(), Zone.parse("utc"), Query()), Settings())
        self.form = AccountsScreen(run, used, reason)
        self.given: list[Account | Door | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.form, self.given.append)


@dataclass
class Seen:
    """The screen in front of somebody."""

    app: Host
    pilot: Pilot[None]

    @property
    def text(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def words(self) -> str:
        return " ".join(self.text.replace("│", " ").split())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()


@asynccontextmanager
async def shown(
    used: Account | None = None,
    reason: AudituiError | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    settle: bool = True,
) -> AsyncIterator[Seen]:
    app = Host(used, reason)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        seen = Seen(app, pilot)
        await pilot.pause()
        if settle:
            await seen.settle()
        yield seen


async def save(account: Account, place: Place) -> None:
    await Vault().save(account, Secret(TOKEN), place)


async def test_each_account_says_where_it_is_kept_and_which_is_in_use(drawer: type[Drawer]) -> None:
    await save(ANN, Place.KEYRING)
    await save(BOB, Place.FILE)
    async with shown(used=BOB) as seen:
        assert "acme.atlassian.net ann@example.com in the keyring" in seen.words
        assert "other.atlassian.net bob@example.com unencrypted in a file (in use)" in seen.words
        assert seen.text.count("(in use)") == 1
        assert TOKEN not in seen.text


async def test_enter_opens_the_one_under_the_cursor(drawer: type[Drawer]) -> None:
    await save(ANN, Place.KEYRING)
    await save(BOB, Place.FILE)
    async with shown() as seen:
        await seen.press("down", "enter")
        assert seen.app.given == [BOB]


@pytest.mark.parametrize(("downs", "door"), [(0, Door.SIGN_IN), (1, Door.DEMO)])
async def test_without_an_account_there_are_two_ways(downs: int, door: Door) -> None:
    async with shown(reason=SignInNeeded("No account is saved.")) as seen:
        assert "No account is saved." in seen.text
        await seen.press(*["j"] * downs, "ctrl+j")
        assert seen.app.given == [door]


async def test_esc_closes() -> None:
    async with shown() as seen:
        await seen.press("escape")
        assert seen.app.given == [None]


async def test_a_place_that_gives_no_answer_is_told() -> None:
    await save(BOB, Place.FILE)
    async with shown() as seen:
        assert "bob@example.com unencrypted in a file" in seen.words
        assert "No keyring is available here (usual over SSH)." in seen.text


async def test_a_slow_keyring_keeps_nobody_from_the_other_ways(drawer: type[Drawer]) -> None:
    await save(ANN, Place.KEYRING)
    drawer.opened.clear()
    try:
        async with shown(settle=False) as seen:
            assert "Looking for saved accounts …" in seen.text
            await seen.pilot.press("down", "down")
            drawer.opened.set()
            await seen.settle()
            assert "ann@example.com" in seen.text
            await seen.press("enter")
            assert seen.app.given == [Door.DEMO]
    finally:
        drawer.opened.set()


class TestForgetting:
    async def test_it_is_asked_for_and_done_everywhere(self, drawer: type[Drawer]) -> None:
        await save(ANN, Place.KEYRING)
        await save(BOB, Place.KEYRING)
        async with shown(used=ANN) as seen:
            await seen.press("down", "x")
            assert "Forget ann@example.com at acme.atlassian.net?" in seen.words
            assert "It stays open until auditui ends." in seen.words
            assert "y yes n no" in seen.words
            await seen.press("y")
            assert "Forgotten: ann@example.com at acme.atlassian.net." in seen.words
            assert "in the keyring is removed." in seen.words
            assert "acme.atlassian.net ann@example.com" not in seen.words
        assert [name for _, name in drawer.entries if "ann@" in name] == []
        assert [name for _, name in drawer.entries if "bob@" in name] != []

    @pytest.mark.parametrize("answer", ["n", "escape"])
    async def test_no_keeps_it(self, drawer: type[Drawer], answer: str) -> None:
        await save(ANN, Place.KEYRING)
        async with shown() as seen:
            await seen.press("x", answer)
            assert "Forget" not in seen.text.replace("forgets", "")
            await seen.press("enter")
            assert seen.app.given == [ANN]

    async def test_other_keys_do_nothing_while_it_is_asked(self, drawer: type[Drawer]) -> None:
        await save(ANN, Place.KEYRING)
        async with shown() as seen:
            await seen.press("x", "enter", "ctrl+j", "down")
            assert seen.app.given == []
            assert "Forget ann@example.com" in seen.words

    async def test_what_may_be_left_is_told(self) -> None:
        await save(ANN, Place.FILE)
        async with shown() as seen:
            await seen.press("x", "y")
            assert "unencrypted in a file is removed." in seen.words
            assert "A token may still be where nobody answered." in seen.words
            assert "No keyring is available here" in seen.words

    async def test_the_other_ways_cannot_be_forgotten(self) -> None:
        async with shown() as seen:
            await seen.press("x", "y")
            assert seen.app.given == []
            assert "Forget" not in seen.text.replace("forgets", "")


async def test_it_fits_a_small_terminal(drawer: type[Drawer]) -> None:
    for number in range(12):
        await save(Account(Site.parse(f"site{number}"), "ann@example.com"), Place.FILE)
    async with shown(size=(60, 16), reason=SignInNeeded("No account.", why="Why it is so. " * 5)) as seen:
        await seen.press("end")
        assert "Demo site" in seen.text
        assert seen.app.screen.query_one("#accounts").region.height <= 16
        await seen.press("home", "x")
        assert "y yes" in seen.text
