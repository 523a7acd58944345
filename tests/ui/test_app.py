"""The keys that work everywhere, the palette, and the user's own keys."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from textual.widgets import Static

from auditui.account.given import Given
from auditui.account.settings import Settings
from auditui.demo.server import Served
from auditui.model.query import Query
from auditui.model.when import Zone
from auditui.session.run import Options, Run
from auditui.ui.app import AudituiApp, house_bindings
from auditui.ui.screens.explorer import ExplorerScreen
from auditui.ui.screens.help import HelpScreen, help_content
from auditui.ui.widgets.record_table import RecordTable
from tests.ui.driving import NOW, Open, options, screen_text, until


def demo(settings: Settings) -> AudituiApp:
    chosen = Options(given=Given(), zone=Zone("UTC"), query=Query(), demo_records=500)
    return AudituiApp(Run(chosen, settings, clock=lambda: NOW))


@pytest.mark.parametrize("opens", ["s", "P", "question_mark", "colon", "enter"])
async def test_ctrl_q_quits_from_anywhere(open_app: Open, served: Served, opens: str) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "loaded" in screen_text(app))
        await pilot.press(opens)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)


async def test_ctrl_q_quits_from_sign_in(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    nobody = Options(given=Given(), zone=Zone("UTC"), query=Query())
    async with open_app(nobody) as (app, pilot):
        await until(pilot, lambda: "Test and continue" in screen_text(app))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)


async def test_q_closes_a_zoomed_pane_before_it_quits(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "loaded" in screen_text(app))
        await pilot.press("z", "q")
        assert not app._exit
        await pilot.press("q")
        await until(pilot, lambda: app._exit)


async def test_ctrl_c_in_a_field_copies_what_is_selected(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url, query=Query(text="needle"))) as (app, pilot):
        await until(pilot, lambda: "No records" in screen_text(app))
        await pilot.press("s")
        app.screen.query_one("#form-text Input").focus()
        await pilot.press("ctrl+shift+a", "ctrl+c")
        assert app.clipboard == "needle"
        await pilot.press("end", "ctrl+c")
        await until(pilot, lambda: "Press ctrl+c again to quit." in screen_text(app))


async def test_the_palette_runs_what_it_names(open_app: Open, served: Served) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "250 loaded" in screen_text(app))
        await pilot.press("colon")
        await pilot.press(*"Load all")
        await until(pilot, lambda: "Load everything the search finds" in screen_text(app))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: "all 5,000 loaded" in screen_text(app))


async def test_every_key_of_every_pane_is_in_the_palette_and_in_the_help(
    open_app: Open, served: Served
) -> None:
    async with open_app(options(served.url), size=(160, 45)) as (app, pilot):
        await until(pilot, lambda: "loaded" in screen_text(app))
        told: set[str] = set()
        helped = ""
        for keys in ([], ["f"], ["i"], ["3"], ["x"], ["2", "slash", "a"]):
            await pilot.press(*keys)
            await pilot.pause()
            told |= {command.help for command in app.get_system_commands(app.screen)}
            helped += help_content(app.screen.active_bindings.values(), "").plain
        helped = " ".join(helped.split())
        told |= {"Every command by its name", "The same in fields and dialogs"}  # the palette itself
        for binding in house_bindings():
            if binding.id == "filter.complete":
                continue  # the field has that key, too, and passes it on; tab does the same
            assert binding.tooltip in told, binding.id
            assert binding.tooltip in helped, binding.id


@pytest.mark.parametrize(
    ("keys", "pane"),
    [
        ([], "Records table"),
        (["enter"], "Record"),
        (["f"], "Facets"),
        (["i"], "Timeline"),
        (["x", "enter"], "Raw JSON"),
        (["s"], "Presets"),
        (["s", "tab"], "Search form"),
    ],
)
async def test_help_begins_with_the_keys_of_the_pane_in_which_one_is(
    open_app: Open, served: Served, keys: list[str], pane: str
) -> None:
    async with open_app(options(served.url)) as (app, pilot):
        await until(pilot, lambda: "250 loaded" in screen_text(app))
        await pilot.press(*keys, "f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        text = app.screen.query_one("#help-text", Static).content
        lines = [line for line in str(text).splitlines() if line]
        assert lines[0] == pane


async def test_keys_can_be_changed_by_their_ids() -> None:
    app = demo(Settings(keymap=MappingProxyType({"table.down": "n"})))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "loaded" in screen_text(app))
        await pilot.press("n", "j")
        assert app.screen.query_one(RecordTable).cursor == 1


@pytest.mark.parametrize(
    ("keymap", "words"),
    [
        ({"table.dwon": "n"}, "there is no key binding “table.dwon”"),
        ({"table.down": "g"}, "“g” would be both table.down and table.first"),
    ],
)
async def test_a_keymap_that_cannot_work_is_told(keymap: dict[str, str], words: str) -> None:
    app = demo(Settings(keymap=MappingProxyType(keymap)))
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await until(pilot, lambda: words in " ".join(toast.message for toast in app._notifications))
        assert isinstance(app.screen, ExplorerScreen)
        await pilot.pause()
