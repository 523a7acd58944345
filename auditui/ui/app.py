"""The application: one screen, the keys that work everywhere, and how it ends.

No logic of its own. What it changes of Textual: a crash prints no local variables, since one of them may be the token;
suspending repaints; signals put the terminal back in order. What it changes of the driver is `line.py`'s.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.actions import SkipAction
from textual.app import ScreenStackError, SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.filter import LineFilter
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from auditui.session.run import Run
from auditui.session.threads import NoWait
from auditui.ui.glyphs import PlainGlyphs
from auditui.ui.keymap import Cancellable, Completing, Pending, key, keymap_problems
from auditui.ui.line import encoding  # which mends Textual's driver
from auditui.ui.present import notify_text
from auditui.ui.screens.explorer import ExplorerScreen
from auditui.ui.sparing import SparingApp
from auditui.ui.tempo import QUICK, SLOW, SLOW_FROM
from auditui.ui.themes import FEW_COLOURS, themes_to_choose
from auditui.ui.widgets.detail import Detail
from auditui.ui.widgets.facets import Facets
from auditui.ui.widgets.filter_line import FilterLine
from auditui.ui.widgets.record_table import RecordTable
from auditui.ui.widgets.timeline import Timeline

_LOST = 0.5
"""Seconds after which a key that went to a pane which is gone by now holds up the next one no longer."""

_AGAIN = 0.02
"""Seconds after which it is looked again whether what an earlier key asked for is there."""

_PATIENCE = 50
"""How often, before a key that came together with that one waits no longer."""

_ASKED_TWICE = 2.0
"""Seconds within which a second ctrl+c quits."""


class _Taken(Message):
    """The key before it was heeded."""


class AudituiApp(SparingApp):
    """auditui in a terminal."""

    TITLE = "auditui"
    CSS_PATH = "screens/explorer.tcss"  # Textual reads the file of a pushed screen, not of the first one
    DEFAULT_CSS = """
    AudituiApp.-sparing ModalScreen, AudituiApp.-sparing CommandPalette { background: transparent; }
    SearchIcon { display: none; }
    CommandPalette:ansi #--container { visibility: visible; height: auto; border-top: solid $foreground; }
    CommandPalette:ansi #--input { border: none; }
    CommandPalette:ansi CommandList { border-top: solid $foreground; border-bottom: solid $foreground; }
    AudituiApp:ansi Input > .input--cursor { background: ansi_default; color: ansi_default; }
    AudituiApp:nocolor Input > .input--selection { text-style: reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        key("app.help", "question_mark", "help", "Help", "What the keys do here", show=True, label="?"),
        key("app.help_anywhere", "f1", "help", "Help", "The same in fields and dialogs", priority=True),
        key("app.palette", "colon", "command_palette", "Commands", "Every command by its name", label=":"),
        key(
            "app.palette_anywhere",
            "ctrl+p",
            "command_palette",
            "Commands",
            "The same in fields and dialogs",
            priority=True,
        ),
        # With priority, so that keys which arrive together with a tab, as over a slow line, reach the next field
        # and not the one before it: a token must not be typed where it can be read.
        key(
            "app.next",
            "tab",
            "next",
            "Next",
            "The next pane or field; takes what a field offers",
            priority=True,
        ),
        key(
            "app.previous",
            "shift+tab",
            "app.focus_previous",
            "Previous",
            "The pane or field before",
            priority=True,
        ),
        key("app.quit", "q", "close_or_quit", "Quit", "Close what is open; quit where nothing is", show=True),
        key("app.quit_now", "ctrl+q", "quit", "Quit now", "Quit from anywhere", priority=True),
        key(
            "app.interrupt",
            "ctrl+c",
            "interrupt",
            "Cancel",
            "Cancel the loading; else copy; else, twice, quit",
            priority=True,
        ),
        key("app.redraw", "ctrl+l", "redraw", "Redraw", "Draw the whole screen anew", priority=True),
        key(
            "app.suspend",
            "ctrl+z",
            "suspend_process",
            "Suspend",
            "Back to the shell; fg returns",
            priority=True,
        ),
    ]

    def __init__(self, run: Run) -> None:
        no_colour = bool(os.environ.get("NO_COLOR"))
        # Else Textual makes greys of the colours, or black of all.
        super().__init__(ansi_color=no_colour or None)
        if no_colour:
            self.theme = FEW_COLOURS.name
        self._glyphs: list[LineFilter] = [PlainGlyphs(encoding())] if run.options.ascii else []
        self._run = run
        self._measuring = run.options.slow is None
        self._interrupted = -_ASKED_TWICE
        self._taking: Timer | None = None
        self._waiting_keys: deque[events.Key | events.Paste] = deque()
        self._patience = _PATIENCE
        self.set_keymap(dict(run.settings.keymap))

    def get_default_screen(self) -> Screen[None]:
        """The explorer; everything else is asked on top of it."""
        return ExplorerScreen(self._run)

    def get_line_filters(self) -> list[LineFilter]:
        """What is done to all that is drawn: plain glyphs come last."""
        return [*super().get_line_filters(), *self._glyphs]

    async def on_load(self) -> None:
        """Look after threads and signals before anything is shown."""
        sys.setswitchinterval(0.001)  # a thread that reads pages gives way to a key after 1 ms rather than 5
        loop = asyncio.get_running_loop()
        loop.set_default_executor(NoWait())
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, functools.partial(self.exit, return_code=128 + number))

    def on_mount(self) -> None:
        """Measure the line if that is to decide, and say what is wrong with the settings."""
        if self._run.options.slow is not False:
            self.spare_the_line(True)  # also while it is not known: the first frames are the largest
            self.ask_round_trip()
        self.set_class(bool(self._run.options.slow), "-sparing")
        keymap = self._run.settings.keymap
        bindings = (*house_bindings(), *dialog_bindings()) if keymap else ()
        for problem in (*self._run.settings.notices, *keymap_problems(keymap, bindings)):
            notify_text(self, problem)

    def line_answered(self, round_trip: float, answers: int) -> None:
        """Choose by it how much is drawn, if nobody chose: by two answers, as a busy host delays one."""
        explorer = self.screen_stack[0]
        if (
            self._measuring
            and (round_trip <= SLOW_FROM or answers > 1)
            and isinstance(explorer, ExplorerScreen)
        ):
            self._measuring = False
            tempo = SLOW if round_trip > SLOW_FROM else QUICK
            self.spare_the_line(tempo.sparing)
            self.set_class(tempo.sparing, "-sparing")
            explorer.keep_tempo(tempo, round_trip)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """No field blinks, also not the palette's: a blinking cursor costs 2 kB/s over SSH."""
        if isinstance(event.widget, Input):
            event.widget.cursor_blink = False

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:
        """The palette: every key that does something here, and the themes. No screenshots to files of their own."""
        told = {"app.help_anywhere", "app.palette", "app.palette_anywhere"}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id and active.enabled and binding.id not in told:
                told.add(binding.id)  # each of its keys is a binding of its own
                yield SystemCommand(
                    binding.description,
                    binding.tooltip,
                    functools.partial(self.run_action, binding.action, active.node),
                )
        if not self.no_color:
            yield SystemCommand("Theme", "Change the colours", self.action_change_theme)

    def search_themes(self) -> None:
        """The palette of themes, as Textual has it, but for those that cannot be read here."""
        names = themes_to_choose(self.theme, few=self.console.color_system == "standard")
        chosen = [(name, functools.partial(setattr, self, "theme", name)) for name in names]
        self.search_commands(chosen, placeholder="Search for themes…")

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """As Textual's own, but for keys that arrive together, and pastes among them: one is taken after the other.

        Textual passes each to the pane that has the focus when it comes in, before the one before it was heeded: what is
        typed behind `/` would not reach the filter line that `/` opens, and would be obeyed as commands; a token pasted behind a
        tab would stand in the field before, where it can be read.
        """
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._busy:
            self._waiting_keys.append(event)
        else:
            await self._take(event)

    async def _take(self, key: events.Key | events.Paste) -> None:
        pane = self.focused or self.screen
        await super().on_event(key)
        if key.is_forwarded and pane.post_message(_Taken()):  # goes the way of the key, behind it
            self._taking = self.set_timer(_LOST, self._taken)

    @on(_Taken)
    async def _taken(self) -> None:
        """The key was heeded, or the pane that had it is gone: the next one."""
        if self._taking is not None:
            self._taking.stop()
            self._taking = None
        while self._waiting_keys and not self._busy:
            pending = isinstance(self.screen, Pending) and self.screen.pending
            if pending and self._patience > 0:
                self._patience -= 1
                self._taking = self.set_timer(_AGAIN, self._taken)
                return
            if not pending:
                self._patience = _PATIENCE  # else the first has waited for all of them
            await self._take(self._waiting_keys.popleft())

    @property
    def _busy(self) -> bool:
        """Whether a key is on its way."""
        return self._taking is not None

    def action_next(self) -> None:
        """Take what a field offers, else go to the next one."""
        focused = self.focused
        around = focused.ancestors if focused else ()
        offering = next((each for each in around if isinstance(each, Completing)), None)
        if not (offering and offering.complete()):
            self.screen.focus_next()

    def action_help(self) -> None:
        """What the keys do where one is."""
        from auditui.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(list(self.screen.active_bindings.values())))

    def pop_screen(self) -> AwaitComplete:
        """As Textual's own; but two enters that arrive together close its palette twice, which would end everything."""
        try:
            return super().pop_screen()
        except ScreenStackError:
            return AwaitComplete()

    def action_close_or_quit(self) -> None:
        """Close the pane that is open over others, else quit."""
        screen = self.screen
        if not (isinstance(screen, ExplorerScreen) and screen.close_pane()):
            self.exit()

    def action_interrupt(self) -> None:
        """Cancel; else copy what is selected; else quit when asked twice."""
        screen = self.screen
        if isinstance(self.focused, Input) and self.focused.selected_text:
            raise SkipAction  # the field copies
        if isinstance(screen, Cancellable) and screen.cancel():
            return
        if selected := screen.get_selected_text():
            self.copy_to_clipboard(selected)
            return
        before, self._interrupted = self._interrupted, time.monotonic()
        if self._interrupted - before < _ASKED_TWICE:
            self.exit(return_code=130)
        else:
            notify_text(self, "Press ctrl+c again to quit.")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what is selected, on the screen or in a field, the way that is right here; as Textual's own, ctrl+v has it, too.

        Textual's way is OSC 52 always, which tmux drops without a word.
        """
        self._clipboard = text
        explorer = self.screen_stack[0]
        if isinstance(explorer, ExplorerScreen):
            explorer.copy_selected(text)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Show the address. Textual would start a browser: over SSH on the wrong machine, and a text browser on this screen."""
        notify_text(self, f"No browser is started from here. The address: {url}")

    def action_redraw(self) -> None:
        """Draw everything anew, after something else wrote on the terminal."""
        self._painted.forget()
        self.refresh(repaint=True, layout=True)

    def action_suspend_process(self) -> None:
        """Stop the whole process group, as the shell expects, and repaint when it goes on."""
        with self.suspend():
            before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.killpg(os.getpgrp(), signal.SIGTSTP)
            time.sleep(0.05)  # the signal is delivered to a thread, not at once
            signal.signal(signal.SIGTSTP, before)
        self.refresh(repaint=True, layout=True)

    # Ends

    def _handle_exception(self, error: Exception) -> None:
        """As Textual's own; but what is only half there when it all ends, as by a signal while it starts, is no fault of ours."""
        if not (self._exit and isinstance(error, NoMatches)):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """As Textual's own, but told as on the command line: without local variables, one of which may hold the token."""
        from auditui import crash  # its imports take time that no start should pay

        self.bell()
        if error := sys.exception():
            self._exit_renderables.append(Text(crash.told(error), overflow="fold"))
        self._close_messages_no_wait()


def house_bindings() -> list[Binding]:
    """Every binding of ours, by which the user's keymap is checked."""
    from auditui.ui.widgets.raw_record import RawRecord

    owners = (AudituiApp, ExplorerScreen, RecordTable, Detail, RawRecord, Facets, Timeline, FilterLine)
    return [binding for owner in owners for binding in owner.BINDINGS if isinstance(binding, Binding)]


def dialog_bindings() -> list[Binding]:
    """Those of dialogs and lists, whose modules most runs never need; not the numbers and letters that choose a line."""
    from auditui.ui.screens.accounts import AccountsScreen
    from auditui.ui.screens.calendar import CalendarScreen
    from auditui.ui.screens.columns import ColumnsScreen
    from auditui.ui.screens.export import ExportScreen
    from auditui.ui.screens.help import HelpScreen
    from auditui.ui.screens.menu import Menu
    from auditui.ui.screens.search_form import SearchForm
    from auditui.ui.screens.shell_line import ShellLineScreen
    from auditui.ui.screens.sign_in import SignInScreen
    from auditui.ui.screens.site_page import SitePageScreen
    from auditui.ui.screens.views import NameScreen, ViewsScreen

    owners: tuple[type[Screen[Any]], ...] = (
        SearchForm,
        CalendarScreen,
        Menu,
        ViewsScreen,
        NameScreen,
        ColumnsScreen,
    )
    owners += (ShellLineScreen, SitePageScreen, ExportScreen, AccountsScreen, SignInScreen, HelpScreen)
    bindings = [binding for owner in owners for binding in owner.BINDINGS if isinstance(binding, Binding)]
    return [binding for binding in bindings if binding.id and not binding.id.startswith(_NUMBERED)]


_NUMBERED = ("menu.letter_", "search_form.preset_")
