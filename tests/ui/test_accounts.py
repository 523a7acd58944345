"""The screen of saved accounts, over a vault with a keyring that is a dictionary and a file in a temporary home."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from auditui.account.settings import Settings
from auditui.account.vault import Vault
from auditui.model.account import Account
from auditui.model.errors import AudituiError, SignInNeeded
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.session.run import Run
from auditui.session.sign_in import Place
from auditui.ui.screens.accounts import AccountsScreen, Door
from tests.given import nothing_given
from tests.stand_ins import ChooseKeyring, MemoryKeyring, SlowKeyring
from tests.ui.driving import Seen, seeing

TOKEN = "s3cr3t-t0ken"
ANN = Account(Site.parse("acme"), "ann@example.com")
BOB = Account(Site.parse("other"), "bob@example.com")


@asynccontextmanager
async def shown(
    used: Account | None = None,
    reason: AudituiError | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    settle: bool = True,
) -> AsyncIterator[Seen[Account | Door | None]]:
    screen = AccountsScreen(Run(nothing_given(), Settings()), used, reason)
    async with seeing(screen, size=size, settle=settle) as seen:
        yield seen


async def save(account: Account, place: Place) -> None:
    await Vault().save(account, Secret(TOKEN), place)


async def test_each_account_says_where_it_is_kept_and_which_is_in_use(keyring: type[MemoryKeyring]) -> None:
    await save(ANN, Place.KEYRING)
    await save(BOB, Place.FILE)
    async with shown(used=BOB) as seen:
        assert "acme.atlassian.net ann@example.com in the keyring" in seen.words
        assert "other.atlassian.net bob@example.com unencrypted in a file (in use)" in seen.words
        assert seen.text.count("(in use)") == 1
        assert TOKEN not in seen.text


async def test_enter_opens_the_one_under_the_cursor(keyring: type[MemoryKeyring]) -> None:
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


async def test_a_slow_keyring_keeps_nobody_from_the_other_ways(choose_keyring: ChooseKeyring) -> None:
    choose_keyring(SlowKeyring)
    await save(ANN, Place.KEYRING)
    with SlowKeyring.shut() as opened:
        async with shown(settle=False) as seen:
            assert "Looking for saved accounts …" in seen.text
            await seen.pilot.press("down", "down")
            opened.set()
            await seen.settle()
            assert "ann@example.com" in seen.text
            await seen.press("enter")
            assert seen.app.given == [Door.DEMO]


class TestForgetting:
    async def test_it_is_asked_for_and_done_everywhere(self, keyring: type[MemoryKeyring]) -> None:
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
        assert [name for _, name in keyring.entries if "ann@" in name] == []
        assert [name for _, name in keyring.entries if "bob@" in name] != []

    @pytest.mark.parametrize("answer", ["n", "escape"])
    async def test_no_keeps_it(self, keyring: type[MemoryKeyring], answer: str) -> None:
        await save(ANN, Place.KEYRING)
        async with shown() as seen:
            await seen.press("x", answer)
            assert "Forget" not in seen.text.replace("forgets", "")
            await seen.press("enter")
            assert seen.app.given == [ANN]

    async def test_other_keys_do_nothing_while_it_is_asked(self, keyring: type[MemoryKeyring]) -> None:
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


async def test_it_fits_a_small_terminal(keyring: type[MemoryKeyring]) -> None:
    for number in range(12):
        await save(Account(Site.parse(f"site{number}"), "ann@example.com"), Place.FILE)
    async with shown(size=(60, 16), reason=SignInNeeded("No account.", why="Why it is so. " * 5)) as seen:
        await seen.press("end")
        assert "Demo site" in seen.text
        assert seen.app.screen.query_one("#accounts").region.height <= 16
        await seen.press("home", "x")
        assert "y yes" in seen.text
