"""The options that say which site is asked, by whom, and for what: the same for the explorer and for an export.

Every mistake in them is told before anything is asked or drawn.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from auditui import terminal
from auditui.demo import RECORDS
from auditui.model.errors import UsageError
from auditui.model.text import inert

if TYPE_CHECKING:
    from auditui.model.view import View
    from auditui.session.run import Options

_DEMO_MOST = 5_000_000

_TEXTS = {
    "--since": ("WHEN", "records from then on"),
    "--until": ("WHEN", "records up to then; a day is included whole"),
    "--search": ("TEXT", "what the site itself searches for"),
    "--filter": ("EXPR", "which records are let through, such as author:ana -ip:10."),
    "--view": ("NAME", "a saved view; other options of the query change it"),
}


def add_query_options(parser: argparse.ArgumentParser, *, below: bool = False) -> None:
    """Let a command be asked for records.

    Args:
        parser: the command's.
        below: whether it is a command below another one that has these options, too: what was given there stands.
    """

    def default(value: Any) -> Any:
        return argparse.SUPPRESS if below else value

    what = parser.add_argument_group("query")
    add_account_options(what, below=below)
    what.add_argument(
        "--token-stdin",
        action="store_true",
        default=default(False),
        help="read the API token from standard input",
    )
    for option, (metavar, told) in _TEXTS.items():
        what.add_argument(option, metavar=metavar, default=default(""), help=told)
    what.add_argument(
        "--demo",
        action="store_true",
        default=default(False),
        help="an embedded demo site: no network, no account",
    )
    what.add_argument(
        "--demo-records",
        metavar="N",
        type=demo_records,
        default=default(None),
        help=f"how many it has ({RECORDS:,})",
    )
    what.add_argument("--tz", metavar="ZONE", default=default(None), help="times in local, utc or Area/City")


def add_account_options(to: argparse._ActionsContainer, *, below: bool = False) -> None:
    """Let a command be told which account is meant."""
    default = argparse.SUPPRESS if below else None
    to.add_argument(
        "--site",
        metavar="SITE",
        default=default,
        help="acme, acme.atlassian.net or the address of any page of the site",
    )
    to.add_argument(
        "--email", metavar="EMAIL", default=default, help="the address you sign in to Atlassian with"
    )


def demo_records(text: str) -> int:
    """A number of records for the demo site."""
    try:
        records = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{inert(text)}” is not a number") from None
    if not 0 <= records <= _DEMO_MOST:
        raise argparse.ArgumentTypeError(f"the demo site has up to {_DEMO_MOST:,} records")
    return records


def options_from(arguments: argparse.Namespace, zone: str, page_size: int) -> Options:
    """The options, with everything in them that can be wrong looked at. The token is in them only from then on.

    Args:
        arguments: as `add_query_options` has them read.
        zone: the zone times are shown and read in, if the arguments name none.
        page_size: records asked for at a time.

    Raises:
        UsageError: the first that is wrong.
    """
    from auditui.account.given import Given
    from auditui.model.site import Site
    from auditui.model.when import Zone
    from auditui.session.run import Options

    _check_account(arguments, os.environ)
    gateway = os.environ.get("AUDITUI_GATEWAY")
    view = _view(arguments, page_size)
    options = Options(
        given=Given(arguments.site, arguments.email, _token_from_stdin() if arguments.token_stdin else None),
        zone=Zone.parse(zone if arguments.tz is None else arguments.tz),
        query=view.query,
        filter=view.filter,
        order=view.order,
        demo_records=_demo_records(arguments),
        gateway=Site.parse(gateway) if gateway else None,
        environ=dict(os.environ),
        ascii=arguments.ascii or terminal.has_few_glyphs(os.environ),
    )
    _check_question(options)
    os.environ.pop("AUDITUI_TOKEN", None)  # libraries start programs, too: they would inherit it
    return options


def _check_account(arguments: argparse.Namespace, environ: Mapping[str, str]) -> None:
    from auditui.model.account import email_of
    from auditui.model.site import Site

    site = Site.parse(arguments.site) if arguments.site is not None else environ.get("AUDITUI_SITE")
    email = email_of(arguments.email) if arguments.email is not None else environ.get("AUDITUI_EMAIL")
    if arguments.token_stdin and not (site and email):
        raise UsageError(
            "--token-stdin needs to know whose token it is.",
            remedy="Add --site and --email, or set AUDITUI_SITE and AUDITUI_EMAIL.",
        )


def _check_question(options: Options) -> None:
    from auditui.model.filter_parse import parse_filter
    from auditui.session.run import now_in_milliseconds

    now = now_in_milliseconds()
    options.query.pinned(now, options.zone)
    parse_filter(options.filter, now=now, zone=options.zone)


def _demo_records(arguments: argparse.Namespace) -> int | None:
    if arguments.demo_records is not None:
        return int(arguments.demo_records)
    return RECORDS if arguments.demo else None


def _view(arguments: argparse.Namespace, page_size: int) -> View:
    """What is to be looked at first: a saved view where one is named, changed by the other options.

    Raises:
        UsageError: there is no such view, or the records cannot be sorted so.
    """
    from auditui.model.query import Query
    from auditui.model.view import Order, View

    view = View(Query(page_size=page_size))
    if arguments.view:
        from auditui.account.memory import Memory

        saved = {named.name: named.view for named in Memory().saved()}
        if arguments.view not in saved:
            raise UsageError(
                f"There is no saved view “{arguments.view}”.",
                remedy=f"Saved are: {', '.join(saved)}." if saved else "S saves one, in the explorer.",
            )
        view = saved[arguments.view]
    query = Query(
        arguments.since or view.query.since,
        arguments.until or view.query.until,
        arguments.search or view.query.text,
        page_size,
    )
    order = Order.parse(arguments.sort) if arguments.sort else view.order
    return View(query, arguments.filter or view.filter, order)


def _token_from_stdin() -> str:
    """All of standard input; afterwards the terminal takes its place, as the keys come from there."""
    if sys.stdin is None:
        raise UsageError("Standard input is closed, so no token can come from there.")
    token = sys.stdin.read()
    try:
        keys = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return token
    os.dup2(keys, 0)
    os.close(keys)
    return token
