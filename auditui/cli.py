"""The command line: reads options, wires everything together, owns the exit statuses.

Every mistake in the options is told before the terminal is touched. Imports as little as it can before it knows what is
wanted: `auditui --version` needs no Textual.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from auditui import __version__, terminal
from auditui.model.errors import AudituiError, UsageError
from auditui.model.text import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditui.account.sources import Given
    from auditui.model.view import View
    from auditui.session.run import Options

_DEMO_RECORDS = 20_000
_DEMO_MOST = 5_000_000

_EPILOG = """\
WHEN is 2026-11-01, 2026-11-01T09:30, 7d, 24h, 90m, today or yesterday, in the zone that is shown.
Environment: AUDITUI_SITE, AUDITUI_EMAIL, AUDITUI_TOKEN; AUDITUI_GATEWAY for tokens with scopes; the usual proxy and
certificate variables; NO_COLOR. There is no option for the token: others on this machine could read it.
"""


def run() -> NoReturn:
    """The console script."""
    try:
        status = main(sys.argv[1:])
    except AudituiError as error:
        print(f"auditui: {inert(error.sentences())}", file=sys.stderr)
        status = error.exit_status
    except BrokenPipeError:
        status = 141
    except KeyboardInterrupt:
        status = 130
    terminal.leave(status)


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    options = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def parser() -> argparse.ArgumentParser:
    """The whole command line, as `--help` shows it."""
    top = argparse.ArgumentParser(
        prog="auditui",
        description="Explore the audit log of a Confluence Cloud site.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"auditui {__version__}")
    _explorer_options(top)
    top.add_argument("--token", nargs="?", action=_NoToken, help=argparse.SUPPRESS)
    top.set_defaults(command=_explore)
    commands = top.add_subparsers(title="other commands", metavar="COMMAND")
    _auth_options(commands.add_parser("auth", help="where the credential is, and removing it"))
    _demo_site_options(commands.add_parser("demo-site", help="serve the demo site over HTTP on this machine"))
    return top


class _NoToken(argparse.Action):
    """There is no such option, and what was given with it is not repeated."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error(
            "there is no option for the token, as others on this machine could read it: use --token-stdin or AUDITUI_TOKEN"
        )


def _explorer_options(top: argparse.ArgumentParser) -> None:
    what = top.add_argument_group("query")
    what.add_argument(
        "--site", metavar="SITE", help="acme, acme.atlassian.net or the address of any page of the site"
    )
    what.add_argument("--email", metavar="EMAIL", help="the address you sign in to Atlassian with")
    what.add_argument("--token-stdin", action="store_true", help="read the API token from standard input")
    what.add_argument("--since", metavar="WHEN", default="", help="records from then on")
    what.add_argument(
        "--until", metavar="WHEN", default="", help="records up to then; a day is included whole"
    )
    what.add_argument("--search", metavar="TEXT", default="", help="what the site itself searches for")
    what.add_argument(
        "--filter",
        metavar="EXPR",
        default="",
        help="which loaded records are shown, such as author:ana -ip:10.",
    )
    what.add_argument(
        "--sort",
        metavar="COLUMN",
        default="",
        help="order of the loaded records, such as author; --sort=-author descends",
    )
    what.add_argument(
        "--view", metavar="NAME", default="", help="a saved view; other options of the query change it"
    )
    what.add_argument(
        "--demo", action="store_true", help="explore an embedded demo site: no network, no account"
    )
    what.add_argument(
        "--demo-records", metavar="N", type=_demo_records, default=None, help="how many it has (20,000)"
    )
    how = top.add_argument_group("display")
    how.add_argument("--tz", metavar="ZONE", default=None, help="local, utc or Area/City")
    how.add_argument(
        "--theme", metavar="NAME", default=None, help="one of Textual's themes, such as nord or ansi-dark"
    )
    how.add_argument(
        "--color", choices=terminal.COLORS, default="auto", help="how many colours the terminal has"
    )
    how.add_argument(
        "--ascii",
        action="store_true",
        help="draw bars in ASCII; by itself where the terminal has little more",
    )
    how.add_argument(
        "--mouse",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="use the mouse; off over SSH by itself",
    )


def _auth_options(auth: argparse.ArgumentParser) -> None:
    commands = auth.add_subparsers(title="commands", metavar="COMMAND", required=True)
    status = commands.add_parser("status", help="where the credential is; never the token itself")
    status.set_defaults(command=_auth_status)
    logout = commands.add_parser("logout", help="remove a saved account")
    logout.set_defaults(command=_auth_logout)
    logout.add_argument("--all", action="store_true", help="remove every saved account")
    for command in (status, logout):
        command.add_argument("--site", metavar="SITE", default=None)
        command.add_argument("--email", metavar="EMAIL", default=None)


def _demo_site_options(demo: argparse.ArgumentParser) -> None:
    demo.set_defaults(command=_demo_site)
    demo.add_argument("--port", type=_port, default=0, help="0 takes any that is free")
    demo.add_argument("--records", type=_demo_records, default=_DEMO_RECORDS, metavar="N")
    demo.add_argument("--page-cap", type=int, default=1000, metavar="N", help="records in a page at most")
    demo.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="wait before each answer")
    demo.add_argument(
        "--rate-limit-every", type=int, default=0, metavar="N", help="answer every Nth request with 429"
    )
    demo.add_argument(
        "--grow", type=int, default=0, metavar="N", help="records that enter at the head per page"
    )
    demo.add_argument(
        "--late", type=int, default=0, metavar="N", help="records that enter inside the log per page"
    )
    demo.add_argument("--short-pages", action="store_true", help="give fewer records than could be given")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _demo_records(text: str) -> int:
    try:
        records = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{inert(text)}” is not a number") from None
    if not 0 <= records <= _DEMO_MOST:
        raise argparse.ArgumentTypeError(f"the demo site has up to {_DEMO_MOST:,} records")
    return records


def _explore(arguments: argparse.Namespace) -> int:
    gc.disable()  # until the app runs: what is imported is no garbage, and looking for some takes a tenth of the start
    from auditui.account.settings import read_settings, settings_path
    from auditui.session.run import Run

    settings = read_settings(settings_path())
    options = _checked(arguments, settings.tz if arguments.tz is None else arguments.tz, settings.page_size)
    terminal.require_terminal(os.environ)
    terminal.prepare(os.environ, color=arguments.color, theme=arguments.theme or settings.theme)
    terminal.harden()
    chosen = [mouse for mouse in (arguments.mouse, settings.mouse) if mouse is not None]
    mouse = chosen[0] if chosen else not terminal.is_remote(os.environ)

    from auditui.ui.app import AudituiApp, themes

    if (theme := arguments.theme or settings.theme) and theme not in themes():
        raise UsageError(
            f"There is no theme “{theme}”.", remedy=f"Choose one of {', '.join(sorted(themes()))}."
        )
    run = Run(options, settings)
    app = AudituiApp(run)
    try:
        app.run(mouse=mouse)
    finally:
        run.close()
    return app.return_code or 0


def _checked(arguments: argparse.Namespace, zone: str, page_size: int) -> Options:
    """The options, with everything in them that can be wrong looked at.

    Raises:
        UsageError: the first that is.
    """
    from auditui.account.sources import Given
    from auditui.model.account import email_of
    from auditui.model.filter_parse import parse_filter
    from auditui.model.site import Site
    from auditui.model.when import Zone
    from auditui.session.run import Options, now_in_milliseconds

    if arguments.site is not None:
        Site.parse(arguments.site)
    if arguments.email is not None:
        email_of(arguments.email)
    gateway = os.environ.get("AUDITUI_GATEWAY")
    view = _view(arguments, page_size)
    options = Options(
        given=Given(arguments.site, arguments.email, _token_from_stdin() if arguments.token_stdin else None),
        zone=Zone.parse(zone),
        query=view.query,
        filter=view.filter,
        order=view.order,
        demo_records=_DEMO_RECORDS
        if arguments.demo and arguments.demo_records is None
        else arguments.demo_records,
        gateway=Site.parse(gateway) if gateway else None,
        environ=dict(os.environ),
        ascii=arguments.ascii or terminal.has_few_glyphs(os.environ),
    )
    now = now_in_milliseconds()
    options.query.pinned(now, options.zone)
    parse_filter(options.filter, now=now, zone=options.zone)
    if arguments.token_stdin and not (_named("site", arguments) and _named("email", arguments)):
        raise UsageError(
            "--token-stdin needs to know whose token it is.",
            remedy="Add --site and --email, or set AUDITUI_SITE and AUDITUI_EMAIL.",
        )
    return options


def _view(arguments: argparse.Namespace, page_size: int) -> View:
    """What is to be looked at first: a saved view where one is named, changed by the other options.

    Raises:
        UsageError: there is no such view, or the records cannot be sorted so.
    """
    from auditui.account.memory import Memory
    from auditui.model.query import Query
    from auditui.model.view import Order, View

    view = View(Query(page_size=page_size))
    if arguments.view:
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


def _named(what: str, arguments: argparse.Namespace) -> bool:
    return bool(getattr(arguments, what) or os.environ.get(f"AUDITUI_{what.upper()}"))


def _token_from_stdin() -> str:
    """All of standard input; afterwards the terminal takes its place, as the keys come from there."""
    token = sys.stdin.read()
    try:
        keys = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        return token
    os.dup2(keys, 0)
    os.close(keys)
    return token


def _given(arguments: argparse.Namespace) -> Given:
    from auditui.account.sources import Given

    return Given(arguments.site, arguments.email)


def _auth_status(arguments: argparse.Namespace) -> int:
    from auditui.auth_commands import status

    return asyncio.run(status(_given(arguments), os.environ, print))


def _auth_logout(arguments: argparse.Namespace) -> int:
    from auditui.auth_commands import logout

    return asyncio.run(logout(_given(arguments), print, everything=arguments.all))


def _demo_site(arguments: argparse.Namespace) -> int:
    from auditui.demo.corpus import Corpus
    from auditui.demo.server import Served, serve_until_interrupted
    from auditui.demo.site import EMAIL, TOKEN, DemoSite
    from auditui.session.run import now_in_milliseconds

    site = DemoSite(
        Corpus(arguments.records, now_in_milliseconds()),
        page_cap=arguments.page_cap,
        latency=arguments.latency,
        rate_limit_every=arguments.rate_limit_every,
        growth_per_request=arguments.grow,
        late_per_request=arguments.late,
        short_pages=arguments.short_pages,
    )

    def ready(served: Served) -> None:
        print(f"The demo site answers at {served.url}; ctrl+c ends it. For example:", file=sys.stderr)
        print(
            f"  AUDITUI_SITE={served.url} AUDITUI_EMAIL={EMAIL} AUDITUI_TOKEN={TOKEN} auditui",
            file=sys.stderr,
        )
        print(f"  curl -u {EMAIL}:{TOKEN} '{served.url}/wiki/rest/api/audit?limit=2'", file=sys.stderr)
        print(served.url, flush=True)

    try:
        serve_until_interrupted(site, arguments.port, ready)
    except OSError as error:
        raise UsageError(
            f"Port {arguments.port} cannot be used: {error.strerror}.", remedy="Choose another one."
        ) from None
    return 0
