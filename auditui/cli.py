"""The command line: which command is meant, and the exit statuses.

Imports as little as it can before it knows what is wanted: `auditui --version` needs no Textual.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from auditui import __version__, terminal
from auditui.commands import explore
from auditui.model.errors import AudituiError
from auditui.model.text import TEXT_CAP, inert, inert_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EPILOG = """\
WHEN is 2026-11-01, 2026-11-01T09:30, 7d, 24h, 90m, today or yesterday, in the zone that is shown.
Environment: AUDITUI_SITE, AUDITUI_EMAIL, AUDITUI_TOKEN; AUDITUI_GATEWAY for tokens with scopes; AUDITUI_CLIPBOARD; the
usual proxy and certificate variables; NO_COLOR. There is no option for the token: others on this machine could read it.
"""

_COMMANDS = {
    "export": "write records to a file or to standard output",
    "verify": "check an exported file by its manifest",
    "doctor": "what will work here: terminal, clipboard, keyring, network, site",
    "auth": "where the credential is, and removing it",
    "demo-site": "serve the demo site over HTTP on this machine",
}
"""Each is a module of `commands`."""


_TAKE_TEXT = frozenset({"--filter", "--search", "--sort"})


def run() -> NoReturn:
    """The console script."""
    terminal.open_streams()
    threading.excepthook = _ended
    _have_a_home()
    try:
        status = main(_joined(sys.argv[1:]))
    except AudituiError as error:
        _tell(f"auditui: {inert(error.sentences())}")
        status = error.exit_status
    except BrokenPipeError:
        status = 141
    except OSError as error:
        _tell(f"auditui: {inert(str(error))}")
        status = 1
    except KeyboardInterrupt:
        status = 130
    except Exception as error:  # noqa: BLE001 - a fault of ours, which Python would tell with all that its message holds
        _tell_fault(error)
        status = 1
    terminal.leave(status)


def _have_a_home() -> None:
    """Where neither HOME nor the system tells a user's home, as in a container, one in which nothing can be made: libraries
    would raise, or make `~` where we are."""
    if not Path(os.environ.get("HOME", "")).is_absolute():
        os.environ.pop("HOME", None)
        if not Path(os.path.expanduser("~")).is_absolute():  # noqa: PTH111 - Path.home raises where there is none
            os.environ["HOME"] = os.devnull


def _tell(text: str) -> None:
    with suppress(OSError, AttributeError):  # closed, or on a full disk
        print(text, file=sys.stderr)


def _tell_fault(error: BaseException) -> None:
    from auditui import crash

    _tell(crash.told(error))


def _ended(thread: threading.ExceptHookArgs) -> None:
    """The same of a thread that nobody waits for."""
    if isinstance(thread.exc_value, Exception):
        _tell_fault(thread.exc_value)


def _joined(arguments: Sequence[str]) -> list[str]:
    """The arguments, with texts that begin with a minus joined to their options, which argparse would not see as one.

    So `--filter -author:System` is what it looks like. What could be an option of ours is left alone.
    """
    joined: list[str] = []
    for argument in arguments:
        text = len(argument) > 2 and argument[0] == "-" != argument[1]
        if text and joined and joined[-1] in _TAKE_TEXT:
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit status."""
    options = parser().parse_args(arguments)
    terminal.harden()
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def parser() -> argparse.ArgumentParser:
    """The whole command line, as `--help` shows it."""
    top = _Parser(
        prog="auditui",
        description="Explore the audit log of a Confluence Cloud site.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"auditui {__version__}")
    explore.add_options(top)
    top.add_argument("--token", nargs="?", action=_NoToken, help=argparse.SUPPRESS)
    commands = top.add_subparsers(title="other commands", metavar="COMMAND", parser_class=_Command)
    for name, what in _COMMANDS.items():
        commands.add_parser(name, help=what, allow_abbrev=False).module = name.replace("-", "_")
    return top


class _Parser(argparse.ArgumentParser):
    """Repeats what was given to it inert: it may have been copied from somewhere."""

    def error(self, message: str) -> NoReturn:
        """As the base does."""
        super().error(inert_line(message, TEXT_CAP).text)


class _Command(_Parser):
    """A command whose module is imported, and whose options are known, when it is used."""

    module = ""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As the base does."""
        if self.module:
            importlib.import_module(f"auditui.commands.{self.module}").add_options(self)
            self.module = ""
        return super().parse_known_args(args, namespace)


class _NoToken(argparse.Action):
    """There is no such option, and what was given with it is not repeated."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error(
            "there is no option for the token, as others on this machine could read it: use --token-stdin or AUDITUI_TOKEN"
        )
