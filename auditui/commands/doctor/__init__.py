"""`auditui doctor`: what will work here, a line for each thing that decides it, with what to do where it is not well.

Plain text, made to be pasted into a public issue: `report.py` sees to what it shows of people and secrets. The checks
themselves are `terminal.py` here and `session/checkup`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from typing import TYPE_CHECKING

from auditui.commands.query import add_account_options

if TYPE_CHECKING:
    from auditui.session.checkup.checkup import Asked

_DESCRIPTION = """\
Looks at everything that decides whether auditui works here, and says what to do where something does not. Reads only, and
ends within 20 seconds whatever hangs. Exit status: 0 nothing failed, 1 something did, 2 wrong use, 4 only the sign-in did.
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which account and site are meant, and whether they are to be asked."""
    parser.description = _DESCRIPTION
    parser.set_defaults(command=run)
    add_account_options(parser, below=True)
    parser.add_argument("--offline", action="store_true", help="leave the network alone")
    parser.add_argument(
        "--demo",
        action="store_true",
        default=argparse.SUPPRESS,
        help="the embedded demo site in place of a real one",
    )
    parser.add_argument(
        "--tz", metavar="ZONE", default=argparse.SUPPRESS, help="times in local, utc or Area/City"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check and tell; the exit status."""
    from auditui.commands.doctor import terminal
    from auditui.commands.doctor.report import Report
    from auditui.commands.doctor.round_trip import asking
    from auditui.session.checkup.breakage import unbroken
    from auditui.session.checkup.checkup import check_up
    from auditui.session.checkup.redaction import Redaction

    asked = _asked(arguments)
    os.environ.pop("AUDITUI_TOKEN", None)  # Python itself starts `uname -p`, which would inherit it
    report = Report(Redaction.of(asked.environ))
    for finding in unbroken("auditui", terminal.about(asked.zone)):
        report.tell("auditui", finding)
    with asking(terminal.KEYS, terminal.SCREEN) as ask:
        for finding in unbroken("Terminal", terminal.checks(os.environ, asked.settings, ask)):
            report.tell("Terminal", finding)
        asyncio.run(check_up(asked, report.tell))
    return report.end()


def _asked(arguments: argparse.Namespace) -> Asked:
    """The options, looked at.

    Raises:
        UsageError: the site, the e-mail address or the zone was not understood.
    """
    from auditui.account.given import Given
    from auditui.account.settings import read_settings, settings_path
    from auditui.model.account import email_of
    from auditui.model.site import Site
    from auditui.model.when import Zone
    from auditui.session.checkup.checkup import Asked

    if arguments.site is not None:
        Site.parse(arguments.site)
    if arguments.email is not None:
        email_of(arguments.email)
    settings = read_settings(settings_path())
    return Asked(
        Given(arguments.site, arguments.email),
        settings,
        Zone.parse(settings.tz if arguments.tz is None else arguments.tz),
        dict(os.environ),
        offline=arguments.offline,
        demo=arguments.demo,
    )
