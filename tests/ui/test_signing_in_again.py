"""A token that is refused in the middle of an investigation: signing in again loses nothing, another account's log takes
nothing before it answers, and what was kept for `--resume` stays."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.events import Paste

from auditui.account.sessions import Sessions
from auditui.account.settings import Settings
from auditui.account.vault import Place, Vault
from auditui.demo import answers
from auditui.demo.answers import Answer
from auditui.demo.corpus import Corpus
from auditui.demo.server import serve
from auditui.demo.site import EMAIL, TOKEN
from auditui.model.account import Account
from auditui.model.secret import Secret
from auditui.model.site import Site
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp
from tests.given import nothing_given
from tests.stand_ins import MemoryKeyring
from tests.ui.driving import (
    NOW,
    Opened,
    exploring,
    filtered,
    investigation,
    options,
    screen_text,
    settled,
    table,
    until,
    when_loaded,
)
from tests.ui.gated import Gated

RECORDS = 1_500
OTHER = "other@example.com"
NEW = "another-token"


class Revoking(Gated):
    """A site whose tokens can be revoked; each is good for every e-mail address. Open until it is held."""

    def __init__(self) -> None:
        super().__init__(Corpus(RECORDS, NOW), page_cap=250)
        self.good = {TOKEN}
        self.let_through(1_000)

    def answer(self, method: str, target: str, headers: Mapping[str, str]) -> Answer:
        given = dict(headers)
        for name, value in headers.items():
            if name.lower() == "authorization":
                if _token(value) not in self.good:
                    return answers.wrong_pair()
                given[name] = f"Basic {base64.b64encode(f'{EMAIL}:{TOKEN}'.encode()).decode()}"
        return super().answer(method, target, given)


def _token(authorization: str) -> str:
    return base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")[2]


@pytest.fixture
def revoking() -> Revoking:
    return Revoking()


@pytest.fixture
def url(revoking: Revoking) -> Iterator[str]:
    with serve(revoking) as served:
        yield served.url


@asynccontextmanager
async def opened(chosen: Options) -> AsyncIterator[Opened]:
    """The app, until its user quits."""
    run = Run(chosen, Settings(), clock=lambda: NOW)
    app = AudituiApp(run)
    try:
        async with app.run_test(size=(120, 40), notifications=True, tooltips=True) as pilot:
            yield app, pilot
            app.exit()
    finally:
        run.close()


def shown(app: AudituiApp) -> dict[str, Any]:
    """All that somebody would miss."""
    search, now = exploring(app).search, investigation(app)
    assert search is not None
    return {
        "rows": [line.record.raw for line in now.window(0, RECORDS)],
        "marks": set(search.marked),
        "filter": now.view.filter,
        "order": now.view.order,
        "cursor": table(app).cursor,
        "way": [place.view for place in now.trail.places],
    }


def account(app: AudituiApp) -> Account | None:
    """The one whose log is shown."""
    connection = exploring(app).connection
    return connection.account if connection else None


def kept() -> list[dict[str, Any]]:
    """The session files."""
    return [json.loads(path.read_text()) for path in Sessions().folder.glob("session-*.json")]


def marks_kept() -> list[int]:
    """How many marks each session file has."""
    return sorted(sum(len(each["marks"]) for each in one["searches"]) for one in kept())


async def investigate(opened: Opened) -> dict[str, Any]:
    """Mark three records, filter, go down; what is there then."""
    app, pilot = await when_loaded(opened)
    await pilot.press("space", "space", "space", "slash", *"group", "enter")
    await filtered(opened, "group")
    await pilot.press("j", "j")
    await until(pilot, lambda: settled(app))
    return shown(app)


async def refused(opened: Opened, *keys: str) -> None:
    """These keys ask the site, and it refuses the token."""
    app, pilot = opened
    await pilot.press(*keys)
    await until(pilot, lambda: exploring(app).error is not None)


def words(app: AudituiApp) -> str:
    """The screen's text, so that a wrapped sentence is one."""
    return " ".join(screen_text(app).split())


async def accounts(opened: Opened) -> None:
    """The list of accounts is there, whole."""
    app, pilot = opened
    await pilot.press("P")
    await until(pilot, lambda: "─ Accounts ─" in screen_text(app))
    await until(pilot, lambda: "Looking for saved accounts" not in screen_text(app))


async def form(opened: Opened) -> None:
    """The form is there, and knows where a token can be kept."""
    app, pilot = opened
    await until(pilot, lambda: "(x) " in screen_text(app))


async def fill(opened: Opened, *fields: str) -> None:
    """Fill the form from the field on which one stands, and have it tested."""
    app, pilot = opened
    for number, text in enumerate(fields):
        if number:
            await pilot.press("tab")
        if text:
            app.screen.post_message(Paste(text))
            await pilot.pause()
    await pilot.press("enter")


async def in_front_again(opened: Opened) -> None:
    """No dialog is open any more."""
    app, pilot = opened
    await until(pilot, lambda: len(app.screen_stack) == 1)


async def sign_in_to_the_other(opened: Opened, url: str) -> None:
    """Choose another account by hand."""
    await accounts(opened)
    await opened[1].press("j", "enter")
    await form(opened)
    await fill(opened, url, OTHER, TOKEN)


# The same account


@pytest.mark.parametrize("asks", ["L", "r"])
async def test_signing_in_again_keeps_all_and_goes_on(asks: str, revoking: Revoking, url: str) -> None:
    async with opened(options(url)) as (app, pilot):
        before = await investigate((app, pilot))
        revoking.good = {NEW}
        await refused((app, pilot), asks)
        await until(pilot, lambda: "P signs in again" in words(app))
        await accounts((app, pilot))
        await pilot.press("enter")
        await form((app, pilot))
        assert url.partition("//")[2] in screen_text(app)
        assert EMAIL in screen_text(app)
        await fill((app, pilot), NEW)
        await in_front_again((app, pilot))
        await until(pilot, lambda: exploring(app).error is None and settled(app))
        await until(pilot, lambda: investigation(app).carry_marks() or len(shown(app)["marks"]) == 3)
        after = shown(app)
        assert after["rows"][: len(before["rows"])] == before["rows"]
        assert {name: after[name] for name in after if name != "rows"} == {
            name: before[name] for name in before if name != "rows"
        }
        assert exploring(app).situation.progress.whole == (asks == "L")
    assert marks_kept() == [3]
    assert [one["closed"] for one in kept()] == [True]


async def test_enter_on_the_account_in_use_is_no_more_than_r(revoking: Revoking, url: str) -> None:
    async with opened(options(url)) as (app, pilot):
        before, asked = await investigate((app, pilot)), len(revoking.requests)
        await accounts((app, pilot))
        await pilot.press("enter")
        await in_front_again((app, pilot))
        await pilot.pause()
        assert (shown(app), len(revoking.requests)) == (before, asked)
        revoking.good = set()
        await refused((app, pilot), "L")
        revoking.good = {TOKEN}
        await accounts((app, pilot))
        await pilot.press("k", "enter")
        await until(pilot, lambda: exploring(app).situation.progress.whole)
        assert shown(app)["marks"] == before["marks"]
        assert shown(app)["way"] == before["way"]
    assert marks_kept() == [3]


async def test_where_there_are_no_rows_p_signs_in_again_too(revoking: Revoking, url: str) -> None:
    revoking.good = {NEW}
    async with opened(options(url)) as (app, pilot):
        await until(pilot, lambda: exploring(app).error is not None)
        await until(pilot, lambda: "P signs in again" in words(app))
        await accounts((app, pilot))
        await pilot.press("enter")
        await form((app, pilot))
        await fill((app, pilot), NEW)
        await when_loaded((app, pilot))


# Another account


async def test_another_account_takes_the_place_when_it_has_answered(revoking: Revoking, url: str) -> None:
    async with opened(options(url)) as (app, pilot):
        await investigate((app, pilot))
        await pilot.press("space")
        await sign_in_to_the_other((app, pilot), url)
        await until(pilot, lambda: table(app).loaded > 0 and not shown(app)["marks"])
        assert OTHER in str(account(app))
        await pilot.press("space")
        await until(pilot, lambda: len(kept()) == 2)
    assert marks_kept() == [1, 4]
    assert all(one["closed"] for one in kept())


async def test_a_glance_at_another_account_takes_nothing_that_was_kept(revoking: Revoking, url: str) -> None:
    async with opened(options(url)) as (app, pilot):
        await investigate((app, pilot))
        await sign_in_to_the_other((app, pilot), url)
        await until(pilot, lambda: table(app).loaded > 0 and not shown(app)["marks"])
    assert marks_kept() == [3]


@pytest.mark.parametrize("ends", ["esc", "a refusal"])
async def test_until_another_account_answers_the_old_one_stays(
    ends: str, revoking: Revoking, url: str
) -> None:
    async with opened(options(url)) as (app, pilot):
        await when_loaded((app, pilot))
        await sign_in_to_the_other((app, pilot), url)
        await until(pilot, lambda: OTHER in str(account(app)) and table(app).loaded > 0)
        before = await investigate((app, pilot))
        revoking.hold()
        if ends == "a refusal":
            revoking.good = set()
        await accounts((app, pilot))
        await pilot.press("enter")
        await in_front_again((app, pilot))
        if ends == "esc":
            await until(pilot, lambda: "Connecting to" in screen_text(app))
            assert shown(app) == before
            await until(pilot, lambda: revoking.waiting)
            await pilot.press("escape")
        else:
            await until(pilot, lambda: f"rejected the token for {EMAIL}" in screen_text(app))
        await until(pilot, lambda: "Connecting to" not in screen_text(app))
        assert shown(app) == before
        revoking.good = {TOKEN}
        revoking.let_through(1_000)
        await pilot.press("L")
        await until(pilot, lambda: exploring(app).situation.progress.whole)
        assert shown(app)["marks"] == before["marks"]
    assert marks_kept() == [3]


# What is saved


async def test_a_refusal_leaves_the_saved_token_where_it_is(
    revoking: Revoking, url: str, keyring: type[MemoryKeyring]
) -> None:
    mine = Account(Site.parse(url), EMAIL)
    await Vault().save(mine, Secret(TOKEN), Place.KEYRING)
    saved = dict(keyring.entries)
    async with opened(nothing_given()) as (app, pilot):
        await when_loaded((app, pilot))
        revoking.good = set()
        await refused((app, pilot), "L")
        await refused((app, pilot), "r")
    assert keyring.entries == saved
    loaded = await Vault().load(mine)
    assert loaded is not None
    assert loaded.credential.token == Secret(TOKEN)
