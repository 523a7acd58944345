"""`auditui` without a command: the explorer, in the terminal that it is started in."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from contextlib import suppress
from dataclasses import replace

from auditui import terminal
from auditui.commands.query import add_query_options, options_from
from auditui.commands.resume import resumed_options
from auditui.model.errors import UsageError
from auditui.model.text import inert


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be looked at, and how it is shown."""
    parser.set_defaults(command=run)
    add_query_options(parser)
    parser.add_argument(
        "--resume", action="store_true", help="go on where the last run was left, or where its line dropped"
    )
    how = parser.add_argument_group("display")
    how.add_argument(
        "--sort",
        metavar="COLUMN",
        default="",
        help="order of the loaded records, such as author; --sort=-author descends",
    )
    how.add_argument(
        "--theme",
        metavar="NAME",
        default=None,
        help="one of Textual's themes, such as nord; terminal keeps the terminal's own colours",
    )
    how.add_argument(
        "--color", choices=terminal.COLORS, default="auto", help="how many colours the terminal has"
    )
    how.add_argument(
        "--ascii",
        action="store_true",
        help="draw with plain ASCII signs; by itself where the terminal has little more",
    )
    how.add_argument(
        "--mouse",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="use the mouse; off over SSH by itself",
    )
    how.add_argument(
        "--slow",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="draw less, and later, for a slow line; over SSH by itself from a round trip of 150 ms on",
    )


def _slow(asked: bool | None, set_once: bool | None) -> bool | None:
    """Whether the line is slow; None where that has to be measured."""
    chosen = set_once if asked is None else asked
    return chosen if chosen is not None or terminal.is_remote(os.environ) else False


def _say(text: str) -> None:
    with suppress(OSError):  # the line dropped
        print(f"auditui: {inert(text)}", file=sys.stderr, flush=True)


def run(arguments: argparse.Namespace) -> int:
    """Explore; the exit status."""
    gc.disable()  # until the first frame: what is there by then is no garbage, and looking for some takes a tenth of the start
    from auditui.account.settings import read_settings, settings_path
    from auditui.session.run import Run

    settings = read_settings(settings_path())
    read_options = resumed_options if arguments.resume else options_from
    options = read_options(arguments, settings.tz, settings.page_size)
    options = replace(options, slow=_slow(arguments.slow, settings.slow))
    terminal.require_terminal(os.environ)
    theme = arguments.theme or settings.theme
    terminal.prepare(os.environ, color=arguments.color, theme=arguments.theme or "", usual=settings.theme)
    chosen = [mouse for mouse in (arguments.mouse, settings.mouse) if mouse is not None]
    mouse = chosen[0] if chosen else not terminal.is_remote(os.environ)

    from auditui.ui.app import AudituiApp
    from auditui.ui.themes import themes

    if theme and theme not in themes():
        raise UsageError(
            f"There is no theme “{theme}”.", remedy=f"Choose one of {', '.join(sorted(themes()))}."
        )
    this_run = Run(options, settings)
    app = AudituiApp(this_run)
    try:
        app.run(mouse=mouse)
    finally:
        this_run.close()
        if this_run.unkept is not None:
            _say(f"Where you were in the end is not kept for --resume: {this_run.unkept.sentences()}")
    return app.return_code or 0
