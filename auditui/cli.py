"""The command line: which command is meant, and the exit statuses.

Imports as little as it can before it knows what is wanted: `auditui --version` needs no Textual.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NoReturn

from auditui import __version__, terminal
from auditui.commands import auth, demo_site, explore
from auditui.model.errors import AudituiError
from auditui.model.text import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EPILOG = """\
WHEN is 2026-11-01, 2026-11-01T09:30, 7d, 24h, 90m, today or yesterday, in the zone that is shown.
Environment: AUDITUI_SITE, AUDITUI_EMAIL, AUDITUI_TOKEN; AUDITUI_GATEWAY for tokens with scopes; AUDITUI_CLIPBOARD; the
usual proxy and certificate variables; NO_COLOR. There is no option for the token: others on this machine could read it.
"""

_COMMANDS = (
    ("auth", auth, "where the credential is, and removing it"),
    ("demo-site", demo_site, "serve the demo site over HTTP on this machine"),
)


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
    explore.add_options(top)
    top.add_argument("--token", nargs="?", action=_NoToken, help=argparse.SUPPRESS)
    commands = top.add_subparsers(title="other commands", metavar="COMMAND")
    for name, command, what in _COMMANDS:
        command.add_options(commands.add_parser(name, help=what, allow_abbrev=False))
    return top


class _NoToken(argparse.Action):
    """There is no such option, and what was given with it is not repeated."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error(
            "there is no option for the token, as others on this machine could read it: use --token-stdin or AUDITUI_TOKEN"
        )
