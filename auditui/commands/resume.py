"""`--resume`: the options of a run that goes on where an earlier one was."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from auditui.commands.query import options_from
from auditui.model.errors import UsageError

if TYPE_CHECKING:
    from auditui.session.run import Options

_ASKS = ("since", "until", "search", "filter", "view", "sort", "demo_records")
"""Options that ask for something else than what is resumed."""

_PASSED_OVER = "Where you were last is in use by another auditui that still runs: this is an earlier one."


def resumed_options(arguments: argparse.Namespace, zone: str, page_size: int) -> Options:
    """As `options_from`, with where the run was that is resumed; that run's file is held from now on.

    Raises:
        UsageError: there is nothing to resume, or something else is asked for, too.
        NotRemembered: nothing of what was kept can be read.
    """
    from auditui.account.sessions import Sessions

    for name in _ASKS:
        if getattr(arguments, name) not in ("", None):
            raise UsageError(
                f"--resume reopens what was asked before, so --{name.replace('_', '-')} does not go with it.",
                remedy="Give one of them.",
            )
    options = options_from(arguments, zone, page_size)
    sessions = Sessions()
    taken = sessions.take(demo=arguments.demo)
    held = sessions.held_elsewhere(taken, demo=arguments.demo)
    if taken is None and held:
        raise UsageError(
            "What there is to resume is in use by another auditui that still runs.",
            remedy="Quit that one first, or kill it where its terminal hangs; or start auditui without --resume.",
        )
    if taken is None:
        raise UsageError(
            f"There is nothing to resume{' of the demo site' if arguments.demo else ''}.",
            remedy="Start auditui without --resume.",
        )
    if held:
        taken = replace(taken, notices=(*taken.notices, _PASSED_OVER))
    demo = taken.kept.demo
    return replace(
        options,
        zone=options.zone if arguments.tz is not None else taken.kept.zone,
        demo_records=demo.records if demo else options.demo_records,
        resumed=taken,
    )
